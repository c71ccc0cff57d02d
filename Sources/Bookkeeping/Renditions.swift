package import Foundation
package import Model
package import Wire

/// One master with the renditions that are wanted of it and do not exist yet.
package struct RenderJob: Sendable {
    package var master: ContentHash
    package var format: ImageFormat
    /// What inspecting it has found.
    package var inspection: Inspection?
    package var items: [RenderRequest.Item]
    /// The highest number of attempts any item has seen, this one not counted.
    package var attempts: Int
    /// A person wants it before all that waits.
    package var isBumped = false
}

/// A master nobody has looked into yet.
package struct InspectJob: Sendable {
    package var master: ContentHash
    package var format: ImageFormat
    package var attempts: Int
    /// A person wants it before all that waits.
    package var isBumped = false
}

/// Bytes that were rendered, measured and put into the store.
package struct MadeRendition: Sendable {
    package var key: ContentHash
    /// Below the store's directory of renditions.
    package var file: String
    package var receipt: Receipt

    package init(key: ContentHash, file: String, receipt: Receipt) {
        self.key = key
        self.file = file
        self.receipt = receipt
    }
}

// What the render pool asks and tells.
extension Ledger {
    package func mastersToInspect(limit: Int) async throws(LedgerError) -> [InspectJob] {
        try await read("list masters to inspect") { database in
            // Those that ended a worker before stand in nobody's way.
            func rows(_ which: String, _ order: String = "since") throws -> [Row] {
                try database.rows(
                    """
                    SELECT sha256, format, attempts, bumped FROM master
                    WHERE inspection IS NULL AND unusable IS NULL AND \(which)
                    ORDER BY \(order) LIMIT ?
                    """, [limit])
            }
            let fresh = try Self.inTurn(
                rows("attempts = 0"), rows("attempts = 0", "since DESC"), limit)
            var seen: Set<ContentHash> = []
            return try (rows("bumped = 1") + fresh + rows("attempts > 0")).compactMap { row in
                guard let master = row.hash("sha256"), seen.insert(master).inserted,
                    let format = ImageFormat(rawValue: row["format"])
                else { return nil }
                return InspectJob(
                    master: master, format: format, attempts: row["attempts"],
                    isBumped: row["bumped"])
            }
        }
    }

    /// Neither what is old nor what is new starves.
    private static func inTurn(_ old: [Row], _ new: [Row], _ limit: Int) -> [Row] {
        Array(zip(old, new).flatMap { [$0, $1] }.prefix(limit))
    }

    /// Masters with renditions to make, what a person wants first, then the longest waiting and the
    /// newest in turn.
    /// - Parameter inHand: masters to pass over; to read what is known of them again and again would cost
    ///   more than to make tiny pictures.
    package func rendersWaiting(
        limit: Int, besides inHand: Set<ContentHash> = []
    ) async throws(LedgerError) -> [RenderJob] {
        let now = now().milliseconds
        return try await read("list renditions to make") { database in
            func rows(
                _ index: String, _ order: String, _ which: String = "TRUE"
            ) throws -> [Row] {
                try database.rows(
                    """
                    SELECT rendition.key, rendition.recipe, rendition.particulars,
                        rendition.attempts, master.sha256, master.format, master.inspection,
                        delivery.bumped
                    FROM delivery INDEXED BY \(index)
                    JOIN rendition ON rendition.key = delivery.key
                    JOIN master ON master.sha256 = rendition.master
                    WHERE delivery.state = 'render' AND rendition.file IS NULL
                        AND rendition.refusal IS NULL AND rendition.next_try <= ?
                        AND master.unusable IS NULL AND \(which)
                    ORDER BY \(order) LIMIT ?
                    """, [now, limit])
            }
            let bumped = try rows("delivery_bumped", "delivery.since", "delivery.bumped = 1")
            let others = try Self.inTurn(
                rows("delivery_render", "delivery.since"),
                rows("delivery_render", "delivery.since DESC"), limit)
            return Self.jobs(bumped + others, besides: inHand)
        }
    }

