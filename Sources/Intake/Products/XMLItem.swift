/// One element of an XML document with all that is in it.
final class XMLItem {
    let prefix: String
    let local: String
    let attributes: [(name: String, value: String)]
    var text = ""
    var children: [XMLItem] = []

    init(prefix: String, local: String, attributes: [(name: String, value: String)]) {
        (self.prefix, self.local, self.attributes) = (prefix, local, attributes)
    }

    func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
}

/// The way from an item to its values: `PRICE/AMOUNT`, `g:price`, `@id`, `PID[@type=gtin]`. A name
/// without a prefix is met with any.
struct XMLPath {
    private struct Step {
        var prefix: String?
        var local: String
        /// An attribute, and what it must be.
        var condition: (name: String, value: String)?

        func meets(_ item: XMLItem) -> Bool {
            guard local == item.local, prefix == nil || prefix == item.prefix else { return false }
            return condition.map { item.attribute($0.name) == $0.value } ?? true
        }
    }

    private var steps: [Step] = []
    private var attribute: String?

    init(_ path: String) {
        for part in Self.parts(path) {
            if part.hasPrefix("@") {
                attribute = String(part.dropFirst())
                return
            }
            let halves = part.split(separator: "[", maxSplits: 1)
            let names = (halves.first ?? "").split(separator: ":", maxSplits: 1).map(String.init)
            var step = Step(
                prefix: names.count > 1 ? names[0] : nil, local: names.last ?? "")
            if halves.count > 1 { step.condition = Self.condition(halves[1]) }
            steps.append(step)
        }
    }

    /// `@type=gtin]`, quoted or not.
    private static func condition(_ text: Substring) -> (name: String, value: String) {
        let halves = text.dropLast().split(separator: "=", maxSplits: 1)
        let value = halves.count > 1 ? halves[1].filter { $0 != "'" && $0 != "\"" } : ""
        return (String((halves.first ?? "").drop { $0 == "@" }), value)
    }

    /// A slash within brackets is part of a value.
    private static func parts(_ path: String) -> [String] {
        var (parts, depth) = ([""], 0)
        for character in path {
            if character == "[" { depth += 1 }
            if character == "]" { depth -= 1 }
            if character == "/" && depth == 0 {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts
    }

    /// All values there; white space is none.
    func values(in item: XMLItem) -> [[UInt8]] {
        var items = [item]
        for step in steps { items = items.flatMap { $0.children.filter(step.meets) } }
        let texts =
            attribute.map { name in items.compactMap { $0.attribute(name) } }
            ?? items.map(\.text)
        return texts.filter { text in text.utf8.contains { $0 > 0x20 } }.map { Array($0.utf8) }
    }
}
