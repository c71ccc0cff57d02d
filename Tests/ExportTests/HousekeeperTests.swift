import Bookkeeping
import Foundation
import Host
import Logging
import ServiceLifecycle
import Support
import Testing

@testable import Export

/// Weeks of housekeeping in a moment.
@Suite(.timeLimit(.minutes(5))) struct HousekeeperTests {
    @Test func oneSnapshotADayAndSevenAreKept() async throws {
        let clock = SteppedClock()
        let directory = NSTemporaryDirectory() + "house-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = Store(state: directory)
        try store.prepare()
        let ledger = try Ledger(directory: directory, clock: clock.clock)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let keeper = Housekeeper(
            ledger: ledger, store: store, keep: 3600,
            standstills: Standstills(logger: logger, clock: clock.clock))
        func snapshots() throws -> [String] { try Files.names(in: store.snapshots).sorted() }
        let life = Task { try await keeper.run() }
        // It sleeps when its alarm is set.
        func asleep() async throws { while clock.next == nil { try await ledger.tick() } }
        try await asleep()
        #expect(try snapshots().isEmpty, "start-up has better things to do")
        clock.go(to: try #require(clock.next))
        try await asleep()
        #expect(try snapshots().count == 1)
        for _ in 1...(24 * 12) {
            clock.go(to: try #require(clock.next))
            try await asleep()
        }
        #expect(try snapshots().count == 7)
        let day = clock.now.formatted(.iso8601.year().month().day())
        #expect(try snapshots().last?.contains(day) == true)
        life.cancel()
        try await life.value
        await ledger.close()
    }
}
