package import Foundation
package import Model

/// What waits for a person on a channel.
package struct Handed: Sendable, Hashable {
    /// Counted up to a thousand.
    package var count: Int
    package var since: Date?
    /// Since when no list tells of some of it; nil: all of it is in one.
    package var untoldSince: Date?
    /// What lies in the folder is not what it should be.
    package var isStale: Bool
}

/// A list that tells a person what to do, as it stands now: who is done with a part of it, or what has to go
/// another way meanwhile, is in it no more.
package struct Manifest: Sendable {
    package struct Entry: Sendable {
        package var delivery: Delivery
        package var task: HandedTask
        /// Another name on the channel, of what this takes the place of.
        package var insteadOf: String?
        package var sha256: ContentHash?
        package var bytes: Int64?
    }

    package var channel: String
    package var number: Int
    package var madeAt: Date
    /// How often it has changed; see `recordWritten`.
    package var changes: Int
    package var entries: [Entry]
}

// What persons are told to bring to its place, or to take down there.
extension Ledger {
    /// Files one list tells of; more is another list.
    private static let most = 2000

    /// It lies where a person fetches it. Where reconciling wanted something else meanwhile, that goes on.
    package func handOver(_ claim: Claim) async throws(LedgerError) {
        let now = now()
        let delivery = claim.delivery
        try await write("hand over '\(delivery.name)'") { database in
            try Self.free(delivery, in: database)
            try database.run(
                """
                UPDATE delivery SET \(DeliveryMove.handedOver.moves), touched = 1, attempts = 0,
                    next_try = 0, error = NULL, processing_since = NULL, since = ?
                WHERE id = ? AND key = ? AND \(DeliveryMove.handedOver.applies)
                """, [now.milliseconds, delivery.id, delivery.key.rawValue])
            try Self.succeed(delivery.channel, at: now, in: database)
            try Self.log(
                "handed over", delivery.channel, delivery.name.rawValue, "\(delivery.asset)",
                at: now, in: database)
        }
    }

    /// It lies there no more; whether it was brought to its place before, only a person knows.
    package func recall(_ delivery: Delivery) async throws(LedgerError) {
        let now = now()
        try await write("recall '\(delivery.name)'") { database in
            try Self.free(delivery, in: database)
            try database.run(
                """
                UPDATE delivery SET \(DeliveryMove.recalled.moves), attempts = 0, next_try = 0,
                    error = NULL, processing_since = NULL
                WHERE id = ? AND \(DeliveryMove.recalled.applies)
                """, [delivery.id])
            try Self.succeed(delivery.channel, at: now, in: database)
            try Self.log(
                "recalled", delivery.channel, delivery.name.rawValue,
                "\(delivery.asset): \(delivery.because ?? "no longer wanted")", at: now,
                in: database)
        }
    }

    static func handed(on channel: String, in database: Connection) throws -> Handed? {
        let row = try database.row(
            """
            SELECT COUNT(*) AS number, MIN(since) AS since,
                -- Beyond those that are counted as well: what was told of long ago stands before it.
                (SELECT MIN(since) FROM delivery INDEXED BY delivery_untold
                    WHERE channel = ? AND manifest IS NULL AND state IN ('handed', 'recalled')) AS untold
            FROM (SELECT since FROM delivery INDEXED BY delivery_handed
                WHERE channel = ? AND state IN ('handed', 'recalled') ORDER BY since LIMIT 1000)
            """, [channel, channel])
        let isStale = try database.first(
            Bool.self,
            """
            SELECT EXISTS (SELECT 1 FROM manifest WHERE channel = ? AND changes <> written)
                OR EXISTS (SELECT 1 FROM delivery INDEXED BY delivery_manifest
                    WHERE channel = ? AND manifest IS NOT NULL AND state = 'live')
            """, [channel, channel])
        guard let row else { return nil }
        let handed = Handed(
            count: row["number"], since: row.date("since"), untoldSince: row.date("untold"),
            isStale: isStale ?? false)
        return handed.count > 0 || handed.isStale ? handed : nil
    }

    /// Something must be taken down there, and stands in no list.
    package func hasUntoldMustGo(on channel: String) async throws(LedgerError) -> Bool {
        try await read("ask what must go from '\(channel)'") { database in
            // SQLite takes a partial index only where its own condition is repeated word for word.
            try database.first(
                Bool.self,
                """
                SELECT EXISTS (SELECT 1 FROM delivery INDEXED BY delivery_untold
                    WHERE channel = ? AND manifest IS NULL AND state IN ('handed', 'recalled')
                        AND state = 'recalled' AND urgent = 1)
                """, [channel]) ?? false
        }
    }

