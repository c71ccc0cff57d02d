import Foundation
import GRDB
package import Model

/// All the ledger knows about one SKU: what the want function is asked with, and what the
/// channels hold.
package struct Dossier: Sendable {
    package struct Master: Sendable {
        package var inspection: Inspection?
        package var unusable: String?
    }

    package var sku: String
    /// Identifies the state that was read; see `settle`.
    package var stamp: Int64
    package var product: Product?
    package var versions: [Version]
    package var masters: [ContentHash: Master]
    package var receipts: [ContentHash: Receipt]
    package var refusals: [ContentHash: Refusal]
    package var deliveries: [Delivery]

    /// Some master has not been looked at yet: too early to decide anything.
    package var awaitsInspection: Bool {
        masters.values.contains { $0.inspection == nil && $0.unusable == nil }
    }
}

extension Ledger {
    /// SKUs about which something changed, oldest marks in no particular order.
    package func dirtySKUs(limit: Int) async throws(LedgerError) -> [String] {
        try await read("list what changed") { database in
            try String.fetchAll(
                database, sql: "SELECT sku FROM dirty LIMIT ?", arguments: [limit])
        }
    }

    package func dossier(_ sku: String) async throws(LedgerError) -> Dossier {
        try await read("read all about '\(sku)'") { try Self.dossier(sku, in: $0) }
    }

    static func dossier(_ sku: String, in database: Database) throws -> Dossier {
        let stamp = try Int64.fetchOne(
            database, sql: "SELECT stamp FROM dirty WHERE sku = ?", arguments: [sku])
        let fields = try String.fetchOne(
            database, sql: "SELECT fields FROM product WHERE sku = ?", arguments: [sku])
        var dossier = Dossier(
            sku: sku, stamp: stamp ?? 0,
            product: try fields.map {
                Product(sku: sku, fields: try Column.value([String: String].self, $0))
            },
            versions: try versions(of: sku, in: database), masters: [:], receipts: [:],
            refusals: [:],
            deliveries: try Row.fetchAll(
                database, sql: "SELECT * FROM delivery WHERE sku = ? ORDER BY id",
                arguments: [sku]
            ).map(Delivery.init(row:)))
        try readMasters(of: sku, into: &dossier, in: database)
        try readRenditions(of: sku, into: &dossier, in: database)
        return dossier
    }

    private static func readMasters(
        of sku: String, into dossier: inout Dossier, in database: Database
    ) throws {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT DISTINCT sha256, inspection, unusable FROM master
                JOIN version ON version.master = master.sha256 WHERE sku = ?
                """, arguments: [sku])
        for row in rows {
            guard let hash = row.hash("sha256") else { continue }
            dossier.masters[hash] = Dossier.Master(
                inspection: try Column.optional(Inspection.self, row["inspection"]),
                unusable: row["unusable"])
        }
    }

    private static func readRenditions(
        of sku: String, into dossier: inout Dossier, in database: Database
    ) throws {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT key, receipt, refusal FROM rendition
                WHERE master IN (SELECT master FROM version WHERE sku = ?)
                """, arguments: [sku])
        for row in rows {
            guard let key = row.hash("key") else { continue }
            dossier.receipts[key] = try Column.optional(Receipt.self, row["receipt"])
            dossier.refusals[key] = try Column.optional(Refusal.self, row["refusal"])
        }
    }

    private static func versions(of sku: String, in database: Database) throws -> [Version] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT * FROM version WHERE sku = ? ORDER BY id", arguments: [sku])
        let read = try rows.map { (version: try version($0), source: $0["source"] as String) }
        var versions: [Version] = []
        for group in Dictionary(grouping: read, by: \.version.asset).values {
            let faults = Approvals.faults(group)
            for entry in group {
                var version = entry.version
                version.approvalFault = faults[version.id]
                versions.append(version)
            }
        }
        return versions.sorted { $0.id < $1.id }
    }

    static func version(_ row: Row) throws -> Version {
        guard let master = row.hash("master") else {
            throw DatabaseError(message: "version \(row["id"] as Int64) names no master")
        }
        let withdrawn = row.date("withdrawn_at").map {
            Withdrawal(at: $0, because: row["withdrawn_because"] ?? "")
        }
        var rights = try Column.value(Rights.self, row["rights"])
        rights.notOn += try Column.value([String].self, row["barred"])
        return Version(
            id: row["id"], asset: row.asset, master: master, kind: row["kind"],
            audience: row["audience"], season: row["season"],
            tags: try Column.value([String].self, row["tags"]),
            approval: try Column.optional(Approval.self, row["approval"]),
            rights: rights, withdrawn: withdrawn)
    }
}
