/// `products/{sku}/pictures`: a text with fields that are filled in for each file.
package struct FieldText: Sendable, Hashable {
    package enum Part: Sendable, Hashable {
        case literal(String)
        case field(String)
    }

    package enum Fault: Error, Hashable {
        case unpaired
        case unknown(String)
    }

    package let text: String
    let parts: [Part]

    /// - Parameter known: fields that there are.
    package init(_ text: String, known: [String]) throws(Fault) {
        self.text = text
        var parts: [Part] = []
        var rest = text[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            guard rest[brace] == "{", let end = rest[brace...].firstIndex(of: "}") else {
                throw .unpaired
            }
            let name = String(rest[rest.index(after: brace)..<end])
            guard known.contains(name) else { throw .unknown(name) }
            parts += [.literal(String(rest[..<brace])), .field(name)]
            rest = rest[rest.index(after: end)...]
        }
        self.parts = parts + [.literal(String(rest))]
    }

    package var fields: [String] {
        parts.compactMap { if case .field(let name) = $0 { name } else { nil } }
    }

    /// - Parameter encode: what is filled in; what is written stays as it is.
    /// - Throws: the name of a field that has no value.
    func fill(
        _ values: [String: String], encode: (String) -> String = { $0 }
    ) throws(MissingField) -> String {
        var filled = ""
        for part in parts {
            switch part {
            case .literal(let text): filled += text
            case .field(let name):
                guard let value = values[name] else { throw MissingField(name: name) }
                filled += encode(value)
            }
        }
        return filled
    }
}

struct MissingField: Error {
    var name: String
}
