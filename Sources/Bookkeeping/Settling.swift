package import Foundation
package import Model

// What reconciling writes.
extension Ledger {
    /// Applies the difference found for one SKU, in one step. A row that moved on since the record
    /// was read is left alone and its SKU marked again: the next pass sees the truth.
    /// - Parameter judged: what profiles said to files that need not be made again.
    package func settle(
        _ record: SKURecord, changes: [DeliveryChange], refused: [Refused],
        judged: [Judgement] = [], channels: [String], boundary: Date?
    ) async throws(LedgerError) {
        let now = now()
        let sku = record.state.sku
        try await write("settle '\(sku)'") { database in
            try database.run(
                "DELETE FROM dirty WHERE sku = ? AND stamp = ?", [sku, record.stamp])
            var refused = refused
            for change in changes {
                switch change {
                case .want(let wanted, let replaces, let old):
                    let refusal = try Self.want(
                        wanted, replaces: replaces, over: old, at: now, in: database)
                    refused += [refusal].compactMap(\.self)
                case .drop(let delivery, let because, let urgent):
                    try Self.drop(delivery, because, urgent: urgent, at: now, in: database)
                case .keep(let delivery): try Self.keep(delivery, at: now, in: database)
                case .seek(let wanted): try Self.seek(wanted, at: now, in: database)
                }
            }
            try Self.record(judged, in: database)
            for channel in channels {
                try Self.replaceVerdicts(
                    sku, channel, refused.filter { $0.channel == channel }, in: database)
                try Self.touchFeed(channel, at: now, in: database)
            }
            try Self.setBoundary(sku, boundary, in: database)
            try Self.takeBack(sku, in: database)
            try Self.endBump(ofMastersOf: sku, in: database)
        }
    }

    /// Makes every SKU whose boundary in time has come dirty.
    /// - Returns: the next boundary after that.
    package func passBoundaries() async throws(LedgerError) -> Date? {
        let now = now().milliseconds
        return try await write("pass boundaries") { database in
            // At midnight many end at once: two statements, not two for each.
            try database.run(
                """
                INSERT OR REPLACE INTO dirty (sku, stamp)
                SELECT sku, random() FROM boundary WHERE at <= ?
                """, [now])
            try database.run("DELETE FROM boundary WHERE at <= ?", [now])
            return try database.first(Int64.self, "SELECT MIN(at) FROM boundary")
                .map(Date.init(milliseconds:))
        }
    }

    /// - Parameter old: the row that had the name when this was decided.
    /// - Returns: why it cannot have the name.
    private static func want(
        _ wanted: Wanted, replaces: Bool, over old: Delivery?, at now: Date, in database: Connection
    ) throws -> Refused? {
        try insertRendition(wanted, at: now, in: database)
        let row = try database.row(
            "SELECT * FROM delivery WHERE channel = ? AND folded = ?",
            [wanted.channel, wanted.name.folded])
        guard let row else {
            if let holder = try neighbour(wanted, in: database) {
                return taken(wanted, by: holder.asset, of: holder.channel)
            }
            try insert(wanted, replaces: replaces, at: now, in: database)
            return nil
        }
        // Before the rest is read: another's damage is not ours.
        guard row["sku"] == wanted.asset.sku else {
            return taken(wanted, by: row.asset, of: nil)
        }
        let current = try Delivery(row: row)
        if let old, old.state == current.state, old.key == current.key {
            try update(current, to: wanted, replaces: replaces, at: now, in: database)
        } else {
            try markDirty(wanted.asset.sku, in: database)
        }
        return nil
    }

    private static func insertRendition(
        _ wanted: Wanted, at now: Date, in database: Connection
    ) throws {
        try database.run(
            """
            INSERT OR IGNORE INTO rendition (key, master, recipe, particulars, since)
            VALUES (?, ?, ?, ?, ?)
            """,
            [
                wanted.key.rawValue, wanted.master.rawValue, try Column.json(wanted.recipe),
                try Column.json(wanted.particulars),
                now.milliseconds,
            ])
    }