    /// By master, in the order of the rows; a row that cannot be read is passed over.
    private static func jobs(_ rows: [Row], besides inHand: Set<ContentHash>) -> [RenderJob] {
        var jobs: [RenderJob] = []
        var places: [ContentHash: Int] = [:]
        var seen: Set<ContentHash> = []
        for row in rows {
            guard let master = row.hash("sha256"), !inHand.contains(master),
                let key = row.hash("key"), seen.insert(key).inserted,
                let format = ImageFormat(rawValue: row["format"]),
                let recipe = try? Column.value(Recipe.self, row["recipe"]),
                let particulars = try? Column.value(RenditionInputs.self, row["particulars"])
            else { continue }
            let place = places[master] ?? jobs.count
            if place == jobs.count {
                // One that cannot be read is as if nobody had looked.
                let inspection = try? Column.optional(Inspection.self, row["inspection"])
                places[master] = place
                jobs.append(
                    RenderJob(
                        master: master, format: format, inspection: inspection,
                        items: [], attempts: 0, isBumped: row["bumped"]))
            }
            jobs[place].add(
                .init(key: key, recipe: recipe, particulars: particulars), attempts: row["attempts"]
            )
        }
        return jobs
    }

    /// One that ended a worker: twice is enough.
    package func countAttempt(
        inspecting master: ContentHash
    ) async throws(LedgerError) {
        try await write("count an inspection", canWait: true) { database in
            try database.run(
                "UPDATE master SET attempts = attempts + 1 WHERE sha256 = ?", [master.rawValue])
        }
    }

    /// Counts an attempt before it starts, so that a master that kills us is not tried for ever.
    /// - Parameter number: -1 takes one back.
    package func countAttempt(
        rendering keys: [ContentHash], by number: Int = 1
    ) async throws(LedgerError) {
        try await write("count a render", canWait: true) { database in
            for key in keys {
                try database.run(
                    "UPDATE rendition SET attempts = MAX(attempts + ?, 0) WHERE key = ?",
                    [number, key.rawValue])
            }
        }
    }

    package func recordInspection(
        _ inspection: Inspection, of master: ContentHash
    ) async throws(LedgerError) {
        try await write("record an inspection", canWait: true) { database in
            try database.run(
                "UPDATE master SET inspection = ?, attempts = 0 WHERE sha256 = ?",
                [try Column.json(inspection), master.rawValue])
            try Self.markDirty(versionsOf: master, in: database)
        }
    }

    /// The master is at fault, whatever is made of it: a verdict in the ledger, and every asset
    /// that uses it is looked at again.
    /// - Parameter untilItArrives: the store's copy is at fault and not the picture; see `mend`.
    /// - Returns: the sources it came from, for the quarantine's notes.
    package func recordUnusable(
        _ master: ContentHash, because reason: String, untilItArrives: Bool = false
    ) async throws(LedgerError) -> [String] {
        let now = now()
        return try await write("record an unusable master") { database in
            try database.run(
                """
                UPDATE master SET unusable = ?, damaged = ?
                WHERE sha256 = ? AND unusable IS NULL
                """, [reason, untilItArrives, master.rawValue])
            guard database.changes > 0 else { return [] }
            try Self.markDirty(versionsOf: master, in: database)
            // Only where these bytes still lie: another file may have taken the path since.
            let sources = try database.all(
                String.self, "SELECT path FROM source WHERE master = ? ORDER BY path",
                [master.rawValue])
            for source in sources {
                try database.run(
                    """
                    UPDATE source SET state = 'quarantined', reason = ? WHERE path = ?
                    """, [reason, source])
                try Self.log("quarantined", nil, source, reason, at: now, in: database)
            }
            return sources
        }
    }

    /// Records a rendition and lets go what waited for it and passes.
    /// - Parameters:
    ///   - passing: deliveries whose profile accepts the receipt.
    ///   - judged: what each profile said to it.
    package func recordRendition(
        _ made: MadeRendition, passing: [Delivery.ID], judged: [Judgement] = []
    ) async throws(LedgerError) {
        let now = now()
        try await write("record a rendition", canWait: true) { database in
            try database.run(
                """
                UPDATE rendition SET file = ?, sha256 = ?, bytes = ?, receipt = ?,
                    refusal = NULL, attempts = 0, next_try = 0 WHERE key = ?
                """,
                [
                    made.file, made.receipt.sha256.rawValue, made.receipt.bytes,
                    try Column.json(made.receipt), made.key.rawValue,
                ])
            try Self.record(judged, in: database)
            for id in passing {
                try database.run(
                    """
                    UPDATE delivery SET state = \(DeliveryMove.made.result), attempts = 0, next_try = 0
                    WHERE id = ? AND \(DeliveryMove.made.applies) AND key = ?
                    """, [id, made.key.rawValue])
            }
            let refused = try database.all(
                String.self, "SELECT DISTINCT sku FROM delivery WHERE key = ? AND state = 'render'",
                [made.key.rawValue])
            for sku in refused { try Self.markDirty(sku, in: database) }
            let (channel, subject, others) = try Self.wanting(made.key, in: database)
            try Self.log(
                "rendered", channel, subject ?? made.file,
                "\(made.receipt.size), \(made.receipt.bytes) bytes\(others), '\(made.file)'",
                at: now, in: database)
        }
    }

