import Foundation
import Model

/// Numbers and dates as the sheet writes them.
enum Wording {
    /// `1 238 911`, in groups that do not break apart.
    static func grouped(_ number: Int64) -> String {
        var digits = ""
        for (index, digit) in String(number.magnitude).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { digits.append("\u{202F}") }
            digits.append(digit)
        }
        return (number < 0 ? "-" : "") + String(digits.reversed())
    }

    /// `1.24 MB`; a megabyte is a million bytes.
    static func bytes(_ count: Int64) -> String {
        switch count {
        case ..<1000: "\(count) bytes"
        case ..<1_000_000: "\(decimal(Double(count) / 1e3, 0)) KB"
        default: "\(decimal(Double(count) / 1e6, 2)) MB"
        }
    }

    static func decimal(_ number: Double, _ places: Int) -> String {
        number.isFinite ? String(format: "%.\(places)f", number) : "–"
    }

    static func percent(_ share: Double, _ places: Int = 1) -> String {
        "\(decimal(share * 100, places)) %"
    }

    static func size(_ size: PixelSize) -> String { "\(size.width) × \(size.height)" }

    static func moment(_ date: Date, _ zone: TimeZone) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
        func two(_ number: Int?) -> String { String(format: "%02d", number ?? 0) }
        return "\(parts.year ?? 0)-\(two(parts.month))-\(two(parts.day)) "
            + "\(two(parts.hour)):\(two(parts.minute)) \(zone.identifier)"
    }

    static func count(_ number: Int, _ what: String) -> String {
        "\(number) \(what)\(number == 1 ? "" : "s")"
    }
}
