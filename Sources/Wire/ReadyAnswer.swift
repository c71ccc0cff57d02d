/// `GET /v1/ready?channel=…`: how products and pictures meet.
package struct ReadyAnswer: Codable, Sendable {
    package struct Channel: Codable, Sendable {
        package var channel: String
        /// Pictures that it requires of products and that are not there.
        package var unpictured: Int
        /// Products with something live that its feed leaves out and should not.
        package var leftOut: Int

        package init(channel: String, unpictured: Int, leftOut: Int) {
            (self.channel, self.unpictured, self.leftOut) = (channel, unpictured, leftOut)
        }
    }

    /// What is more is not counted.
    package static let most = 10_000

    /// Pictures of SKUs that no product table has.
    package var orphans: Int
    /// Products that no channel has a file of.
    package var nowhere: Int
    package var channels: [Channel]

    package init(orphans: Int, nowhere: Int, channels: [Channel]) {
        (self.orphans, self.nowhere, self.channels) = (orphans, nowhere, channels)
    }

    package var isReady: Bool {
        orphans + nowhere == 0 && channels.allSatisfy { $0.unpictured + $0.leftOut == 0 }
    }
}
