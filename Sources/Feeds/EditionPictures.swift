private import Host
private import Model

/// The pictures that an edition names, item by item in the order of the SKUs. It was staged before, and
/// may be in another format than the feed has now.
package struct EditionPictures {
    package struct Picture: Sendable, Hashable {
        package var attribute: String
        package var address: String
        /// Its item cannot stand in a feed without it.
        package var isNeeded: Bool
    }

    private let items: StoredItems
    private let edition: String

    package init(_ edition: String) throws(FeedError) {
        self.edition = edition
        items = try Self.reading(edition) { try StoredItems(edition) }
    }

    /// Those that an earlier version of ours has made are not.
    package static func areKept(of edition: String) -> Bool {
        Files.exists(ItemFile.path(edition))
    }

    /// Blocks on the disk.
    package func next() throws(FeedError) -> (sku: String, pictures: [Picture])? {
        guard try Self.reading(edition, { try items.next() }) else { return nil }
        return (items.row.sku, items.namedPictures)
    }

    private static func reading<Value>(
        _ edition: String, _ body: () throws -> Value
    ) throws(FeedError) -> Value {
        do {
            return try body()
        } catch {
            throw FeedError("cannot read '\(edition)' again: \(error)", remedy: .fixHost)
        }
    }
}
