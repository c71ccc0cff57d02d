package import Foundation

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
        /// What a person has to do about it.
        package var task: String?

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
