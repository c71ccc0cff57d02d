package import Feeds
package import Foundation
package import Model
package import Transports

extension Profile {
    /// What the edition of a feed is made from.
    package struct Feed: Sendable {
        package var format: FeedFormat
        /// Of one that lies beside the profiles, the texts it was read from.
        package var ownFormats: [FeedFormats.FormatFile]
        package var file: RemoteName
        package var destination: Destination?
        /// Public URL below which the channel's files are found; ends in `/`.
        package var imageBase: String?
        package var items: [Item]
        /// Share of products an edition may lose against the last one, 0 to 1.
        package var drop: Double
        /// Seconds without a change before an edition is published.
        package var quiet: TimeInterval
        /// Seconds after which one is published even without a change.
        package var atLeastEvery: TimeInterval
        /// Nil: the channel does not answer, or nobody reads it.
        package var verdicts: Verdicts?
        package var place: Place
    }

    /// The public URL prefix of this channel's files, ending in `/`, where the profile names one.
    package var publicBase: String? { feed?.imageBase }
}

extension Profile.Feed {
    package struct Item: Sendable {
        package enum Source: Sendable {
            case text(Template)
            /// The confirmed URLs of a slot, one value for each.
            case slot(String)
            /// Attributes of its own inside.
            case group([Item])
            /// Given several times.
            case list([Source])
        }

        /// Of the format, or a part of one: `title`, `image_link`, `country`.
        package var attribute: String
        package var source: Source
        /// Written `title?`: left out where it has no value, instead of the whole product.
        package var optional: Bool
        package var place: Place
    }

    /// Every attribute an item may have; the one that is the SKU where nothing else is said, first.
    package var outline: FeedOutline {
        var outline = FeedOutline()
        if namesNoIdentity { outline.add(format.attributes.identity) }
        for item in items {
            outline.add(item.attribute, parts: item.source.parts)
            if !item.optional { outline.need(item.attribute) }
        }
        return outline
    }

    var namesNoIdentity: Bool {
        !items.contains { $0.attribute == format.attributes.identity }
    }
}

extension Profile.Feed.Item.Source {
    /// Of all groups in it, each once.
    fileprivate var parts: [String] {
        switch self {
        case .text, .slot: []
        case .group(let items): items.map(\.attribute)
        case .list(let sources):
            sources.flatMap(\.parts).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        }
    }

    /// Those whose pictures it names.
    var slots: [String] {
        switch self {
        case .text: []
        case .slot(let name): [name]
        case .group(let items): items.flatMap(\.source.slots)
        case .list(let sources): sources.flatMap(\.slots)
        }
    }

    /// As a profile says it.
    var text: String {
        switch self {
        case .text(let template): template.text
        case .slot(let name): "slot:\(name)"
        case .group(let items): "{\(items.map(\.text).joined(separator: ", "))}"
        case .list(let sources): "[\(sources.map(\.text).joined(separator: ", "))]"
        }
    }
}

extension Profile.Feed.Item {
    /// Those of slots, which an edition names while they are there.
    package var namesPictures: Bool { !source.slots.isEmpty }

    var text: String { "\(attribute)\(optional ? "?" : "")=\(source.text)" }
}
