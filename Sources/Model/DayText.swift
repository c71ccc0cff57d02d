package import Foundation

/// `2026-03-31`, with the time where it is not midnight.
package enum DayText {
    package static func of(_ date: Date, in zone: TimeZone) -> String {
        let parts = calendar(zone).dateComponents(
            [.year, .month, .day, .hour, .minute], from: date)
        func digits(_ number: Int?, _ width: Int = 2) -> String {
            let text = String(number ?? 0)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let day = [digits(parts.year, 4), digits(parts.month), digits(parts.day)]
            .joined(separator: "-")
        let isStart = parts.hour == 0 && parts.minute == 0
        return isStart ? day : "\(day) \(digits(parts.hour)):\(digits(parts.minute))"
    }

    /// What ends at midnight ended with the day before.
    package static func ofEnd(_ date: Date, in zone: TimeZone) -> String {
        let calendar = calendar(zone)
        guard calendar.startOfDay(for: date) == date else { return "on \(of(date, in: zone))" }
        let before = calendar.startOfDay(for: date.addingTimeInterval(-1))
        return "with \(of(before, in: zone))"
    }

    private static func calendar(_ zone: TimeZone) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar
    }
}
