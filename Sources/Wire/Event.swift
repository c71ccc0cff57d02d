package import Foundation

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
