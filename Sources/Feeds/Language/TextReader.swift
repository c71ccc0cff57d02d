import Model
import YAML

/// Reads texts with fields, and knows what may stand between the braces.
struct TextReader {
    let reader: Reader
    let attributes: FeedAttributes
    let head: [String]
    let filters: FilterReader

    private static let words: [String: FeedText.Source] = [
        "now": .now, "count": .count, "ordinal": .ordinal, "category.id": .categoryID,
        "category.parent": .categoryParent, "category.above": .categoryAbove,
        "category.name": .categoryName,
        "part.name": .partName,
    ]

    func text(_ node: Node, _ label: String) -> FeedText? {
        guard let text = reader.read(node, label, .identifier) else { return nil }
        var parts: [FeedText.Part] = []
        var rest = text[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            if brace > rest.startIndex { parts.append(.literal(String(rest[..<brace]))) }
            guard rest[brace] == "{", let close = rest[brace...].firstIndex(of: "}") else {
                reader.report(
                    node.place, "'\(text)' has a '\(rest[brace])' without its partner",
                    code: "template")
                return nil
            }
            let inside = rest[rest.index(after: brace)..<close]
            guard let reference = reference(inside, at: node.place) else { return nil }
            parts.append(.value(reference))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.literal(String(rest))) }
        return FeedText(parts: parts)
    }

    /// `sale_price or price|amount|comma`
    private func reference(_ text: Substring, at place: Place) -> FeedText.Reference? {
        let pieces = FilterReader.pieces(of: text)
        var sources: [FeedText.Source] = []
        for name in pieces[0].components(separatedBy: " or ") {
            guard let source = source(name.trimmed, at: place) else { return nil }
            sources.append(source)
        }
        var filters: [TextFilter] = []
        for piece in pieces.dropFirst() {
            guard let filter = self.filters.filter(piece.trimmed, at: place) else { return nil }
            filters.append(filter)
        }
        return FeedText.Reference(sources: sources, filters: filters)
    }

    private func source(_ name: String, at place: Place) -> FeedText.Source? {
        if let word = Self.words[name] { return word }
        if name.hasPrefix("head.") {
            let key = String(name.dropFirst("head.".count))
            if head.contains(key) { return .head(key) }
        } else if let column = attributes.column(name) {
            guard attributes.list[column].parts != nil else { return .field(column) }
            reader.report(
                place,
                "'{\(name)}' has parts; name one of them, such as "
                    + "'{\(name).\(attributes.list[column].parts?.first?.name ?? "")}'",
                code: "unknown-field")
            return nil
        } else if let dot = name.firstIndex(of: "."),
            let column = attributes.column(String(name[..<dot])),
            let part = attributes.list[column].part(String(name[name.index(after: dot)...]))
        {
            return .part(column, part)
        }
        let known = attributes.names + head.map { "head.\($0)" } + Self.words.keys.sorted()
        reader.report(
            place, "'{\(name)}' is no field here\(Spelling.hint(to: name, among: known))",
            code: "unknown-field")
        return nil
    }
}

/// Reads what stands after a `|`.
struct FilterReader {
    let reader: Reader
    let tables: [String: CodeTable]
    /// Questions of the document's head that are answered with one.
    let currencies: [String]

    private static let plain: [String: TextFilter] = [
        "amount": .amount(comma: false, decimals: nil, currency: nil), "currency": .currency,
        "comma": .comma,
        "upper": .upper, "lower": .lower, "strip": .strip, "no-emoji": .noEmoji,
        "one-line": .oneLine, "leaf": .leaf, "encode": .encode, "decode": .decode,
        "category": .category, "day": .date(.day), "minute": .date(.minute),
        "moment": .date(.moment),
    ]
    private static let withArguments = ["amount", "cut", "cut-bytes", "path"]

    static var names: [String] { Set(plain.keys).union(withArguments).sorted() }

    /// At each `|` that stands in no brackets.
    static func pieces(of text: Substring) -> [String] {
        var pieces = [""]
        var depth = 0
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == "|", depth == 0 {
                pieces.append("")
            } else {
                pieces[pieces.count - 1].append(character)
            }
        }
        return pieces
    }

    func filter(_ text: String, at place: Place) -> TextFilter? {
        if let filter = Self.plain[text] { return filter }
        if let table = tables[text] { return .codes(table) }
        if let open = text.firstIndex(of: "("), text.hasSuffix(")") {
            let argument = text[text.index(after: open)...].dropLast()
            if let filter = filter(text[..<open], String(argument)) { return filter }
        }
        let known = Self.names + tables.keys.sorted()
        var hint = Spelling.hint(to: text, among: known)
        if hint.isEmpty { hint = "; there are \(known.joined(separator: ", "))" }
        reader.report(place, "'\(text)' is no filter\(hint)", code: "unknown-filter")
        return nil
    }

    private func filter(_ name: Substring, _ argument: String) -> TextFilter? {
        switch name {
        case "cut": return Units.integer(argument).flatMap { $0 > 0 ? .cut($0) : nil }
        case "cut-bytes": return Units.integer(argument).flatMap { $0 > 0 ? .cutBytes($0) : nil }
        case "path": return .path(argument)
        case "amount":
            let words = argument.split(separator: ",").map { String($0).trimmed }
            let decimals = words.compactMap(Units.integer).first
            let currencies = words.compactMap(currency)
            let isKnown = words.allSatisfy {
                ["comma", "point"].contains($0) || Units.integer($0) != nil || currency($0) != nil
            }
            guard isKnown, !words.isEmpty, currencies.count < 2 else { return nil }
            return .amount(
                comma: words.contains("comma"), decimals: decimals, currency: currencies.first)
        default: return nil
        }
    }

    /// `EUR`, or `head.KEY` for what the profile answers.
    private func currency(_ word: String) -> TextFilter.Currency? {
        if word.hasPrefix("head.") {
            let key = String(word.dropFirst("head.".count))
            return currencies.contains(key) ? .head(key) : nil
        }
        return Units.currency(word).map { .code($0) }
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }

    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
