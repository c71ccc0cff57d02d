import Bookkeeping
import Foundation
import Host
import Logging
import Model
import ServiceLifecycle

/// What is done once in a while so that nothing grows for ever: snapshots of the ledger, unused
/// renditions, old events.
struct Housekeeper: Service {
    private static let every = 3600.0
    private static let snapshots = 7
    private static let batch = 500

    let ledger: Ledger
    let store: Store
    let keep: TimeInterval
    let logger: Logger
    private let lane = Lane("housekeeping")

    init(ledger: Ledger, store: Store, keep: TimeInterval, logger: Logger) {
        self.ledger = ledger
        self.store = store
        self.keep = keep
        self.logger = logger
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            // Start-up has better things to do.
            try? await Task.sleep(for: .seconds(60))
            while !Task.isCancelled {
                do {
                    try await tidy()
                } catch let error as LedgerError {
                    guard !error.isFatal else { throw error }
                    logger.error("housekeeping failed", metadata: ["error": "\(error)"])
                } catch {
                    logger.error("housekeeping failed", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(Self.every))
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
