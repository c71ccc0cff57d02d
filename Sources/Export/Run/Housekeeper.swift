import Bookkeeping
import Foundation
import Host
import Model
import ServiceLifecycle

/// What is done once in a while so that nothing grows for ever: snapshots of the ledger, unused
/// renditions, old events.
struct Housekeeper: Service {
    private static let every = 3600.0
    /// Seconds until it is tried again.
    private static let timeouts = 300.0
    private static let snapshots = 7
    private static let batch = 500

    let ledger: Ledger
    let store: Store
    let keep: TimeInterval
    let standstills: Standstills
    private let lane = Lane("housekeeping")

    init(ledger: Ledger, store: Store, keep: TimeInterval, standstills: Standstills) {
        self.ledger = ledger
        self.store = store
        self.keep = keep
        self.standstills = standstills
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            // Start-up has better things to do.
            await ledger.clock.sleep(60)
            while !Task.isCancelled {
                var pause = Self.timeouts
                do {
                    try await tidy()
                    standstills.clear(.housekeeping)
                    pause = Self.every
                } catch let error as LedgerError {
                    guard !error.isFatal else { throw error }
                    standstills.report(.housekeeping, error)
                } catch {
                    standstills.report(
                        .housekeeping, "\(error)", remedy: "mend the disk of the state directory")
                }
                await ledger.clock.sleep(pause)
            }
        }
    }

    func tidy() async throws {
        try await ledger.pruneEvents()
        while true {
            let files = try await ledger.forgetUnused(keep: keep, limit: Self.batch)
            let directory = store.renditions
            try await lane.run { () throws(HostError) in
                for file in files { try Files.remove(directory + "/" + file) }
            }
            if files.count < Self.batch { break }
        }
        // What a lost ledger has forgotten is in the older ones: they stay.
        if try await ledger.loss() == nil { try await snapshot() }
    }

    /// One a day, seven kept.
    private func snapshot() async throws {
        let day = ledger.now().formatted(.iso8601.year().month().day())
        let path = "\(store.snapshots)/ledger-\(day).sqlite"
        guard !Files.exists(path) else { return }
        let unfinished = path + ".tmp"
        try await lane.run { () throws(HostError) in try Files.remove(unfinished) }
        try await ledger.snapshot(to: unfinished)
        let directory = store.snapshots
        try await lane.run { () throws(HostError) in
            try Files.rename(unfinished, to: path)
            let all = try Files.names(in: directory).filter { $0.hasSuffix(".sqlite") }.sorted()
            for old in all.dropLast(Self.snapshots) { try Files.remove(directory + "/" + old) }
        }
    }
}
