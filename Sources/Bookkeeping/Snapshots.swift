package import Foundation
import Host

// Copies of the ledger: made while it is in use, and put in its place when it is lost.
extension Ledger {
    /// Below the state directory.
    package static let snapshots = "snapshots"

    /// The newest snapshot by its name; nil when there is none.
    package static func newestSnapshot(in directory: String) -> String? {
        let directory = "\(directory)/\(snapshots)"
        let names = (try? Files.names(in: directory)) ?? []
        // Others may have put something of their own there.
        return names.filter { $0.hasPrefix("ledger-2") && $0.hasSuffix(".sqlite") }.max()
            .map { "\(directory)/\($0)" }
    }

    /// What became of a ledger that was brought back.
    package struct Restored: Sendable {
        package var loss: Loss
        /// Where the files lie that were in its place.
        package var aside: String?
    }

    /// Puts a snapshot in the ledger's place. What was there is kept aside. What happened since is
    /// not known, so every channel is unsure until a person resumes.
    ///
    /// The caller holds the state directory's lock. Broken off at any point, it can be done again;
    /// a daemon started between finds that the ledger is behind its mark.
    package static func restore(
        _ snapshot: String, in directory: String, at now: Date
    ) throws(LedgerError) -> Restored {
        let copy = "\(directory)/restoring.sqlite"
        do {
            for ending in ["", "-wal", "-shm", "-journal"] { try Files.remove(copy + ending) }
            try Files.copy(snapshot, to: copy)
            let loss = try prepare(
                copy, of: snapshot, mark: try? HighWater.read(directory), at: now)
            let aside = try setAside(directory, at: now)
            for path in [copy, aside].compactMap(\.self) {
                try Files.give(path, toOwnerOf: directory)
            }
            try Files.rename(copy, to: "\(directory)/\(fileName)")
            return Restored(loss: loss, aside: aside)
        } catch {
            for ending in ["", "-wal", "-shm", "-journal"] { try? Files.remove(copy + ending) }
            throw error as? LedgerError
                ?? LedgerError(error, doing: "bring back the snapshot '\(snapshot)'")
        }
    }

    private static func prepare(
        _ copy: String, of snapshot: String, mark: HighWater.Mark?, at now: Date
    ) throws -> Loss {
        try Engine.amend(copy) { database in
            let own = try HighWater.Mark.own(in: database)
            let isOurs = mark.map { $0.installation == own.installation } ?? true
            let loss = Loss(
                what: "the ledger was brought back from the snapshot '\(snapshot)', "
                    + "and what happened since is not known",
                decision: isOurs ? mark?.lost(since: own.generation) : mark?.decision,
                isRestored: true)
            try loss.declare(over: mark, at: now, in: database)
            // It was live then: that is asked again before it is called so.
            try database.run(
                """
                UPDATE delivery SET \(DeliveryMove.doubted.moves), touched = 1, replaces = 0, attempts = 0,
                    next_try = 0 WHERE state = 'live'
                """)
            return loss
        }
    }

    /// - Returns: the directory they are in; nil when there were none.
    @discardableResult
    static func setAside(
        _ directory: String, endings: [String] = ["", "-wal", "-shm"], at now: Date
    ) throws(HostError) -> String? {
        let aside = "\(directory)/aside-\(stamp(now))"
        let paths = endings.map { "\(directory)/\(fileName)\($0)" }.filter(Files.exists)
        guard !paths.isEmpty else { return nil }
        try Files.makeDirectory(aside)
        for path in paths {
            try Files.rename(path, to: aside + path.dropFirst(directory.utf8.count))
        }
        return aside
    }

    /// `2026-11-29T01-02-03Z`, for names.
    static func stamp(_ now: Date) -> String {
        now.formatted(.iso8601).replacing(":", with: "-")
    }
}
