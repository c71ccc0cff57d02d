import Foundation
import Model

/// What a server says of a refusal, as a person may read it: a line without mark-up, and nothing where it
/// holds one of our secrets; some answer with what they were sent.
enum ServerWords {
    /// Characters.
    private static let longest = 200

    /// Of a page, bytes in which they are looked for.
    private static let most = 4096

    static func of(_ body: Data, hiding secrets: [Secret]) -> String? {
        let whole = String(decoding: body, as: UTF8.self)
        // Quoted for JSON, an address or HTML as well.
        let spellings = [whole, EscapedText.plain(whole)]
        // What of it was cut off may be the beginning of one as well.
        let isEcho = secrets.contains { secret in
            let start = secret.reveal().prefix(8)
            return !start.isEmpty && spellings.contains { $0.contains(start) }
        }
        guard !isEcho else { return nil }
        let plain = withoutTags(whole.utf8.prefix(most)).unicodeScalars.map { scalar -> Character in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .lineSeparator, .paragraphSeparator:
                " "
            default: Character(scalar)
            }
        }
        let words = String(plain).split(separator: " ").joined(separator: " ")
        guard !words.isEmpty else { return nil }
        return words.count > longest ? words.prefix(longest) + "…" : words
    }

    /// In one walk: a stranger's page may be made to take for ever otherwise.
    private static func withoutTags(_ text: String.UTF8View.SubSequence) -> String {
        var out: [UInt8] = []
        var rest = text
        while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
            out += rest[..<open]
            guard let close = rest[open...].firstIndex(of: UInt8(ascii: ">")) else {
                out += rest[open...]
                return String(decoding: out, as: UTF8.self)
            }
            out.append(UInt8(ascii: " "))
            let name = rest[rest.index(after: open)...].prefix(6).map { $0 | 0x20 }
            rest = rest[rest.index(after: close)...]
            guard let hidden = ["script", "style"].first(where: { name.starts(with: $0.utf8) })
            else { continue }
            // To its end, or to that of the page.
            while let next = rest.firstIndex(of: UInt8(ascii: "<")),
                !isEnd(rest[next...], of: hidden)
            {
                rest = rest[rest.index(after: next)...]
            }
            rest = rest.firstIndex(of: UInt8(ascii: "<")).map { rest[$0...] } ?? rest.suffix(0)
        }
        return String(decoding: out + rest, as: UTF8.self)
    }

    private static func isEnd(_ text: String.UTF8View.SubSequence, of name: String) -> Bool {
        text.prefix(2 + name.utf8.count).map { $0 | 0x20 }
            .elementsEqual("</\(name)".utf8.map { $0 | 0x20 })
    }
}

/// A text as whoever wrote it meant it, where it is quoted for JSON, for an address, or for HTML.
enum EscapedText {
    private static let named = ["amp;": "&", "quot;": "\"", "apos;": "'", "lt;": "<", "gt;": ">"]

    static func plain(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\\": out.append(contentsOf: afterBackslash(&rest))
            case "%": out.append(number(&rest, digits: 2) ?? scalar)
            case "&": out.append(contentsOf: entity(&rest) ?? [scalar])
            default: out.append(scalar)
            }
        }
        return String(out)
    }

    private static func afterBackslash(
        _ rest: inout Substring.UnicodeScalarView
    ) -> [Unicode.Scalar] {
        guard let next = rest.popFirst() else { return [] }
        guard next == "u" || next == "x" else { return [next] }
        return [number(&rest, digits: next == "u" ? 4 : 2) ?? next]
    }

    private static func number(
        _ rest: inout Substring.UnicodeScalarView, digits: Int
    ) -> Unicode.Scalar? {
        let text = rest.prefix(digits)
        guard text.count == digits, let value = UInt32(String(text), radix: 16),
            let scalar = Unicode.Scalar(value)
        else { return nil }
        rest = rest.dropFirst(digits)
        return scalar
    }

    private static func entity(
        _ rest: inout Substring.UnicodeScalarView
    ) -> [Unicode.Scalar]? {
        let text = String(rest.prefix(8))
        if let (name, meaning) = named.first(where: { text.hasPrefix($0.key) }) {
            rest = rest.dropFirst(name.unicodeScalars.count)
            return Array(meaning.unicodeScalars)
        }
        guard text.hasPrefix("#"), let end = text.firstIndex(of: ";") else { return nil }
        let digits = text[..<end].dropFirst()
        let value =
            digits.hasPrefix("x") || digits.hasPrefix("X")
            ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let scalar = value.flatMap(Unicode.Scalar.init) else { return nil }
        rest = rest.dropFirst(digits.unicodeScalars.count + 2)
        return [scalar]
    }
}
