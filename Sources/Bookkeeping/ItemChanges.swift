package import Foundation

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
    /// - Returns: nil: more than `limit`.
    package func changedItems(
        on channel: String, after number: Int64, at now: Date, limit: Int
    ) async throws(LedgerError) -> [String]? {
        let skus = try await read("see what changed for the feed of '\(channel)'") { database in
            try database.all(
                String.self,
                """
                -- By number and by time, or it would walk through all there are, in order.
                SELECT sku FROM item_change NOT INDEXED WHERE number > ?
                UNION SELECT sku FROM omission WHERE channel = ?
                UNION SELECT sku FROM boundary INDEXED BY boundary_at WHERE at <= ?
                ORDER BY 1 LIMIT ?
                """, [number, channel, now.milliseconds, limit + 1])
        }
        return skus.count > limit ? nil : skus
    }
}
