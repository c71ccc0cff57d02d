import Model

// Marks on SKUs about which something has changed: what the reconciler looks at next.
extension Ledger {
    /// Nothing can be decided about a SKU while some master of it, or the `.xmp` beside one, has not
    /// been looked at: the last inspection marks it. But what a channel has of it may have to go at once.
    static func markDirtyOnceInspected(_ sku: String, in database: Connection) throws {
        let waits = try database.first(
            Bool.self,
            """
            SELECT EXISTS (SELECT 1 FROM version JOIN master ON master.sha256 = version.master
                WHERE version.sku = ? AND (
                    master.inspection IS NULL AND master.unusable IS NULL
                    OR EXISTS (SELECT 1 FROM testimony
                        JOIN description ON description.sha256 = testimony.description
                        WHERE testimony.version = version.id AND counts = 1
                            AND metadata IS NULL AND unreadable IS NULL)))
                AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.sku = ?)
            """, [sku, sku])
        if waits != true { try markDirty(sku, in: database) }
    }

    static func markDirty(_ sku: String, in database: Connection) throws {
        try database.run(
            "INSERT OR REPLACE INTO dirty (sku, stamp) VALUES (?, ?)",
            [sku, Int64.random(in: 1...Int64.max)])
    }

    static func markDirty(versionsOf master: ContentHash, in database: Connection) throws {
        let skus = try database.all(
            String.self, "SELECT DISTINCT sku FROM version WHERE master = ?", [master.rawValue])
        for sku in skus { try markDirtyOnceInspected(sku, in: database) }
    }

    static func markDirty(
        xmp: ContentHash, in database: Connection
    ) throws {
        let skus = try database.all(
            String.self,
            """
            SELECT DISTINCT sku FROM testimony JOIN version ON id = version
            WHERE testimony.description = ?
            """, [xmp.rawValue])
        for sku in skus { try markDirtyOnceInspected(sku, in: database) }
    }
}
