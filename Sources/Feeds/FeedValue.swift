private import XML

/// What a feed says under one name.
package enum FeedValue: Sendable, Hashable {
    case text(String)
    /// Apart from other texts: an edition may name it only while it is there.
    case picture(FeedPicture)
    /// Named values of its own inside: a country and a price.
    case group([FeedItem.Field])

    /// As a channel reads it; a group has none.
    package var text: String? {
        switch self {
        case .text(let text): text
        case .picture(let picture): picture.address
        case .group: nil
        }
    }

    package var isEmpty: Bool {
        switch self {
        // What no document can hold is dropped later on, and is nothing.
        case .text(let text):
            // Most texts say so with their first letter.
            !(text.utf8.first.map { 0x21...0x7E ~= $0 } ?? false)
                && text.unicodeScalars.allSatisfy {
                    $0.properties.isWhitespace || !CleanText.isAllowed($0)
                }
        case .picture(let picture): picture.address.isEmpty
        case .group(let fields): fields.allSatisfy(\.value.isEmpty)
        }
    }
}

/// A place that a picture has in a feed.
package struct FeedPicture: Sendable, Hashable {
    package var address: String
    /// Of the profile; nil where it is not known: in what was read back.
    package var slot: String?

    package init(_ address: String, slot: String? = nil) {
        self.address = address
        self.slot = slot
    }
}
