/// The items of an edition that was staged before, in their order, to stand in the next one as they are.
package struct EditionItems {
    private let items: StoredItems

    package init(_ edition: String) throws { items = try StoredItems(edition) }

    /// Blocks on the disk.
    /// - Parameter isWanted: asked of each SKU.
    package func next(where isWanted: (String) -> Bool) throws -> FeedItem? {
        while try items.next() {
            guard isWanted(items.row.sku) else { continue }
            var item = items.item { _ in false }
            item.isClean = true
            return item
        }
        return nil
    }
}
