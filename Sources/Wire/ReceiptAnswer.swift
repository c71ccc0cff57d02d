package import Foundation
package import Model

/// `GET /v1/receipt?sku=…&channel=…`, `?name=…` or `?hash=…`
package struct ReceiptAnswer: Codable, Sendable {
    package struct Entry: Codable, Sendable {
        /// Nil where the file is on no channel and on its way to none.
        package var asset: String?
        package var channel: String?
        package var slot: String?
        package var name: String?
        package var rendition: String?
        /// Delivery state; `refused` where it may not go; `kept` where nobody wants it now.
        package var state: ItemState
        package var key: ContentHash
        package var master: ContentHash
        package var approvedBy: String?
        package var approvedAt: Date?
        /// What was measured; nil where no file could be made.
        package var receipt: Receipt?
        /// Why none could be made.
        package var refusal: Gate?
        /// What was said when it was to be sent, newest first.
        package var judgements: [Judgement]
        /// What persons said of it that nobody can prove, newest first; nil: nothing.
        package var attestations: [Attestation]?
        /// What the profile in force says now; empty where it says the same as the newest judgement.
        package var now: [Check]
        /// Of the profile in force.
        package var revision: ContentHash?

        package init(key: ContentHash, master: ContentHash, state: ItemState) {
            self.key = key
            self.master = master
            self.state = state
            judgements = []
            now = []
        }
    }

    package var entries: [Entry]
    /// Of a SKU that is not known.
    package var nearest: String?

    package init(entries: [Entry], nearest: String? = nil) {
        self.entries = entries
        self.nearest = nearest
    }
}
