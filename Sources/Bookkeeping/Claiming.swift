package import Foundation
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

// What a channel's courier takes up.
extension Ledger {
    /// How long a claim holds where it is not renewed: two couriers' turns and more.
    private static let lease = 1800.0
    /// Seconds to the next try of anything, at most: twice the longest back-off and pause.
    private static let longestWait = 12 * 3600.0

    /// Takes up to `limit` deliveries that are due, what must go first, then what a person wants first;
    /// of the rest what failed before, what has waited longest and what is newest take turns, so that
    /// none of them starves. Nobody else gets them while their lease holds. The attempt is counted and the next one put off before anything starts, so
    /// that a crash is not followed by a storm.
    /// - Parameters:
    ///   - replacements: how many may take the place of something live; the guard's budget.
    ///   - sends: how many may be put at all; nil: no limit.
    ///   - urgent: only what must go: a channel that is held.
    ///   - turn: counted by who claims: whose turn it is where there is not room for each.
    ///   - isProbe: it is unknown whether the channel takes anything.
    ///   - delay: seconds to the next try, by the number of attempts so far.
    /// - Returns: also how many wait for the guard, counted up to a thousand.
    package func claim(
        channel: String, limit: Int, replacements: Int, sends: Int?,
        urgent: Bool = false, turn: Int = 0, isProbe: Bool = false,
        delay: @escaping @Sendable (Int) -> Double
    ) async throws(LedgerError) -> (claims: [Claim], guarded: Int) {
        let now = now()
        return try await write("claim deliveries for '\(channel)'") { database in
            var room = ClaimRoom(claims: limit, sends: sends ?? .max, replacements: replacements)
            var claims: [Claim] = []
            let takings = urgent ? [(.urgent, 1)] : ClaimQueue.takings(turn, isProbe: isProbe)
            for (queue, share) in takings where room.claims > 0 {
                let most = queue.most(room, share)
                for id in try Self.take(queue, on: channel, most, at: now, in: database) {
                    guard let claim = try Self.begin(id, at: now, delay, in: database) else {
                        continue
                    }
                    claims.append(claim)
                    room.claims -= 1
                    if claim.delivery.state == .send { room.sends -= 1 }
                    guard queue.isGuarded else { continue }
                    room.replacements -= 1
                    try Self.spend("replace", channel, at: now, in: database)
                }
            }
            let guarded =
                room.replacements > 0
                ? 0 : try Self.count(.guarded, on: channel, at: now, in: database)
            return (claims, guarded)
        }
    }

    /// Rows of a queue that are due and nobody has in hand: three arguments.
    static func due(_ queue: ClaimQueue) -> String {
        """
        FROM delivery INDEXED BY \(queue.index)
        WHERE channel = ? AND \(queue.condition) AND \(queue.isDue) AND leased_until <= ?
        """
    }

    /// One statement, so that two who claim never get the same.
    private static func take(
        _ queue: ClaimQueue, on channel: String, _ most: Int, at now: Date, in database: Connection
    ) throws -> [Int64] {
        guard most > 0 else { return [] }
        let rows = try database.rows(
            """
            UPDATE delivery SET leased_until = ?
            WHERE id IN (SELECT id \(due(queue)) ORDER BY \(queue.order) LIMIT ?)
            RETURNING id, next_try
            """,
            [
                now.addingTimeInterval(lease).milliseconds, channel, now.milliseconds,
                now.milliseconds, most,
            ])
        let ids = rows.map { (due: $0["next_try"] as Int64, id: $0["id"] as Int64) }
            .sorted(by: <).map(\.id)
        return queue == .newest ? ids.reversed() : ids
    }

    private static func count(
        _ queue: ClaimQueue, on channel: String, at now: Date, in database: Connection
    ) throws -> Int {
        try database.first(
            Int.self, "SELECT COUNT(*) FROM (SELECT 1 \(due(queue)) LIMIT 1000)",
            [channel, now.milliseconds, now.milliseconds]) ?? 0
    }

    /// What a channel's courier has in hand: that stays claimed, and what else was claimed on the
    /// channel is free, by an earlier daemon or where the ledger was not told how it ended.
    package func keepClaims(_ inHand: [Int64], on channel: String) async throws(LedgerError) {
        let until = now().addingTimeInterval(Self.lease).milliseconds
        let next = now().addingTimeInterval(Self.longestWait).milliseconds
        try await write("keep what is in hand on '\(channel)'") { database in
            let marks = Arguments.marks(inHand.count)
            try database.run(
                """
                UPDATE delivery SET leased_until = 0
                WHERE channel = ? AND leased_until > 0 AND id NOT IN (\(marks))
                """, [channel] + Arguments(inHand), isKept: false)
            // Of a clock that stood in the future for a while.
            for state in ["send", "remove"] {
                try database.run(
                    "UPDATE delivery SET next_try = ? WHERE channel = ? AND state = ? AND next_try > ?",
                    [next, channel, state, next])
            }
            try database.run(
                "UPDATE channel SET paused_until = ? WHERE name = ? AND paused_until > ?",
                [next, channel, next])
            // What has ended meanwhile stays free.
            try database.run(
                "UPDATE delivery SET leased_until = ? WHERE channel = ? AND leased_until > 0",
                [until, channel])
        }
    }

