import Bookkeeping
import Foundation
import Host
import Intake
import Logging
import Model
import ServiceLifecycle
import Synchronization

/// Keeps the ledger's product records equal to the CSV files from the PIM.
final class ProductWatch: Service {
    private static let every = 60.0

    private let ledger: Ledger
    private let directory: String
    private let columns: [String: ColumnType]
    private let bells: Bells
    private let bell = Bell()
    private let pulse: Pulse
    private let standstills: Standstills
    private let logger: Logger
    private let lane = Lane("products")
    private let seen = Mutex<(identity: String, problems: [String])>(("", []))

    init(
        ledger: Ledger, directory: String, columns: [String: ColumnType], bells: Bells,
        pulse: Pulse, standstills: Standstills, logger: Logger
    ) {
        self.ledger = ledger
        self.directory = directory
        self.columns = columns
        self.bells = bells
        self.pulse = pulse
        self.standstills = standstills
        self.logger = logger
    }

    let looks = Looks()

    /// Somebody wants to know that what lies there now was read.
    func hurry() { bell.ring() }

    var problems: [String] { seen.withLock(\.problems) }

    func run() async throws {
        let watcher = Watcher([directory], depth: 1)
        defer { watcher.close() }
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup { group in
                group.addTask { for await _ in watcher.hints { self.bell.ring() } }
                group.addTask { try await self.follow() }
                try await group.next()
                group.cancelAll()
            }
        }
    }

    private func follow() async throws {
        while !Task.isCancelled {
            pulse.beat(.products)
            let look = looks.begin()
            do throws(LedgerError) {
                try await take()
                standstills.clear(.products)
            } catch {
                guard !error.isFatal else { throw error }
                standstills.report(.products, error)
            }
            looks.end(look)
            let next = Date().addingTimeInterval(Self.every)
            pulse.rest(.products, until: next)
            await bell.wait(until: next)
        }
    }

    /// Reads the files if any of them changed.
    func take() async throws(LedgerError) {
        let (directory, columns) = (directory, columns)
        let identity = await lane.run { Self.identity(of: directory) }
        guard seen.withLock({ $0.identity }) != identity else { return }
        let read = await lane.run { ProductRecords.read(directory: directory, columns: columns) }
        let texts = read.problems.prefix(50).map(\.description)
        for text in texts where !seen.withLock({ $0.problems.contains(text) }) {
            logger.warning("\(text)")
        }
        // A file that could not be read must not look like products that are gone.
        let changes = try await ledger.replaceProducts(read.records, whole: read.isWhole)
        seen.withLock { $0 = (identity, texts) }
        if changes > 0 { bells.reconcile.ring() }
    }

    private static func identity(of directory: String) -> String {
        let names = (try? Files.names(in: directory)) ?? []
        return names.sorted().map { name in
            guard let file = try? OpenFile.open(directory + "/" + name, O_RDONLY),
                let status = try? file.status()
            else { return name }
            return "\(name) \(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec)"
                + ".\(status.st_mtim.tv_nsec)"
        }.joined(separator: "\n")
    }
}
