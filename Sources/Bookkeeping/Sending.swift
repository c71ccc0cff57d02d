package import Foundation
import GRDB
package import Model

/// A delivery that has been claimed, with what there is to send.
package struct Claim: Sendable {
    package var delivery: Delivery
    /// Below the store's directory of renditions; nil where something is taken away.
    package var file: String?
    package var sha256: ContentHash?
    package var bytes: Int64
    package var format: ImageFormat
}

// What a channel's courier asks and tells.
extension Ledger {
    /// Takes up to `limit` deliveries that are due, what must go first. The attempt is counted and
    /// the next one put off before anything starts, so that a crash is not followed by a storm.
    /// - Parameters:
    ///   - inHand: deliveries that are being worked on.
    ///   - replacements: how many may take the place of something live; the guard's allowance.
    ///   - sends: how many may be put at all; nil: no limit.
    ///   - delay: seconds to the next try, by the number of attempts so far.
    package func claim(
        channel: String, limit: Int, inHand: Set<Int64>, replacements: Int, sends: Int?,
        delay: @escaping @Sendable (Int) -> Double
    ) async throws(LedgerError) -> (claims: [Claim], guarded: Int) {
        let now = now()
        return try await write("claim deliveries for '\(channel)'") { database in
            let most = limit + inHand.count + 64
            let rows =
                try Self.due(.remove, channel, at: now, limit: most, in: database)
                + Self.due(
                    .send, channel, at: now, limit: most, mayReplace: replacements > 0,
                    in: database)
            var (replacements, sends) = (replacements, sends ?? .max)
            var claims: [Claim] = []
            for row in rows where claims.count < limit {
                let delivery = try Delivery(row: row)
                guard !inHand.contains(delivery.id) else { continue }
                if delivery.state == .send {
                    let counts =
                        delivery.replaces && delivery.attempts == 0 && !(row["released"] as Bool)
                    guard sends > 0, !counts || replacements > 0 else { continue }
                    sends -= 1
                    if counts {
                        replacements -= 1
                        try Self.spend("replace", channel, at: now, in: database)
                    }
                }
                let next = now.addingTimeInterval(delay(delivery.attempts))
                try database.execute(
                    sql: "UPDATE delivery SET attempts = attempts + 1, next_try = ? WHERE id = ?",
                    arguments: [next.milliseconds, delivery.id])
                claims.append(try Self.claim(delivery, row))
            }
            return (claims, replacements > 0 ? 0 : try Self.guarded(channel, in: database))
        }
    }