    private static func insert(
        _ wanted: Wanted, replaces: Bool = false, at now: Date, in database: Connection
    ) throws {
        try database.run(
            """
            INSERT INTO delivery (channel, name, folded, sku, view, number, variant, slot,
                position, version, rendition, key, state, replaces, since, bumped)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                COALESCE((SELECT bumped FROM master WHERE sha256 = ?), 0))
            """,
            [wanted.channel, wanted.name.rawValue, wanted.name.folded]
                + wanted.asset.arguments + [
                    wanted.slot, wanted.position, wanted.version, wanted.rendition,
                    wanted.key.rawValue,
                    try start(of: wanted, in: database).transition.to?.rawValue, replaces,
                    now.milliseconds, wanted.master.rawValue,
                ])
    }

    /// - Parameter old: the row as it stands in the ledger now.
    private static func update(
        _ old: Delivery, to wanted: Wanted, replaces: Bool, at now: Date, in database: Connection
    ) throws {
        // What is there is what is wanted, and nothing was begun that could have changed it.
        let isThere = old.heldKey == wanted.key && !old.touched
        let move = try isThere ? .wantedAndThere : start(of: wanted, in: database)
        let state = move.transition.to
        let begins = old.key != wanted.key || !DeliveryMove.underWay.contains(old.state)
        let restarts = old.key != wanted.key || old.state != state
        try database.run(
            """
            UPDATE delivery SET sku = ?, view = ?, number = ?, variant = ?, slot = ?,
                position = ?, version = ?, rendition = ?, key = ?, state = ?, replaces = ?,
                urgent = 0, because = NULL, released = IIF(?, 0, released),
                held_version = IIF(?, ?, held_version),
                attempts = IIF(?, 0, attempts), next_try = IIF(?, 0, next_try),
                error = IIF(?, NULL, error), since = IIF(?, ?, since),
                processing_since = IIF(?, NULL, processing_since),
                bumped = MAX(bumped,
                    COALESCE((SELECT bumped FROM master WHERE sha256 = ?), 0))
            WHERE id = ?
            """,
            wanted.asset.arguments + [
                wanted.slot, wanted.position, wanted.version, wanted.rendition, wanted.key.rawValue,
                state?.rawValue, replaces && !isThere, begins, isThere, wanted.version,
                restarts, restarts, restarts, restarts, now.milliseconds, restarts,
                wanted.master.rawValue, old.id,
            ])
    }

    /// Goes at once, and is gone when it is proven absent. Once: whoever is looked for again and
    /// again would never be found gone.
    private static func seek(
        _ wanted: Wanted, at now: Date, in database: Connection
    ) throws {
        let isTaken = try database.first(
            Bool.self, "SELECT EXISTS (SELECT 1 FROM delivery WHERE channel = ? AND folded = ?)",
            [wanted.channel, wanted.name.folded])
        // What has the name now is dealt with first; it may be gone the next time.
        guard isTaken == false, try neighbour(wanted, in: database) == nil else { return }
        try database.run(
            "INSERT OR IGNORE INTO sought (channel, version, folded) VALUES (?, ?, ?)",
            [wanted.channel, wanted.version, wanted.name.folded])
        try insertRendition(wanted, at: now, in: database)
        try insert(wanted, at: now, in: database)
        try database.run(
            """
            UPDATE delivery SET state = \(DeliveryMove.sought.result), urgent = 1, touched = 1,
                because = 'it may be there since the ledger was lost'
            WHERE channel = ? AND folded = ?
            """, [wanted.channel, wanted.name.folded])
    }

    /// A rendition whose bytes are in the store goes straight to sending.
    private static func start(
        of wanted: Wanted, in database: Connection
    ) throws -> DeliveryMove {
        let file = try database.first(
            String.self, "SELECT file FROM rendition WHERE key = ?", [wanted.key.rawValue])
        // Made since this was decided: nothing renders it again, so it is decided again.
        if file != nil, !wanted.passed { try markDirty(wanted.asset.sku, in: database) }
        return file == nil || !wanted.passed ? .wanted : .wantedAndMade
    }

