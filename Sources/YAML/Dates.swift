package import Foundation

/// The two ways a moment is written: a bare day, which is the whole day in some zone, and an
/// RFC 3339 instant.
package enum Moment: Sendable, Hashable {
    case day(year: Int, month: Int, day: Int)
    case instant(Date)

    /// Which end of a bare day is meant.
    package enum Edge: Sendable {
        /// Its first instant.
        case start
        /// The first instant after it.
        case end
    }

    /// Nil for anything else, and for days that do not exist.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, let day = Self.day(bytes[0..<10]) else { return nil }
        guard bytes.count > 10 else {
            self = .day(year: day.0, month: day.1, day: day.2)
            return
        }
        guard let date = Self.instant(day, bytes[10...]) else { return nil }
        self = .instant(date)
    }

    package func date(in zone: TimeZone, edge: Edge) -> Date {
        switch self {
        case .instant(let date): return date
        case .day(let year, let month, let day):
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = zone
            let noon = DateComponents(year: year, month: month, day: day, hour: 12)
            // Noon exists on every day in every zone; its day's start is where clocks allow.
            let date = calendar.date(from: noon) ?? .distantFuture
            let start = calendar.startOfDay(for: date)
            guard edge == .end else { return start }
            let next = calendar.date(byAdding: .day, value: 1, to: date) ?? .distantFuture
            return calendar.startOfDay(for: next)
        }
    }

    private static func day(_ bytes: ArraySlice<UInt8>) -> (Int, Int, Int)? {
        let parts = String(decoding: bytes, as: UTF8.self)
            .split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], let year = Units.integer(String(parts[0])),
            let month = Units.integer(String(parts[1])), let day = Units.integer(String(parts[2])),
            (1900...9999).contains(year), (1...12).contains(month),
            (1...length(ofMonth: month, year)).contains(day)
        else { return nil }
        return (year, month, day)
    }

    private static func length(ofMonth month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// `T09:12:00Z`, `T09:12:00.25+01:00`
    private static func instant(_ day: (Int, Int, Int), _ rest: ArraySlice<UInt8>) -> Date? {
        let text = String(decoding: rest, as: UTF8.self)
        let form =
            /[Tt ](\d\d):(\d\d):(\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)/
            .asciiOnlyDigits()
        guard let match = text.wholeMatch(of: form), let hour = Int(match.1),
            let minute = Int(match.2), let second = Int(match.3), hour < 24, minute < 60,
            second <= 60, let offset = offset(String(match.5))
        else { return nil }
        let fraction = match.4.flatMap { Double("0" + $0) } ?? 0
        let seconds = days(day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Date(timeIntervalSince1970: Double(seconds) + fraction)
    }

    /// Seconds east of Greenwich.
    private static func offset(_ text: String) -> Int? {
        guard text.count == 6 else { return 0 }
        guard let hours = Int(text.dropFirst().prefix(2)), let minutes = Int(text.suffix(2)),
            hours < 24, minutes < 60
        else { return nil }
        return (text.hasPrefix("-") ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    /// Days since 1970-01-01 in the Gregorian calendar (Howard Hinnant's days_from_civil).
    private static func days(_ day: (Int, Int, Int)) -> Int {
        let year = day.1 <= 2 ? day.0 - 1 : day.0
        let era = year / 400
        let yearOfEra = year - era * 400
        let month = (day.1 + 9) % 12
        let dayOfYear = (153 * month + 2) / 5 + day.2 - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }
}

extension Shape where Value == Date {
    /// A bare date is its whole day in `zone`: `from` wants its start, `until` its end.
    package static func date(in zone: TimeZone, _ edge: Moment.Edge) -> Shape<Date> {
        Shape(expects: "a date such as 2026-03-31 or 2026-03-31T18:00:00Z") { text in
            Moment(text)?.date(in: zone, edge: edge)
        }
    }
}
