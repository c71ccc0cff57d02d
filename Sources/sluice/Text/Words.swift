internal import Foundation
internal import Model

/// Amounts and times as people say them.
enum Words {
    /// `1,204`
    static func number(_ value: Int) -> String { Amount.number(value) }

    /// `1 channel`, `3 channels`
    static func count(_ value: Int, _ one: String, _ many: String? = nil) -> String {
        Amount.count(value, one, many)
    }

    /// `3 min ago`, `in 2 h`, `just now`
    static func time(_ date: Date, from now: Date) -> String {
        let seconds = now.timeIntervalSince(date)
        guard abs(seconds) >= 2 else { return "just now" }
        let span = span(abs(seconds))
        return seconds > 0 ? "\(span) ago" : "in \(span)"
    }

    /// `12 s`, `3 min`, `2 h`, `5 days`: one unit, rounded down.
    static func span(_ seconds: TimeInterval) -> String {
        guard seconds.isFinite, seconds < 1e12 else { return "ages" }
        let whole = Int(max(0, seconds))
        switch whole {
        case ..<60: return "\(whole) s"
        case ..<3600: return "\(whole / 60) min"
        case ..<(48 * 3600): return "\(whole / 3600) h"
        default: return "\(number(whole / 86_400)) days"
        }
    }

    /// `████████░░░░`
    static func bar(_ done: Int, of all: Int, columns: Int) -> String {
        let share = all > 0 ? Double(done) / Double(all) : 1
        // Full only when it is.
        let filled = done >= all ? columns : min(columns - 1, Int(share * Double(columns)))
        return String(repeating: "█", count: max(0, filled))
            + String(repeating: "░", count: columns - max(0, filled))
    }

    static func percent(_ done: Int, of all: Int) -> String {
        guard all > 0, done < all else { return "100%" }
        return "\(min(99, Int(Double(done) / Double(all) * 100)))%"
    }

    /// Control characters out: names of files and texts of servers reach the terminal.
    static func plain(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { isControl($0) ? ($0 == "\n" ? " " : "\u{FFFD}") : $0 }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
