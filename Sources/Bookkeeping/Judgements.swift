import Foundation
package import Model

/// A file that was made for a channel, as a receipt tells of it.
package struct ReceiptRecord: Sendable {
    package var key: ContentHash
    package var master: ContentHash
    package var receipt: Receipt?
    package var refusal: Refusal?
    /// Nil where the file is on no channel and on its way to none.
    package var delivery: Delivery?
    /// Of the delivery's channel, or of all; newest first.
    package var judgements: [Judgement]
    /// Newest first.
    package var attestations: [Attestation]
    /// Who approved the master that it was made of, and when.
    package var approval: Approval?
}

/// What a receipt is asked for by.
package enum ReceiptSelection: Sendable {
    case sku(String, channel: String?)
    /// On the channel, whole or without its folders.
    case name(String, channel: String?)
    /// Of a rendition's bytes, or of a master's.
    case hash(ContentHash)
}

// Receipts: what was said to which bytes, when, by which revision.
extension Ledger {
    /// For one file on one channel, older judgements than that many are forgotten.
    private static let kept = 5

    static func record(_ judgements: [Judgement], in database: Connection) throws {
        for judgement in judgements {
            try database.run(
                """
                INSERT INTO judgement
                    (channel, rendition, name, key, sha256, revision, at, passed, checks)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    judgement.channel, judgement.rendition, judgement.name,
                    judgement.key.rawValue, judgement.sha256.rawValue,
                    judgement.revision.rawValue, judgement.at.milliseconds, judgement.passed,
                    try Column.json(judgement.checks),
                ])
            try database.run(
                """
                DELETE FROM judgement WHERE key = ? AND channel = ? AND id NOT IN (
                    SELECT id FROM judgement WHERE key = ? AND channel = ?
                    ORDER BY id DESC LIMIT ?)
                """,
                [
                    judgement.key.rawValue, judgement.channel, judgement.key.rawValue,
                    judgement.channel, kept,
                ])
        }
    }

    package func receipts(
        _ question: ReceiptSelection, limit: Int = 200
    ) async throws(LedgerError) -> [ReceiptRecord] {
        try await read("look for receipts") { database in
            switch question {
            case .sku(let sku, let channel):
                let rows = try database.rows(
                    """
                    SELECT * FROM delivery WHERE sku = ? AND (? IS NULL OR channel = ?)
                    ORDER BY channel, id LIMIT ?
                    """, [sku, channel, channel, limit])
                return try rows.compactMap { try Self.record(of: Delivery(row: $0), in: database) }
                    + Self.unwanted(sku, channel, limit: limit, in: database)
            case .name(let name, let channel):
                return try Self.named(name, channel, limit: limit, in: database)
                    .compactMap { try Self.record(of: $0, in: database) }
            case .hash(let hash):
                return try Self.records(of: hash, limit: limit, in: database)
            }
        }
    }

    /// Live files with what was measured in them, in the order of their ids.
    /// - Parameter last: id of the last one that was read; 0 to begin.
    package func liveReceipts(
        on channel: String, after last: Int64, limit: Int
    ) async throws(LedgerError) -> [ReceiptRecord] {
        try await read("read what is live on '\(channel)'") { database in
            try database.rows(
                """
                SELECT * FROM delivery WHERE channel = ? AND held_key IS NOT NULL AND id > ?
                ORDER BY id LIMIT ?
                """, [channel, last, limit]
            ).compactMap { row in
                let delivery = try Delivery(row: row)
                return try Self.record(
                    of: delivery, key: delivery.heldKey ?? delivery.key, in: database)
            }
        }
    }

    package func inspection(of master: ContentHash) async throws(LedgerError) -> Inspection? {
        try await read("find an inspection") { database in
            try Column.optional(
                Inspection.self,
                try database.first(
                    String.self, "SELECT inspection FROM master WHERE sha256 = ?", [master.rawValue]
                ))
        }
    }

    /// The name itself; where there is none, every name that ends in it after a folder.
    private static func named(
        _ name: String, _ channel: String?, limit: Int, in database: Connection
    ) throws -> [Delivery] {
        let folded = name.lowercased()
        for (test, text) in [
            ("folded = ?1", folded), ("substr(folded, -length(?1)) = ?1", "/\(folded)"),
        ] {
            let rows = try database.rows(
                """
                SELECT * FROM delivery WHERE \(test) AND (?2 IS NULL OR channel = ?2)
                ORDER BY channel, id LIMIT ?3
                """, [text, channel, limit])
            if !rows.isEmpty { return try rows.map(Delivery.init(row:)) }
        }
        return []
    }

    private static func record(
        of delivery: Delivery, key: ContentHash? = nil, in database: Connection
    ) throws -> ReceiptRecord? {
        let key = key ?? delivery.key
        let version = key == delivery.heldKey ? delivery.heldVersion : delivery.version
        return try record(
            key, delivery: delivery, version: version ?? delivery.version, in: database)
    }

    /// Files that were made of the SKU's masters and are on no channel: refused, or taken away.
    private static func unwanted(
        _ sku: String, _ channel: String?, limit: Int, in database: Connection
    ) throws -> [ReceiptRecord] {
        let keys = try database.all(
            String.self,
            """
            SELECT DISTINCT judgement.key FROM judgement
            JOIN rendition ON rendition.key = judgement.key
            JOIN version ON version.master = rendition.master
            WHERE version.sku = ? AND (? IS NULL OR judgement.channel = ?)
                AND NOT EXISTS (SELECT 1 FROM delivery
                    WHERE delivery.channel = judgement.channel
                        AND (delivery.key = judgement.key OR delivery.held_key = judgement.key))
            LIMIT ?
            """, [sku, channel, channel, limit])
        return try keys.compactMap(ContentHash.init(rawValue:)).compactMap { key in
            guard
                var record = try record(key, delivery: nil, version: nil, in: database)
            else { return nil }
            if let channel {
                record.judgements.removeAll { $0.channel != channel }
                record.attestations.removeAll { $0.channel != channel }
            }
            return record
        }
    }

    private static func records(
        of hash: ContentHash, limit: Int, in database: Connection
    ) throws -> [ReceiptRecord] {
        let keys = try database.all(
            String.self,
            """
            SELECT key FROM rendition WHERE sha256 = ? OR master = ? OR key = ?
            UNION SELECT key FROM judgement WHERE sha256 = ? LIMIT ?
            """, [hash.rawValue, hash.rawValue, hash.rawValue, hash.rawValue, limit])
        var records: [ReceiptRecord] = []
        for key in keys.compactMap(ContentHash.init(rawValue:)) {
            let rows = try database.rows(
                "SELECT * FROM delivery WHERE key = ? OR held_key = ? LIMIT ?",
                [key.rawValue, key.rawValue, limit])
            let deliveries = try rows.map(Delivery.init(row:))
            for delivery in deliveries {
                if let found = try record(of: delivery, key: key, in: database) {
                    records.append(found)
                }
            }
            if deliveries.isEmpty,
                let found = try record(key, delivery: nil, version: nil, in: database)
            {
                records.append(found)
            }
        }
        return records
    }

    private static func record(
        _ key: ContentHash, delivery: Delivery?, version: Int64?, in database: Connection
    ) throws -> ReceiptRecord? {
        let row = try database.row(
            "SELECT master, receipt, refusal FROM rendition WHERE key = ?", [key.rawValue])
        guard let row, let master = row.hash("master") else { return nil }
        let approval = try version.flatMap { id in
            try database.first(String.self, "SELECT approval FROM version WHERE id = ?", [id])
        }
        return ReceiptRecord(
            key: key, master: master,
            receipt: try Column.optional(Receipt.self, row["receipt"]),
            refusal: try Column.optional(Refusal.self, row["refusal"]), delivery: delivery,
            judgements: try judgements(of: key, on: delivery?.channel, in: database),
            attestations: try attestations(of: key, on: delivery?.channel, in: database),
            approval: try Column.optional(Approval.self, approval))
    }

    private static func judgements(
        of key: ContentHash, on channel: String?, in database: Connection
    ) throws -> [Judgement] {
        try database.rows(
            """
            SELECT * FROM judgement WHERE key = ? AND (? IS NULL OR channel = ?)
            ORDER BY id DESC
            """, [key.rawValue, channel, channel]
        ).compactMap { row in
            guard let key = row.hash("key"), let sha256 = row.hash("sha256"),
                let revision = row.hash("revision")
            else { return nil }
            return Judgement(
                channel: row["channel"], rendition: row["rendition"], name: row["name"], key: key,
                sha256: sha256, revision: revision, at: row.date("at") ?? .distantPast,
                checks: try Column.value([Check].self, row["checks"]))
        }
    }
}
