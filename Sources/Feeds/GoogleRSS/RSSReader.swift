import XML

/// Reads items for what they say; whatever else the document holds is passed over.
final class RSSReader: EditionReader {
    private var reader: Reader
    private var depth = 0
    /// Of the elements that are open, from the item inwards: what is inside each.
    private var open: [[FeedItem.Field]] = []

    /// `rss`, `channel`, `item`: an item elsewhere is not one.
    private static let item = 3

    init(descriptor: Int32) throws(XMLFault) {
        reader = try Reader(descriptor: descriptor)
    }

    /// An element says only itself that it is there.
    var outline: FeedOutline? { nil }

    func next() throws -> FeedItem? {
        var text = ""
        while let piece = try reader.next() {
            switch piece {
            case .start(let name):
                depth += 1
                text = ""
                let begins = depth == Self.item && name == Reader.Name("item")
                if begins || !open.isEmpty { open.append([]) }
            case .text(let more): text += more
            case .end(let name):
                depth -= 1
                guard let inside = open.popLast() else { continue }
                if open.isEmpty { return FeedItem(sku: "", fields: inside) }
                if let field = field(name, inside, text) { open[open.count - 1].append(field) }
                text = ""
            }
        }
        return nil
    }

    private func field(
        _ name: Reader.Name, _ inside: [FeedItem.Field], _ text: String
    ) -> FeedItem.Field? {
        let isOurs =
            name.namespace == GoogleRSS.namespace
            || name.namespace.isEmpty && GoogleRSS.native.contains(name.local)
        guard isOurs else { return nil }
        guard inside.isEmpty else { return FeedItem.Field(name.local, .group(inside)) }
        return FeedItem.Field(name.local, GoogleRSS.attributes.value(name.local, text))
    }
}
