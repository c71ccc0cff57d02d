/// Reads numbers as tables have them.
struct NumberReading {
    private let decimal: ProductColumn.Decimal

    init(_ decimal: ProductColumn.Decimal) { self.decimal = decimal }

    /// With a decimal point and without separators of thousands; nil where it is no number. `1.234`
    /// is one and a bit with a point, and `1,234` is refused: it may be either.
    func read(_ text: some StringProtocol, fraction: Int) -> String? {
        var rest = Substring(text)
        let sign = rest.first == "-" ? "-" : ""
        rest = rest.dropFirst(sign.count)
        let parts = rest.split(
            separator: decimal == .comma ? "," : ".", maxSplits: 1, omittingEmptySubsequences: false
        )
        guard let first = parts.first, let whole = whole(first, hasFraction: parts.count > 1) else {
            return nil
        }
        guard parts.count > 1 else { return sign + whole }
        guard (1...fraction).contains(parts[1].utf8.count), Self.isDigits(parts[1]) else {
            return nil
        }
        return "\(sign)\(whole).\(parts[1])"
    }

    /// Thousands are separated by a point where a comma is declared, by a comma where a fraction after
    /// a point leaves no doubt, and by a narrow or a hard space.
    private func whole(_ text: Substring, hasFraction: Bool) -> String? {
        if Self.isDigits(text) { return text.utf8.count <= 15 ? String(text) : nil }
        for separator in ["\u{202F}", "\u{A0}", decimal == .comma ? "." : ","] {
            guard separator != "," || hasFraction else { continue }
            let groups = text.split(separator: separator, omittingEmptySubsequences: false)
            guard groups.count > 1, groups.count < 6, (1...3).contains(groups[0].utf8.count),
                groups.dropFirst().allSatisfy({ $0.utf8.count == 3 }),
                groups.allSatisfy(Self.isDigits)
            else { continue }
            return groups.joined()
        }
        return nil
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// `19.99 EUR`, `EUR 19.99`, `19,99€`: the amount, and the currency's code.
    static func currency(of text: String) -> (Substring, String?) {
        guard !text.isEmpty else { return ("", nil) }
        let signs = ["€": "EUR", "£": "GBP"]
        for (sign, code) in signs where text.utf8.last! >= 0x80 || text.utf8.first! >= 0x80 {
            if text.hasSuffix(sign) { return (trimmed(text.dropLast()), code) }
            if text.hasPrefix(sign) { return (trimmed(text.dropFirst()), code) }
        }
        func isCode(_ part: Substring.UTF8View) -> Bool {
            part.count == 3 && part.allSatisfy { (0x41...0x5A).contains($0) }
        }
        let (last, first) = (text.utf8.suffix(3), text.utf8.prefix(3))
        if isCode(last) { return (trimmed(text[..<last.startIndex]), String(Substring(last))) }
        if isCode(first) { return (trimmed(text[first.endIndex...]), String(Substring(first))) }
        return (text[...], nil)
    }

    /// `1.5 kg`: the amount, and its unit.
    static func unit(of text: String) -> (Substring, String?) {
        let amount = text.prefix { !$0.isLetter && $0 != "%" && $0 != "\"" }
        let unit = trimmed(text[amount.endIndex...])
        return (trimmed(amount), unit.isEmpty || unit.utf8.count > 16 ? nil : String(unit))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return text
    }
}
