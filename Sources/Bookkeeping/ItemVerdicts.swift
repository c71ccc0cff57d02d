package import Foundation
package import Model

/// What a channel said last of one item of its feed.
package struct SaidOfItem: Sendable, Hashable {
    package var channel: String
    package var sku: String
    package var verdict: ItemVerdict
    /// The channel's word, and what it adds to it; empty: nothing.
    package var status: String
    package var message: String
    /// When it was first said so.
    package var since: Date

    init(row: Row) throws {
        guard let verdict = ItemVerdict(rawValue: row["verdict"]) else {
            throw Damage(description: "a verdict of '\(row["channel"] as String)' is damaged")
        }
        self.verdict = verdict
        channel = row["channel"]
        sku = row["sku"]
        status = row["status"]
        message = row["message"]
        since = row.date("since") ?? .distantPast
    }
}

/// One item's part of an answer.
package struct ItemAnswer: Sendable, Hashable {
    package var verdict: ItemVerdict
    package var status: String
    package var message: String

    package init(_ verdict: ItemVerdict, status: String, message: String) {
        (self.verdict, self.status, self.message) = (verdict, status, message)
    }
}

/// How the reading of a channel's answers stands.
package struct VerdictsRead: Codable, Sendable, Hashable {
    package var at: Date
    /// Path → hash of what was read there.
    package var files: [String: String] = [:]
    /// Why something could not be read the last time.
    package var trouble: String?
    /// Items of the last answer that nobody knows here, and the first few of them.
    package var unknown = 0
    package var strangers: [String]?

    package init(at: Date) { self.at = at }
}

// What channels answer about the items of their feeds.
extension Ledger {
    /// Rejections that are told in the history, of one answer.
    private static let told = 20
    /// Unknown items that are named.
    private static let named = 3
    /// Rows of one turn of the writer.
    private static let batch = 500

    static func verdictsFact(_ channel: String) -> String { "verdicts \(channel)" }

    package func verdictsRead(of channel: String) async throws(LedgerError) -> VerdictsRead? {
        try await read("ask what was read of the answers of '\(channel)'") { database in
            try Column.optional(
                VerdictsRead.self,
                try database.first(
                    String.self, "SELECT value FROM fact WHERE name = ?",
                    [Self.verdictsFact(channel)]))
        }
    }

    package func record(
        _ read: VerdictsRead, of channel: String
    ) async throws(LedgerError) {
        try await setFact(Self.verdictsFact(channel), (try? Column.json(read)) ?? "{}")
    }

    /// Notes an answer. What it says of items that nobody knows is passed over: nobody could look after it.
    /// - Returns: how many those are, and the first few.
    package func record(
        _ answers: [String: ItemAnswer], of channel: String
    ) async throws(LedgerError) -> (unknown: Int, first: [String]) {
        let now = now()
        var rest = answers.sorted { $0.key < $1.key }[...]
        var (unknown, told) = ([String](), 0)
        while !rest.isEmpty {
            let batch = Array(rest.prefix(Self.batch))
            rest = rest.dropFirst(Self.batch)
            let already = told
            let result = try await write("note what '\(channel)' says of its items") { database in
                var (unknown, told) = ([String](), already)
                for (sku, answer) in batch {
                    let old = try database.first(
                        String.self,
                        "SELECT verdict FROM item_verdict WHERE channel = ? AND sku = ?",
                        [channel, sku])
                    try Self.note(answer, sku, channel, at: now, in: database)
                    guard database.changes > 0 else {
                        unknown.append(sku)
                        continue
                    }
                    guard answer.verdict == .rejected, old != answer.verdict.rawValue,
                        told < Self.told
                    else { continue }
                    told += 1
                    try Self.log(
                        "rejected", channel, sku,
                        [answer.status, answer.message].joined(separator: ": "), at: now,
                        in: database)
                }
                return (unknown, told)
            }
            (unknown, told) = (unknown + result.0, result.1)
        }
        return (unknown.count, Array(unknown.prefix(Self.named)))
    }

    private static func note(
        _ answer: ItemAnswer, _ sku: String, _ channel: String, at now: Date,
        in database: Connection
    ) throws {
        try database.run(
            """
            INSERT INTO item_verdict (channel, sku, verdict, status, message, since)
            SELECT ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM version WHERE sku = ?)
                OR EXISTS (SELECT 1 FROM product WHERE sku = ?)
            ON CONFLICT (channel, sku) DO UPDATE SET
                since = IIF(verdict = excluded.verdict AND status = excluded.status
                    AND message = excluded.message, since, excluded.since),
                verdict = excluded.verdict, status = excluded.status, message = excluded.message
            """,
            [
                channel, sku, answer.verdict.rawValue, answer.status, answer.message,
                now.milliseconds, sku, sku,
            ])
    }

    /// Of a product that has nothing left there: nobody need look after what its channel says of it.
    static func forgetVerdict(of gone: Delivery, in database: Connection) throws {
        let (channel, sku) = (gone.channel, gone.asset.sku)
        try database.run(
            """
            DELETE FROM item_verdict WHERE channel = ? AND sku = ?
                AND NOT EXISTS (SELECT 1 FROM delivery WHERE channel = ? AND sku = ?)
            """, [channel, sku, channel, sku])
    }

    /// Of one SKU, by channel.
    package func saidOfItem(_ sku: String) async throws(LedgerError) -> [SaidOfItem] {
        try await read("look what channels say of '\(sku)'") { database in
            try database.rows(
                """
                SELECT item_verdict.* FROM channel JOIN item_verdict
                    ON item_verdict.channel = channel.name AND item_verdict.sku = ?
                ORDER BY channel.name
                """, [sku]
            ).map(SaidOfItem.init(row:))
        }
    }

    /// The first few that a channel rejects, by SKU.
    package func rejected(
        by channel: String, limit: Int
    ) async throws(LedgerError) -> [SaidOfItem] {
        try await read("list what '\(channel)' rejects") { database in
            try database.rows(
                """
                SELECT * FROM item_verdict INDEXED BY item_verdict_kind
                WHERE channel = ? AND verdict = 'rejected' ORDER BY sku LIMIT ?
                """, [channel, limit]
            ).map(SaidOfItem.init(row:))
        }
    }
}
