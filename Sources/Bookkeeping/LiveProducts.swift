package import Foundation
package import Model

/// A product with the images of it that a channel serves now.
package struct LiveProduct: Sendable {
    package struct Image: Sendable, Hashable {
        package var slot: String
        package var position: Int
        package var name: RemoteName
        package var asset: Asset
        package var version: Int64
        package var key: ContentHash
        package var confirmedAt: Date
    }

    package var sku: String
    /// Nil where something of it cannot be read.
    package var state: SKUState?
    package var images: [Image]
}

// What a feed is made of.
extension Ledger {
    /// Products with something live on a channel, by SKU, a page at a time. Blocks: for the lane that
    /// writes the feed while it reads.
    /// - Parameter lingering: with what is there, and nobody asks for any more.
    package func liveProducts(
        channel: String, after sku: String, limit: Int, lingering: Bool = false
    ) throws(LedgerError) -> [LiveProduct] {
        try liveProducts(
            channel, lingering, "sku > ?", [channel, sku, limit])
    }

    /// Those of these products that have something live there, by SKU. Blocks, as above.
    package func liveProducts(
        channel: String, among skus: some Collection<String>
    ) throws(LedgerError) -> [LiveProduct] {
        // To none of them no index leads.
        guard !skus.isEmpty else { return [] }
        return try liveProducts(
            channel, false, "sku IN (\(Arguments.marks(skus.count)))",
            [channel] + Arguments(Array(skus)) + [skus.count])
    }

    private func liveProducts(
        _ channel: String, _ lingering: Bool, _ condition: String, _ arguments: Arguments
    ) throws(LedgerError) -> [LiveProduct] {
        let states = Self.serving + (lingering ? [.linger] : [])
        let list = states.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return try readBlocking("list what is live on '\(channel)'") { database in
            let skus = try database.all(
                String.self,
                """
                SELECT DISTINCT sku FROM delivery INDEXED BY delivery_held
                WHERE channel = ? AND \(condition)
                    AND held_key IS NOT NULL AND state IN (\(list))
                ORDER BY sku LIMIT ?
                """, arguments)
            return try skus.map { try self.liveProduct($0, channel, states, in: database) }
        }
    }

    private static let serving: [Delivery.State] = [.live, .handed, .send, .render, .stuck]

    private func liveProduct(
        _ sku: String, _ channel: String, _ states: [Delivery.State], in database: Connection
    ) throws -> LiveProduct {
        let state: SKUState
        do {
            state = try licensedState(of: sku, on: channel, in: database)
        } catch  where LedgerError.isDamage(error) {
            return LiveProduct(sku: sku, state: nil, images: [])
        }
        let images = state.deliveries
            .filter { states.contains($0.state) }
            .compactMap { row -> LiveProduct.Image? in
                // What the patrol has found changed or gone is not confirmed any more.
                guard let key = row.heldKey, let confirmedAt = row.confirmedAt else { return nil }
                return LiveProduct.Image(
                    slot: row.slot, position: row.position, name: row.name, asset: row.asset,
                    version: row.heldVersion ?? row.version, key: key, confirmedAt: confirmedAt)
            }
            .sorted { ($0.slot, $0.position) < ($1.slot, $1.position) }
        return LiveProduct(sku: sku, state: state, images: images)
    }
}
