import Model

/// A mistake that libyaml would answer with a riddle somewhere later. Only told when it does.
struct Trap {
    var place: Place
    var message: String
    var code: String

    /// True for a comment that begins right after its `#`, as a lost value does.
    static func mayBeValue(_ comment: ArraySlice<UInt8>) -> Bool {
        guard let second = comment.dropFirst().first else { return false }
        return !" \t#\r".utf8.contains(second)
    }

    /// `{color: #FFFFFF, ring: 1%}`: the comment takes the closing brace along.
    static func color(_ comment: String, at place: Place) -> Trap? {
        let digits = comment.dropFirst().prefix { $0.isHexDigit }
        guard digits.count == 6 || digits.count == 3 else { return nil }
        return Trap(
            place: place, message: "'#\(digits)' begins a comment here; write \"#\(digits)\"",
            code: "unquoted")
    }

    /// `{sku}.jpg`: a mapping to YAML, and an error only at the dot.
    static func template(in source: Source, at offset: Int) -> Trap? {
        let most = min(offset + 120, source.bytes.count)
        let text = source.bytes[offset..<most].prefix { $0 != 0x0A }
        guard let close = text.firstIndex(of: UInt8(ascii: "}")) else { return nil }
        let inside = text[(offset + 1)..<close]
        let isField = inside.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
                || "_.:|".utf8.contains(byte)
        }
        let whole = text.prefix { !" \t\r,".utf8.contains($0) }
        // `{a}}`, `{a}]` close what is around; `{a}: b` is a key.
        guard isField, !inside.isEmpty, let next = whole[close...].dropFirst().first,
            !"}]:".utf8.contains(next)
        else { return nil }
        return Trap(
            place: source.place(offset: offset),
            message: "a text that begins with '{' must be quoted: "
                + "\"\(String(decoding: whole, as: UTF8.self))\"", code: "unquoted")
    }

    static func tab(at place: Place) -> Trap {
        Trap(
            place: place, message: "a tab at the start of a line; YAML indents with spaces",
            code: "tab")
    }
}
