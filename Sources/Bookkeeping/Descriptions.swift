import Foundation
import GRDB
package import Model

// What the `.xmp` files beside masters say, as the worker reads them.
extension Ledger {
    /// Those nobody has read yet, longest waiting first.
    package func descriptionsToRead(limit: Int) async throws(LedgerError) -> [ContentHash] {
        try await read("list descriptions to read") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT sha256 FROM description
                    WHERE metadata IS NULL AND unreadable IS NULL ORDER BY since LIMIT ?
                    """, arguments: [limit]
            ).compactMap { $0.hash("sha256") }
        }
    }

    package func recordDescription(
        _ metadata: PictureMetadata, of description: ContentHash
    ) async throws(LedgerError) {
        try await write("record a description", canWait: true) { database in
            try database.execute(
                sql: "UPDATE description SET metadata = ? WHERE sha256 = ?",
                arguments: [try Column.json(metadata), description.rawValue])
            try Self.markDirty(describedBy: description, in: database)
        }
    }

    /// What it was to say about rights nobody knows: its pictures wait, and it is a verdict on
    /// their sources.
    /// - Parameter untilItArrives: the store's copy is at fault; see `mend`.
    /// - Returns: the sources.
    package func recordUnreadable(
        description: ContentHash, because reason: String, untilItArrives: Bool = false
    ) async throws(LedgerError) -> [String] {
        let now = now()
        return try await write("record an unreadable description") { database in
            try database.execute(
                sql: """
                    UPDATE description SET unreadable = ?, damaged = ?
                    WHERE sha256 = ? AND unreadable IS NULL
                    """, arguments: [reason, untilItArrives, description.rawValue])
            guard database.changesCount > 0 else { return [] }
            try Self.markDirty(describedBy: description, in: database)
            let sources = try String.fetchAll(
                database, sql: "SELECT path FROM source WHERE description = ? ORDER BY path",
                arguments: [description.rawValue])
            for source in sources {
                try database.execute(
                    sql: "UPDATE source SET state = 'quarantined', reason = ? WHERE path = ?",
                    arguments: [reason, source])
                try Self.log("quarantined", nil, source, reason, at: now, in: database)
            }
            return sources
        }
    }

    /// One more to be read, unless it is known.
    static func expect(
        _ description: ContentHash?, at now: Date, in database: Database
    ) throws {
        guard let description else { return }
        try database.execute(
            sql: "INSERT OR IGNORE INTO description (sha256, since) VALUES (?, ?)",
            arguments: [description.rawValue, now.milliseconds])
    }
}