    private static func drop(
        _ delivery: Delivery, _ because: String, urgent: Bool, at now: Date, in database: Connection
    ) throws {
        let current = try database.row("SELECT * FROM delivery WHERE id = ?", [delivery.id])
        guard let current = try current.map(Delivery.init(row:)), current.key == delivery.key,
            current.state == delivery.state
        else { return try markDirty(delivery.asset.sku, in: database) }
        if current.heldKey == nil, !current.touched {
            try database.run("DELETE FROM delivery WHERE id = ?", [delivery.id])
            return try askAgain(for: current, in: database)
        }
        let move: DeliveryMove = urgent || current.heldKey == nil ? .barred : .superseded
        guard move.transition.to != current.state || urgent && !current.urgent else { return }
        try database.run(
            """
            UPDATE delivery SET \(move.moves), urgent = ?, because = ?, released = ?,
                attempts = 0, next_try = 0, error = NULL, processing_since = NULL, since = ?
            WHERE id = ?
            """,
            [
                urgent, because, try hasSuccessor(current, in: database),
                now.milliseconds, delivery.id,
            ])
        try log(
            "leaving", delivery.channel, delivery.name.rawValue, because, at: now, in: database)
    }

    /// What has taken its place has passed the guard, or a person has released it: the decision is
    /// not asked for again when the old one goes.
    private static func hasSuccessor(_ old: Delivery, in database: Connection) throws -> Bool {
        try database.first(
            Bool.self,
            """
            SELECT EXISTS (SELECT 1 FROM delivery WHERE sku = ? AND view = ? AND number = ?
                AND variant = ? AND channel = ? AND slot = ? AND id <> ?
                AND (state = 'live' OR state IN ('render', 'send', 'handed') AND released = 1))
            """, old.asset.arguments + [old.channel, old.slot, old.id]) ?? false
    }

    /// Where a person has been told of what does not come, that stands in their list no more. They may have
    /// brought it already without a word, so the row stays touched.
    private static func keep(
        _ delivery: Delivery, at now: Date, in database: Connection
    ) throws {
        try database.run(
            """
            UPDATE delivery SET \(DeliveryMove.kept.moves), key = held_key, version = held_version,
                replaces = 0, released = 0, attempts = 0, next_try = 0, error = NULL,
                processing_since = NULL, since = ?
            WHERE id = ? AND key = ? AND \(DeliveryMove.kept.applies)
                AND held_key IS NOT NULL AND held_version IS NOT NULL
                AND (touched = 0 OR state = 'handed')
            """, [now.milliseconds, delivery.id, delivery.key.rawValue])
    }

    private static func replaceVerdicts(
        _ sku: String, _ channel: String, _ refused: [Refused], in database: Connection
    ) throws {
        try database.run("DELETE FROM verdict WHERE channel = ? AND sku = ?", [channel, sku])
        // Two slots may refuse one asset, each for its own reason: one verdict with both.
        for (asset, entries) in Dictionary(grouping: refused, by: \.asset) {
            let gates = entries.flatMap(\.gates)
            guard let first = gates.min(by: { $0.kind < $1.kind }) else { continue }
            try database.run(
                """
                INSERT INTO verdict (channel, sku, view, number, variant, gate, gates, name)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [channel] + asset.arguments + [
                    first.kind.rawValue, try Column.json(gates),
                    entries.compactMap(\.waitsFor?.folded).first,
                ])
        }
    }

    private static func setBoundary(
        _ sku: String, _ boundary: Date?, in database: Connection
    ) throws {
        if let boundary {
            try database.run(
                "INSERT OR REPLACE INTO boundary (sku, at) VALUES (?, ?)",
                [sku, boundary.milliseconds])
        } else {
            try database.run("DELETE FROM boundary WHERE sku = ?", [sku])
        }
    }

    /// Leaves a mark no earlier change has left.
    static func touchFeed(_ channel: String, at now: Date, in database: Connection) throws {
        try database.run(
            """
            UPDATE channel SET feed_changed = MAX(?, COALESCE(feed_changed, 0) + 1)
            WHERE name = ?
            """, [now.milliseconds, channel])
    }
}
