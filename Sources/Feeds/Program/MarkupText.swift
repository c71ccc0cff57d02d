/// A text that somebody wrote as HTML, for channels that take none.
enum MarkupText {
    private static let names: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
        "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü",
        "szlig": "ß", "euro": "€", "eacute": "é", "egrave": "è", "agrave": "à", "ccedil": "ç",
        "ndash": "–", "mdash": "—", "hellip": "…", "copy": "©", "reg": "®", "trade": "™",
        "deg": "°", "middot": "·", "bull": "•", "times": "×", "frac12": "½", "sup2": "²",
    ]

    /// Tags become blanks, so that words on both sides stay apart; what only looks like a tag or an
    /// entity stays as it is. What an entity stands for is text, and never a tag.
    static func strip(_ text: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) {
        var index = 0
        let begun = out.count
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "<"), let end = tagEnd(text, index) {
                if out.count > begun, out.last != UInt8(ascii: " ") {
                    out.append(UInt8(ascii: " "))
                }
                index = end
            } else if byte == UInt8(ascii: "&"), let (scalars, end) = entity(text, index) {
                out.append(contentsOf: scalars.utf8)
                index = end
            } else if byte != UInt8(ascii: " ") || out.count == begun
                || out.last != UInt8(ascii: " ")
            {
                out.append(byte)
                index += 1
            } else {
                index += 1
            }
        }
        while out.count > begun, out.last == UInt8(ascii: " ") { out.removeLast() }
    }

    /// After the `>` of a tag or comment that begins at `start`; nil where none does.
    private static func tagEnd(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        let next = start + 1 < text.count ? text[start + 1] : 0
        let isLetter = (0x61...0x7A).contains(next | 0x20)
        guard isLetter || next == UInt8(ascii: "/") || next == UInt8(ascii: "!") else { return nil }
        return text[start...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 }
    }

    private static func entity(
        _ text: UnsafeBufferPointer<UInt8>, _ start: Int
    ) -> (text: String, end: Int)? {
        let rest = text[(start + 1)...].prefix(10)
        guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: rest[..<end], as: UTF8.self)
        if let known = names[name] { return (known, end + 1) }
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let value =
            digits.first == "x" || digits.first == "X"
            ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let value, value >= 0x20, let scalar = Unicode.Scalar(value) else { return nil }
        return (String(scalar), end + 1)
    }
}
