// What the socket answers under /v1, and the commands print. Encoded with snake_case keys and
// ISO 8601 dates.

package import Foundation

/// `GET /v1/why?sku=…&channel=…`
package struct WhyAnswer: Codable, Sendable {
    package struct Entry: Codable, Sendable {
        package var asset: String
        package var channel: String
        package var slot: String?
        package var name: String?
        /// Delivery state; or `refused`, `not asked for`, `waits for approval`, `withdrawn`, `set
        /// aside`.
        package var state: String
        /// Closed gates in order; empty when it is live or on its way.
        package var gates: [Gate]
        /// What happens next and when, when no gate is closed.
        package var next: String?
        /// In the spool, where it is one that waits or was set aside.
        package var file: String?

        package init(
            asset: String, channel: String, slot: String?, name: String?, state: String,
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

    package var sku: String
    package var known: Bool
    /// Nearest SKUs when this one is unknown.
    package var nearest: [String]
    package var entries: [Entry]
    /// Files in the spool that name this SKU and cannot be used.
    package var quarantined: [QuarantinedFile]
    package var omissions: [Omission]

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

/// `GET /v1/live/SKU`
package struct LiveAnswer: Codable, Sendable {
    package struct Entry: Codable, Sendable {
        package var asset: String
        package var channel: String
        package var slot: String
        package var name: String
        /// Where a person can look at it.
        package var url: String
        package var sha256: String
        package var master: String
        package var approvedBy: String
        package var since: Date
        /// hash or size
        package var confirmedBy: String
        package var superseded: Bool

        package init(
            asset: String, channel: String, slot: String, name: String, url: String,
            sha256: String, master: String, approvedBy: String, since: Date, confirmedBy: String,
            superseded: Bool
        ) {
            self.asset = asset
            self.channel = channel
            self.slot = slot
            self.name = name
            self.url = url
            self.sha256 = sha256
            self.master = master
            self.approvedBy = approvedBy
            self.since = since
            self.confirmedBy = confirmedBy
            self.superseded = superseded
        }
    }

    package var sku: String
    package var known: Bool
    /// The nearest SKU when this one is unknown.
    package var nearest: String?
    package var entries: [Entry]

    package init(
        sku: String, known: Bool = true, nearest: String? = nil, entries: [Entry]
    ) {
        self.sku = sku
        self.known = known
        self.nearest = nearest
        self.entries = entries
    }
}

/// One line of `GET /v1/events`, newline-delimited JSON; also the ledger's history.
package struct Event: Codable, Sendable {
    package var id: Int64
    package var at: Date
    /// accepted, quarantined, rendered, refused, sent, confirmed, removed, published, held,
    /// paused, withdrawn, reloaded, failed ...
    package var kind: String
    package var channel: String?
    package var subject: String
    package var text: String

    package init(
        id: Int64, at: Date, kind: String, channel: String?, subject: String, text: String
    ) {
        self.id = id
        self.at = at
        self.kind = kind
        self.channel = channel
        self.subject = subject
        self.text = text
    }
}

/// `POST /v1/reload`
package struct ReloadAnswer: Codable, Sendable {
    /// Channel → what happened: `unchanged`, `taken (3 renditions change)`, `kept at its last good
    /// revision` ...
    package var channels: [String: String]
    package var problems: [Problem]
    /// Channels among them that wait for a person.
    package var waiting: [String]

    package init(channels: [String: String], problems: [Problem], waiting: [String] = []) {
        self.channels = channels
        self.problems = problems
        self.waiting = waiting
    }
}

/// Answer to every other POST: what was done, to how many.
package struct DoneAnswer: Codable, Sendable {
    package var done: String
    package var count: Int
    /// The first few, where they have names.
    package var names: [String]?

    package init(done: String, count: Int, names: [String]? = nil) {
        self.done = done
        self.count = count
        self.names = names
    }
}
