package import Foundation
package import Model

/// `GET /v1/upcoming?until=…&channel=…`
package struct UpcomingAnswer: Codable, Sendable {
    /// A rule that begins.
    package struct Rule: Codable, Sendable {
        package var channel: String
        package var id: String
        package var from: Date
        package var source: String
        package var place: Place

        package init(channel: String, id: String, from: Date, source: String, place: Place) {
            self.channel = channel
            self.id = id
            self.from = from
            self.source = source
            self.place = place
        }
    }

    /// A file that is live now and will not pass then.
    package struct Failing: Codable, Sendable {
        package var channel: String
        package var asset: String
        package var name: String
        package var from: Date
        package var check: Check

        package init(channel: String, asset: String, name: String, from: Date, check: Check) {
            self.channel = channel
            self.asset = asset
            self.name = name
            self.from = from
            self.check = check
        }
    }

    package var until: Date
    /// The daemon's, such as Europe/Berlin: a rule's day begins and ends there.
    package var zone: String
    package var rules: [Rule]
    /// At most `limit`; `failingCount` are all.
    package var failing: [Failing]
    package var failingCount: Int
    /// Live files that were asked about.
    package var live: Int

    package static let limit = 2000

    package init(
        until: Date, zone: TimeZone, rules: [Rule] = [], failing: [Failing] = [],
        failingCount: Int = 0, live: Int = 0
    ) {
        self.until = until
        self.zone = zone.identifier
        self.rules = rules
        self.failing = failing
        self.failingCount = failingCount
        self.live = live
    }
}
