import Model

/// What a person wants before all that waits.
package struct Bumped: Sendable, Hashable {
    /// Deliveries to be made or sent.
    package var deliveries = 0
    /// Masters nobody has looked into yet; what is wanted of them then comes first.
    package var masters = 0
}

// What goes first because a person wants it so. That ends by itself when it is there, and when nobody
// wants it any more.
extension Ledger {
    /// What waits for its next try is tried now.
    package func bump(
        sku: String, view: String?, number: Int?, variant: String?, channel: String?, by who: String
    ) async throws(LedgerError) -> Bumped {
        let now = now()
        return try await write("put '\(sku)' first") { database in
            let which: Arguments = [sku, view, view, number, number, variant, variant]
            try database.run(
                """
                UPDATE delivery SET bumped = 1, next_try = 0
                WHERE \(Self.these) AND (? IS NULL OR channel = ?)
                    AND state IN ('render', 'send') AND leased_until <= ?
                """, which + [channel, channel, now.milliseconds])
            var bumped = Bumped(deliveries: database.changes)
            try database.run(
                """
                UPDATE rendition SET next_try = 0 WHERE key IN (
                    SELECT key FROM delivery WHERE \(Self.these) AND (? IS NULL OR channel = ?)
                        AND state = 'render')
                """, which + [channel, channel])
            try database.run(
                """
                UPDATE master SET bumped = 1
                WHERE inspection IS NULL AND unusable IS NULL
                    AND sha256 IN (SELECT master FROM version WHERE \(Self.these))
                """, which)
            bumped.masters = database.changes
            guard bumped != Bumped() else { return bumped }
            try Self.log("bumped", channel, sku, "by \(who)", at: now, in: database)
            return bumped
        }
    }

    /// What is wanted of them is known, and comes first if it comes at all.
    static func endBump(ofMastersOf sku: String, in database: Connection) throws {
        try database.run(
            """
            UPDATE master SET bumped = 0 WHERE bumped = 1
                AND (inspection IS NOT NULL OR unusable IS NOT NULL)
                AND sha256 IN (SELECT master FROM version WHERE sku = ?)
            """, [sku])
    }
}
