package import Foundation

extension Version {
    /// What was declared of its rights, narrowed by what the picture itself says, and every `.xmp`
    /// beside it.
    package mutating func narrowRights(by inside: PictureMetadata?, zone: TimeZone) {
        let found = [inside, xmpMetadata].compactMap(\.self) + otherXMPMetadata
        rights = rights.narrowed(by: found, zone: zone)
    }
}

extension Rights {
    package var forbidsAlteration: Bool { noCrop || !forbidden.isEmpty }

    /// These rights together with what the picture, and the `.xmp` beside it, say: of several dates
    /// the narrowest, of alterations all that any forbids. What is meant to restrict the use and
    /// cannot be understood is in `unreadable`, and closes a gate: guessing would be using without
    /// a licence. Unchanged where what stands beside the picture overrides what is in it.
    /// - Parameter zone: for bare dates, which are that whole day, and for times without an offset.
    package func narrowed(by found: [PictureMetadata], zone: TimeZone) -> Rights {
        guard !overridesEmbedded else { return self }
        var rights = self
        for metadata in found {
            for text in metadata.usableFrom { rights.begin(text, zone) }
            for text in metadata.usableUntil { rights.end(text, zone) }
            for code in metadata.constraints { rights.forbid(code) }
        }
        return rights
    }

    private mutating func begin(_ text: String, _ zone: TimeZone) {
        guard let date = LicenceDate(text)?.start(in: zone) else { return unreadable.append(text) }
        guard from.map({ $0 < date }) ?? true else { return }
        from = date
        beginsInside = true
    }

    private mutating func end(_ text: String, _ zone: TimeZone) {
        guard let date = LicenceDate(text)?.end(in: zone) else { return unreadable.append(text) }
        guard until.map({ $0 > date }) ?? true else { return }
        until = date
        endsInside = true
    }

    private mutating func forbid(_ code: String) {
        guard let alteration = Alteration(rawValue: code) else { return unreadable.append(code) }
        forbidden.insert(alteration)
        if alteration == .crop { noCrop = true }
    }
}

/// A date as XMP, IIM and the people who fill them in write it: a year, a month, a day, or a day
/// with a time, and perhaps with an offset. `2026-03-31`, `2026:03:31 12:00:00+02:00`, `20260331`.
package struct LicenceDate: Sendable {
    private let parts: DateComponents
    /// What was left out is all of it: the last day of March belongs to March.
    private let span: Calendar.Component?

    /// Nil for anything else, and for what no calendar has.
    package init?(_ text: String) {
        let halves = text.split(maxSplits: 1) { "Tt ".contains($0) }
        guard let day = halves.first, let numbers = Self.numbers(day) else { return nil }
        var parts = DateComponents(year: numbers[0], month: 1, day: 1)
        if numbers.count > 1 { parts.month = numbers[1] }
        if numbers.count > 2 { parts.day = numbers[2] }
        var span: Calendar.Component? = [.year, .month, .day][numbers.count - 1]
        if halves.count == 2 {
            guard numbers.count == 3, Self.read(time: halves[1], into: &parts) else { return nil }
            span = nil
        }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        // Of itself: with an offset, Foundation compares the day with that of another zone.
        var plain = parts
        plain.timeZone = nil
        guard (1...9999).contains(numbers[0]), plain.isValidDate(in: calendar) else { return nil }
        self.parts = parts
        self.span = span
    }

    /// The first instant of it.
    package func start(in zone: TimeZone) -> Date {
        let calendar = calendar(zone)
        guard span != nil else { return calendar.date(from: parts) ?? .distantFuture }
        return calendar.startOfDay(for: noon(calendar))
    }

    /// The first instant after it; of a time, the instant itself.
    package func end(in zone: TimeZone) -> Date {
        let calendar = calendar(zone)
        guard let span else { return calendar.date(from: parts) ?? .distantPast }
        let next = calendar.date(byAdding: span, value: 1, to: noon(calendar)) ?? .distantPast
        return calendar.startOfDay(for: next)
    }

    /// Noon exists on every day in every zone; midnight does not.
    private func noon(_ calendar: Calendar) -> Date {
        var parts = parts
        parts.hour = 12
        return calendar.date(from: parts) ?? .distantPast
    }

    private func calendar(_ zone: TimeZone) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar
    }

    /// Year, month and day, as many as there are.
    private static func numbers(_ text: Substring) -> [Int]? {
        if text.utf8.count == 8, let all = digits(text) {
            return [all / 10_000, all / 100 % 100, all % 100]
        }
        let pieces = text.split(omittingEmptySubsequences: false) { "-:/.".contains($0) }
        guard pieces.count <= 3, pieces[0].utf8.count == 4,
            pieces.dropFirst().allSatisfy({ (1...2).contains($0.utf8.count) })
        else { return nil }
        let numbers = pieces.compactMap(digits)
        return numbers.count == pieces.count ? numbers : nil
    }

    /// `12:00`, `12:00:00.25`, `12:00:00Z`, `12:00:00+02:00`.
    private static func read(time text: Substring, into parts: inout DateComponents) -> Bool {
        let clock = text.prefix { $0.isNumber || ":.".contains($0) }
        let pieces = clock.prefix { $0 != "." }.split(
            separator: ":", omittingEmptySubsequences: false)
        let numbers = pieces.compactMap(digits)
        guard numbers.count == pieces.count, (2...3).contains(numbers.count) else { return false }
        parts.hour = numbers[0]
        parts.minute = numbers[1]
        parts.second = numbers.count > 2 ? numbers[2] : 0
        let rest = text[clock.endIndex...].filter { !$0.isWhitespace }
        if rest.isEmpty { return true }
        guard let zone = zone(rest[...]) else { return false }
        parts.timeZone = zone
        return true
    }

    private static func zone(_ text: Substring) -> TimeZone? {
        if text == "Z" || text == "z" { return .gmt }
        guard let sign = text.first, "+-".contains(sign) else { return nil }
        let hours = text.dropFirst().prefix(2)
        let minutes = text.dropFirst(3).trimmingPrefix(":")
        guard hours.utf8.count == 2, let hour = digits(hours), hour <= 14,
            let minute = minutes.isEmpty ? 0 : digits(minutes), minute < 60
        else { return nil }
        return TimeZone(secondsFromGMT: (sign == "-" ? -1 : 1) * (hour * 3600 + minute * 60))
    }

    /// Nil for a sign, another script's digits, or what is too long to be any of this.
    private static func digits(_ text: Substring) -> Int? {
        guard (1...8).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(text)
    }
}
