package import Foundation
package import Model
package import Wire

/// A file that is live, and how it can be known.
package struct LiveFile: Sendable {
    package var delivery: Delivery
    package var sha256: ContentHash
    package var bytes: Int64
    package var format: ImageFormat
    package var size: PixelSize?
}

extension Delivery {
    /// Neither a person's word nor the channel's can be had again.
    fileprivate var canBeAskedFor: Bool {
        switch confirmedBy.flatMap(Confirmation.init) {
        case .hash, .checksum, .size, .presence: true
        case .collected, .answer, nil: false
        }
    }
}

// Whether a channel still has what the ledger says. The place of a round is in the rows themselves:
// those that were not asked for since it began are still to come, after a restart as before.
extension Ledger {
    package enum Drift: String, Sendable {
        case changed, lost
    }

    static func patrolFact(_ channel: String) -> String { "patrol \(channel)" }

    package func patrol(of channel: String) async throws(LedgerError) -> PatrolRecord {
        try await read("ask how the patrol of '\(channel)' stands") { database in
            try Self.patrol(of: channel, in: database)
        }
    }

    /// What was asked for longest ago, and not since `due`. Begins a round, or ends it, where that is so.
    package func patrolNext(
        on channel: String, notSince due: Date, limit: Int
    ) async throws(LedgerError) -> [LiveFile] {
        let now = now()
        return try await write("go on with the patrol of '\(channel)'") { database in
            let before = try Self.patrol(of: channel, in: database)
            var record = before
            let rows = try Self.liveRows(
                on: channel, "seen_at <= ?", due.milliseconds, limit: limit, in: database)
            try Self.endRound(&record, on: channel, at: now, in: database)
            if record.round == nil, !rows.isEmpty { record.round = PatrolRound(began: now) }
            if record != before { try Self.keep(record, of: channel, in: database) }
            return try rows.compactMap { row in
                if let file = Self.liveFile(row), file.delivery.canBeAskedFor { return file }
                // Nobody knows any more what it should be, or it cannot be asked for; and it must not be
                // in the others' way.
                try database.run(
                    "UPDATE delivery SET seen_at = ? WHERE id = ?",
                    [now.milliseconds, row["id"] as Int64])
                return nil
            }
        }
    }

    /// Everything was asked for, or put there, since it began.
    private static func endRound(
        _ record: inout PatrolRecord, on channel: String, at now: Date, in database: Connection
    ) throws {
        guard var round = record.round else { return }
        let oldest = try oldestSeen(on: channel, in: database)
        guard (oldest ?? .max) >= round.began.milliseconds else { return }
        round.ended = now
        (record.round, record.last) = (nil, round)
        // Nothing of ours has been in these folders since.
        record.strangers?.removeAll { $0.at < round.began }
        try log(
            "patrolled", channel, channel,
            "\(round.looked) asked for, \(round.changed) changed, \(round.lost) lost, "
                + "\(round.unanswered) without an answer", at: now, in: database)
    }

    /// When that file was asked for which was not asked for longest.
    package func oldestSeen(on channel: String) async throws(LedgerError) -> Date? {
        try await read("ask when '\(channel)' is patrolled next") { database in
            try Self.oldestSeen(on: channel, in: database).map(Date.init(milliseconds:))
        }
    }

    private static func oldestSeen(
        on channel: String, in database: Connection
    ) throws -> Int64? {
        try database.first(
            Int64.self,
            """
            SELECT MIN(seen_at) FROM delivery INDEXED BY delivery_seen
            WHERE channel = ? AND state = 'live' AND held_key IS NOT NULL
            """, [channel])
    }

    /// Those that were asked for longest ago first.
    static func liveRows(
        on channel: String, _ condition: String, _ value: Int64, limit: Int, in database: Connection
    ) throws -> [Row] {
        try database.rows(
            """
            SELECT delivery.*, rendition.sha256 AS sha256, rendition.bytes AS bytes,
                rendition.recipe AS recipe,
                json_extract(rendition.receipt, '$.size') AS size
            FROM delivery INDEXED BY delivery_seen
            LEFT JOIN rendition ON rendition.key = delivery.held_key
            WHERE channel = ? AND state = 'live' AND held_key IS NOT NULL AND \(condition)
            ORDER BY seen_at LIMIT ?
            """, [channel, value, limit])
    }

    static func liveFile(_ row: Row) -> LiveFile? {
        guard let delivery = try? Delivery(row: row), let sha256 = row.hash("sha256"),
            sha256 == row.hash("held_sha256"), let bytes = row["bytes"] as Int64?,
            let recipe = try? Column.optional(Recipe.self, row["recipe"])
        else { return nil }
        let size = try? Column.optional(PixelSize.self, row["size"])
        return LiveFile(
            delivery: delivery, sha256: sha256, bytes: bytes, format: recipe.format, size: size)
    }

