import Foundation
package import Model
package import Wire

/// A stretch of a list that one index answers. Whatever counts it counts the same rows.
package enum ListPart: Hashable, Sendable {
    case verdicts(channel: String, gate: Gate.Kind)
    case deliveries(channel: String, state: Delivery.State)
    case mustGo(channel: String)
    /// Replacements that may be sent and wait for the guard.
    case guardedSends(channel: String)
    /// What has lingered long enough and waits for the guard.
    case guardedRemovals(channel: String, oldStays: Double, hasFeed: Bool)
    /// Replacements nobody has released or begun.
    case replacements(channel: String)
    /// What lingers and nobody has released.
    case leaving(channel: String)
    /// Products with something live that the channel's feed leaves out.
    case omissions(channel: String, gate: Gate.Kind)
    /// Items that the channel rejects.
    case rejected(channel: String)
    /// Products that the channel wants and that lack a picture it requires.
    case unpictured(channel: String)
    /// Pictures of SKUs that no product table has.
    case orphans
    /// Products that no channel has anything of.
    case nowhere
    case sources
    case quarantined
    case uninspected
    /// `.xmp` files nobody has read yet.
    case unread
    case setAside
}

// Lists of what the counts count.
extension Ledger {
    /// - Parameters:
    ///   - after: key of the last entry that was read; nil: from the start.
    /// - Returns: entries with their keys, in the order of an index.
    package func list(
        _ part: ListPart, sku: String? = nil, after: String? = nil, limit: Int
    ) async throws(LedgerError) -> [(key: String, entry: ListAnswer.Entry)] {
        let now = now()
        return try await read("list what is asked for") { database in
            let query = try Self.query(part, bySKU: sku != nil, at: now, in: database)
            return try query.page(sku: sku, after: after, limit: limit, in: database)
                .map { (query.key(of: $0), query.entry($0)) }
        }
    }

    /// How many there are, counted up to `limit`.
    package func count(_ part: ListPart, limit: Int) async throws(LedgerError) -> Int {
        let now = now()
        return try await read("count what is asked for") { database in
            try Self.query(part, bySKU: false, at: now, in: database).count(limit, in: database)
        }
    }

