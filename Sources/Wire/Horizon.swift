package import Foundation

/// How far to look ahead.
package enum Horizon: Codable, Sendable {
    case time(Date)
    /// To its end, where the daemon is.
    case day(DateComponents)

    /// `2027-02-01` or `2027-02-01T00:00:00Z`; nil for what is neither.
    package init?(_ text: String) {
        if let time = try? Date(text, strategy: .iso8601) {
            self = .time(time)
            return
        }
        // 30 February would be taken for 2 March.
        guard let day = try? Date(text, strategy: Self.style), day.formatted(Self.style) == text
        else {
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

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let horizon = Horizon(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "neither a day nor a time")
        }
        self = horizon
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    /// As it is written: `2027-02-01` or `2027-02-01T00:00:00Z`.
    private var text: String {
        switch self {
        case .time(let time): return time.formatted(.iso8601)
        case .day(let day):
            let date = Self.calendar(.gmt).date(from: day) ?? .distantFuture
            return date.formatted(Self.style)
        }
    }

    private static var style: Date.ISO8601FormatStyle {
        Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
    }

    private static func calendar(_ zone: TimeZone) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar
    }
}
