package import Foundation

/// What one revision of a profile said to one file that was measured: the receipt of a delivery.
package struct Judgement: Hashable, Codable, Sendable {
    package var channel: String
    /// The profile's name for it.
    package var rendition: String
    /// On the channel.
    package var name: String
    package var key: ContentHash
    /// Of the very bytes.
    package var sha256: ContentHash
    /// Of the profile.
    package var revision: ContentHash
    package var at: Date
    package var checks: [Check]

    package init(
        channel: String, rendition: String, name: String, key: ContentHash, sha256: ContentHash,
        revision: ContentHash, at: Date, checks: [Check]
    ) {
        self.channel = channel
        self.rendition = rendition
        self.name = name
        self.key = key
        self.sha256 = sha256
        self.revision = revision
        self.at = at
        self.checks = checks
    }

    package var passed: Bool { checks.allSatisfy(\.passed) }
}