    /// Rows that `part` stands for.
    static func query(
        _ part: ListPart, bySKU: Bool, at now: Date, in database: Connection
    ) throws -> ListQuery {
        switch part {
        case .verdicts(let channel, let gate):
            ListQuery(
                "verdict", index: bySKU ? "verdict_sku" : "verdict_gate",
                "channel = ? AND gate = ?", [channel, gate.rawValue],
                keys: ["sku", "view", "number", "variant"], entry: Self.refused)
        case .deliveries(let channel, let state):
            deliveries(
                bySKU, "delivery_age", "channel = ? AND state = ?", [channel, state.rawValue])
        case .mustGo(let channel):
            deliveries(
                bySKU, "delivery_must_go",
                "channel = ? AND state IN ('remove', 'recalled') AND urgent = 1",
                [channel], by: "id")
        case .guardedSends(let channel):
            deliveries(
                bySKU, "delivery_guarded",
                "channel = ? AND \(guarded) AND next_try <= ?", [channel, now.milliseconds],
                by: "next_try")
        case .guardedRemovals(let channel, let oldStays, let hasFeed):
            try lingered(
                bySKU, on: channel, since: now.addingTimeInterval(-oldStays), hasFeed: hasFeed,
                in: database)
        case .replacements(let channel):
            deliveries(bySKU, "delivery_due", "channel = ? AND \(replacing)", [channel])
        case .leaving(let channel):
            deliveries(
                bySKU, "delivery_age", "channel = ? AND state = 'linger' AND released = 0",
                [channel])
        case .omissions(let channel, let gate):
            ListQuery(
                "omission", index: bySKU ? nil : "omission_kind", "channel = ? AND kind = ?",
                [channel, gate.rawValue], keys: ["sku"], entry: Self.omitted)
        case .rejected(let channel):
            ListQuery(
                "item_verdict", index: bySKU ? nil : "item_verdict_kind",
                "channel = ? AND verdict = 'rejected'", [channel], keys: ["sku"],
                entry: Self.rejected)
        case .unpictured(let channel):
            ListQuery(
                "verdict", index: bySKU ? "verdict_sku" : "verdict_gate",
                """
                channel = ? AND gate = 'metadata' AND NOT EXISTS (SELECT 1 FROM version
                    WHERE version.sku = verdict.sku AND version.view = verdict.view)
                """, [channel], keys: ["sku", "view", "number", "variant"], entry: Self.refused)
        case .orphans:
            ListQuery(
                "version", index: "sqlite_autoindex_version_1",
                """
                withdrawn_at IS NULL
                    AND NOT EXISTS (SELECT 1 FROM product WHERE product.sku = version.sku)
                """, [], keys: ["sku", "view", "number", "variant", "master"], entry: Self.orphan)
        case .nowhere:
            ListQuery(
                "product", index: nil,
                """
                NOT EXISTS (SELECT 1 FROM delivery
                    WHERE delivery.sku = product.sku AND held_key IS NOT NULL)
                """, [], keys: ["sku"], entry: Self.nowhere)
        case .sources:
            ListQuery(
                "source", index: nil, "1", [], keys: ["path"],
                sku: "master IN (SELECT master FROM version WHERE sku = ?)", entry: Self.source)
        case .quarantined:
            ListQuery(
                "source", index: "source_quarantined", "state = 'quarantined'", [],
                keys: ["path"],
                sku: "instr(char(10) || skus || char(10), char(10) || ? || char(10)) > 0",
                entry: Self.source)
        case .uninspected:
            ListQuery(
                "master", index: "master_unseen", "inspection IS NULL AND unusable IS NULL", [],
                keys: ["since", "sha256"],
                sku: "EXISTS (SELECT 1 FROM version WHERE version.master = sha256 AND sku = ?)",
                columns: "*, (SELECT MIN(path) FROM source WHERE source.master = sha256) AS path",
                entry: Self.uninspected)
        case .unread:
            ListQuery(
                "description", index: "description_unread",
                "metadata IS NULL AND unreadable IS NULL", [], keys: ["since", "sha256"],
                sku:
                    "EXISTS (SELECT 1 FROM testimony JOIN version ON id = version WHERE testimony.description = sha256 AND sku = ?)",
                columns: "*, (SELECT MIN(path) FROM source WHERE description = sha256) AS path",
                entry: Self.uninspected)
        case .setAside:
            ListQuery("aside", index: nil, "1", [], keys: ["sku"], entry: Self.setAside)
        }
    }

    /// What `claim` asks the guard about.
    static let guarded = "state = 'send' AND replaces = 1 AND released = 0 AND attempts = 0"
    static let replacing = """
        released = 0 AND attempts = 0 AND replaces = 1 AND state IN ('render', 'send')
        """

    private static func deliveries(
        _ bySKU: Bool, _ index: String, _ condition: String, _ arguments: Arguments,
        by key: String = "since"
    ) -> ListQuery {
        ListQuery(
            "delivery", index: bySKU ? "delivery_sku" : index, condition, arguments,
            keys: key == "id" ? ["id"] : [key, "id"], entry: Self.delivery)
    }

    /// The same rows that `letGo` looks at.
    private static func lingered(
        _ bySKU: Bool, on channel: String, since stayed: Date, hasFeed: Bool,
        in database: Connection
    ) throws -> ListQuery {
        let due = try due(on: channel, since: stayed.milliseconds, hasFeed: hasFeed, in: database)
        return deliveries(
            bySKU, "delivery_age",
            "channel = ? AND state = 'linger' AND released = 0 AND since <= ? AND \(unnamed)",
            [channel, due ?? .min, hasFeed])
    }
}