    /// In the order of the work index, so that a long queue is never sorted: what is new before what
    /// failed, and of the new what came first. What the guard holds must not stand in the way.
    private static func due(
        _ state: Delivery.State, _ channel: String, at now: Date, limit: Int,
        mayReplace: Bool = true, in database: Database
    ) throws -> [Row] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT delivery.*, rendition.file AS file, rendition.sha256 AS sha256,
                    rendition.bytes AS bytes, rendition.recipe AS recipe
                FROM delivery JOIN rendition ON rendition.key = delivery.key
                WHERE channel = ? AND state = ? AND delivery.next_try <= ?
                    AND (? OR replaces = 0 OR delivery.attempts > 0 OR released = 1)
                ORDER BY \(state == .remove ? "urgent DESC," : "") delivery.next_try, delivery.id
                LIMIT ?
                """, arguments: [channel, state.rawValue, now.milliseconds, mayReplace, limit])
    }

    private static func guarded(_ channel: String, in database: Database) throws -> Int {
        try Int.fetchOne(
            database,
            sql: """
                SELECT COUNT(*) FROM delivery WHERE channel = ? AND state = 'send'
                    AND replaces = 1 AND attempts = 0 AND released = 0
                """, arguments: [channel]) ?? 0
    }

    private static func claim(_ delivery: Delivery, _ row: Row) throws -> Claim {
        let recipe = try Column.value(Recipe.self, row["recipe"])
        return Claim(
            delivery: delivery, file: delivery.state == .send ? row["file"] : nil,
            sha256: row.hash("sha256"), bytes: row["bytes"] ?? 0, format: recipe.format)
    }

    /// Proven at its final name. Where reconciling wanted something else meanwhile, only what the
    /// channel holds is written down.
    package func confirm(
        _ claim: Claim, by confirmation: Confirmation
    ) async throws(LedgerError) {
        let now = now()
        let delivery = claim.delivery
        try await write("confirm '\(delivery.name)'") { database in
            try database.execute(
                sql: """
                    UPDATE delivery SET held_key = ?, held_sha256 = ?, held_version = ?,
                        confirmed_at = ?, confirmed_by = ?,
                        since = IIF(state = 'send' AND key = ?, ?, since),
                        attempts = IIF(key = ?, 0, attempts), error = NULL, replaces = 0,
                        next_try = 0, state = IIF(state = 'send' AND key = ?, 'live', state)
                    WHERE id = ?
                    """,
                arguments: [
                    delivery.key.rawValue, claim.sha256?.rawValue, delivery.version,
                    now.milliseconds, confirmation.rawValue, delivery.key.rawValue,
                    now.milliseconds, delivery.key.rawValue, delivery.key.rawValue, delivery.id,
                ])
            try Self.succeed(delivery.channel, at: now, in: database)
            // Only where something older waits for this is there anything to reconcile.
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO dirty (sku, stamp)
                    SELECT ?, ? WHERE EXISTS (
                        SELECT 1 FROM delivery WHERE sku = ? AND channel = ? AND view = ?
                            AND number = ? AND variant = ? AND id <> ?)
                    """,
                arguments: [
                    delivery.asset.sku, Int64.random(in: 1...Int64.max), delivery.asset.sku,
                    delivery.channel, delivery.asset.view, delivery.asset.number,
                    delivery.asset.variant, delivery.id,
                ])
            try Self.log(
                "confirmed", delivery.channel, delivery.name.rawValue,
                "\(delivery.asset) by \(confirmation.rawValue)", at: now, in: database)
        }
    }

    /// Proven absent: the row goes, the history stays.
    package func recordAbsence(_ delivery: Delivery) async throws(LedgerError) {
        let now = now()
        try await write("record the absence of '\(delivery.name)'") { database in
            try database.execute(
                sql: "DELETE FROM delivery WHERE id = ? AND state = 'remove'",
                arguments: [delivery.id])
            if database.changesCount == 0 {
                // Wanted again while it was being taken away: nothing is there now.
                try database.execute(
                    sql: """
                        UPDATE delivery SET held_key = NULL, held_sha256 = NULL,
                            held_version = NULL, next_try = 0 WHERE id = ?
                        """, arguments: [delivery.id])
            }
            if delivery.urgent {
                // A product that goes so never holds the feed.
                try Self.spend("excuse", delivery.channel, at: now, in: database)
            }
            try Self.markDirty(delivery.asset.sku, in: database)
            try Self.succeed(delivery.channel, at: now, in: database)
            try Self.log(
                "removed", delivery.channel, delivery.name.rawValue,
                "\(delivery.asset): \(delivery.because ?? "no longer wanted"); proven absent",
                at: now, in: database)
        }
    }

    /// - Parameter next: when to try again; nil: not before it changes or a person says `retry`.
    package func recordFailure(
        _ delivery: Delivery, error: String, next: Date?
    ) async throws(LedgerError) {
        let now = now()
        try await write("record a failure of '\(delivery.name)'") { database in
            let stuck = next == nil && delivery.state == .send
            try database.execute(
                sql: """
                    UPDATE delivery SET error = ?, next_try = ?,
                        state = IIF(? AND state = 'send', 'stuck', state) WHERE id = ? AND key = ?
                    """,
                arguments: [
                    error, (next ?? now.addingTimeInterval(6 * 3600)).milliseconds, stuck,
                    delivery.id, delivery.key.rawValue,
                ])
            try Self.log(
                "failed", delivery.channel, delivery.name.rawValue, error, at: now, in: database)
        }
    }

    /// Gives back what was claimed (a stop, a paused channel): no penalty, and the guard has let
    /// nothing through.
    /// - Parameter tried: something may have arrived, so one attempt stays on record: only what was
    ///   never tried may be forgotten without asking the channel.
    package func unclaim(_ delivery: Delivery, tried: Bool) async throws(LedgerError) {
        try await write("give back '\(delivery.name)'") { database in
            try database.execute(
                sql: """
                    UPDATE delivery SET attempts = MAX(attempts - 1, ?), next_try = 0 WHERE id = ?
                    """, arguments: [tried ? 1 : 0, delivery.id])
            guard !tried, delivery.replaces, delivery.attempts == 0 else { return }
            try database.execute(
                sql: """
                    DELETE FROM spent WHERE rowid = (
                        SELECT MAX(spent.rowid) FROM spent JOIN delivery ON delivery.id = ?
                        WHERE spent.channel = ? AND what = 'replace' AND delivery.released = 0)
                    """, arguments: [delivery.id, delivery.channel])
        }
    }

    /// Moves what has lingered long enough, and is in no edition any more, on to removal.
    /// - Parameters:
    ///   - oldStays: seconds something superseded stays after its successor was confirmed.
    ///   - hasFeed: wait until an edition without it is confirmed, where there ever was one.
    ///   - allowance: the guard's; the rest waits for a person.
    package func letGo(
        channel: String, oldStays: Double, hasFeed: Bool, allowance: Int
    ) async throws(LedgerError) -> (moved: Int, guarded: Int) {
        let now = now()
        let due = now.addingTimeInterval(-oldStays).milliseconds
        return try await write("let go of what lingered on '\(channel)'") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT id, released FROM delivery WHERE channel = ? AND state = 'linger'
                        AND since <= ? AND (NOT ? OR (
                            COALESCE((SELECT MAX(made_at) FROM edition
                                WHERE edition.channel = delivery.channel
                                    AND edition.state = 'confirmed'), delivery.since)
                                >= delivery.since
                            AND NOT EXISTS (SELECT 1 FROM edition_image AS image
                                WHERE image.channel = delivery.channel
                                    AND image.folded = delivery.folded)))
                    ORDER BY since
                    """, arguments: [channel, due, hasFeed])
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
                        UPDATE delivery SET state = 'remove', attempts = 0, next_try = 0
                        WHERE id = ?
                        """, arguments: [row["id"] as Int64])
            }
            return (moved, rows.count - moved)
        }
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

    /// When something next becomes due on a channel, or nil.
    /// - Parameters:
    ///   - after: what was due then and is not done waits for something else than time.
    ///   - oldStays: seconds something superseded stays.
    package func nextDue(
        channel: String, after: Date, oldStays: Double
    ) async throws(LedgerError) -> Date? {
        let stays = Int64(oldStays * 1000)
        return try await read("find what is next due on '\(channel)'") { database in
            try Int64.fetchOne(
                database,
                sql: """
                    SELECT MIN(due) FROM (
                        SELECT MIN(next_try) AS due FROM delivery
                        WHERE channel = ? AND state = 'send' AND next_try > ?
                        UNION ALL SELECT MIN(next_try) FROM delivery
                        WHERE channel = ? AND state = 'remove' AND next_try > ?
                        UNION ALL SELECT MIN(since) + ? FROM delivery
                        WHERE channel = ? AND state = 'linger' AND since > ?)
                    """,
                arguments: [
                    channel, after.milliseconds, channel, after.milliseconds, stays, channel,
                    after.milliseconds - stays,
                ]
            ).map(Date.init(milliseconds:))
        }
    }

    static func spend(
        _ what: String, _ channel: String, at now: Date, in database: Database
    ) throws {
        try database.execute(
            sql: "INSERT INTO spent (channel, what, at) VALUES (?, ?, ?)",
            arguments: [channel, what, now.milliseconds])
    }

    private static func succeed(_ channel: String, at now: Date, in database: Database) throws {
        try touchFeed(channel, at: now, in: database)
        try database.execute(
            sql: "UPDATE channel SET last_success = ? WHERE name = ?",
            arguments: [now.milliseconds, channel])
    }
}
