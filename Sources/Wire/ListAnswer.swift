package import Foundation

/// `GET /v1/list/KIND`: the things behind a number that `status` shows, a page at a time.
package struct ListAnswer: Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// A gate keeps them from a channel.
        case refused
        /// A person took them down: settled.
        case withdrawn
        /// No slot asks for them, or `select` leaves them out.
        case notAskedFor = "not-asked-for"
        /// To be rendered or sent.
        case waiting
        case rendering, sending, live, lingering, removing, stuck
        /// To a person, who does the last step.
        case handedOver = "handed-over"
        /// May not be there any more and are not proven absent.
        case mustGo = "must-go"
        /// What a guard holds at this moment.
        case held
        /// What `release` would let pass: what is held, and what will come before the guards.
        case due
        /// Products with something live that a feed leaves out and should not.
        case leftOut = "left-out"
        /// Items of its feed that the channel rejects, in its own words.
        case rejected
        /// Products that lack a picture their channel requires.
        case unpictured
        /// Pictures of SKUs that no product table has.
        case orphans
        /// Products that no channel has a file of.
        case nowhere
        /// Files in the spool.
        case sources, quarantined
        /// Files in the spool that are not taken yet: the first five hundred.
        case settling
        /// Files whose name is near that of a picture that lacks them: the first five hundred.
        case misnamed
        /// Masters nobody has looked into yet.
        case uninspected
        /// SKUs of which something in the ledger is damaged.
        case setAside = "set-aside"

        /// Lists of what has to do with no channel, or not yet.
        package var isOfNoChannel: Bool {
            [.sources, .quarantined, .settling, .misnamed, .uninspected, .orphans, .nowhere]
                .contains(self)
        }

        /// Nobody has read yet which SKU they are of.
        package var isUnread: Bool { [.settling, .misnamed, .uninspected].contains(self) }
    }

    /// What is known of it; the rest is nil.
    package struct Entry: Codable, Hashable, Sendable {
        package var channel: String?
        package var sku: String?
        package var asset: String?
        /// On the channel.
        package var name: String?
        /// In the spool.
        package var file: String?
        /// Delivery state, gate, or state of a source.
        package var state: ItemState
        package var because: String?
        package var turn: String?
        package var next: String?
        /// Since when it is so.
        package var since: Date?
        /// When something happens to it, where that is known and ahead.
        package var due: Date?

        package init(state: ItemState) { self.state = state }

        /// In one line: what it is about.
        package var subject: String { asset ?? file ?? sku ?? name ?? "" }
    }

    package var entries: [Entry]
    /// What to ask for as `after` to get what follows; nil: this is the end.
    package var after: String?

    package init(entries: [Entry], after: String?) {
        self.entries = entries
        self.after = after
    }
}