    /// Nobody has wanted otherwise since: what has to go is not sent first.
    package func isAsClaimed(_ delivery: Delivery) async throws(LedgerError) -> Bool {
        try await read("see whether '\(delivery.name)' is still wanted so") { database in
            try database.first(
                Int.self, "SELECT 1 FROM delivery WHERE id = ? AND key = ? AND state = ?",
                [delivery.id, delivery.key.rawValue, delivery.state.rawValue]) != nil
        }
    }

    /// Those of a few, as they were claimed, that must be taken away at once, or whose place the version before
    /// takes again: nobody may see them any more.
    package func mustGo(_ claimed: [Delivery]) async throws(LedgerError) -> [Int64] {
        try await read("see what must go of what is on its way") { database in
            try claimed.compactMap { delivery in
                try database.first(
                    Int64.self,
                    """
                    SELECT id FROM delivery
                    WHERE id = ? AND (state = 'remove' AND urgent = 1 OR version < ?)
                    """, [delivery.id, delivery.version])
            }
        }
    }

    static func free(_ delivery: Delivery, in database: Connection) throws {
        try database.run("UPDATE delivery SET leased_until = 0 WHERE id = ?", [delivery.id])
    }

    /// - Returns: nil for a row that cannot be read; it is set aside and says so.
    private static func begin(
        _ id: Int64, at now: Date, _ delay: (Int) -> Double, in database: Connection
    ) throws -> Claim? {
        let row = try database.row(
            """
            SELECT delivery.*, rendition.file AS file, rendition.sha256 AS sha256,
                rendition.bytes AS bytes, rendition.recipe AS recipe
            FROM delivery LEFT JOIN rendition ON rendition.key = delivery.key
            WHERE delivery.id = ?
            """, [id])
        guard let row else { return nil }
        let claim: Claim
        do {
            claim = try Self.claim(row)
        } catch {
            try database.run(
                "UPDATE delivery SET \(DeliveryMove.damaged.moves), leased_until = 0, error = ? WHERE id = ?",
                ["its row in the ledger is damaged: \(error)", id])
            return nil
        }
        let next = now.addingTimeInterval(delay(claim.delivery.attempts))
        try database.run(
            """
            UPDATE delivery SET attempts = attempts + 1, next_try = ?, touched = 1 WHERE id = ?
            """, [next.milliseconds, id])
        return claim
    }

    private static func claim(_ row: Row) throws -> Claim {
        let delivery = try Delivery(row: row)
        // Taking away asks for nothing but the name.
        guard delivery.state == .send else {
            return Claim(delivery: delivery, file: nil, sha256: nil, bytes: 0, format: .jpeg)
        }
        guard let recipe = try Column.optional(Recipe.self, row["recipe"]) else {
            throw Damage(description: "it names no rendition")
        }
        return Claim(
            delivery: delivery, file: row["file"], sha256: row.hash("sha256"),
            bytes: row["bytes"] ?? 0, format: recipe.format)
    }

    /// Gives back what was claimed (a stop, a paused channel): no penalty, and where nothing was
    /// tried the guard has let nothing through.
    /// - Parameters:
    ///   - tried: something may have arrived, so one attempt stays on record.
    ///   - next: not before others; nil: at once.
    package func unclaim(
        _ delivery: Delivery, tried: Bool, next: Date? = nil
    ) async throws(LedgerError) {
        try await write("give back '\(delivery.name)'") { database in
            try Self.free(delivery, in: database)
            try database.run(
                """
                UPDATE delivery SET attempts = MAX(attempts - 1, ?), next_try = ?, touched = ?
                WHERE id = ? AND key = ? AND state = ?
                """,
                [
                    tried ? 1 : 0, next?.milliseconds ?? 0, tried || delivery.touched, delivery.id,
                    delivery.key.rawValue,
                    delivery.state.rawValue,
                ])
            guard !tried, delivery.state == .send, delivery.replaces, delivery.attempts == 0 else {
                return
            }
            try database.run(
                """
                DELETE FROM spent WHERE rowid = (
                    SELECT MAX(spent.rowid) FROM spent JOIN delivery ON delivery.id = ?
                    WHERE spent.channel = ? AND what = 'replace' AND delivery.released = 0)
                """, [delivery.id, delivery.channel])
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
            try database.first(
                Int64.self,
                """
                SELECT MIN(due) FROM (
                    SELECT MIN(next_try) AS due FROM delivery
                    WHERE channel = ? AND state = 'send' AND next_try > ?
                    UNION ALL SELECT MIN(next_try) FROM delivery
                    WHERE channel = ? AND state = 'remove' AND next_try > ?
                    UNION ALL SELECT MIN(since) + ? FROM delivery
                    WHERE channel = ? AND state = 'linger' AND since > ?)
                """,
                [
                    channel, after.milliseconds, channel, after.milliseconds, stays, channel,
                    after.milliseconds - stays,
                ]
            ).map(Date.init(milliseconds:))
        }
    }

    /// What is still to be put on a channel: whether anything is, and when the first that was tried
    /// already is tried again.
    package func unsent(
        on channel: String
    ) async throws(LedgerError) -> (isAny: Bool, again: Date?) {
        let now = now().milliseconds
        return try await read("see what is still to be sent to '\(channel)'") { database in
            let next = "SELECT MIN(next_try) FROM delivery WHERE channel = ? AND state = 'send'"
            let isAny = try database.first(Int64.self, next, [channel]) != nil
            let again = try database.first(
                Int64.self, next + " AND next_try > ?", [channel, now])
            return (isAny, again.map(Date.init(milliseconds:)))
        }
    }
}
