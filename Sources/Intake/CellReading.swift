import Model

/// What a cell of a product table says, by the kind of its column.
enum CellReading {
    /// Nothing is wrong with a text that was decoded, or that holds tags; but somebody may wonder.
    enum Remark { case decoded, tagged }

    case good(String, Remark?)
    /// What is wrong with it, to follow the quoted value.
    case bad(String)
}

extension ColumnType {
    func reading(of text: String) -> CellReading {
        switch self {
        case .text: Self.plain(text)
        case .gtin: GTIN.fault(in: text).map { .bad("\($0)") } ?? .good(text, nil)
        case .price: Self.price(text)
        case .priceComma: Self.commaPrice(text)
        case .url: Self.url(text)
        case .number:
            text.wholeMatch(of: /-?\d{1,15}(\.\d{1,9})?/) == nil
                ? .bad("is not a number such as '12' or '1.5'") : .good(text, nil)
        }
    }

    /// What a shop keeps for its pages is not what a feed wants: `Caf&eacute;` is Café. Tags stay,
    /// since not all that stands in angle brackets is one.
    private static func plain(_ text: String) -> CellReading {
        let decoded = Entities.decode(text)
        if decoded != text { return .good(decoded, .decoded) }
        let tag =
            /<\/?(?i:a|b|br|div|em|font|h[1-6]|i|img|li|ol|p|span|strong|table|td|th|tr|u|ul)\b[^<>]*>/
        return .good(text, text.utf8.contains(0x3C) && text.contains(tag) ? .tagged : nil)
    }

    private static func url(_ text: String) -> CellReading {
        let decoded = Entities.decode(text)
        return decoded.wholeMatch(of: /(?i:https?):\/\/[^\s\/]+(\/\S*)?/) == nil
            ? .bad("is not an http or https address")
            : .good(decoded, decoded == text ? nil : .decoded)
    }

    private static func price(_ text: String) -> CellReading {
        if text.wholeMatch(of: /\d{1,9}(\.\d{1,2})? [A-Z]{3}/) != nil { return .good(text, nil) }
        if case .good = commaPrice(text) {
            return .bad(
                "has a decimal comma; declare its column as 'price-comma' if the table is meant so")
        }
        return .bad("is not a price such as '19.99 EUR'")
    }

    /// `1.234,50 EUR` is 1234.50 EUR, in which form it is kept.
    private static func commaPrice(_ text: String) -> CellReading {
        let form = /(\d{1,9}|\d{1,3}(?:\.\d{3}){1,2})(?:,(\d{1,2}))? ([A-Z]{3})/
        guard let match = text.wholeMatch(of: form) else {
            return .bad("is not a price such as '19,99 EUR'")
        }
        let whole = match.1.replacing(".", with: "")
        return .good(whole + (match.2.map { "." + $0 } ?? "") + " " + match.3, nil)
    }
}
