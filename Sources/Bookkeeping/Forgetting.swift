import Model

// The end of a channel: its row, its verdicts, its editions and what was on the way go; the history
// and the receipts stay.
extension Ledger {
    /// Rows a single operation of the writer takes away: others want it as well.
    private static let batch = 2000

    /// Names under which a channel has something, or may have, counted up to a thousand; and how
    /// many of them must go.
    package func holdings(
        of channel: String
    ) async throws(LedgerError) -> (names: Int, mustGo: Int) {
        try await read("see what '\(channel)' has") { database in
            func count(_ condition: String) throws -> Int {
                try database.first(
                    Int.self,
                    """
                    SELECT COUNT(*) FROM (SELECT 1 FROM delivery
                        WHERE channel = ? AND \(condition) LIMIT 1000)
                    """, [channel]) ?? 0
            }
            return (
                try count("(held_key IS NOT NULL OR touched = 1)"),
                try count("state IN ('remove', 'recalled') AND urgent = 1")
            )
        }
    }

    /// Whoever calls this has seen to it that nobody works for the channel any more.
    package func forget(
        channel: String, because: String, by: String
    ) async throws(LedgerError) {
        for (table, key) in [
            ("omission", "channel, sku"), ("item_verdict", "channel, sku"), ("delivery", "id"),
            ("verdict", "channel, sku, view, number, variant"),
            ("edition_image", "channel, folded, edition"), ("edition", "channel, number"),
            ("spent", "rowid"), ("sought", "channel, version, folded"),
            ("manifest", "channel, number"),
        ] {
            while try await forgetSome(of: channel, in: table, by: key) {}
        }
        let now = now()
        try await write("forget '\(channel)'") { database in
            // Its names are free for others at the same place.
            try database.run(
                """
                INSERT OR REPLACE INTO dirty (sku, stamp)
                SELECT DISTINCT sku, random() FROM channel AS own
                JOIN channel AS other ON other.place = own.place
                JOIN verdict ON verdict.channel = other.name AND verdict.name IS NOT NULL
                WHERE own.name = ?
                """, [channel])
            try database.run("DELETE FROM channel WHERE name = ?", [channel])
            for fact in [
                "elsewhere \(channel)", "feed place \(channel)", "feed left \(channel)",
                "files left \(channel)",
                "feed taken \(channel)", "batch \(channel)", Self.patrolFact(channel),
                Self.crawlFact(channel), Self.rewindFact(channel),
                Self.verdictsFact(channel),
            ] {
                try database.run("DELETE FROM fact WHERE name = ?", [fact])
            }
            // A channel's name holds no space.
            for facts in ["feed taken \(channel) *", Self.withdrawnFact(channel, "*")] {
                try database.run("DELETE FROM fact WHERE name GLOB ?", [facts])
            }
            try Self.forgetLostAnswers(on: channel, in: database)
            try Self.log(
                "forgotten", channel, channel, "\(because), by \(by)", at: now, in: database)
        }
    }

    /// - Returns: false when nothing is left.
    private func forgetSome(
        of channel: String, in table: String, by key: String
    ) async throws(LedgerError) -> Bool {
        try await write("forget what '\(channel)' had") { database in
            try database.run(
                """
                DELETE FROM \(table) WHERE (\(key)) IN (
                    SELECT \(key) FROM \(table) WHERE channel = ? LIMIT ?)
                """, [channel, Self.batch])
            return database.changes == Self.batch
        }
    }
}
