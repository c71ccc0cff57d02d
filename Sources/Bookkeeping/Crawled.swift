import Model
package import Wire

// What a channel's crawler found when it was last tried.
extension Ledger {
    static func crawlFact(_ channel: String) -> String { "fetched \(channel)" }

    package func crawl(of channel: String) async throws(LedgerError) -> CrawlAnswer? {
        try await read("ask what the crawler of '\(channel)' found") { database in
            try Column.optional(
                CrawlAnswer.self,
                try database.first(
                    String.self, "SELECT value FROM fact WHERE name = ?", [Self.crawlFact(channel)])
            )
        }
    }

    package func record(
        _ answer: CrawlAnswer, of channel: String
    ) async throws(LedgerError) {
        let now = now()
        try await write("note what the crawler of '\(channel)' found") { database in
            try database.run(
                "INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)",
                [Self.crawlFact(channel), try Column.json(answer)])
            try Self.log(
                "fetched", channel, channel,
                "\(answer.asked) asked for as '\(answer.agent)', \(answer.bad) not as delivered"
                    + (answer.findings.first.map { ": '\($0.name)': \($0.says)" } ?? ""),
                at: now, in: database)
        }
    }

    /// A few of what is live: the first, or some from anywhere, as the patrol has mixed them.
    package func sample(
        of channel: String, _ count: Int, isFirst: Bool
    ) async throws(LedgerError) -> [LiveFile] {
        try await read("choose a few of what is live on '\(channel)'") { database in
            func end(_ which: String) throws -> Int64 {
                try database.first(
                    Int64.self,
                    """
                    SELECT \(which)(seen_at) FROM delivery INDEXED BY delivery_seen
                    WHERE channel = ? AND state = 'live' AND held_key IS NOT NULL
                    """, [channel]) ?? 0
            }
            let first = try end("MIN")
            let last = try end("MAX")
            let start = isFirst ? first : Int64.random(in: first...max(first, last))
            let rows = try Self.liveRows(
                on: channel, "seen_at >= ?", start, limit: count, in: database)
            let others = try Self.liveRows(
                on: channel, "seen_at < ?", start, limit: count - rows.count, in: database)
            return (rows + others).compactMap(Self.liveFile)
        }
    }
}
