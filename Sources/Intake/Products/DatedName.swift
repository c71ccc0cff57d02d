internal import Foundation

/// A file name and the day it names: `export-2026-11-28.csv` is one of the exports `export-*.csv`.
struct DatedName: Hashable {
    /// The name with `*` for its date; the name itself where it has none.
    let series: String
    /// In UTC; nil where it names no day.
    let date: Date?

    init(_ name: String) {
        for (found, date) in Self.dates(in: name) {
            guard let date, !Self.continues(found, in: name) else { continue }
            series = name.replacingCharacters(in: found, with: "*")
            self.date = date
            return
        }
        series = name
        date = nil
    }

    /// `2026-11-28`, `20261128`, `2026_11_28T1430`, `28.11.2026`; a time of day may follow.
    private static func dates(in name: String) -> [(Range<String.Index>, Date?)] {
        let yearFirst =
            /(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?:[-_.T ]?([01]\d|2[0-3])[-_.:]?([0-5]\d)(?:[-_.:]?([0-5]\d))?)?/
        let dayFirst = /(0[1-9]|[12]\d|3[01])[-_.](0[1-9]|1[0-2])[-_.](20\d\d)/
        let years = name.matches(of: yearFirst).map { match in
            let time = [match.4, match.5, match.6].map { $0.flatMap { Int($0) } ?? 0 }
            return (match.range, date(match.1, match.2, match.3, time))
        }
        return years
            + name.matches(of: dayFirst).map { ($0.range, date($0.3, $0.2, $0.1, [0, 0, 0])) }
    }

    /// A longer number is none of ours.
    private static func continues(_ range: Range<String.Index>, in name: String) -> Bool {
        let before = name[..<range.lowerBound].last
        let after = name[range.upperBound...].first
        return before?.isNumber == true || after?.isNumber == true
    }

    private static func date(
        _ year: Substring, _ month: Substring, _ day: Substring, _ time: [Int]
    ) -> Date? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = DateComponents(
            year: Int(year), month: Int(month), day: Int(day), hour: time[0], minute: time[1],
            second: time[2])
        guard let date = calendar.date(from: parts) else { return nil }
        // 31 November is a day in December to the calendar.
        return calendar.component(.day, from: date) == Int(day) ? date : nil
    }
}
