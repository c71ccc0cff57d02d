package import Foundation
import Model

// The guards, and what waits for them.
extension Ledger {
    /// Rows looked at in one turn; the rest comes with the next.
    private static let page = 1000

    /// Moves what has lingered long enough, and is in no edition any more, on to removal.
    /// - Parameters:
    ///   - oldStays: seconds something superseded stays after its successor was confirmed.
    ///   - hasFeed: wait until an edition without it is confirmed.
    ///   - budget: the guard's; the rest waits for a person.
    /// - Returns: how many go, and how many wait for a person, counted up to a page.
    package func letGo(
        channel: String, oldStays: Double, hasFeed: Bool, budget: Int
    ) async throws(LedgerError) -> (moved: Int, guarded: Int) {
        let now = now()
        let stayed = now.addingTimeInterval(-oldStays).milliseconds
        return try await write("let go of what lingered on '\(channel)'") { database in
            let rows = try Self.lingered(
                on: channel, since: stayed, hasFeed: hasFeed, in: database)
            var left = budget
            var moved = 0
            for row in rows {
                let released: Bool = row["released"]
                guard released || left > 0 else { continue }
                if !released {
                    left -= 1
                    try Self.spend("withdraw", channel, at: now, in: database)
                }
                moved += 1
                try database.run(
                    """
                    UPDATE delivery SET \(DeliveryMove.letGo.moves), attempts = 0, next_try = 0,
                        since = ? WHERE id = ?
                    """, [now.milliseconds, row["id"] as Int64])
            }
            return (moved, rows.count - moved)
        }
    }

    /// Longest first; what a person let pass is not behind what the guard holds.
    private static func lingered(
        on channel: String, since stayed: Int64, hasFeed: Bool, in database: Connection
    ) throws -> [Row] {
        guard let due = try due(on: channel, since: stayed, hasFeed: hasFeed, in: database) else {
            return []
        }
        return try ["delivery_let_go", "delivery_age"].flatMap { index in
            try database.rows(
                """
                SELECT id, released FROM delivery INDEXED BY \(index)
                WHERE channel = ? AND \(DeliveryMove.letGo.applies) AND since <= ? AND \(unnamed)
                    AND released = \(index == "delivery_age" ? 0 : 1)
                ORDER BY since LIMIT ?
                """, [channel, due, hasFeed, page])
        }
    }

    /// What has lingered since then may go. With a feed, only what the last edition was made after, or
    /// what it has left out, whose time began with it.
    static func due(
        on channel: String, since stayed: Int64, hasFeed: Bool, in database: Connection
    ) throws -> Int64? {
        guard hasFeed else { return stayed }
        let made = try database.first(
            Int64.self,
            """
            SELECT MAX(MAX(made_at - 1, confirmed_at)) FROM edition
            WHERE channel = ? AND state = 'confirmed'
            """, [channel])
        return made.map { min(stayed, $0) }
    }

    /// With a feed (its one argument), only what no edition names.
    static let unnamed = """
        (NOT ? OR NOT EXISTS (SELECT 1 FROM edition_image AS image
            WHERE image.channel = delivery.channel AND image.folded = delivery.folded))
        """

    /// What `release` has let pass.
    package struct Released: Sendable, Hashable {
        package var replacements = 0
        package var removals = 0
        package var edition = false
        /// The feed was held since an earlier edition was put back.
        package var rewind = false
        /// Files of editions that are made again.
        package var stale: [String] = []
        /// Of the first few, on the channel.
        package var names: [String] = []

        package var count: Int { replacements + removals + (edition ? 1 : 0) + (rewind ? 1 : 0) }

        /// `12 replacements, 3 removals and the held edition of the feed`; empty: nothing.
        package var description: String {
            [
                replacements > 0 ? Amount.count(replacements, "replacement") : nil,
                removals > 0 ? Amount.count(removals, "removal") : nil,
                edition ? "the held edition of the feed" : nil,
                rewind && !edition ? "the feed, of which a new edition is made" : nil,
            ].compactMap(\.self).joined(separator: ", ")
        }
    }

    /// Names a release tells.
    private static let told = 20

    /// Lets through what the guards hold on a channel, and what waits behind it: one decision is
    /// asked for once.
    package func release(channel: String, by: String) async throws(LedgerError) -> Released {
        let now = now()
        return try await write("release '\(channel)'") { database in
            var released = Released()
            released.replacements = try Self.release(
                Self.replacing, on: channel, telling: &released.names, in: database)
            released.removals = try Self.release(
                "state = 'linger' AND released = 0", on: channel, telling: &released.names,
                in: database)
            if let stale = try Self.endRewind(releasing: channel, in: database) {
                (released.rewind, released.stale) = (true, stale)
            }
            try database.run(
                "UPDATE edition SET released = 1 WHERE channel = ? AND state = 'held'", [channel])
            released.edition = database.changes > 0
            guard released.count > 0 else { return released }
            try Self.touchFeed(channel, at: now, in: database)
            try Self.log(
                "released", channel, channel, "\(released.description) by \(by)", at: now,
                in: database)
            return released
        }
    }

    private static func release(
        _ which: String, on channel: String, telling names: inout [String], in database: Connection
    ) throws -> Int {
        names += try database.all(
            String.self,
            """
            SELECT name FROM delivery WHERE channel = ? AND \(which) ORDER BY since, id LIMIT ?
            """, [channel, told - names.count])
        try database.run(
            "UPDATE delivery SET released = 1 WHERE channel = ? AND \(which)", [channel])
        return database.changes
    }

    /// How many of `what` (withdraw, replace) the guard has let through since then.
    package func spent(
        _ what: String, channel: String, since: Date
    ) async throws(LedgerError) -> Int {
        try await read("count what the guard let through") { database in
            try database.first(
                Int.self, "SELECT COUNT(*) FROM spent WHERE channel = ? AND what = ? AND at >= ?",
                [channel, what, since.milliseconds]) ?? 0
        }
    }

    static func spend(
        _ what: String, _ channel: String, at now: Date, in database: Connection
    ) throws {
        try database.run(
            "INSERT INTO spent (channel, what, at) VALUES (?, ?, ?)",
            [channel, what, now.milliseconds])
    }
}
