import Model

/// What a value must look like, and how it becomes one of ours.
package struct Shape<Value>: Sendable {
    /// Nil after a problem was reported.
    package let read: @Sendable (_ node: Node, _ label: String, _ reader: Reader) -> Value?
    /// All it takes, where that is a few words.
    package let words: [String]

    package init(
        words: [String] = [],
        read: @escaping @Sendable (_ node: Node, _ label: String, _ reader: Reader) -> Value?
    ) {
        self.words = words
        self.read = read
    }

    /// A shape of one text.
    /// - Parameter expects: completes "'quality' wants …"; with an example where that helps.
    package init(expects: String, parse: @escaping @Sendable (String) -> Value?) {
        self.init { node, label, reader in
            guard let text = reader.text(node, label, expects: expects) else { return nil }
            if let value = parse(text) { return value }
            reader.report(
                node.place, "'\(label)' wants \(expects), not \(node.described)", code: "bad-value")
            return nil
        }
    }
}

extension Shape where Value == String {
    /// Any text but an empty one.
    package static var text: Shape<String> {
        Shape(expects: "a text") { $0.isEmpty ? nil : $0 }
    }

    /// A text in which ` #` is more likely lost than meant as a comment: a SKU, a name.
    package static var identifier: Shape<String> {
        Shape { node, label, reader in
            guard let text = Shape.text.read(node, label, reader) else { return nil }
            guard let comment = node.comment else { return text }
            reader.report(
                node.place,
                "'\(label)' ends at ' \(comment.text)', which YAML takes for a comment; "
                    + "quote it: \"\(text) \(comment.text)\"", code: "unquoted")
            return nil
        }
    }

    /// Lower-case letters, digits and inner dashes: names of channels, slots, renditions, rules.
    package static var word: Shape<String> {
        Shape(expects: "a name of a-z, 0-9 and '-' that begins with a letter") { text in
            isWord(text) ? text : nil
        }
    }

    /// Three letters, as ISO 4217 has them.
    package static var currency: Shape<String> {
        Shape(expects: "a currency such as EUR") { Units.currency($0) }
    }

    private static func isWord(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first), text.utf8.count <= 64
        else { return false }
        return text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
        }
    }
}

extension Shape where Value == Int {
    package static func integer(_ range: ClosedRange<Int>) -> Shape<Int> {
        Shape(expects: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Units.integer(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// `0644`, quoted or not.
    package static var fileMode: Shape<Int> {
        Shape(expects: "permission bits such as \"0644\"") { text in
            guard (3...4).contains(text.utf8.count), let bits = Int(text, radix: 8),
                text.utf8.allSatisfy({ (0x30...0x37).contains($0) })
            else { return nil }
            return bits <= 0o777 ? bits : nil
        }
    }
}

extension Shape where Value == ClosedRange<Int> {
    /// `80..92`, or one number for both ends.
    package static func integers(_ bounds: ClosedRange<Int>) -> Shape<ClosedRange<Int>> {
        let low = bounds.lowerBound
        let high = bounds.upperBound
        return Shape(expects: "a number or a range within \(low)..\(high)") { text in
            guard let range = Units.range(text, of: Units.integer) else { return nil }
            guard range.low >= low, range.high <= high, range.low <= range.high else { return nil }
            return range.low...range.high
        }
    }
}

extension Shape where Value == Bool {
    package static var bool: Shape<Bool> {
        Shape(expects: "true or false") { ["true": true, "false": false][$0] }
    }
}

extension Shape where Value: Sendable {
    /// One of these words, with a suggestion on a near miss.
    /// - Parameter notBuilt: words of the language that this build does not carry out yet.
    package static func choice(
        _ values: [(String, Value)], notBuilt: [String] = []
    ) -> Shape<Value> {
        let words = values.map(\.0)
        let expects = "one of " + words.joined(separator: ", ")
        return Shape(words: words) { node, label, reader in
            guard let text = reader.text(node, label, expects: expects) else { return nil }
            if let value = values.first(where: { $0.0 == text }) { return value.1 }
            if notBuilt.contains(text) {
                reader.report(notBuilt: "'\(label): \(text)'", node.place)
            } else {
                let hint = Spelling.hint(to: text, among: words)
                reader.report(
                    node.place, "'\(label)' wants \(expects), not '\(text)'\(hint)",
                    code: "bad-value")
            }
            return nil
        }
    }

    /// The raw values of an enumeration.
    package static func choice(notBuilt: [String] = []) -> Shape<Value>
    where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
        choice(Value.allCases.map { ($0.rawValue, $0) }, notBuilt: notBuilt)
    }
}