// A row as a list tells of it. What is damaged is listed too.
extension Ledger {
    private static func refused(_ row: Row) -> ListAnswer.Entry {
        var entry = ListAnswer.Entry(state: ItemState(rawValue: row["gate"]))
        entry.channel = row["channel"]
        entry.sku = row["sku"]
        entry.asset = row.asset.description
        let gates = try? Column.value([Gate].self, row["gates"])
        let gate = gates?.first { $0.kind.rawValue == entry.state.rawValue }
        entry.because = gate?.message ?? "what is known of it is damaged"
        entry.turn = gate?.turn
        entry.next = gate?.next
        return entry
    }

    private static func omitted(_ row: Row) -> ListAnswer.Entry {
        var entry = ListAnswer.Entry(state: ItemState(rawValue: row["kind"]))
        entry.channel = row["channel"]
        entry.sku = row["sku"]
        let gate = try? Column.value(Gate.self, row["gate"])
        entry.because = gate?.message ?? "what is known of it is damaged"
        entry.turn = gate?.turn
        entry.next = gate?.next
        entry.since = row.date("since")
        return entry
    }

    private static func rejected(_ row: Row) -> ListAnswer.Entry {
        var entry = ListAnswer.Entry(state: .rejected)
        entry.channel = row["channel"]
        entry.sku = row["sku"]
        entry.because = [row["status"] as String, row["message"] as String]
            .filter { !$0.isEmpty }.joined(separator: ": ")
        entry.turn = "ops"
        entry.since = row.date("since")
        return entry
    }

    private static func delivery(_ row: Row) -> ListAnswer.Entry {
        let state = Delivery.State(rawValue: row["state"])
        var entry = ListAnswer.Entry(state: state?.told ?? .other(row["state"]))
        entry.channel = row["channel"]
        entry.sku = row["sku"]
        entry.asset = row.asset.description
        entry.name = row["name"]
        entry.because = row["error"] ?? row["because"]
        entry.since = row.date("since")
        if let since = row.date("processing_since") {
            (entry.because, entry.since) = ("being processed by the channel", since)
        }
        let next: Int64 = row["next_try"]
        if next > 0 { entry.due = Date(milliseconds: next) }
        return entry
    }

    private static func source(_ row: Row) -> ListAnswer.Entry {
        var entry = ListAnswer.Entry(state: ItemState(rawValue: row["state"]))
        entry.file = row["path"]
        let skus: String = row["skus"]
        entry.sku = skus.isEmpty ? nil : skus.replacing("\n", with: ", ")
        entry.because = row["reason"]
        entry.since = row.date("seen")
        return entry
    }

    private static func uninspected(_ row: Row) -> ListAnswer.Entry {
        var entry = ListAnswer.Entry(state: .notLookedInto)
        entry.file = row["path"]
        entry.name = row["sha256"]
        entry.since = row.date("since")
        return entry
    }

    private static func orphan(_ row: Row) -> ListAnswer.Entry {
        var entry = ListAnswer.Entry(state: .noProduct)
        entry.sku = row["sku"]
        entry.asset = row.asset.description
        entry.file = row["source"]
        entry.because = "no product table has '\(row["sku"] as String)'"
        entry.turn = "ops"
        entry.since = row.date("since")
        return entry
    }

    private static func nowhere(_ row: Row) -> ListAnswer.Entry {
        let sku: String = row["sku"]
        var entry = ListAnswer.Entry(state: .onNoChannel)
        entry.sku = sku
        entry.because = "no channel has a file of it"
        entry.next = "sluice why \(sku.shellWord)"
        return entry
    }

    private static func setAside(_ row: Row) -> ListAnswer.Entry {
        var entry = ListAnswer.Entry(state: .setAside)
        entry.sku = row["sku"]
        entry.because = row["reason"]
        entry.since = row.date("since")
        return entry
    }
}