    /// Begins a list with what is in none yet.
    /// - Returns: false where there is nothing left to tell.
    package func beginManifest(channel: String) async throws(LedgerError) -> Bool {
        let now = now()
        return try await write("begin a manifest of '\(channel)'") { database in
            let number =
                try database.first(
                    Int.self, "SELECT MAX(number) + 1 FROM manifest WHERE channel = ?", [channel])
                ?? 1
            try database.run(
                """
                UPDATE delivery SET manifest = ? WHERE id IN (
                    SELECT id FROM delivery INDEXED BY delivery_handed
                    WHERE channel = ? AND state IN ('handed', 'recalled') AND manifest IS NULL
                    ORDER BY since LIMIT ?)
                """, [number, channel, Self.most])
            let count = database.changes
            guard count > 0 else { return false }
            try database.run(
                "INSERT INTO manifest (channel, number, made_at) VALUES (?, ?, ?)",
                [channel, number, now.milliseconds])
            try Self.log(
                "manifest", channel, "\(number)", Amount.count(count, "file"), at: now,
                in: database)
            return true
        }
    }

    /// Lists whose file does not show what they hold.
    package func staleManifests(channel: String) async throws(LedgerError) -> [Int] {
        try await read("list what persons are told on '\(channel)'") { database in
            try database.all(
                Int.self,
                """
                SELECT number FROM manifest WHERE channel = ? AND changes <> written ORDER BY number
                """, [channel])
        }
    }

    /// Those of which something is to be done, oldest first.
    package func openManifests(channel: String, limit: Int) async throws(LedgerError) -> [Int] {
        try await read("list what persons have to do on '\(channel)'") { database in
            try database.all(
                Int.self,
                """
                SELECT DISTINCT manifest FROM delivery INDEXED BY delivery_manifest
                WHERE channel = ? AND manifest IS NOT NULL AND state IN ('handed', 'recalled')
                ORDER BY manifest LIMIT ?
                """, [channel, limit])
        }
    }

    /// What must be taken down first, then by name.
    package func manifest(
        _ number: Int, on channel: String
    ) async throws(LedgerError) -> Manifest? {
        try await read("read manifest \(number) of '\(channel)'") { database in
            let head = try database.row(
                "SELECT * FROM manifest WHERE channel = ? AND number = ?", [channel, number])
            guard let head else { return nil }
            let rows = try database.rows(
                """
                SELECT delivery.*, rendition.sha256 AS sha256, rendition.bytes AS bytes,
                    (SELECT old.name FROM delivery AS old
                        WHERE old.sku = delivery.sku AND old.channel = delivery.channel
                            AND old.view = delivery.view AND old.number = delivery.number
                            AND old.variant = delivery.variant AND old.slot = delivery.slot
                            AND old.id <> delivery.id AND old.held_key IS NOT NULL
                        LIMIT 1) AS instead_of
                FROM delivery LEFT JOIN rendition ON rendition.key = delivery.key
                WHERE channel = ? AND manifest = ? AND state IN ('handed', 'recalled')
                ORDER BY state = 'handed', urgent DESC, folded
                """, [channel, number])
            return Manifest(
                channel: channel, number: number, madeAt: head.date("made_at") ?? .distantPast,
                changes: head["changes"], entries: try rows.compactMap(Self.entry))
        }
    }

    private static func entry(_ row: Row) throws -> Manifest.Entry? {
        let delivery = try Delivery(row: row)
        guard let task = delivery.task else { return nil }
        let isOfFile = task != .remove
        return Manifest.Entry(
            delivery: delivery, task: task,
            insteadOf: task == .replace && delivery.heldKey == nil ? row["instead_of"] : nil,
            sha256: isOfFile ? row.hash("sha256") : nil, bytes: isOfFile ? row["bytes"] : nil)
    }

    /// Its file shows it as it was read; what changed meanwhile is still to be written.
    package func recordWritten(_ manifest: Manifest) async throws(LedgerError) {
        try await write("note that manifest \(manifest.number) is written") { database in
            try database.run(
                "UPDATE manifest SET written = ? WHERE channel = ? AND number = ?",
                [manifest.changes, manifest.channel, manifest.number])
        }
    }

    /// What is live and still lies where a person fetched it.
    package func fetched(
        channel: String, limit: Int
    ) async throws(LedgerError) -> [Delivery] {
        try await read("list what was fetched from '\(channel)'") { database in
            try database.rows(
                """
                SELECT * FROM delivery INDEXED BY delivery_manifest
                WHERE channel = ? AND manifest IS NOT NULL AND state = 'live' LIMIT ?
                """, [channel, limit]
            ).map(Delivery.init(row:))
        }
    }

    /// It lies there no more.
    package func recordTakenOut(_ deliveries: [Delivery]) async throws(LedgerError) {
        try await write("note what was fetched") { database in
            for delivery in deliveries {
                try database.run(
                    "UPDATE delivery SET manifest = NULL WHERE id = ? AND state = 'live'",
                    [delivery.id])
            }
        }
    }
}
