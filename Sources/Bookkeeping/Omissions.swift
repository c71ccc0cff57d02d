package import Foundation
package import Model

/// A product that is live on a channel and not in its feed.
package struct Omission: Sendable, Hashable {
    package var channel: String
    package var sku: String
    /// What keeps it out, whose turn it is, and what helps.
    package var gate: Gate
    /// When an edition left it out first.
    package var since: Date

    package init(channel: String, sku: String, gate: Gate, since: Date) {
        self.channel = channel
        self.sku = sku
        self.gate = gate
        self.since = since
    }

    package var reason: String { gate.message }

    init(row: Row) throws {
        channel = row["channel"]
        sku = row["sku"]
        gate = try Column.value(Gate.self, row["gate"])
        since = row.date("since") ?? .distantPast
    }
}

// What feeds leave out: state, rewritten by every making of an edition.
extension Ledger {
    /// New ones that are told in the history, of one page.
    private static let told = 20

    /// Records a page of what the edition under way leaves out. Blocks: for the lane that writes the
    /// feed.
    /// - Parameter edition: marks the making; `forgetOmissions` ends it.
    package func omit(
        _ page: [(sku: String, gate: Gate)], channel: String, edition: Int64
    ) throws(LedgerError) {
        let now = now()
        try writeBlocking("record what the feed of '\(channel)' leaves out") { database in
            var told = 0
            for (sku, gate) in page {
                let old = try database.first(
                    String.self, "SELECT gate FROM omission WHERE channel = ? AND sku = ?",
                    [channel, sku])
                let text = try Column.json(gate)
                try database.run(
                    """
                    INSERT INTO omission (channel, sku, kind, gate, since, edition)
                    VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (channel, sku) DO UPDATE SET kind = excluded.kind,
                        gate = excluded.gate, edition = excluded.edition
                    """,
                    [
                        channel, sku, gate.kind.rawValue, text, now.milliseconds, edition,
                    ])
                guard old != text, told < Self.told else { continue }
                told += 1
                try Self.log("left out", channel, sku, gate.message, at: now, in: database)
            }
        }
    }

    /// What the edition just made did not leave out is in it, or live no more.
    /// - Parameter edition: its mark; nil: the channel has no feed, so nothing is left out of it.
    package func forgetOmissions(
        channel: String, before edition: Int64?
    ) async throws(LedgerError) {
        guard try await omissions(channel: channel, limit: 1).first != nil else { return }
        try await write("forget what the feed of '\(channel)' left out") { database in
            try database.run(
                "DELETE FROM omission WHERE channel = ? AND edition IS NOT ?", [channel, edition])
        }
    }

    /// By SKU, a page at a time.
    /// - Parameters:
    ///   - sku: those after it.
    ///   - kind: only those a gate of this kind keeps out.
    package func omissions(
        channel: String, after sku: String = "", kind: Gate.Kind? = nil, limit: Int
    ) async throws(LedgerError) -> [Omission] {
        try await read("list what the feed of '\(channel)' leaves out") { database in
            try database.rows(
                """
                SELECT * FROM omission WHERE channel = ? AND sku > ?
                    \(kind == nil ? "" : "AND kind = ?") ORDER BY sku LIMIT ?
                """, [channel, sku] + (kind.map { [$0.rawValue] } ?? []) + [limit]
            ).map(Omission.init(row:))
        }
    }

    /// Of one SKU, by channel.
    package func omissions(sku: String) async throws(LedgerError) -> [Omission] {
        try await read("look where '\(sku)' is left out") { database in
            try database.rows(
                """
                SELECT omission.* FROM channel
                JOIN omission ON omission.channel = channel.name AND omission.sku = ?
                ORDER BY channel.name
                """, [sku]
            ).map(Omission.init(row:))
        }
    }
}
