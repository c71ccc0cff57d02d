import Testing
import TransportsSupport

@testable import Export

/// A daemon that is asked to stop while the other side takes its time.
@Suite(.serialized, .timeLimit(.minutes(1))) struct StopTests {
    /// Before the first file, in the courier's own turn: nothing is in hand that could end well.
    @Test func aQuestionInATurnIsBrokenOff() async throws {
        try await Stall.open { stall in
            stall.remote.next(.sweep, .hang)
            try await stall.wanted("S1", "one")
            stall.signals.wake(channel: "shop")
            await stall.remote.waitUntilHanging()
            try await stall.end()
            #expect(try await stall.paused() == nil, "nobody's failure")
            await stall.start()
            #expect(try await stall.states() == ["live": 1])
        }
    }

    /// A marker that does not come to an end is owed to the partner after the next start.
    @Test func soIsAMarker() async throws {
        try await Stall.open(("old_stays: 1d", "old_stays: 1d, marks: true")) { stall in
            stall.remote.next(.unmark, .hang)
            try await stall.wanted("S1", "one")
            stall.signals.wake(channel: "shop")
            await stall.remote.waitUntilHanging()
            try await stall.end()
            #expect(try await stall.paused() == nil)
            await stall.start()
            await stall.pass(60)
            #expect(stall.calls(.mark) == 1)
        }
    }
}
