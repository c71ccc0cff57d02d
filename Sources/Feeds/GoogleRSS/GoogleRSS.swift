package import YAML

/// RSS 2.0 with Google's attributes. `title`, `link` and `description` are RSS's own elements, the
/// rest is `g:`.
package struct GoogleRSS: FeedFormat, Hashable {
    package static let name = "google-rss"
    package static let mediaType = "application/xml"
    package static let ending = "xml"
    package static var attributes: FeedAttributes { GoogleAttributes.list }

    static let namespace = "http://base.google.com/ns/1.0"
    static let native: Set<String> = ["title", "link", "description"]

    // What stands at its head.
    package var title: String
    /// The shop's own address.
    package var link: String
    package var description: String

    package init(title: String, link: String, description: String) {
        self.title = title
        self.link = link
        self.description = description
    }

    package init?(_ keys: Keys, title channel: String) {
        let title = keys.optional("title", .text) ?? channel
        let link = keys.required("link", .publicAddress)
        let description = keys.optional("description", .text) ?? title
        guard let link else { return nil }
        self.init(title: title, link: link, description: description)
    }

    package func check(_ item: FeedItem) -> [FeedFault] { GoogleAttributes.check(item) }

    package static func read(_ descriptor: Int32) throws -> any EditionReader {
        try RSSReader(descriptor: descriptor)
    }
}