    /// Who a rendition is for, as people know it: a key says nothing to them.
    /// - Returns: the channel where it is only one, the asset, and who else.
    private static func wanting(
        _ key: ContentHash, in database: Connection
    ) throws -> (channel: String?, subject: String?, others: String) {
        let wanting = try database.rows(
            "SELECT * FROM delivery WHERE key = ? ORDER BY id LIMIT 100", [key.rawValue]
        ).map(Delivery.init(row:))
        let channels = Set(wanting.map(\.channel)).sorted()
        let others = Set(wanting.dropFirst().map(\.asset)).subtracting(
            wanting.prefix(1).map(\.asset))
        let words =
            (channels.count > 1 ? [", for \(channels.joined(separator: ", "))"] : [])
            + others.map(\.description).sorted().prefix(5).map { ", also \($0)" }
        return (
            channels.count == 1 ? channels[0] : nil, wanting.first?.asset.description,
            words.joined()
        )
    }

    /// This recipe cannot be made of this master; the assets that want it are looked at again.
    package func recordRefusal(
        _ refusal: Refusal, of key: ContentHash
    ) async throws(LedgerError) {
        let now = now()
        try await write("record a refusal") { database in
            try database.run(
                "UPDATE rendition SET refusal = ?, file = NULL WHERE key = ?",
                [try Column.json(refusal), key.rawValue])
            let waiting = try database.rows("SELECT * FROM delivery WHERE key = ?", [key.rawValue])
                .map(Delivery.init(row:))
            for delivery in waiting {
                try Self.markDirty(delivery.asset.sku, in: database)
                try Self.log(
                    "refused", delivery.channel, delivery.asset.description,
                    "\(refusal.message); it was for '\(delivery.name)'", at: now, in: database)
            }
        }
    }

    /// Nobody's fault, so the attempt does not count.
    package func postponeRender(
        of keys: [ContentHash], until next: Date
    ) async throws(LedgerError) {
        try await write("put a render off", canWait: true) { database in
            for key in keys {
                try database.run(
                    """
                    UPDATE rendition SET next_try = ?, attempts = MAX(attempts - 1, 0)
                    WHERE key = ?
                    """, [next.milliseconds, key.rawValue])
            }
        }
    }

    /// The store no longer has these bytes (or has others): they are made again.
    /// - Parameter delivery: the one that was claimed and found it out: nobody has it in hand any more.
    package func forgetBytes(
        of key: ContentHash, inHand delivery: Delivery? = nil
    ) async throws(LedgerError) {
        try await write("forget the bytes of a rendition") { database in
            try database.run("UPDATE rendition SET file = NULL WHERE key = ?", [key.rawValue])
            if let delivery { try Self.free(delivery, in: database) }
            try database.run(
                "UPDATE delivery SET \(DeliveryMove.unmade.moves) WHERE key = ?", [key.rawValue])
        }
    }

    /// Deliveries that wait for this rendition.
    package func waiting(for key: ContentHash) async throws(LedgerError) -> [Delivery] {
        try await read("find who waits for a rendition") { database in
            try database.rows(
                "SELECT * FROM delivery WHERE key = ? AND state = 'render'", [key.rawValue]
            ).map(Delivery.init(row:))
        }
    }

    package func receipt(of key: ContentHash) async throws(LedgerError) -> Receipt? {
        try await read("find a receipt") { database in
            try Column.optional(
                Receipt.self,
                try database.first(
                    String.self, "SELECT receipt FROM rendition WHERE key = ?", [key.rawValue]))
        }
    }
}

extension RenderJob {
    fileprivate mutating func add(_ item: RenderRequest.Item, attempts: Int) {
        items.append(item)
        self.attempts = max(self.attempts, attempts)
    }
}
