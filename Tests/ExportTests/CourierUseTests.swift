import Foundation
import Support
import Testing
import TransportsSupport
import Wire

@testable import Export

/// What `status` says of a channel's ceilings.
@Suite(.timeLimit(.minutes(1))) struct CourierUseTests {
    /// The clock of these tests begins at 20:26 UTC.
    @Test func everyCeilingHasACounter() async throws {
        let ceilings = "sessions: 4, rate: 60/min, bandwidth: 1MB/s, hours: \"20:00..23:00\""
        try await Stall.open(("sessions: 4", ceilings)) { stall in
            stall.remote.next(.put, .hang, .hang)
            async let ready = stall.ready(5)
            await stall.remote.waitUntilHanging(2)
            var use = try #require(stall.courier.use)
            #expect(use.sessions == 2 && use.sessionsBorne == 2 && use.sessionsAtMost == 4)
            #expect(use.startsAtMost == 60 && use.bytesAtMost == 1_000_000)
            #expect(use.hours == "20:00..23:00" && use.opens == nil)
            stall.remote.release()
            _ = try await ready
            use = try #require(stall.courier.use)
            #expect(use.sessions == 0 && use.startsPerMinute == nil, "too few to say")
            // Slow enough that the rate is what limits.
            for _ in 1...60 {
                try await stall.ready(1)
                await stall.pass(2)
            }
            use = try #require(stall.courier.use)
            let starts = try #require(use.startsPerMinute)
            #expect((28...32).contains(starts), "\(starts)")
            let bytes = try #require(use.bytesPerSecond)
            #expect((9...14).contains(bytes), "\(bytes): two dozen bytes every two seconds")
            await stall.pass(3 * 3600)
            #expect(stall.courier.use?.opens != nil)
        }
    }
}
