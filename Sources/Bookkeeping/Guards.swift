package import Foundation
import GRDB
import Model

// The guards, and what waits for them.
extension Ledger {
    /// Rows looked at in one turn; the rest comes with the next.
    private static let page = 1000

    /// Moves what has lingered long enough, and is in no edition any more, on to removal.
    /// - Parameters:
    ///   - oldStays: seconds something superseded stays after its successor was confirmed.
    ///   - hasFeed: wait until an edition without it is confirmed.
    ///   - allowance: the guard's; the rest waits for a person.
    /// - Returns: how many go, and how many wait for a person, counted up to a page.
    package func letGo(
        channel: String, oldStays: Double, hasFeed: Bool, allowance: Int
    ) async throws(LedgerError) -> (moved: Int, guarded: Int) {
        let now = now()
        let stayed = now.addingTimeInterval(-oldStays).milliseconds
        return try await write("let go of what lingered on '\(channel)'") { database in
            let rows = try Self.lingered(
                on: channel, since: stayed, hasFeed: hasFeed, in: database)
            var left = allowance
            var moved = 0
            for row in rows {
                let released: Bool = row["released"]
                guard released || left > 0 else { continue }
                if !released {
                    left -= 1
                    try Self.spend("withdraw", channel, at: now, in: database)
                }
                moved += 1
                try database.execute(
                    sql: """
                        UPDATE delivery SET state = 'remove', attempts = 0, next_try = 0,
                            since = ? WHERE id = ?
                        """, arguments: [now.milliseconds, row["id"] as Int64])
            }
            return (moved, rows.count - moved)
        }
    }

    /// Longest first. With a feed, only what the last edition was made after and no edition names.
    private static func lingered(
        on channel: String, since stayed: Int64, hasFeed: Bool, in database: Database
    ) throws -> [Row] {
        var due = stayed
        if hasFeed {
            let made = try Int64.fetchOne(
                database,
                sql: """
                    SELECT MAX(made_at) FROM edition WHERE channel = ? AND state = 'confirmed'
                    """, arguments: [channel])
            guard let made else { return [] }
            due = min(due, made - 1)
        }
        return try Row.fetchAll(
            database,
            sql: """
                SELECT id, released FROM delivery INDEXED BY delivery_age
                WHERE channel = ? AND state = 'linger' AND since <= ?
                    AND (NOT ? OR NOT EXISTS (
                        SELECT 1 FROM edition_image AS image
                        WHERE image.channel = delivery.channel
                            AND image.folded = delivery.folded))
                ORDER BY since LIMIT ?
                """, arguments: [channel, due, hasFeed, page])
    }

    /// How many of `what` (withdraw, replace) the guard has let through since then.
    package func spent(
        _ what: String, channel: String, since: Date
    ) async throws(LedgerError) -> Int {
        try await read("count what the guard let through") { database in
            try Int.fetchOne(
                database,
                sql: "SELECT COUNT(*) FROM spent WHERE channel = ? AND what = ? AND at >= ?",
                arguments: [channel, what, since.milliseconds]) ?? 0
        }
    }

    /// Products that lost something to a reason that never waits since then.
    package func excused(channel: String, since: Date) async throws(LedgerError) -> Int {
        try await read("count what had to go") { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT COUNT(DISTINCT what) FROM spent
                    WHERE channel = ? AND what >= 'excuse ' AND what < 'excuse!' AND at >= ?
                    """, arguments: [channel, since.milliseconds]) ?? 0
        }
    }

    static func spend(
        _ what: String, _ channel: String, at now: Date, in database: Database
    ) throws {
        try database.execute(
            sql: "INSERT INTO spent (channel, what, at) VALUES (?, ?, ?)",
            arguments: [channel, what, now.milliseconds])
    }
}
