package import Foundation
package import Model

/// `GET /v1/why?sku=…&channel=…`
package struct WhyAnswer: Codable, Sendable {
    package struct Entry: Codable, Sendable {
        package var asset: String
        package var channel: String
        package var slot: String?
        package var name: String?
        /// A delivery's, or why there is none.
        package var state: ItemState
        /// Closed gates in order; empty when it is live or on its way.
        package var gates: [Gate]
        /// What happens next and when, when no gate is closed.
        package var next: String?
        /// In the spool, where it is one that waits or was set aside.
        package var file: String?

        package init(
            asset: String, channel: String, slot: String?, name: String?, state: ItemState,
            gates: [Gate], next: String?, file: String? = nil
        ) {
            self.asset = asset
            self.channel = channel
            self.slot = slot
            self.name = name
            self.state = state
            self.gates = gates
            self.next = next
            self.file = file
        }
    }

    /// A feed that leaves the SKU out although something of it is live.
    package struct Omission: Codable, Sendable {
        package var channel: String
        package var gate: Gate
        package var since: Date

        package init(channel: String, gate: Gate, since: Date) {
            self.channel = channel
            self.gate = gate
            self.since = since
        }
    }

    /// A feed whose next edition waits for a person, and has the SKU otherwise.
    package struct HeldFeed: Codable, Sendable {
        package var channel: String
        /// Why it waits.
        package var because: String
        package var item: FeedDiffAnswer.Item

        package init(channel: String, because: String, item: FeedDiffAnswer.Item) {
            self.channel = channel
            self.because = because
            self.item = item
        }
    }

    /// What a channel says of the item that its feed has.
    package struct Verdict: Codable, Sendable {
        package var channel: String
        package var verdict: ItemVerdict
        /// In its own words.
        package var says: String
        /// When it first said so.
        package var since: Date
        /// The feed was published since, and it may say something else.
        package var isOld: Bool

        package init(
            channel: String, verdict: ItemVerdict, says: String, since: Date, isOld: Bool
        ) {
            self.channel = channel
            self.verdict = verdict
            self.says = says
            self.since = since
            self.isOld = isOld
        }
    }

    package var sku: String
    package var known: Bool
    /// Nearest SKUs when this one is unknown.
    package var nearest: [String]
    package var entries: [Entry]
    /// Files in the spool that name this SKU and cannot be used.
    package var quarantined: [QuarantinedFile]
    package var omissions: [Omission]
    /// Nil: none.
    package var heldFeeds: [HeldFeed]?
    /// Nil: no channel has said anything.
    package var verdicts: [Verdict]?

    package init(
        sku: String, known: Bool, nearest: [String], entries: [Entry],
        quarantined: [QuarantinedFile], omissions: [Omission] = []
    ) {
        self.sku = sku
        self.known = known
        self.nearest = nearest
        self.entries = entries
        self.quarantined = quarantined
        self.omissions = omissions
    }
}
