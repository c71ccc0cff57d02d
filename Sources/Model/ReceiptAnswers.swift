package import Foundation

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
        package var state: String
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
        /// What the profile in force says now; empty where it says the same as the newest judgement.
        package var now: [Check]
        /// Of the profile in force.
        package var revision: ContentHash?

        package init(key: ContentHash, master: ContentHash, state: String) {
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

/// How far to look ahead.
package enum Horizon: Sendable {
    case time(Date)
    /// To its end, where the daemon is.
    case day(DateComponents)

    /// `2027-02-01` or `2027-02-01T00:00:00Z`; nil for what is neither.
    package init?(_ text: String) {
        if let time = try? Date(text, strategy: .iso8601) {
            self = .time(time)
            return
        }
        let style = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
        // 30 February would be taken for 2 March.
        guard let day = try? Date(text, strategy: style), day.formatted(style) == text else {
            return nil
        }
        self = .day(Self.calendar(.gmt).dateComponents([.year, .month, .day], from: day))
    }

    package func date(in zone: TimeZone) -> Date {
        switch self {
        case .time(let time): return time
        case .day(var day):
            // Days are not all 24 hours long.
            day.day = (day.day ?? 1) + 1
            let next = Self.calendar(zone).date(from: day) ?? .distantFuture
            return next.addingTimeInterval(-1)
        }
    }

    private static func calendar(_ zone: TimeZone) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar
    }
}
