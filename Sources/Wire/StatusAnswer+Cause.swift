extension StatusAnswer {
    /// One reason why not all is well. The light, the reasons and the problems of the answer are made
    /// of these, and so is what an alarm tells.
    package struct Cause: Codable, Sendable, Hashable {
        package enum Kind: String, Codable, Sendable, CaseIterable {
            case standsStill = "stands-still"
            case ledger, products
            case setAside = "set-aside"
            case rendering, quarantine, profile, held, paused
            case mustGo = "must-go"
            case stuck, limits, drift, twice, fetch
            case handedOver = "handed-over"
            case feedHeld = "feed-held"
            case oldFeed = "old-feed"
            case waiting
            case noSuccess = "no-success"
            case approval, rights, refused, failure, feed, other

            /// What a newer daemon may say beyond these is still a cause.
            package init(from decoder: any Decoder) throws {
                let word = try decoder.singleValueContainer().decode(String.self)
                self = Self(rawValue: word) ?? .other
            }
        }

        package var kind: Kind
        /// Nil: it concerns all of them.
        package var channel: String?
        /// Which of several of its kind.
        package var subject: String?
        /// Yellow or red.
        package var light: Light
        /// What it is, and what to do about it.
        package var says: String
        /// Of what it counts; more of it is news.
        package var amount: Int?

        package init(
            _ kind: Kind, _ light: Light, on channel: String? = nil, of subject: String? = nil,
            amount: Int? = nil, _ says: String
        ) {
            self.kind = kind
            self.channel = channel
            self.subject = subject
            self.light = light
            self.says = says
            self.amount = amount
        }

        /// The same however its words and numbers change.
        package var identity: String {
            [kind.rawValue, channel ?? "", subject ?? ""].joined(separator: "\t")
        }
    }
}
