import Foundation
import Model
import Testing
import TransportsSupport

@testable import Bookkeeping
@testable import Export

/// What must not be public any more, while it is on its way and after it is gone.
@Suite(.serialized, .timeLimit(.minutes(5))) struct WithdrawnTests {
    /// The transfer ends before the file is shown, and what may lie there goes.
    @Test func whatIsOnItsWayIsBrokenOff() async throws {
        try await Stall.open { stall in
            stall.remote.next(.put, .hang)
            try await stall.wanted("S1", "one")
            stall.signals.wake(channel: "shop")
            await stall.remote.waitUntilHanging()
            try await stall.drop("S1")
            #expect(try await stall.states() == [:])
            #expect(stall.remote.files.isEmpty)
            #expect(stall.calls(.put) == 1 && stall.calls(.remove) == 1)
            #expect(try await stall.paused() == nil, "nobody's failure")
        }
    }

    /// Whose answer says what it is called there is waited for, or nobody could take it away.
    @Test func whatIsNamedByTheAnswerIsWaitedFor() async throws {
        try await Stall.open(("old_stays: 1d", "old_stays: 1d, names: true")) { stall in
            stall.remote.next(.put, .hang)
            try await stall.wanted("S1", "one")
            stall.signals.wake(channel: "shop")
            await stall.remote.waitUntilHanging()
            async let dropped: Void = stall.drop("S1")
            while try await stall.row("S1")?.state != .remove {}
            stall.remote.release()
            try await dropped
            #expect(try await stall.states() == [:])
            #expect(stall.remote.files.isEmpty && stall.remote.orphans.isEmpty)
        }
    }
}
