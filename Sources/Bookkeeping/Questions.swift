package import Foundation
package import Model

/// Numbers the writer keeps, and a few that an index answers at once.
package struct Counts: Sendable {
    /// Channel → delivery state → number.
    package var deliveries: [String: [String: Int]] = [:]
    /// Channel → names under which something was confirmed and is not proven gone.
    package var held: [String: Int] = [:]
    /// Channel → gate → number of assets.
    package var gates: [String: [String: Int]] = [:]
    /// Channel → gate → number of products with something live that its feed leaves out.
    package var omissions: [String: [String: Int]] = [:]
    /// Channel → what it says of items → number.
    package var said: [String: [String: Int]] = [:]
    /// accepted, quarantined → number.
    package var sources: [String: Int] = [:]
    package var oldestWaiting: [String: Date] = [:]
    /// Since when the longest lingering has been superseded.
    package var oldestLingering: [String: Date] = [:]
    package var nextTry: [String: Date] = [:]
    package var urgentRemovals: [String: Int] = [:]
    package var processing: [String: Processing] = [:]
    package var handed: [String: Handed] = [:]
    /// Files that were found changed or lost and are not put right yet, counted up to a thousand.
    package var drifted: [String: Int] = [:]
    /// Files that may lie there twice, since an answer was lost.
    package var lostAnswers: [String: Int] = [:]
    package var lastErrors: [String: String] = [:]
    package var uninspected = 0
    package var isDirty = false
}

// What people ask.
extension Ledger {
    package func counts(of channels: [String]) async throws(LedgerError) -> Counts {
        try await read("count") { database in
            var counts = Counts()
            for row in try database.rows("SELECT * FROM count WHERE number > 0") {
                counts.add(scope: row["scope"], name: row["name"], number: row["number"])
            }
            for channel in channels {
                try Self.ages(of: channel, into: &counts, in: database)
            }
            counts.uninspected =
                try database.first(
                    Int.self,
                    """
                    SELECT COUNT(*) FROM (SELECT 1 FROM master
                        WHERE inspection IS NULL AND unusable IS NULL
                    UNION ALL SELECT 1 FROM description
                        WHERE metadata IS NULL AND unreadable IS NULL LIMIT 1000)
                    """) ?? 0
            counts.isDirty =
                try database.first(
                    Bool.self,
                    """
                    SELECT EXISTS (SELECT 1 FROM dirty)
                        OR EXISTS (SELECT 1 FROM channel WHERE cursor IS NOT NULL
                            AND state <> 'off')
                    """) ?? false
            return counts
        }
    }

    private static func ages(
        of channel: String, into counts: inout Counts, in database: Connection
    ) throws {
        var oldest: Int64?
        for state in ["render", "send", "remove"] {
            let since = try database.first(
                Int64.self, "SELECT MIN(since) FROM delivery WHERE channel = ? AND state = ?",
                [channel, state])
            oldest = [oldest, since].compactMap(\.self).min()
            // The work index orders by next try: its first entry is the answer.
            let next = try database.first(
                Int64.self, "SELECT MIN(next_try) FROM delivery WHERE channel = ? AND state = ?",
                [channel, state])
            if state != "render", let next {
                let date = Date(milliseconds: next)
                counts.nextTry[channel] = min(counts.nextTry[channel] ?? .distantFuture, date)
            }
        }
        counts.oldestWaiting[channel] = oldest.map(Date.init(milliseconds:))
        counts.oldestLingering[channel] = try database.first(
            Int64.self, "SELECT MIN(since) FROM delivery WHERE channel = ? AND state = 'linger'",
            [channel]
        ).map(Date.init(milliseconds:))
        counts.urgentRemovals[channel] = try database.first(
            Int.self,
            """
            SELECT COUNT(*) FROM (SELECT 1 FROM delivery INDEXED BY delivery_must_go
                WHERE channel = ? AND state IN ('remove', 'recalled') AND urgent = 1 LIMIT 1000)
            """, [channel])
        counts.handed[channel] = try handed(on: channel, in: database)
        counts.processing[channel] = try processing(on: channel, in: database)
        counts.drifted[channel] = try drifted(on: channel, in: database)
        counts.lostAnswers[channel] = try lostAnswers(on: channel, in: database)
        counts.lastErrors[channel] = try database.first(
            String.self,
            """
            SELECT error FROM delivery INDEXED BY delivery_error WHERE channel = ? AND error IS NOT NULL
                AND state IN ('stuck', 'send', 'remove') LIMIT 1
            """, [channel])
    }

