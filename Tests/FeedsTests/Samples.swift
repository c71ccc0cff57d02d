import Feeds

extension GoogleRSS {
    static let sample = GoogleRSS(
        title: "Kontor", link: "https://shop.example.com/", description: "All & everything")
}

extension Staging {
    func stage(
        _ items: [FeedItem], _ outline: FeedOutline? = nil
    ) throws(FeedError) -> Staged {
        var rest = items.makeIterator()
        return try stage(outline ?? .of(items)) { rest.next() }
    }
}

extension FeedOutline {
    static func of(_ items: [FeedItem]) -> FeedOutline {
        items.reduce(into: FeedOutline()) { $0.add($1) }
    }
}

extension FeedItem {
    /// An item with nothing wrong with it.
    static func sample(
        _ sku: String, also: [Field] = [], without: String? = nil
    ) -> FeedItem {
        // An address cannot hold all that an id can.
        let plain = sku.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        let fields: [Field] = [
            .init("id", sku), .init("title", "Mug"), .init("description", "A mug"),
            .init("link", "https://shop.example.com/p/\(plain)"),
            .picture("image_link", plain),
            .init("price", "19.99 EUR"), .init("availability", "in_stock"),
        ]
        return FeedItem(sku: sku, fields: fields.filter { $0.name != without } + also)
    }
}
