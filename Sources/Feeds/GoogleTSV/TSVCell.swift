private import XML

/// Texts as they stand between two tabs.
enum TSVCell {
    /// Sought among scalars: a mark with a combining one behind it is another character, and the same
    /// mark to whoever reads bytes.
    private static let quote: Unicode.Scalar = "\""

    /// On one line: tabs and ends of lines become blanks, which is what Google makes of them;
    /// characters that no document can hold are dropped.
    static func line(_ text: String) -> (text: String, dropped: Int) {
        let clean = CleanText(text)
        guard clean.text.utf8.contains(where: Self.mayBreak) else {
            return (clean.text, clean.dropped)
        }
        // A carriage return and a line feed are one character.
        let line = clean.text.map { $0.isNewline || $0 == "\t" ? " " : $0 }
        return (String(line), clean.dropped)
    }

    /// Ends of lines outside ASCII begin with C2 and E2.
    private static func mayBreak(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0xC2 || byte == 0xE2
    }

    static func quoted(_ text: String, isRepeated: Bool) -> String {
        let mustBe = text.utf8.contains {
            $0 == UInt8(ascii: "\"") || isRepeated && $0 == UInt8(ascii: ",")
        }
        guard mustBe else { return text }
        var cell = String.UnicodeScalarView([quote])
        for scalar in text.unicodeScalars {
            if scalar == quote { cell.append(quote) }
            cell.append(scalar)
        }
        cell.append(quote)
        return String(cell)
    }

    /// - Returns: nil where a quotation mark has no partner.
    static func values(_ cell: Substring, isRepeated: Bool) -> [String]? {
        var values: [String] = []
        var rest = cell.unicodeScalars
        while !rest.isEmpty {
            guard let value = value(&rest, isRepeated: isRepeated) else { return nil }
            values.append(value)
        }
        return values
    }

    /// Takes the first value, and the comma after it.
    private static func value(
        _ rest: inout Substring.UnicodeScalarView, isRepeated: Bool
    ) -> String? {
        var value = String.UnicodeScalarView()
        if rest.first == quote {
            rest.removeFirst()
            while let end = rest.firstIndex(of: quote) {
                value.append(contentsOf: rest[..<end])
                rest = rest[rest.index(after: end)...]
                guard rest.first == quote else { return close(value, &rest, isRepeated) }
                value.append(quote)
                rest.removeFirst()
            }
            return nil
        }
        let end = isRepeated ? rest.firstIndex(of: ",") ?? rest.endIndex : rest.endIndex
        value.append(contentsOf: rest[..<end])
        rest = rest[end...]
        return close(value, &rest, isRepeated)
    }

    private static func close(
        _ value: String.UnicodeScalarView, _ rest: inout Substring.UnicodeScalarView,
        _ isRepeated: Bool
    ) -> String? {
        guard !rest.isEmpty else { return String(value) }
        guard isRepeated, rest.first == "," else { return nil }
        rest.removeFirst()
        return String(value)
    }
}
