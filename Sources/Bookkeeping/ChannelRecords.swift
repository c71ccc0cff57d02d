package import Foundation
package import Model

/// What the ledger remembers about a channel.
package struct ChannelRecord: Sendable, Hashable {
    package var name: String
    package var file: String
    /// Text of the last good revision; nil when there never was one.
    package var text: String?
    /// What else that was read from: formats of feeds of our own.
    package var formats: String?
    package var revision: String?
    package var address: DestinationAddress?
    /// draft, live, retired, off
    package var state: String
    package var problems: String?
    /// Why it stands still, whoever said so.
    package var held: String?
    package var hold: Hold?
    /// The ledger was lost: it does not know what lies there.
    package var unsure: Bool
    package var paused: String?
    package var pausedUntil: Date?
    package var firstPassed: Bool
    package var cursor: String?
    package var feedChanged: Date?
    package var lastSuccess: Date?

    init(row: Row) throws {
        name = row["name"]
        file = row["file"]
        text = row["text"]
        formats = row["formats"]
        revision = row["revision"]
        address = try Column.optional(DestinationAddress.self, row["address"])
        state = row["state"]
        problems = row["problems"]
        unsure = row["unsure"]
        let doubt: String? = unsure ? Loss.hold(name) : row["doubt"] as String?
        held = doubt ?? row["held"]
        hold = held.map { _ in
            doubt != nil ? .doubt : row["everything"] as Bool ? .everything : .ordinary
        }
        paused = row["paused"]
        pausedUntil = row.date("paused_until")
        firstPassed = row["first_passed"]
        cursor = row["cursor"]
        feedChanged = row.date("feed_changed")
        lastSuccess = row.date("last_success")
    }
}

extension Ledger {
    package func channels() async throws(LedgerError) -> [ChannelRecord] {
        try await read("list channels") { database in
            try database.rows("SELECT * FROM channel ORDER BY name")
                .map(ChannelRecord.init(row:))
        }
    }

    package func channel(_ name: String) async throws(LedgerError) -> ChannelRecord? {
        try await read("read channel '\(name)'") { database in
            try database.row("SELECT * FROM channel WHERE name = ?", [name]).map(
                ChannelRecord.init(row:))
        }
    }

    /// Takes a good revision; a changed one starts a pass over all SKUs.
    /// - Parameter place: what the address comes to, however it is spelled: channels of one place share its
    ///   names. Nil: the address as it is.
    package func take(
        channel: String, file: String, text: String, formats: String? = nil, revision: String,
        address: DestinationAddress?, place: String? = nil, state: String, doubt: String?
    ) async throws(LedgerError) {
        let now = now()
        try await write("take the profile of '\(channel)'") { database in
            let isKnown = try database.first(
                Bool.self, "SELECT text IS NOT NULL FROM channel WHERE name = ?", [channel])
            try database.run(
                """
                INSERT INTO channel (name, file, text, formats, revision, address, place, state,
                    cursor, feed_changed)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?)
                ON CONFLICT (name) DO UPDATE SET
                    file = excluded.file, text = excluded.text, formats = excluded.formats,
                    problems = NULL,
                    address = COALESCE(excluded.address, address),
                    place = COALESCE(excluded.place, place), state = excluded.state,
                    doubt = COALESCE(?, doubt), paused = NULL, paused_until = NULL,
                    cursor = IIF(revision IS excluded.revision, cursor, ''),
                    feed_changed = IIF(revision IS excluded.revision, feed_changed,
                        excluded.feed_changed),
                    revision = excluded.revision
                """,
                [
                    channel, file, text, formats, revision, try address.map(Column.json),
                    place ?? address?.description, state, now.milliseconds, doubt,
                ])
            if isKnown != true { try Self.mistrust(channel, in: database) }
        }
    }

    /// New to this ledger; one that was lost may have known it well.
    private static func mistrust(_ channel: String, in database: Connection) throws {
        try database.run(
            """
            UPDATE channel SET unsure = 1, lost = 1 WHERE name = ?
                AND (SELECT loss FROM identity) IS NOT NULL
            """, [channel])
    }

