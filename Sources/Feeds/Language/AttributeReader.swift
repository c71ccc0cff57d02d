import Model
import YAML

/// Reads what a format's file says of one attribute.
struct AttributeReader {
    let reader: Reader
    let filters: FilterReader

    func attribute(_ node: Node, _ name: String) -> FeedAttribute? {
        // `brand:` by itself is a text without further demands.
        if case .null = node.content { return FeedAttribute() }
        return reader.mapping(node, "an attribute") { keys in
            var attribute = plain(keys)
            guard keys.node("parts") != nil else { return attribute }
            attribute.parts =
                keys.mapping("parts", "'parts'") { keys in
                    keys.others().compactMap { entry in
                        part(entry.value, entry.key).map {
                            FeedAttribute.Part(name: entry.key, attribute: $0)
                        }
                    }
                } ?? []
            return attribute
        }
    }

    private func part(_ node: Node, _ name: String) -> FeedAttribute? {
        if case .null = node.content { return FeedAttribute() }
        return reader.mapping(node, "a part") { plain($0) }
    }

    private func plain(_ keys: Keys) -> FeedAttribute {
        var attribute = FeedAttribute()
        attribute.kind = keys.optional("kind", Shape<FeedAttribute.Kind>.choice()) ?? .text
        attribute.isRequired = keys.optional("required", .bool) ?? false
        attribute.most = keys.optional("most", .integer(1...10_000)) ?? 1
        attribute.characters = keys.optional("max", .integer(1...10_000_000))
        attribute.bytes = keys.optional("max_bytes", .integer(1...10_000_000))
        attribute.words = keys.list("one_of", .text)
        if let table = keys.optional("as", .choice(filters.tables.sorted { $0.key < $1.key })) {
            attribute.code = table
            attribute.tables = [table]
        }
        attribute.pattern = keys.optional("pattern", Self.pattern)
        attribute.spelling =
            keys.optional("url", Shape<FeedAttribute.AddressForm>.choice()) ?? .ascii
        for node in keys.node("clean").map({ $0.items ?? [$0] }) ?? [] {
            guard let text = reader.read(node, "clean", .text) else { continue }
            if let filter = filters.filter(text, at: node.place) { attribute.clean.append(filter) }
        }
        if attribute.isAddress, attribute.characters == nil, attribute.bytes == nil {
            attribute.characters = 2000
        }
        return attribute
    }

    private static let pattern = Shape<String>(expects: "a regular expression of the whole text") {
        $0.isEmpty || (try? Regex($0)) == nil ? nil : $0
    }
}