    /// Closed gates of a SKU's assets.
    package func verdicts(of sku: String) async throws(LedgerError) -> [Refused] {
        try await read("read the verdicts on '\(sku)'") { database in
            try database.rows("SELECT * FROM verdict WHERE sku = ?", [sku]).map { row in
                Refused(
                    channel: row["channel"], asset: row.asset,
                    gates: try Column.value([Gate].self, row["gates"]))
            }
        }
    }

    package func knows(sku: String) async throws(LedgerError) -> Bool {
        try await read("look for '\(sku)'") { database in
            try database.first(
                Bool.self,
                """
                SELECT EXISTS (SELECT 1 FROM version WHERE sku = ?)
                    OR EXISTS (SELECT 1 FROM product WHERE sku = ?)
                """, [sku, sku]) ?? false
        }
    }

    package func assets(of sku: String) async throws(LedgerError) -> [Asset] {
        try await read("list the pictures of '\(sku)'") { database in
            try database.rows(
                "SELECT DISTINCT sku, view, number, variant FROM version WHERE sku = ?", [sku]
            ).map(\.asset)
        }
    }

    /// SKUs to look for the nearest one in when somebody mistypes: those that begin alike
    /// first.
    package func skusLike(_ sku: String, limit: Int) async throws(LedgerError) -> [String] {
        try await read("look for SKUs like '\(sku)'") { database in
            var found: Set<String> = []
            for length in (0..<max(sku.count, 1)).reversed() where found.count < limit {
                let prefix = String(sku.prefix(length))
                for table in ["version", "product"] {
                    let skus = try database.all(
                        String.self,
                        """
                        SELECT DISTINCT sku FROM \(table) WHERE sku >= ? AND sku < ?
                        ORDER BY sku LIMIT ?
                        """, [prefix, prefix + "\u{10FFFF}", limit - found.count])
                    found.formUnion(skus)
                }
            }
            return found.sorted()
        }
    }

    /// Of these bytes the versions that were withdrawn everywhere.
    package func withdrawn(
        master: ContentHash
    ) async throws(LedgerError) -> [(asset: Asset, withdrawal: Withdrawal)] {
        try await read("look for withdrawals of \(master.short)") { database in
            try database.rows(
                """
                SELECT * FROM version WHERE master = ? AND withdrawn_at IS NOT NULL ORDER BY id
                """, [master.rawValue]
            ).map { row in
                let at = row.date("withdrawn_at") ?? .distantPast
                return (row.asset, Withdrawal(at: at, because: row["withdrawn_because"] ?? ""))
            }
        }
    }

    package func fact(_ name: String) async throws(LedgerError) -> String? {
        try await read("read '\(name)'") { database in
            try database.first(String.self, "SELECT value FROM fact WHERE name = ?", [name])
        }
    }

    package func setFact(_ name: String, _ value: String) async throws(LedgerError) {
        try await write("write '\(name)'") { database in
            try database.run(
                "INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)", [name, value])
        }
    }

    /// Rendition files no delivery wants or holds, made longer than `keep` seconds ago; forgotten
    /// here first. The long look is a reader's; the writer only asks again about what was found.
    package func forgetUnused(
        keep: Double, limit: Int
    ) async throws(LedgerError) -> [String] {
        let due = now().addingTimeInterval(-keep).milliseconds
        let unused = """
            file IS NOT NULL AND since <= ?
                AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.key = rendition.key)
                AND NOT EXISTS (SELECT 1 FROM delivery WHERE held_key = rendition.key)
            """
        let keys = try await read("look for unused renditions") { database in
            try database.all(
                String.self, "SELECT key FROM rendition WHERE \(unused) LIMIT ?", [due, limit])
        }
        guard !keys.isEmpty else { return [] }
        return try await write("forget unused renditions") { database in
            try keys.compactMap { key in
                let file = try database.first(
                    String.self, "SELECT file FROM rendition WHERE key = ? AND \(unused)",
                    [key, due])
                guard let file else { return nil }
                try database.run("UPDATE rendition SET file = NULL WHERE key = ?", [key])
                return file
            }
        }
    }
}

extension Counts {
    fileprivate mutating func add(scope: String, name: String, number: Int) {
        let words = scope.split(separator: " ", maxSplits: 1).map(String.init)
        switch words[0] {
        case "delivery": deliveries[words[1], default: [:]][name] = number
        case "held": if name == "yes" { held[words[1]] = number }
        case "verdict": gates[words[1], default: [:]][name] = number
        case "said": said[words[1], default: [:]][name] = number
        case "omission": omissions[words[1], default: [:]][name] = number
        default: sources[name] = number
        }
    }
}
