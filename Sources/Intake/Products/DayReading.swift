/// Reads days as tables have them.
enum DayReading {
    /// `2026-03-31`, with the time of day as it stands there; nil where it is no day of the calendar.
    static func read(_ text: String, _ form: ProductColumn.DateForm) -> String? {
        if let match = text.wholeMatch(
            of:
                /(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:?\d{2})?)?/
        ) {
            guard isDay(match.1, match.2, match.3) else { return nil }
            let day = "\(match.1)-\(match.2)-\(match.3)"
            return match.4.map { "\(day)T\($0)\(match.5 ?? "")" } ?? day
        }
        guard form != .yearFirst,
            let match = text.wholeMatch(of: /(\d{1,2})([.\/-])(\d{1,2})\2(\d{4})/)
        else { return nil }
        let (day, month) = form == .dayFirst ? (match.1, match.3) : (match.3, match.1)
        guard isDay(match.4, month, day) else { return nil }
        return "\(match.4)-\(two(month))-\(two(day))"
    }

    private static func two(_ number: Substring) -> String {
        number.count < 2 ? "0\(number)" : "\(number)"
    }

    private static func isDay(_ year: Substring, _ month: Substring, _ day: Substring) -> Bool {
        guard let year = Int(year), let month = Int(month), let day = Int(day), year > 0,
            (1...12).contains(month), day > 0
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return day <= days[month - 1]
    }
}
