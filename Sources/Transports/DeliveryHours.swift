private import Foundation

package import struct Foundation.Date
package import struct Foundation.TimeZone

/// When a channel may be sent to, each day by the clock on the wall: `22:00..06:00`.
package struct DeliveryHours: Sendable, Hashable, CustomStringConvertible {
    /// Minutes after midnight.
    package var from: Int
    package var until: Int

    /// Nil for what is none, and for a beginning that is its own end.
    package init?(_ text: String) {
        let parts = text.split(separator: "..", omittingEmptySubsequences: false).map(Self.minute)
        guard parts.count == 2, let from = parts[0], let until = parts[1], from != until,
            from < 1440
        else {
            return nil
        }
        (self.from, self.until) = (from, until)
    }

    package var description: String { "\(Self.text(from))..\(Self.text(until))" }

    /// Nil: they are open. The hour that is twice on the last Sunday of October counts twice; a time
    /// that a day lacks is the next it has.
    package func opening(after now: Date, in zone: TimeZone) -> Date? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.hour, .minute], from: now)
        let minute = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
        let isOpen =
            from < until ? (from..<until).contains(minute) : minute >= from || minute < until
        guard !isOpen else { return nil }
        let opening = DateComponents(hour: from / 60, minute: from % 60, second: 0)
        return calendar.nextDate(after: now, matching: opening, matchingPolicy: .nextTime)
    }

    /// Whether they have been open for longer than so many seconds of the time between two moments.
    package func wereOpen(
        longerThan limit: Double, from start: Date, until end: Date, in zone: TimeZone
    ) -> Bool {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let closing = DateComponents(hour: until % 1440 / 60, minute: until % 60, second: 0)
        var (moment, open) = (start, 0.0)
        while moment < end, open <= limit {
            if let opening = opening(after: moment, in: zone) {
                moment = opening
                continue
            }
            let next = calendar.nextDate(
                after: moment, matching: closing, matchingPolicy: .nextTime)
            let closes = min(next ?? end, end)
            open += closes.timeIntervalSince(moment)
            moment = closes
        }
        return open > limit
    }

    private static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.count == 2 && $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            let hour = UInt8(parts[0]), let minute = UInt8(parts[1]), minute < 60,
            hour < 24 || hour == 24 && minute == 0
        else { return nil }
        return Int(hour) * 60 + Int(minute)
    }

    private static func text(_ minute: Int) -> String {
        let (hour, minute) = (minute / 60, minute % 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }
}
