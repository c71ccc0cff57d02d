import Foundation

/// Builds HTML in which foreign text can only ever be text: names of elements and attributes are
/// literals of this program, everything else is escaped on the way in.
struct Markup {
    typealias Attributes = KeyValuePairs<StaticString, String>

    private(set) var text = ""

    mutating func element(
        _ name: StaticString, _ attributes: Attributes, _ body: (inout Markup) -> Void
    ) {
        open(name, attributes)
        text += ">"
        body(&self)
        text += "</\(name)>"
    }

    mutating func element(_ name: StaticString, _ body: (inout Markup) -> Void) {
        element(name, [:], body)
    }

    mutating func element(_ name: StaticString, _ attributes: Attributes, _ words: String) {
        element(name, attributes) { $0.say(words) }
    }

    mutating func element(_ name: StaticString, _ words: String) { element(name, [:], words) }

    /// An element that holds nothing.
    mutating func leaf(_ name: StaticString, _ attributes: Attributes = [:]) {
        open(name, attributes)
        text += "/>"
    }

    mutating func say(_ words: String) { text += Self.escaped(words) }

    /// For style sheets and the document type: never for what came from outside.
    mutating func literal(_ markup: StaticString) { text += "\(markup)" }

    private mutating func open(_ name: StaticString, _ attributes: Attributes) {
        text += "<\(name)"
        for (key, value) in attributes { text += " \(key)=\"\(Self.escaped(value))\"" }
    }

    /// Safe between tags and in quoted attributes. What cannot be seen is made visible, because a
    /// name that reads backwards is a name that lies.
    static func escaped(_ words: String) -> String {
        guard words.utf8.contains(where: isSuspect) else { return words }
        var safe = ""
        safe.reserveCapacity(words.utf8.count + 16)
        for scalar in words.unicodeScalars {
            switch scalar {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            case "'": safe += "&#39;"
            case "\n", "\t": safe += " "
            default:
                if isDeceptive(scalar) {
                    safe += "⟨\(String(scalar.value, radix: 16, uppercase: true))⟩"
                } else {
                    safe.unicodeScalars.append(scalar)
                }
            }
        }
        return safe
    }

    /// Anything but plain letters, digits and blanks is looked at.
    private static func isSuspect(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte >= 0x7F || byte == 0x22 || byte == 0x26 || byte == 0x27
            || byte == 0x3C || byte == 0x3E
    }

    /// Control characters, and what turns the direction of the text around it.
    private static func isDeceptive(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069,
            0xFFFE, 0xFFFF:
            true
        default: false
        }
    }
}
