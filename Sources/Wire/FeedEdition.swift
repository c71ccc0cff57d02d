package import Foundation

/// One edition of a channel's feed that is kept.
package struct FeedEdition: Codable, Hashable, Sendable {
    /// A word that this program does not know, from a newer daemon, is kept as it came and shown.
    package enum State: RawRepresentable, Codable, Hashable, Sendable {
        /// Until a person lets it pass.
        case held
        /// Made, or let pass, and not proven at its place yet.
        case onItsWay
        /// What the channel has, and what it had before.
        case published, earlier
        case other(String)

        package init(rawValue: String) {
            switch rawValue {
            case "held": self = .held
            case "on its way": self = .onItsWay
            case "published": self = .published
            case "earlier": self = .earlier
            default: self = .other(rawValue)
            }
        }

        package var rawValue: String {
            switch self {
            case .held: "held"
            case .onItsWay: "on its way"
            case .published: "published"
            case .earlier: "earlier"
            case .other(let word): word
            }
        }
    }

    package var number: Int
    package var state: State
    package var items: Int
    package var bytes: Int64
    package var madeAt: Date
    package var publishedAt: Date?
    /// Why it is held, or was not taken.
    package var because: String?

    package init(
        number: Int, state: State, items: Int, bytes: Int64, madeAt: Date, publishedAt: Date?,
        because: String?
    ) {
        self.number = number
        self.state = state
        self.items = items
        self.bytes = bytes
        self.madeAt = madeAt
        self.publishedAt = publishedAt
        self.because = because
    }
}

/// `GET /v1/feed/CHANNEL/editions`
package struct FeedEditionsAnswer: Codable, Sendable {
    package var channel: String
    /// The newest first.
    package var editions: [FeedEdition]

    package init(channel: String, editions: [FeedEdition]) {
        self.channel = channel
        self.editions = editions
    }
}
