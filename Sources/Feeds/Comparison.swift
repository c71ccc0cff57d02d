private import Model

/// Which items an edition would take out of a feed, by their ids.
package struct Comparison: Sendable, Hashable {
    /// The first few, in the order of the edition that has them.
    package private(set) var gone: [String] = []
    package private(set) var count = 0
    /// Those whose picture had to go, which no guard holds.
    package private(set) var excused = 0

    /// Blocks on the disk, and holds the new edition's ids meanwhile. The two may be in different
    /// formats.
    /// - Parameters:
    ///   - told: ids that are named; those that are excused are not.
    ///   - hadToGo: asked of each picture's address.
    package init(
        from old: String, to new: String, told: Int, hadToGo: (String) -> Bool
    ) throws(FeedError) {
        do {
            let stays = try Self.ids(new)
            let edition = try StoredEdition(old)
            let attributes = edition.format.attributes
            while let item = try edition.reader.next() {
                guard let id = item.text(attributes.identity), !stays.contains(id) else {
                    continue
                }
                count += 1
                if item.needs(hadToGo, attributes) {
                    excused += 1
                } else if gone.count < told {
                    gone.append(id)
                }
            }
        } catch {
            throw FeedError("cannot compare '\(old)' with '\(new)': \(error)", remedy: .fixHost)
        }
    }

    private static func ids(_ path: String) throws -> Set<String> {
        let edition = try StoredEdition(path)
        let identity = edition.format.attributes.identity
        var ids: Set<String> = []
        while let item = try edition.reader.next() {
            if let id = item.text(identity) { ids.insert(id) }
        }
        return ids
    }
}

extension FeedItem {
    /// Whether it cannot stand in a feed without one of these pictures.
    func needs(_ picture: (String) -> Bool, _ attributes: FeedAttributes) -> Bool {
        fields.contains { field in
            guard case .picture(let place) = field.value else { return false }
            return attributes.required.contains(field.name) && picture(place.address)
        }
    }
}
