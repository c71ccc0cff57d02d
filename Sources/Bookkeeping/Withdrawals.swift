package import Foundation
import Model

/// What came of undoing a withdrawal.
package struct Reinstated: Sendable {
    package var count: Int
    /// The decision that was undone.
    package var because: String?
    /// Versions that an earlier decision still keeps away.
    package var remaining: Int
}

// Decisions of persons that no file undoes.
extension Ledger {
    /// Ends the use of versions, everywhere or on one channel: explicit, and never undone by a file
    /// that arrives again.
    /// - Returns: the number of versions withdrawn.
    package func withdraw(
        sku: String, view: String?, number: Int?, variant: String? = nil, channel: String?,
        because: String, by: String
    ) async throws(LedgerError) -> Int {
        let now = now()
        return try await write("withdraw '\(sku)'") { database in
            let which: Arguments = [
                sku, view, view, number, number, variant, variant,
            ]
            if let channel {
                let decision = try Column.json(Withdrawal(at: now, because: because))
                try database.run(
                    """
                    UPDATE version SET barrings = json_patch(barrings, json_object(?, json(?)))
                    WHERE \(Self.these) AND NOT EXISTS (
                        SELECT 1 FROM json_each(barrings) WHERE key = ?)
                    """, [channel, decision] + which + [channel])
            } else {
                try database.run(
                    """
                    UPDATE version SET withdrawn_at = ?, withdrawn_because = ?
                    WHERE \(Self.these) AND withdrawn_at IS NULL
                    """, [now.milliseconds, because] + which)
            }
            let count = database.changes
            guard count > 0 else { return 0 }
            try Self.markDirty(sku, in: database)
            try Self.log(
                "withdrawn", channel, sku, "by \(by): \(because)", at: now, in: database)
            return count
        }
    }

    /// Undoes the latest withdrawal of these versions: what an earlier one ended, perhaps with its
    /// licence, stays away.
    package func reinstate(
        sku: String, view: String?, number: Int?, variant: String? = nil, channel: String?,
        because: String, by: String
    ) async throws(LedgerError) -> Reinstated {
        let now = now()
        return try await write("reinstate '\(sku)'") { database in
            let which: Arguments = [
                sku, view, view, number, number, variant, variant,
            ]
            let rows = try database.rows("SELECT * FROM version WHERE \(Self.these)", which)
            let found = try rows.flatMap { try Self.decisions(Self.version($0), channel) }
            guard let latest = found.max(by: { $0.decision.at < $1.decision.at })?.decision else {
                return Reinstated(count: 0, because: nil, remaining: 0)
            }
            let undone = found.filter {
                $0.decision.at.milliseconds == latest.at.milliseconds
                    && $0.decision.because == latest.because
            }
            for each in undone { try Self.allow(each.id, on: each.channel, in: database) }
            try Self.markDirty(sku, in: database)
            try Self.log(
                "reinstated", channel, sku,
                "by \(by): \(because); it had been withdrawn: \(latest.because)", at: now,
                in: database)
            let ids = Set(undone.map(\.id))
            return Reinstated(
                count: ids.count, because: latest.because, remaining: found.count - undone.count)
        }
    }

    /// Versions or deliveries of a SKU: seven arguments.
    static let these = """
        sku = ? AND (? IS NULL OR view = ?) AND (? IS NULL OR number = ?)
            AND (? IS NULL OR variant = ?)
        """

    /// - Parameter channel: the only one that counts; nil: all, and those for everywhere.
    private static func decisions(
        _ version: Version, _ channel: String?
    ) -> [(id: Int64, channel: String?, decision: Withdrawal)] {
        let barred = version.barred.filter { channel == nil || $0.key == channel }
            .map { (id: version.id, channel: String?.some($0.key), decision: $0.value) }
        guard channel == nil, let withdrawn = version.withdrawn else { return barred }
        return barred + [(version.id, nil, withdrawn)]
    }

    private static func allow(
        _ version: Int64, on channel: String?, in database: Connection
    ) throws {
        if let channel {
            try database.run(
                """
                UPDATE version SET barrings = json_patch(barrings, json_object(?, NULL))
                WHERE id = ?
                """, [channel, version])
        } else {
            try database.run(
                """
                UPDATE version SET withdrawn_at = NULL, withdrawn_because = NULL WHERE id = ?
                """, [version])
        }
    }
}
