import Foundation
package import Model

/// A SKU's state as the ledger read it, and what only keeping books is about.
package struct SKURecord: Sendable {
    package var state: SKUState
    /// Identifies the state that was read; see `settle`.
    package var stamp: Int64
    /// Channels of which the ledger once lost what it knew: more may lie there than it can tell.
    package var lost: Set<String> = []
    /// What was looked for on them: by version, the names, folded.
    package var soughtOn: [String: [Int64: Set<String>]] = [:]
    /// Some `.xmp` has not been read yet.
    var awaitsXMP: Bool

    /// Some master or `.xmp` has not been looked at yet: too early to decide anything.
    package var awaitsInspection: Bool { awaitsXMP || state.awaitsInspection }
}

extension Ledger {
    /// SKUs about which something changed, oldest marks in no particular order.
    package func dirtySKUs(limit: Int) async throws(LedgerError) -> [String] {
        try await read("list what changed") { database in
            try database.all(String.self, "SELECT sku FROM dirty LIMIT ?", [limit])
        }
    }

    package func skuRecord(_ sku: String) async throws(LedgerError) -> SKURecord {
        try await read("read all about '\(sku)'") { try self.skuRecord(sku, in: $0) }
    }

    package func skuState(_ sku: String) async throws(LedgerError) -> SKUState {
        try await skuRecord(sku).state
    }

    func skuRecord(_ sku: String, in database: Connection) throws -> SKURecord {
        let stamp = try database.first(Int64.self, "SELECT stamp FROM dirty WHERE sku = ?", [sku])
        var (state, awaitsXMP) = try Self.declared(of: sku, in: database)
        state.deliveries =
            try database
            .rows("SELECT * FROM delivery WHERE sku = ? ORDER BY id", [sku])
            .map(Delivery.init(row:))
        try Self.readMasters(into: &state, in: database)
        try Self.readRenditions(into: &state, in: database)
        for index in state.versions.indices {
            let inside = state.inspections[state.versions[index].master]?.metadata
            state.versions[index].narrowRights(by: inside, zone: zone)
        }
        try Self.readRecipes(into: &state, in: database)
        var record = SKURecord(state: state, stamp: stamp ?? 0, awaitsXMP: awaitsXMP)
        try Self.readLost(into: &record, in: database)
        return record
    }

    /// Its product, its rights and what is on one channel. A feed asks for no more, of a million: what was
    /// measured of the pictures takes longer to read than all this.
    func licensedState(
        of sku: String, on channel: String, in database: Connection
    ) throws -> SKUState {
        var (state, _) = try Self.declared(of: sku, in: database)
        state.deliveries =
            try database
            .rows(
                "SELECT * FROM delivery WHERE sku = ? AND channel = ? ORDER BY id", [sku, channel]
            )
            .map(Delivery.init(row:))
        let masters = try database.rows(
            """
            SELECT DISTINCT sha256, json_extract(inspection, '$.metadata') AS metadata FROM master
            JOIN version ON version.master = master.sha256 WHERE sku = ?
            """, [sku])
        let inside = try masters.reduce(into: [:]) { inside, row in
            inside[row.hash("sha256")] = try Column.optional(PictureMetadata.self, row["metadata"])
        }
        for index in state.versions.indices {
            state.versions[index].narrowRights(
                by: inside[state.versions[index].master] ?? nil, zone: zone)
        }
        try Self.readRecipes(into: &state, in: database)
        return state
    }

    /// What people have said of it.
    private static func declared(
        of sku: String, in database: Connection
    ) throws -> (state: SKUState, awaitsXMP: Bool) {
        let fields = try database.first(
            String.self, "SELECT fields FROM product WHERE sku = ?", [sku])
        let (versions, awaitsXMP) = try versions(of: sku, in: database)
        let product = try fields.map {
            Product(sku: sku, fields: try Column.value([String: String].self, $0))
        }
        return (SKUState(sku: sku, product: product, versions: versions), awaitsXMP)
    }

    private static func readMasters(
        into state: inout SKUState, in database: Connection
    ) throws {
        let rows = try database.rows(
            """
            SELECT DISTINCT sha256, inspection, unusable FROM master
            JOIN version ON version.master = master.sha256 WHERE sku = ?
            """, [state.sku])
        for row in rows {
            guard let hash = row.hash("sha256") else { continue }
            state.inspections[hash] = try Column.optional(Inspection.self, row["inspection"])
            state.unusable[hash] = row["unusable"]
        }
    }

