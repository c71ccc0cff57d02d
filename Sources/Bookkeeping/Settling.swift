package import Foundation
import GRDB
package import Model

// What reconciling writes.
extension Ledger {
    /// Applies the difference found for one SKU, in one step. A row that moved on since the dossier
    /// was read is left alone and its SKU marked again: the next pass sees the truth.
    /// - Parameter judged: what profiles said to files that need not be made again.
    package func settle(
        _ dossier: Dossier, changes: [DeliveryChange], refused: [Refused],
        judged: [Judgement] = [], channels: [String], boundary: Date?
    ) async throws(LedgerError) {
        let now = now()
        try await write("settle '\(dossier.sku)'") { database in
            try database.execute(
                sql: "DELETE FROM dirty WHERE sku = ? AND stamp = ?",
                arguments: [dossier.sku, dossier.stamp])
            var refused = refused
            for change in changes {
                switch change {
                case .want(let wish):
                    try Self.want(wish, refused: &refused, at: now, in: database)
                case .drop(let delivery, let because, let urgent):
                    try Self.drop(delivery, because, urgent: urgent, at: now, in: database)
                case .keep(let delivery): try Self.keep(delivery, at: now, in: database)
                case .seek(let wish): try Self.seek(wish, at: now, in: database)
                }
            }
            try Self.record(judged, in: database)
            for channel in channels {
                try Self.replaceVerdicts(
                    dossier.sku, channel, refused.filter { $0.channel == channel }, in: database)
                try Self.touchFeed(channel, at: now, in: database)
            }
            try Self.setBoundary(dossier.sku, boundary, in: database)
            try Self.takeBack(dossier.sku, in: database)
        }
    }

