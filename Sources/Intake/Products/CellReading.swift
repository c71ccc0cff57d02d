private import Foundation
import Model

/// What a cell of a product table says, by the kind of its column.
enum CellReading {
    /// Nothing is wrong with a text that was decoded, or that holds tags; but somebody may wonder.
    enum Remark: String, CaseIterable {
        case decoded = "HTML entities were decoded"
        case tagged = "HTML tags are left"
        case stripped = "HTML was stripped"
    }

    case good(String, Remark? = nil)
    /// What is wrong with it, to follow the quoted value.
    case bad(String)
}

extension ProductColumn {
    func reading(of text: String) -> CellReading {
        switch type {
        case .text: Self.plain(text)
        case .html: Self.stripped(text)
        case .gtin: Self.gtin(text)
        case .price: price(text, decimal)
        case .priceComma: price(text, .comma)
        case .url: Self.url(text)
        case .number: number(text)
        case .date: date(text)
        case .boolean: boolean(text)
        case .list: list(text)
        case .unit: measure(text)
        }
    }

    /// What a shop keeps for its pages is not what a feed wants: `Caf&eacute;` is Café. Tags stay,
    /// since not all that stands in angle brackets is one.
    private static func plain(_ text: String) -> CellReading {
        let decoded = Entities.decode(text)
        if decoded != text { return .good(decoded, .decoded) }
        return .good(text, Markup.holdsTags(text) ? .tagged : nil)
    }

    private static func stripped(_ text: String) -> CellReading {
        let plain = Markup.strip(text)
        return .good(plain, plain == text ? nil : .stripped)
    }

    private static func url(_ text: String) -> CellReading {
        let decoded = Entities.decode(text)
        let bytes = decoded.utf8
        let scheme = decoded.prefix(8).lowercased()
        let start = scheme.hasPrefix("http://") ? 7 : scheme == "https://" ? 8 : 0
        let host = bytes.dropFirst(start).first
        guard start > 0, let host, host != UInt8(ascii: "/"),
            !Self.holdsBlanks(decoded)
        else { return .bad("is not an http or https address") }
        return .good(decoded, decoded == text ? nil : .decoded)
    }

    private static func holdsBlanks(_ text: String) -> Bool {
        if text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return false }
        return text.unicodeScalars.contains { $0.properties.isWhitespace || $0.value <= 0x20 }
    }

    private static func gtin(_ text: String) -> CellReading {
        guard let fault = GTIN.fault(in: text) else { return .good(text) }
        if text.wholeMatch(of: /\d[.,]\d+[eE]\+\d+/) != nil {
            return .bad("was rounded by a spreadsheet; export the column as text")
        }
        return .bad("\(fault)")
    }

    // MARK: Numbers

    private func number(_ text: String) -> CellReading {
        if let number = NumberReading(decimal).read(text, fraction: 9) { return .good(number) }
        let other = decimal == .comma ? Decimal.point : .comma
        if NumberReading(other).read(text, fraction: 9) != nil {
            return .bad("has a decimal \(other.rawValue); declare it: 'decimal: \(other.rawValue)'")
        }
        return .bad("is not a number such as '12' or '1\(decimal == .comma ? "," : ".")5'")
    }

    /// `1.234,50 EUR` is 1234.50 EUR, in which form it is kept.
    private func price(_ text: String, _ decimal: Decimal) -> CellReading {
        let (amount, currency) = NumberReading.currency(of: text)
        let point = decimal == .comma ? "," : "."
        let example = "is not a price such as '19\(point)99 \(unit ?? "EUR")'"
        guard let number = NumberReading(decimal).read(amount, fraction: 2), number.first != "-"
        else {
            if decimal == .point, amount.contains(","),
                NumberReading(.comma).read(amount, fraction: 2) != nil
            {
                return .bad(
                    "has a decimal comma; declare its column as 'price-comma' if the table is meant "
                        + "so")
            }
            return .bad(example)
        }
        guard let currency = currency ?? unit else {
            return .bad("\(example); it names no currency, and its column declares none")
        }
        return .good("\(number) \(currency)")
    }

    private func measure(_ text: String) -> CellReading {
        let (amount, own) = NumberReading.unit(of: text)
        guard let number = NumberReading(decimal).read(amount, fraction: 9) else {
            return .bad(
                "is not an amount such as '1\(decimal == .comma ? "," : ".")5 \(unit ?? "kg")'")
        }
        guard let unit = own ?? unit else {
            return .bad("has no unit such as 'kg', and its column declares none")
        }
        return .good("\(number) \(unit)")
    }

    // MARK: Words

    private static let usualYes = ["true", "yes", "y", "1", "on", "ja", "j", "wahr", "oui", "si"]
    private static let usualNo = ["false", "no", "n", "0", "off", "nein", "falsch", "non"]

    private func boolean(_ text: String) -> CellReading {
        let word = text.lowercased()
        if (yes.isEmpty ? Self.usualYes : yes).contains(where: { $0.lowercased() == word }) {
            return .good("true")
        }
        if (no.isEmpty ? Self.usualNo : no).contains(where: { $0.lowercased() == word }) {
            return .good("false")
        }
        let hint = yes.isEmpty && no.isEmpty ? "; declare its words with 'yes' and 'no'" : ""
        return .bad("is neither yes nor no\(hint)")
    }

    /// Several values in a cell that has lines of its own stand one a line already.
    private func list(_ text: String) -> CellReading {
        let parts =
            text.contains("\n") ? text.components(of: "\n") : text.components(of: separator)
        let values = parts.map { Entities.decode($0).replacing("\n", with: " ") }
        return .good(values.joined(separator: "\n"))
    }

    private func date(_ text: String) -> CellReading {
        if let day = DayReading.read(text, dates) { return .good(day) }
        let example =
            switch dates {
            case .yearFirst: "2026-03-31"
            case .dayFirst: "31.03.2026"
            case .monthFirst: "03/31/2026"
            }
        let hint =
            dates == .yearFirst && DayReading.read(text, .dayFirst) != nil
            ? "; declare its column's 'dates: day-first' if the table is meant so" : ""
        return .bad("is not a day such as '\(example)'\(hint)")
    }
}

extension String {
    /// Trimmed; empty ones are left out.
    fileprivate func components(of separator: String) -> [String] {
        split(separator: separator).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }
}