    private static func readRenditions(
        into state: inout SKUState, in database: Connection
    ) throws {
        let rows = try database.rows(
            """
            SELECT key, receipt, refusal FROM rendition
            WHERE master IN (SELECT master FROM version WHERE sku = ?)
            """, [state.sku])
        for row in rows {
            guard let key = row.hash("key") else { continue }
            state.receipts[key] = try Column.optional(Receipt.self, row["receipt"])
            state.refusals[key] = try Column.optional(Refusal.self, row["refusal"])
        }
    }

    private static func readLost(
        into record: inout SKURecord, in database: Connection
    ) throws {
        record.lost = try database.set(String.self, "SELECT name FROM channel WHERE lost = 1")
        guard !record.lost.isEmpty else { return }
        let rows = try database.rows(
            """
            SELECT sought.* FROM sought
            JOIN version ON version.id = sought.version WHERE version.sku = ?
            """, [record.state.sku])
        for row in rows {
            record.soughtOn[row["channel"], default: [:]][row["version"], default: []]
                .insert(row["folded"])
        }
    }

    /// Few pictures forbid anything, and a recipe takes longer to read than all else of a file.
    private static func readRecipes(
        into state: inout SKUState, in database: Connection
    ) throws {
        guard state.versions.contains(where: { $0.rights.forbidsAlteration }) else { return }
        let rows = try database.rows(
            """
            SELECT key, recipe FROM rendition WHERE key IN (
                SELECT key FROM delivery WHERE sku = ?
                UNION SELECT held_key FROM delivery WHERE sku = ? AND held_key IS NOT NULL)
            """, [state.sku, state.sku])
        for row in rows {
            guard let key = row.hash("key") else { continue }
            state.recipes[key] = try Column.value(Recipe.self, row["recipe"])
        }
    }

    private static func versions(
        of sku: String, in database: Connection
    ) throws -> (versions: [Version], awaitsXMP: Bool) {
        let rows = try database.rows(
            """
            SELECT version.*,
                -- Of several copies, one that speaks of this very picture.
                (SELECT source.path FROM testimony JOIN source ON source.path = testimony.path
                    WHERE testimony.version = version.id AND source.master = version.master
                    ORDER BY gone, seen DESC LIMIT 1) AS file
            FROM version WHERE sku = ? ORDER BY id
            """, [sku])
        let isDescribed = rows.contains { $0.hasValue("description") }
        let descriptions =
            !isDescribed
            ? []
            : try database.rows(
                """
                -- In this order: by path it would walk through all there are.
                SELECT version, metadata, unreadable FROM version
                CROSS JOIN testimony INDEXED BY testimony_version ON testimony.version = version.id
                JOIN description ON description.sha256 = testimony.description
                WHERE sku = ? AND counts = 1
                """, [sku])
        let read = try rows.map { row in
            var version = try version(row)
            version.file = row["file"]
            for beside in descriptions where beside["version"] == version.id {
                try version.add(
                    Column.optional(PictureMetadata.self, beside["metadata"]), beside["unreadable"])
            }
            return (version: version, source: row["source"] as String)
        }
        var versions: [Version] = []
        for group in Dictionary(grouping: read, by: \.version.asset).values {
            let faults = ApprovalFault.among(group)
            for entry in group {
                var version = entry.version
                version.approvalFault = faults[version.id] ?? entry.version.approvalFault
                versions.append(version)
            }
        }
        let awaits = descriptions.contains {
            !$0.hasValue("metadata") && !$0.hasValue("unreadable")
        }
        return (versions.sorted { $0.id < $1.id }, awaits)
    }

    static func version(_ row: Row) throws -> Version {
        guard let master = row.hash("master") else {
            throw Damage(description: "version \(row["id"] as Int64) names no master")
        }
        let withdrawn = row.date("withdrawn_at").map {
            Withdrawal(at: $0, because: row["withdrawn_because"] ?? "")
        }
        var version = Version(
            id: row["id"], asset: row.asset, master: master, kind: row["kind"],
            audience: row["audience"], season: row["season"],
            tags: try Column.value([String].self, row["tags"]),
            approval: try Column.optional(Approval.self, row["approval"]),
            rights: try Column.value(Rights.self, row["rights"]), withdrawn: withdrawn)
        version.barred = try Column.value([String: Withdrawal].self, row["barrings"])
        version.approvalFault = (row["revoked"] as String?).map { .lapsed($0) }
        version.arrived = row.date("approved_at") ?? row.date("since") ?? .distantPast
        version.focus = try Column.optional(Focus.self, row["focus"])
        return version
    }
}

extension Version {
    /// What an `.xmp` beside it says, or why nobody can read that.
    fileprivate mutating func add(_ said: PictureMetadata?, _ fault: String?) {
        xmpFault = xmpFault ?? fault
        guard let said else { return }
        if xmpMetadata == nil { xmpMetadata = said } else { otherXMPMetadata.append(said) }
    }
}