    /// Makes every SKU whose boundary in time has come dirty.
    /// - Returns: the next boundary after that.
    package func passBoundaries() async throws(LedgerError) -> Date? {
        let now = now().milliseconds
        return try await write("pass boundaries") { database in
            // At midnight many end at once: two statements, not two for each.
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO dirty (sku, stamp)
                    SELECT sku, random() FROM boundary WHERE at <= ?
                    """, arguments: [now])
            try database.execute(sql: "DELETE FROM boundary WHERE at <= ?", arguments: [now])
            return try Int64.fetchOne(database, sql: "SELECT MIN(at) FROM boundary")
                .map(Date.init(milliseconds:))
        }
    }

    private static func want(
        _ wish: DeliveryChange.Wish, refused: inout [Refused], at now: Date, in database: Database
    ) throws {
        try insertRendition(wish, at: now, in: database)
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM delivery WHERE channel = ? AND folded = ?",
            arguments: [wish.channel, wish.name.folded])
        guard let row else {
            if let holder = try neighbour(wish, in: database) {
                refused.append(taken(wish, by: holder.asset, of: holder.channel))
                return
            }
            return try insert(wish, at: now, in: database)
        }
        // Before the rest is read: another's damage is not ours.
        guard row["sku"] == wish.asset.sku else {
            refused.append(taken(wish, by: row.asset, of: nil))
            return
        }
        let current = try Delivery(row: row)
        guard let old = wish.old, old.state == current.state, old.key == current.key else {
            return try markDirty(wish.asset.sku, in: database)
        }
        try update(current, to: wish, at: now, in: database)
    }

    private static func insertRendition(
        _ wish: DeliveryChange.Wish, at now: Date, in database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO rendition (key, master, recipe, particulars, since)
                VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [
                wish.key.rawValue, wish.master.rawValue, try Column.json(wish.recipe),
                try Column.json(wish.particulars),
                now.milliseconds,
            ])
    }

    private static func insert(
        _ wish: DeliveryChange.Wish, at now: Date, in database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO delivery (channel, name, folded, sku, view, number, variant, slot,
                    position, version, rendition, key, state, replaces, since)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [wish.channel, wish.name.rawValue, wish.name.folded]
                + wish.asset.arguments + [
                    wish.slot, wish.position, wish.version, wish.rendition, wish.key.rawValue,
                    try startState(of: wish, in: database).rawValue, wish.replaces,
                    now.milliseconds,
                ])
    }

    /// - Parameter old: the row as it stands in the ledger now.
    private static func update(
        _ old: Delivery, to wish: DeliveryChange.Wish, at now: Date, in database: Database
    ) throws {
        // What is there is what is wanted, and nothing was begun that could have changed it.
        let isThere = old.heldKey == wish.key && !old.touched
        let state = isThere ? .live : try startState(of: wish, in: database)
        let underWay: Set<Delivery.State> = [.render, .send, .stuck]
        let begins = old.key != wish.key || !underWay.contains(old.state)
        let restarts = old.key != wish.key || old.state != state
        try database.execute(
            sql: """
                UPDATE delivery SET sku = ?, view = ?, number = ?, variant = ?, slot = ?,
                    position = ?, version = ?, rendition = ?, key = ?, state = ?, replaces = ?,
                    urgent = 0, because = NULL, released = IIF(?, 0, released),
                    held_version = IIF(?, ?, held_version),
                    attempts = IIF(?, 0, attempts), next_try = IIF(?, 0, next_try),
                    error = IIF(?, NULL, error), since = IIF(?, ?, since)
                WHERE id = ?
                """,
            arguments: wish.asset.arguments + [
                wish.slot, wish.position, wish.version, wish.rendition, wish.key.rawValue,
                state.rawValue, wish.replaces && !isThere, begins, isThere, wish.version,
                restarts, restarts, restarts, restarts, now.milliseconds, old.id,
            ])
    }

    /// Goes at once, and is gone when it is proven absent. Once: whoever is looked for again and
    /// again would never be found gone.
    private static func seek(
        _ wish: DeliveryChange.Wish, at now: Date, in database: Database
    ) throws {
        let isTaken = try Bool.fetchOne(
            database,
            sql: "SELECT EXISTS (SELECT 1 FROM delivery WHERE channel = ? AND folded = ?)",
            arguments: [wish.channel, wish.name.folded])
        // What has the name now is dealt with first; it may be gone the next time.
        guard isTaken == false, try neighbour(wish, in: database) == nil else { return }
        try database.execute(
            sql: "INSERT OR IGNORE INTO sought (channel, version, folded) VALUES (?, ?, ?)",
            arguments: [wish.channel, wish.version, wish.name.folded])
        try insertRendition(wish, at: now, in: database)
        try insert(wish, at: now, in: database)
        try database.execute(
            sql: """
                UPDATE delivery SET state = 'remove', urgent = 1, touched = 1, replaces = 0,
                    because = 'it may be there since the ledger was lost'
                WHERE channel = ? AND folded = ?
                """, arguments: [wish.channel, wish.name.folded])
    }

    /// A rendition whose bytes are in the store goes straight to sending.
    private static func startState(
        of wish: DeliveryChange.Wish, in database: Database
    ) throws -> Delivery.State {
        let file = try String.fetchOne(
            database, sql: "SELECT file FROM rendition WHERE key = ?",
            arguments: [wish.key.rawValue])
        // Made since this was decided: nothing renders it again, so it is decided again.
        if file != nil, !wish.passed { try markDirty(wish.asset.sku, in: database) }
        return file == nil || !wish.passed ? .render : .send
    }

    private static func drop(
        _ delivery: Delivery, _ because: String, urgent: Bool, at now: Date, in database: Database
    ) throws {
        let current = try Row.fetchOne(
            database, sql: "SELECT * FROM delivery WHERE id = ?", arguments: [delivery.id])
        guard let current = try current.map(Delivery.init(row:)), current.key == delivery.key,
            current.state == delivery.state
        else { return try markDirty(delivery.asset.sku, in: database) }
        if current.heldKey == nil, !current.touched {
            try database.execute(
                sql: "DELETE FROM delivery WHERE id = ?", arguments: [delivery.id])
            return try askAgain(for: current, in: database)
        }
        let state: Delivery.State = urgent || current.heldKey == nil ? .remove : .linger
        guard state != current.state || urgent && !current.urgent else { return }
        try database.execute(
            sql: """
                UPDATE delivery SET state = ?, urgent = ?, because = ?, released = ?,
                    attempts = 0, next_try = 0, error = NULL, since = ? WHERE id = ?
                """,
            arguments: [
                state.rawValue, urgent, because, try hasSuccessor(current, in: database),
                now.milliseconds, delivery.id,
            ])
        try log(
            "leaving", delivery.channel, delivery.name.rawValue, because, at: now, in: database)
    }

    /// What has taken its place has passed the guard, or a person has released it: the decision is
    /// not asked for again when the old one goes.
    private static func hasSuccessor(_ old: Delivery, in database: Database) throws -> Bool {
        try Bool.fetchOne(
            database,
            sql: """
                SELECT EXISTS (SELECT 1 FROM delivery WHERE sku = ? AND view = ? AND number = ?
                    AND variant = ? AND channel = ? AND slot = ? AND id <> ?
                    AND (state = 'live' OR state IN ('render', 'send') AND released = 1))
                """,
            arguments: old.asset.arguments + [old.channel, old.slot, old.id]) ?? false
    }

    private static func keep(
        _ delivery: Delivery, at now: Date, in database: Database
    ) throws {
        try database.execute(
            sql: """
                UPDATE delivery SET state = 'live', key = held_key, version = held_version,
                    replaces = 0, released = 0, attempts = 0, next_try = 0, error = NULL, since = ?
                WHERE id = ? AND key = ? AND state IN ('render', 'send', 'stuck')
                    AND held_key IS NOT NULL AND held_version IS NOT NULL AND touched = 0
                """, arguments: [now.milliseconds, delivery.id, delivery.key.rawValue])
    }

    private static func replaceVerdicts(
        _ sku: String, _ channel: String, _ refused: [Refused], in database: Database
    ) throws {
        try database.execute(
            sql: "DELETE FROM verdict WHERE channel = ? AND sku = ?", arguments: [channel, sku])
        // Two slots may refuse one asset, each for its own reason: one verdict with both.
        for (asset, entries) in Dictionary(grouping: refused, by: \.asset) {
            let gates = entries.flatMap(\.gates)
            guard let first = gates.min(by: { $0.kind < $1.kind }) else { continue }
            try database.execute(
                sql: """
                    INSERT INTO verdict (channel, sku, view, number, variant, gate, gates, name)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [channel] + asset.arguments + [
                    first.kind.rawValue, try Column.json(gates),
                    entries.compactMap(\.waitsFor?.folded).first,
                ])
        }
    }

    private static func setBoundary(
        _ sku: String, _ boundary: Date?, in database: Database
    ) throws {
        if let boundary {
            try database.execute(
                sql: "INSERT OR REPLACE INTO boundary (sku, at) VALUES (?, ?)",
                arguments: [sku, boundary.milliseconds])
        } else {
            try database.execute(sql: "DELETE FROM boundary WHERE sku = ?", arguments: [sku])
        }
    }

    /// Leaves a mark no earlier change has left.
    static func touchFeed(_ channel: String, at now: Date, in database: Database) throws {
        try database.execute(
            sql: """
                UPDATE channel SET feed_changed = MAX(?, COALESCE(feed_changed, 0) + 1)
                WHERE name = ?
                """, arguments: [now.milliseconds, channel])
    }
}
