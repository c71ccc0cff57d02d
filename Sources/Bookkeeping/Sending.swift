package import Foundation
package import Model

// What came of a delivery that was claimed.
extension Ledger {
    /// Proven at its final name. Where reconciling wanted something else meanwhile, only what the
    /// channel holds is written down.
    /// - Parameters:
    ///   - object: what the channel calls it.
    ///   - wasThere: it was found, and not put there by this try or an earlier one. That it has lain there
    ///     since before is believed of what was held already.
    /// - Returns: whether there is anything to reconcile.
    @discardableResult
    package func confirm(
        _ claim: Claim, by confirmation: Confirmation, object: RemoteObject? = nil,
        wasThere: Bool = false
    ) async throws(LedgerError) -> Bool {
        let now = now()
        let (delivery, move) = (claim.delivery, DeliveryMove.confirmed)
        return try await write("confirm '\(delivery.name)'") { database in
            try database.run(
                """
                UPDATE delivery SET held_key = ?, held_sha256 = ?, held_version = ?,
                    confirmed_at = ?, confirmed_by = ?, touched = 0, object = ?,
                    there_since = IIF(? AND held_key IS ?, COALESCE(there_since, ?), ?),
                    processing_since = NULL, seen_at = ?, drifted_at = NULL,
                    since = IIF(\(move.applies) AND key = ?, ?, since),
                    attempts = IIF(key = ?, 0, attempts), error = NULL,
                    replaces = IIF(key = ?, 0, replaces),
                    released = IIF(key = ?, 0, released), next_try = 0, leased_until = 0,
                    state = IIF(\(move.applies) AND key = ?, \(move.result), state)
                WHERE id = ?
                """,
                [
                    delivery.key.rawValue, claim.sha256?.rawValue, delivery.version,
                    now.milliseconds, confirmation.rawValue, try object.map(Column.json), wasThere,
                    delivery.key.rawValue, now.milliseconds, now.milliseconds, now.milliseconds,
                    delivery.key.rawValue, now.milliseconds, delivery.key.rawValue,
                    delivery.key.rawValue,
                    delivery.key.rawValue, delivery.key.rawValue, delivery.id,
                ])
            try Self.succeed(delivery.channel, at: now, in: database)
            try Self.forgetWithdrawn(under: delivery, in: database)
            let isDirty = try Self.lookAtOlder(than: delivery, in: database)
            try Self.log(
                "confirmed", delivery.channel, delivery.name.rawValue,
                "\(delivery.asset) by \(confirmation.rawValue)", at: now, in: database)
            return isDirty
        }
    }

    /// Proven absent: the row goes, the history stays.
    /// - Parameter withdrawn: its public address is still to be asked.
    package func recordAbsence(
        _ delivery: Delivery, withdrawn: WithdrawnFile? = nil
    ) async throws(LedgerError) {
        let now = now()
        try await write("record the absence of '\(delivery.name)'") { database in
            try database.run(
                "DELETE FROM delivery WHERE id = ? AND \(DeliveryMove.absent.applies)",
                [delivery.id])
            if database.changes > 0 {
                try Self.askAgain(for: delivery, in: database)
                try Self.forgetVerdict(of: delivery, in: database)
                if let withdrawn { try Self.note(withdrawn, of: delivery, in: database) }
            } else {
                // Wanted again while it was being taken away: nothing is there now.
                try database.run(
                    """
                    UPDATE delivery SET held_key = NULL, held_sha256 = NULL,
                        held_version = NULL, there_since = NULL, touched = 0, replaces = 0,
                        next_try = 0,
                        leased_until = 0, object = NULL, processing_since = NULL WHERE id = ?
                    """, [delivery.id])
            }
            try Self.markDirty(delivery.asset.sku, in: database)
            try Self.succeed(delivery.channel, at: now, in: database)
            try Self.log(
                "removed", delivery.channel, delivery.name.rawValue,
                "\(delivery.asset): \(delivery.because ?? "no longer wanted"); proven absent",
                at: now, in: database)
        }
    }

    /// Where reconciling wanted something else meanwhile, that is not put off.
    /// - Parameters:
    ///   - next: when to try again; nil: not before it changes or a person says `retry`.
    ///   - isAsItWas: what is there has not been touched by the try.
    package func recordFailure(
        _ delivery: Delivery, error: String, next: Date?, isAsItWas: Bool = false
    ) async throws(LedgerError) {
        let now = now()
        let move = next == nil ? DeliveryMove.givenUp.moves : "state = state"
        try await write("record a failure of '\(delivery.name)'") { database in
            try Self.free(delivery, in: database)
            try database.run(
                """
                UPDATE delivery SET error = ?, next_try = ?, \(move), touched = IIF(?, 0, touched),
                    processing_since = IIF(?, NULL, processing_since)
                WHERE id = ? AND key = ? AND state = ?
                """,
                [
                    error, (next ?? now.addingTimeInterval(6 * 3600)).milliseconds, isAsItWas,
                    next == nil, delivery.id, delivery.key.rawValue, delivery.state.rawValue,
                ])
            try Self.log(
                "failed", delivery.channel, delivery.name.rawValue, error, at: now, in: database)
        }
    }

    /// Only where something older waits for what is there now is there anything to reconcile.
    static func lookAtOlder(than delivery: Delivery, in database: Connection) throws -> Bool {
        try database.run(
            """
            INSERT OR REPLACE INTO dirty (sku, stamp)
            SELECT ?, ? WHERE EXISTS (
                SELECT 1 FROM delivery WHERE sku = ? AND channel = ? AND view = ?
                    AND number = ? AND variant = ? AND id <> ?)
            """,
            [
                delivery.asset.sku, Int64.random(in: 1...Int64.max), delivery.asset.sku,
                delivery.channel, delivery.asset.view, delivery.asset.number,
                delivery.asset.variant, delivery.id,
            ])
        return database.changes > 0
    }

    static func succeed(_ channel: String, at now: Date, in database: Connection) throws {
        try touchFeed(channel, at: now, in: database)
        try database.run(
            "UPDATE channel SET last_success = ? WHERE name = ?", [now.milliseconds, channel])
    }
}