    /// The newest file is not good: the channel stays on its last good revision, or off.
    package func refuse(
        channel: String, file: String, problems: String
    ) async throws(LedgerError) {
        try await write("note a bad profile of '\(channel)'") { database in
            try database.run(
                """
                INSERT INTO channel (name, file, state, problems) VALUES (?, ?, 'off', ?)
                ON CONFLICT (name) DO UPDATE SET problems = excluded.problems
                """, [channel, file, problems])
            let isNew = try database.first(
                Bool.self, "SELECT text IS NULL FROM channel WHERE name = ?", [channel])
            if isNew == true { try Self.mistrust(channel, in: database) }
        }
    }

    /// Credentials or host key failed: the items keep their places.
    package func pause(
        channel: String, because: String, until: Date
    ) async throws(LedgerError) {
        let now = now()
        try await write("pause '\(channel)'") { database in
            let new = try database.first(
                Bool.self, "SELECT paused IS NOT ? FROM channel WHERE name = ?", [because, channel])
            try database.run(
                "UPDATE channel SET paused = ?, paused_until = ? WHERE name = ?",
                [because, until.milliseconds, channel])
            if new == true {
                try Self.log("paused", channel, channel, because, at: now, in: database)
            }
        }
    }

    package func unpause(channel: String) async throws(LedgerError) {
        try await write("end the pause of '\(channel)'") { database in
            try database.run(
                "UPDATE channel SET paused = NULL, paused_until = NULL WHERE name = ?", [channel])
        }
    }

    /// Tries at once what waits or is stuck on a channel.
    /// - Parameters:
    ///   - sku: only of that; nil: of all.
    ///   - cause: only those whose last error holds this text.
    package func retry(
        channel: String, sku: String? = nil, cause: String?, staysPaused: Bool = false
    ) async throws(LedgerError) -> Int {
        try await write("retry on '\(channel)'") { database in
            try database.run(
                """
                UPDATE delivery SET next_try = 0, attempts = MIN(attempts, 1),
                    \(DeliveryMove.retried.moves)
                WHERE channel = ? AND state IN ('send', 'remove', 'stuck')
                    AND (? IS NULL OR sku = ?) AND (? IS NULL OR instr(error, ?) > 0)
                """, [channel, sku, sku, cause, cause])
            let count = database.changes
            if !staysPaused {
                try database.run(
                    "UPDATE channel SET paused = NULL, paused_until = NULL WHERE name = ?",
                    [channel])
            }
            // Nobody wants these any more until their assets are looked at again.
            let masters = try database.all(
                String.self,
                """
                UPDATE rendition SET refusal = NULL, attempts = 0, next_try = 0
                WHERE refusal LIKE '%"crashed"%' OR refusal LIKE '%"resources"%'
                RETURNING master
                """)
            for master in Set(masters).compactMap(ContentHash.init(rawValue:)) {
                try Self.markDirty(versionsOf: master, in: database)
            }
            return count
        }
    }

    /// Marks the next SKUs of a pass over everything a channel may want.
    /// - Returns: false when the pass is through.
    package func advance(channel: String, batch: Int) async throws(LedgerError) -> Bool {
        try await write("go on with the pass of '\(channel)'") { database in
            guard
                let cursor = try database.first(
                    String.self, "SELECT cursor FROM channel WHERE name = ?", [channel])
            else { return false }
            let skus = try database.all(
                String.self,
                """
                SELECT sku FROM (
                    SELECT * FROM (SELECT DISTINCT sku FROM version WHERE sku > ?
                        ORDER BY sku LIMIT ?)
                    UNION SELECT * FROM (SELECT sku FROM product WHERE sku > ?
                        ORDER BY sku LIMIT ?))
                ORDER BY sku LIMIT ?
                """, [cursor, batch, cursor, batch, batch])
            for sku in skus { try Self.markDirty(sku, in: database) }
            try database.run(
                "UPDATE channel SET cursor = ? WHERE name = ?",
                [skus.count < batch ? nil : skus.last, channel])
            return skus.count == batch
        }
    }
}
