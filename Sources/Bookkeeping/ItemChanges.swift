package import Foundation

/// What may not be in the next edition as it was in one before.
package struct ItemChanges: Sendable {
    package var skus: [String]
    /// Names, folded, of the images that the edition had of them, or that are gone.
    package var images: [String]
}

// Which items of a feed may say something else than in an edition that was made before.
extension Ledger {
    /// Stands for all changes so far.
    package func lastItemChange() async throws(LedgerError) -> Int64 {
        try await read("see what changed last") { database in
            try database.first(Int64.self, "SELECT MAX(number) FROM item_change") ?? 0
        }
    }

    /// Products that changed after `number`, that the last edition left out, or whose moment has come, in the
    /// order of their bytes.
    /// - Parameter standing: the number of that edition.
    /// - Returns: nil: more than `limit`.
    package func changedItems(
        on channel: String, standing: Int, after number: Int64, at now: Date, limit: Int
    ) async throws(LedgerError) -> ItemChanges? {
        try await read("see what changed for the feed of '\(channel)'") { database in
            let skus = try database.all(
                String.self,
                """
                -- By number and by time, or it would walk through all there are, in order.
                SELECT sku FROM item_change NOT INDEXED WHERE number > ?
                UNION SELECT sku FROM omission WHERE channel = ?
                UNION SELECT sku FROM boundary INDEXED BY boundary_at WHERE at <= ?
                ORDER BY 1 LIMIT ?
                """, [number, channel, now.milliseconds, limit + 1])
            guard skus.count <= limit else { return nil }
            let images = try database.all(
                String.self,
                """
                SELECT image.folded FROM edition_image AS image LEFT JOIN delivery
                    ON delivery.channel = image.channel AND delivery.folded = image.folded
                WHERE image.channel = ? AND image.edition = ?
                    AND (sku IS NULL OR sku IN (SELECT value FROM json_each(?)))
                """, [channel, standing, try Column.json(skus)])
            return ItemChanges(skus: skus, images: images)
        }
    }
}
