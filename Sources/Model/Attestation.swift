package import Foundation

/// A person's word for what no question can prove: that a file is at its place, or gone from there.
package struct Attestation: Codable, Hashable, Sendable {
    package var channel: String
    package var name: String
    /// False: it arrived.
    package var isGone: Bool
    package var who: String
    package var at: Date
    package var because: String

    package init(
        channel: String, name: String, isGone: Bool, who: String, at: Date, because: String
    ) {
        self.channel = channel
        self.name = name
        self.isGone = isGone
        self.who = who
        self.at = at
        self.because = because
    }
}
