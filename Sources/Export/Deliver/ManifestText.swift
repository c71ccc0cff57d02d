import Bookkeeping
import Foundation
import Model

/// A manifest as a table that people open and programs read: CSV as RFC 4180 has it.
enum ManifestText {
    static let columns = [
        "manifest", "do", "file", "instead_of", "sku", "picture", "slot", "bytes", "sha256",
        "because",
    ]

    static func fileName(_ number: Int) -> String {
        let digits = "\(number)"
        return "manifest-" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
            + ".csv"
    }

    static func text(_ manifest: Manifest) -> String {
        let rows = manifest.entries.map { cells($0, of: manifest.number) }
        return ([columns] + rows).map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
    }

    private static func cells(_ entry: Manifest.Entry, of number: Int) -> [String] {
        let row = entry.delivery
        let bytes = entry.bytes.map { "\($0)" }
        return [
            "\(number)", entry.task.rawValue, row.name.rawValue, entry.insteadOf ?? "",
            row.asset.sku, row.asset.viewText, row.slot, bytes ?? "",
            entry.sha256?.rawValue ?? "", because(row),
        ]
    }

    private static func because(_ row: Delivery) -> String {
        guard row.task == .remove else { return "" }
        return (row.urgent ? "at once: " : "") + (row.because ?? "no longer wanted")
    }

    /// What comes from outside must not be a formula in somebody's spreadsheet.
    private static func field(_ text: String) -> String {
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        let plain = isFormula ? "'" + text : text
        guard plain.contains(where: { ",\"\r\n".contains($0) || $0.isNewline }) else {
            return plain
        }
        return "\"" + plain.replacing("\"", with: "\"\"") + "\""
    }
}
