package import Foundation
package import Model

/// A product as the ledger has it.
package struct KnownProduct: Sendable, Hashable {
    package var fields: [String: String]
    /// The table it stands in; empty: taken before tables had names.
    package var table: String
    /// The age of the table of changes that touched it last, until a whole table that is newer speaks.
    package var changedAt: Date?
}

/// A product as a row of a table has it.
package struct RecordedProduct: Sendable, Hashable {
    package var product: Product
    /// Of the row as it stood there; 0: it is to be read again.
    package var digest: Int64
    package var changedAt: Date?

    package init(_ product: Product, digest: Int64 = 0, changedAt: Date? = nil) {
        (self.product, self.digest, self.changedAt) = (product, digest, changedAt)
    }
}

// The products themselves, for the lane that reads their tables: all of it blocks.
extension Ledger {
    package func knownProducts(_ skus: [String]) throws(LedgerError) -> [String: KnownProduct] {
        try readBlocking("look up \(skus.count) products") { database in
            let marks = Arguments.marks(skus.count)
            let rows = try database.rows(
                "SELECT sku, fields, source, changed_at FROM product WHERE sku IN (\(marks))",
                Arguments(skus), isKept: false)
            return Dictionary(
                uniqueKeysWithValues: rows.map { row in
                    // One that is damaged is as good as none: its table makes it whole again.
                    let fields = try? Column.value([String: String].self, row["fields"])
                    let known = KnownProduct(
                        fields: fields ?? [:], table: row["source"],
                        changedAt: row["changed_at"] as Int64 == 0 ? nil : row.date("changed_at"))
                    return (row["sku"], known)
                })
        }
    }

    /// Hands out every SKU that stands in a table, with its row's digest. On one snapshot: `body` must not
    /// take long.
    package func productDigests(
        in table: String, _ body: (String, Int64) -> Void
    ) throws(LedgerError) {
        try readBlocking("list the rows of '\(table)'") { database in
            try database.each("SELECT sku, digest FROM product WHERE source = ?", [table]) { row in
                body(row["sku"], row["digest"])
            }
        }
    }

    /// SKUs that stand in a table, a page at a time.
    package func productSKUs(
        in table: String, after sku: String, limit: Int
    ) throws(LedgerError) -> [String] {
        try readBlocking("list the products of '\(table)'") { database in
            try database.all(
                String.self,
                "SELECT sku FROM product WHERE source = ? AND sku > ? ORDER BY sku LIMIT ?",
                [table, sku, limit])
        }
    }

    /// Tables that products stand in.
    package func productSources() throws(LedgerError) -> [String] {
        try readBlocking("list what the products stand in") { database in
            try database.all(String.self, "SELECT DISTINCT source FROM product ORDER BY source")
        }
    }

    /// Records a page of products as they are now; those that changed make their SKUs dirty.
    /// - Returns: how many changed.
    @discardableResult
    package func record(
        _ products: [RecordedProduct], in table: String
    ) throws(LedgerError) -> Int {
        try writeBlocking("record \(products.count) products of '\(table)'") { database in
            var changes = 0
            let deletions =
                try database.first(Bool.self, "SELECT EXISTS (SELECT 1 FROM product_deletion)")
            for recorded in products {
                let sku = recorded.product.sku
                let fields = try Column.json(recorded.product.fields)
                if deletions == true {
                    try database.run("DELETE FROM product_deletion WHERE sku = ?", [sku])
                }
                let old = try database.first(
                    String.self, "SELECT fields FROM product WHERE sku = ?", [sku])
                try database.run(
                    """
                    INSERT INTO product (sku, fields, source, digest, changed_at)
                    VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (sku) DO UPDATE SET fields = excluded.fields,
                        source = excluded.source, digest = excluded.digest,
                        changed_at = excluded.changed_at
                    """,
                    [sku, fields, table, recorded.digest, recorded.changedAt?.milliseconds ?? 0])
                guard old != fields else { continue }
                changes += 1
                try Self.markDirty(sku, in: database)
            }
            return changes
        }
    }

    package func productCount() throws(LedgerError) -> Int {
        try readBlocking("count the products") { database in
            try database.first(Int.self, "SELECT COUNT(*) FROM product") ?? 0
        }
    }

    // MARK: What tables of changes take out

    /// SKUs that a table of changes took out, and its age: no older table brings them back.
    package func deletedProducts(_ skus: [String]) throws(LedgerError) -> [String: Date] {
        try readBlocking("look up what \(skus.count) products were") { database in
            let marks = Arguments.marks(skus.count)
            let rows = try database.rows(
                "SELECT sku, at FROM product_deletion WHERE sku IN (\(marks))", Arguments(skus),
                isKept: false)
            return rows.reduce(into: [:]) { $0[$1["sku"]] = $1.date("at") }
        }
    }

    /// - Parameter age: of the table that says so.
    /// - Returns: how many there were.
    package func deleteProducts(_ skus: [String], asOf age: Date) throws(LedgerError) -> Int {
        guard !skus.isEmpty else { return 0 }
        return try writeBlocking("take out \(skus.count) products") { database in
            var changes = 0
            for sku in skus {
                try database.run(
                    """
                    INSERT INTO product_deletion (sku, at) VALUES (?, ?)
                    ON CONFLICT (sku) DO UPDATE SET at = excluded.at
                    """, [sku, age.milliseconds])
                try database.run("DELETE FROM product WHERE sku = ?", [sku])
                guard database.changes > 0 else { continue }
                changes += 1
                try Self.markDirty(sku, in: database)
            }
            return changes
        }
    }

    /// No table that counts is so old.
    package func forgetDeletions(before age: Date) throws(LedgerError) {
        try writeBlocking("forget what was taken out") { database in
            try database.run(
                "DELETE FROM product_deletion WHERE at <= ?", [age.milliseconds])
        }
    }

    package func removeProducts(_ skus: [String]) throws(LedgerError) {
        try writeBlocking("remove \(skus.count) products") { database in
            for sku in skus {
                try database.run("DELETE FROM product WHERE sku = ?", [sku])
                try Self.markDirty(sku, in: database)
            }
        }
    }
}
