import Foundation
import Host
import Model
import Profiles
import Support
import Synchronization
import Testing
import Transports
import TransportsSupport

@testable import Export

/// A channel that is broken costs the others nothing: no place, no lane, no turn is shared. Counts,
/// and no time: how fast it is, `deploy/bench --only isolation` says.
@Suite(.serialized, .timeLimit(.minutes(5))) struct IsolationTests {
    @Test func aChannelThatHangsHoldsNothingOfAnothers() async throws {
        try await Stall.open { stall in
            try await stall.take(
                [("channel: shop", "channel: dead"), ("fake://shop/", "fake://dead/")], as: "dead")
            let remote = stall.fake.remote("dead")
            for _ in 1...99 { remote.next(.put, .hang) }
            for number in 1...30 {
                try await stall.wanted("D\(number)", "dead picture \(number)", on: "dead")
            }
            let dead = Courier(channel: "dead", context: stall.context)
            let running = Task { try await dead.run() }
            await remote.waitUntilHanging(2)
            try await stall.ready(200)
            #expect(try await stall.states() == ["live": 200])
            #expect(stall.calls(.put) == 200)
            #expect(try await stall.row("D1")?.state == .send)
            running.cancel()
            remote.release()
            try? await running.value
        }
    }

    /// However many wait, and whatever is the matter with them.
    @Test func aChannelThatFailsFileAfterFileIsTriedEverLessOften() async throws {
        try await Stall.open { stall in
            let broken = 80
            for _ in 1...broken {
                stall.remote.next(.put, .fail(.retry(after: nil), "broken"))
            }
            try await stall.ready(300)
            #expect((10...12).contains(stall.calls(.put)), "\(stall.calls(.put)) at once")
            await stall.pass(127)
            let before = stall.calls(.put)
            #expect(before < 20)
            await stall.pass(3600)
            let calls = stall.calls(.put) - before
            #expect((50...57).contains(calls), "\(calls) in an hour")
            #expect(try await stall.paused() == nil, "no person is needed")
            // With the first that succeeds all go.
            await stall.pass(8 * 3600)
            #expect(stall.calls(.put) == broken + 300)
            #expect(try await stall.states() == ["live": 300])
        }
    }
}
