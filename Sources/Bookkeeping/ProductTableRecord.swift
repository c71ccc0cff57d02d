package import Foundation
package import Model

/// A product table that was taken: the last good one of its name.
package struct ProductTableRecord: Sendable, Hashable {
    /// Stands for the table of products that only tables of changes named.
    package static let changes = "changes"

    package var name: String
    /// The file it came from.
    package var file: String
    package var sha256: ContentHash
    /// Of two tables with the same SKU the newer counts.
    package var age: Date
    package var rows: Int
    package var takenAt: Date

    package init(
        name: String, file: String, sha256: ContentHash, age: Date, rows: Int, takenAt: Date
    ) {
        self.name = name
        self.file = file
        self.sha256 = sha256
        self.age = age
        self.rows = rows
        self.takenAt = takenAt
    }
}

/// A product table that was not taken: the last good one of its name is in force.
package struct ProductRefusal: Sendable, Hashable {
    /// Stands for the content of a file that is gone.
    package static let gone = "gone"

    package var name: String
    package var file: String
    /// The hash of the very content.
    package var content: String
    package var reason: String
    /// False where there is nothing that a person could let pass.
    package var isReleasable: Bool
    /// A person let it pass.
    package var isReleased = false

    package init(
        name: String, file: String, content: String, reason: String, isReleasable: Bool
    ) {
        self.name = name
        self.file = file
        self.content = content
        self.reason = reason
        self.isReleasable = isReleasable
    }
}

// What the product tables' reader asks and tells. All but what a person asks blocks: for its lane.
extension Ledger {
    package func productTables() throws(LedgerError) -> [ProductTableRecord] {
        try readBlocking("list the product tables") { database in
            try database.rows("SELECT * FROM product_table ORDER BY name").map {
                row in
                guard let sha256 = row.hash("sha256") else {
                    throw Damage(description: "product table '\(row["name"] as String)'")
                }
                return ProductTableRecord(
                    name: row["name"], file: row["file"], sha256: sha256,
                    age: row.date("age") ?? .distantPast, rows: row["rows"],
                    takenAt: row.date("taken_at") ?? .distantPast)
            }
        }
    }

    package func productRefusals() throws(LedgerError) -> [ProductRefusal] {
        try readBlocking("list the refused product tables") { database in
            try database.rows("SELECT * FROM product_refusal ORDER BY name").map {
                row in
                var refusal = ProductRefusal(
                    name: row["name"], file: row["file"], content: row["content"],
                    reason: row["reason"], isReleasable: row["releasable"])
                refusal.isReleased = row["released"]
                return refusal
            }
        }
    }

    /// The declared columns that the table had when it was taken last; nil: nobody wrote them down.
    package func columns(ofProductTable name: String) throws(LedgerError) -> Set<String>? {
        try readBlocking("read the columns of '\(name)'") { database in
            try database.first(
                String.self, "SELECT value FROM fact WHERE name = ?", [Self.columns(of: name)]
            ).map { Set($0.split(separator: " ").map(String.init)) }
        }
    }

    private static func columns(of table: String) -> String { "product columns \(table)" }

    /// A table is in force, whole: nothing of its name is refused any more.
    /// - Parameters:
    ///   - columns: the declared ones that it has.
    ///   - keepingRelease: what a person let go is not taken out yet, and is not asked for again.
    package func take(
        _ table: ProductTableRecord, columns: Set<String> = [], changes: Int,
        keepingRelease: Bool = false
    ) throws(LedgerError) {
        try writeBlocking("take the product table '\(table.file)'") { database in
            let old = try database.first(
                String.self, "SELECT sha256 FROM product_table WHERE name = ?", [table.name])
            try database.run(
                """
                INSERT OR REPLACE INTO product_table
                    (name, file, sha256, age, rows, taken_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    table.name, table.file, table.sha256.rawValue, table.age.milliseconds,
                    table.rows, table.takenAt.milliseconds,
                ])
            try database.run(
                "INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)",
                [Self.columns(of: table.name), columns.sorted().joined(separator: " ")])
            if !keepingRelease {
                try database.run("DELETE FROM product_refusal WHERE name = ?", [table.name])
            }
            guard old != table.sha256.rawValue else { return }
            try Self.log(
                "accepted", nil, table.file, "\(table.rows) products, \(changes) changed",
                at: table.takenAt, in: database)
        }
    }

    /// A table is no more, and nothing is missed.
    package func forget(productTable name: String) throws(LedgerError) {
        try writeBlocking("forget the product table '\(name)'") { database in
            for table in ["product_table", "product_refusal"] {
                try database.run("DELETE FROM \(table) WHERE name = ?", [name])
            }
            try database.run("DELETE FROM fact WHERE name = ?", [Self.columns(of: name)])
        }
    }

    /// A release holds for the very content it was given for.
    package func refuse(_ refusal: ProductRefusal) throws(LedgerError) {
        let now = now()
        try writeBlocking("refuse the product table '\(refusal.file)'") { database in
            try database.run(
                """
                INSERT INTO product_refusal
                    (name, file, content, reason, releasable, since) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET file = excluded.file,
                    content = excluded.content, reason = excluded.reason,
                    releasable = excluded.releasable, since = excluded.since, released = 0
                WHERE content <> excluded.content OR reason <> excluded.reason
                """,
                [
                    refusal.name, refusal.file, refusal.content, refusal.reason,
                    refusal.isReleasable, now.milliseconds,
                ])
            guard database.changes > 0 else { return }
            try Self.log("held", nil, refusal.file, refusal.reason, at: now, in: database)
        }
    }

    /// Lets pass what is refused of the product tables at this moment.
    /// - Returns: the files.
    package func releaseProducts(by who: String) async throws(LedgerError) -> [String] {
        let now = now()
        return try await write("release the product tables") { database in
            let files = try database.all(
                String.self,
                """
                UPDATE product_refusal SET released = 1 WHERE releasable = 1 AND released = 0
                RETURNING file
                """)
            for file in files {
                try Self.log("released", nil, file, "by \(who)", at: now, in: database)
            }
            return files
        }
    }
}
