internal import Foundation
internal import Wire

/// What text is laid out on: columns, colour, time zone. A value, so that every layout is a
/// function of the answer and this.
struct Page: Sendable {
    enum Tint: String {
        case green = "32"
        case yellow = "33"
        case red = "31"
        case bold = "1"
        case dim = "2"
        case plain = ""
    }

    var width = 100
    var colour = false
    var zone = TimeZone.current

    /// Wider terminals do not make longer lines easier to read.
    static let widest = 100

    static func standard(zone: TimeZone = .current) -> Page {
        Page(
            width: min(Console.width ?? widest, widest), colour: Console.usesColour, zone: zone)
    }

    /// Where times are shown, which ones they are.
    var zoneText: String { "times in \(zone == .gmt ? "UTC" : zone.identifier)" }
    var zoneLine: String { paint("  " + zoneText, .dim) }

    func paint(_ text: String, _ tint: Tint) -> String {
        guard colour, tint != .plain, !text.isEmpty else { return text }
        return "\u{1B}[\(tint.rawValue)m\(text)\u{1B}[0m"
    }

    /// One column; a shape of its own for each, since not everybody and not every pipe sees colours.
    func light(_ light: Light?) -> String {
        let shape =
            switch light {
            case .green: "●"
            case .yellow: "◐"
            case .red: "✗"
            case nil: "○"
            }
        return paint(shape, Self.tint(ofLight: light))
    }

    static func tint(ofLight light: Light?) -> Tint {
        switch light {
        case .green: .green
        case .yellow: .yellow
        case .red: .red
        case nil: .dim
        }
    }

    /// Words on lines of the page's width: the first behind `lead`, the others indented as far.
    func wrap(_ text: String, lead: String = "", _ tint: Tint = .plain) -> [String] {
        let columns = Self.columns(of: lead)
        let indent = String(repeating: " ", count: columns)
        let lines = Self.lines(text, columns: max(20, width - columns))
        return lines.enumerated().map { (number, line) in
            (number == 0 ? lead : indent) + paint(line, tint)
        }
    }

    /// What is painted takes no more room.
    private static func columns(of text: String) -> Int {
        var count = 0
        var isPaint = false
        for character in text {
            if character == "\u{1B}" { isPaint = true }
            if !isPaint { count += 1 }
            if character == "m" { isPaint = false }
        }
        return count
    }

    /// A moment in the page's zone: `2026-03-31 14:05:09`.
    func moment(_ date: Date, seconds: Bool = true) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: date)
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number!)" }
        let day = "\(parts.year ?? 0)-\(two(parts.month))-\(two(parts.day))"
        let time = "\(two(parts.hour)):\(two(parts.minute))"
        return seconds ? "\(day) \(time):\(two(parts.second))" : "\(day) \(time)"
    }

    static func lines(_ text: String, columns: Int) -> [String] {
        var lines = [""]
        for word in Words.plain(text).split(separator: " ") {
            for piece in pieces(word, columns) {
                let last = lines[lines.count - 1]
                if last.isEmpty {
                    lines[lines.count - 1] = piece
                } else if last.count + 1 + piece.count <= columns {
                    lines[lines.count - 1] += " " + piece
                } else {
                    lines.append(piece)
                }
            }
        }
        return lines
    }

    /// A word longer than a line is broken, unless it is an address or a path to be copied.
    private static func pieces(_ word: Substring, _ columns: Int) -> [String] {
        guard word.count > columns, !word.contains("/") else { return [String(word)] }
        return stride(from: 0, to: word.count, by: columns).map {
            String(word.dropFirst($0).prefix(columns))
        }
    }
}
