import Foundation
package import Model

// What the `.xmp` files beside masters say, as the worker reads them.
extension Ledger {
    /// Those nobody has read yet, longest waiting first.
    package func xmpSidecarsToRead(limit: Int) async throws(LedgerError) -> [ContentHash] {
        try await read("list descriptions to read") { database in
            try database.rows(
                """
                SELECT sha256 FROM description
                WHERE metadata IS NULL AND unreadable IS NULL ORDER BY since LIMIT ?
                """, [limit]
            ).compactMap { $0.hash("sha256") }
        }
    }

    package func recordXMP(
        _ metadata: PictureMetadata, of xmp: ContentHash
    ) async throws(LedgerError) {
        try await write("record an .xmp", canWait: true) { database in
            try database.run(
                "UPDATE description SET metadata = ? WHERE sha256 = ?",
                [try Column.json(metadata), xmp.rawValue])
            try Self.markDirty(xmp: xmp, in: database)
        }
    }

    /// What it was to say about rights nobody knows: its pictures wait, and it is a verdict on
    /// their sources.
    /// - Parameter untilItArrives: the store's copy is at fault; see `mend`.
    /// - Returns: the sources.
    package func recordUnreadable(
        xmp: ContentHash, because reason: String, untilItArrives: Bool = false
    ) async throws(LedgerError) -> [String] {
        let now = now()
        return try await write("record an unreadable .xmp") { database in
            try database.run(
                """
                UPDATE description SET unreadable = ?, damaged = ?
                WHERE sha256 = ? AND unreadable IS NULL
                """, [reason, untilItArrives, xmp.rawValue])
            guard database.changes > 0 else { return [] }
            try Self.markDirty(xmp: xmp, in: database)
            let sources = try database.all(
                String.self, "SELECT path FROM source WHERE description = ? ORDER BY path",
                [xmp.rawValue])
            for source in sources {
                try database.run(
                    "UPDATE source SET state = 'quarantined', reason = ? WHERE path = ?",
                    [reason, source])
                try Self.log("quarantined", nil, source, reason, at: now, in: database)
            }
            return sources
        }
    }

    /// One more to be read, unless it is known.
    static func expect(
        _ xmp: ContentHash?, at now: Date, in database: Connection
    ) throws {
        guard let xmp else { return }
        try database.run(
            "INSERT OR IGNORE INTO description (sha256, since) VALUES (?, ?)",
            [xmp.rawValue, now.milliseconds])
    }
}
