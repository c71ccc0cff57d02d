private import Foundation
import Model
private import YAML

/// A sidecar's text with another approval in it, everything else as its writer left it.
enum SidecarText {
    /// Nil when the text is written in a way in which nothing can be changed by lines.
    static func replacing(_ approval: Approval, in text: String, isJSON: Bool) -> String? {
        let isFlow = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.first == "{"
        return isJSON || isFlow ? json(approval, text) : lines(approval, text)
    }

    /// A new sidecar.
    /// - Parameter asset: nil where a manifest says it.
    static func fresh(_ approval: Approval, _ asset: (skus: [String], view: String)?) -> String {
        var text = ""
        if let asset {
            let skus = asset.skus.map(quoted)
            text +=
                skus.count == 1 ? "sku: \(skus[0])\n" : "sku: [\(skus.joined(separator: ", "))]\n"
            text += "view: \(quoted(asset.view))\n"
        }
        return text + block(approval).joined(separator: "\n") + "\n"
    }

    private static func block(_ approval: Approval) -> [String] {
        var lines = [
            "approval:", "  by: \(quoted(approval.by))", "  at: \(instant(approval.at))",
            "  seq: \(approval.seq)",
        ]
        if let hash = approval.sha256 { lines.append("  sha256: \(hash)") }
        return lines
    }

    private static func lines(_ approval: Approval, _ text: String) -> String? {
        guard let entries = try? Document(text, file: "", limit: .max).root.entries,
            entries.allSatisfy({ $0.place.column == 1 })
        else { return nil }
        let newline = text.contains("\r\n") ? "\r\n" : "\n"
        // By bytes: to Swift's characters a CR and LF are one.
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
        }
        guard entries.allSatisfy({ $0.place.line <= lines.count }) else { return nil }
        if lines.last == "" { lines.removeLast() }
        if let index = entries.firstIndex(where: { $0.key == "approval" }) {
            let start = entries[index].place.line - 1
            let next = index + 1 < entries.count ? entries[index + 1].place.line - 1 : lines.count
            lines.replaceSubrange(start..<end(of: lines, start, next), with: block(approval))
        } else {
            lines.insert(contentsOf: block(approval), at: end(of: lines, 0, lines.count))
        }
        return lines.joined(separator: newline) + newline
    }

    /// Without the blank lines, comments and document marks that stand before the next key: they
    /// belong to it.
    private static func end(of lines: [String], _ start: Int, _ next: Int) -> Int {
        var end = next
        while end > start + 1, isBetween(lines[end - 1]) { end -= 1 }
        return end
    }

    private static func isBetween(_ line: String) -> Bool {
        line.allSatisfy(\.isWhitespace) || line.hasPrefix("#") || line.hasPrefix("...")
    }

    private static func json(_ approval: Approval, _ text: String) -> String? {
        guard var keys = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        else { return nil }
        var value: [String: Any] = [
            "by": approval.by, "at": instant(approval.at), "seq": approval.seq,
        ]
        value["sha256"] = approval.sha256?.rawValue
        keys["approval"] = value
        let options: JSONSerialization.WritingOptions = [
            .prettyPrinted, .sortedKeys, .withoutEscapingSlashes,
        ]
        return (try? JSONSerialization.data(withJSONObject: keys, options: options))
            .map { String(decoding: $0, as: UTF8.self) + "\n" }
    }

    private static func instant(_ date: Date) -> String {
        let isWhole = date.timeIntervalSince1970.rounded() == date.timeIntervalSince1970
        return date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: !isWhole))
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