    /// It is there as it was put there.
    /// - Parameter object: what the channel calls it now.
    package func recordSeen(
        _ delivery: Delivery, object: RemoteObject?
    ) async throws(LedgerError) {
        try await noteSeen(delivery) {
            $0.looked += 1
        } also: { database in
            guard let object, object != delivery.object else { return }
            try database.run(
                "UPDATE delivery SET object = ? WHERE id = ? AND held_key IS ?",
                [try Column.json(object), delivery.id, delivery.heldKey?.rawValue])
        }
    }

    package func recordUnanswered(_ delivery: Delivery) async throws(LedgerError) {
        try await noteSeen(delivery) {
            $0.unanswered += 1
        } also: { _ in
        }
    }

    /// One that was held against what the profile says that the channel makes of it.
    /// - Returns: whether a fault is the file's, and not what the profile says.
    package func recordMade(
        _ delivery: Delivery, as said: Transformation, fault: String?
    ) async throws(LedgerError) -> Bool {
        try await write("note what '\(delivery.channel)' has made of a file") { database in
            var record = try Self.patrol(of: delivery.channel, in: database)
            var made = record.made.flatMap { $0.said == said ? $0 : nil } ?? MadeFiles(said)
            made.note(delivery.name, fault)
            if made != record.made {
                record.made = made
                try Self.keep(record, of: delivery.channel, in: database)
            }
            return made.isProven
        }
    }

    private func noteSeen(
        _ delivery: Delivery, _ count: @escaping @Sendable (inout PatrolRound) -> Void,
        also: @escaping @Sendable (Connection) throws -> Void
    ) async throws(LedgerError) {
        let now = now()
        try await write("note that '\(delivery.name)' was asked for") { database in
            try database.run(
                "UPDATE delivery SET seen_at = ? WHERE id = ?", [now.milliseconds, delivery.id])
            try Self.count(on: delivery.channel, at: now, in: database, count)
            try also(database)
        }
    }

    /// It is not what was put there: it loses its confirmation, and is sent again as far as the guard of
    /// replacements lets it. What is there goes on to be what it is known by: the edition that names it
    /// stands. Unless it is there again before, the next one, which is asked for, leaves it out, as far as
    /// the feed's own guard lets it.
    package func recordDrift(
        _ drift: Drift, of delivery: Delivery, because: String
    ) async throws(LedgerError) {
        let now = now()
        let move = DeliveryMove.drifted
        try await write("take back the confirmation of '\(delivery.name)'") { database in
            try database.run(
                """
                UPDATE delivery SET state = \(move.result), touched = 1, replaces = 1, released = 0,
                    confirmed_at = NULL, confirmed_by = NULL, attempts = 0, next_try = 0, error = ?,
                    since = ?, seen_at = ?, drifted_at = ?
                WHERE id = ? AND \(move.applies) AND held_key IS ?
                """,
                [
                    because, now.milliseconds, now.milliseconds, now.milliseconds, delivery.id,
                    delivery.heldKey?.rawValue,
                ])
            guard database.changes > 0 else { return }
            try Self.touchFeed(delivery.channel, at: now, in: database)
            try Self.count(on: delivery.channel, at: now, in: database) { round in
                round.looked += 1
                if drift == .lost { round.lost += 1 } else { round.changed += 1 }
            }
            try Self.log(
                "drifted", delivery.channel, delivery.name.rawValue,
                "\(delivery.asset): \(because)", at: now, in: database)
        }
    }

    // MARK: The record

    private static func count(
        on channel: String, at now: Date, in database: Connection,
        _ change: (inout PatrolRound) -> Void
    ) throws {
        var record = try patrol(of: channel, in: database)
        var round = record.round ?? PatrolRound(began: now)
        change(&round)
        record.round = round
        try keep(record, of: channel, in: database)
    }

    static func patrol(of channel: String, in database: Connection) throws -> PatrolRecord {
        let text = try database.first(
            String.self, "SELECT value FROM fact WHERE name = ?", [patrolFact(channel)])
        return try Column.optional(PatrolRecord.self, text) ?? PatrolRecord()
    }

    static func keep(
        _ record: PatrolRecord, of channel: String, in database: Connection
    ) throws {
        try database.run(
            "INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)",
            [patrolFact(channel), try Column.json(record)])
    }

    /// Files that were found changed or lost and are not put right yet, counted up to a thousand.
    static func drifted(on channel: String, in database: Connection) throws -> Int {
        try database.first(
            Int.self,
            """
            SELECT COUNT(*) FROM (SELECT 1 FROM delivery INDEXED BY delivery_drifted
                WHERE channel = ? AND drifted_at IS NOT NULL AND state IN ('render', 'send', 'stuck')
                LIMIT 1000)
            """, [channel]) ?? 0
    }
}
