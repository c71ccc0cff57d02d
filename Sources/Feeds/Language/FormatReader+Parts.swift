import Model
import YAML

extension FormatReader {
    // MARK: Attributes

    func attributes(_ keys: Keys, _ filters: FilterReader) -> FeedAttributes? {
        let identity = keys.optional("id", .text) ?? "id"
        let reading = AttributeReader(reader: reader, filters: filters)
        guard keys.requiredNode("fields") != nil else { return nil }
        let named =
            keys.mapping("fields", "'fields'") { keys in
                keys.others().compactMap { entry in
                    reading.attribute(entry.value, entry.key).map { (entry.key, $0) }
                }
            } ?? []
        guard named.contains(where: { $0.0 == identity }) else {
            reader.report(
                keys.place("fields"),
                "'fields' has no '\(identity)', which says which product it is",
                code: "missing-key")
            return nil
        }
        let columns = Dictionary(
            named.enumerated().map { ($1.0, $0) }, uniquingKeysWith: { first, _ in first })
        let (demands, instead) = self.demands(keys, columns)
        return FeedAttributes(
            identity: identity, named: named, demands: demands, instead: instead,
            notBuilt: Set(keys.list("later", .text)))
    }

    private func demands(
        _ keys: Keys, _ columns: [String: Int]
    ) -> ([FeedDemand], [String: String]) {
        let column = Shape<Int>(expects: "an attribute of 'fields'") { columns[$0] }
        var instead: [String: String] = [:]
        var demands: [FeedDemand] = []
        for node in keys.items("rules") {
            _ = reader.mapping(node, "a demand") { keys in
                let any = keys.list("any_of", column)
                let all = keys.list("all_of", column)
                if !any.isEmpty { demands.append(.anyOf(any)) }
                if !all.isEmpty { demands.append(.allOf(all)) }
                if let needed = keys.optional("needs", column) {
                    _ = keys.mapping("when", "'when'") { keys in
                        for entry in keys.others() {
                            guard let other = columns[entry.key] else { continue }
                            let words = (entry.value.items ?? [entry.value]).compactMap(\.text)
                            demands.append(.needs(needed, when: other, words: words))
                        }
                    }
                }
                if let name = keys.optional("instead_of", .text),
                    let other = keys.required("take", .text)
                {
                    instead[name] = other
                }
            }
        }
        return (demands, instead)
    }

    // MARK: The document

    func split(_ keys: Keys, _ texts: TextReader, _ document: FeedDocument) -> FeedFormat.Split? {
        let passes = document.elements.reduce(0) { $0 + $1.count { $0.each == .item } }
        return keys.mapping("split", "'split'") { keys in
            if passes > 1 {
                reader.report(
                    keys.place, "what goes through its items more than once cannot be split",
                    code: "bad-value")
            }
            let items = keys.optional("items", .integer(1...100_000_000))
            let bytes = keys.optional("bytes", .bytes)
            if items == nil, bytes == nil {
                reader.report(
                    keys.place, "'split' needs 'items', 'bytes' or both", code: "missing-key")
            }
            let index = keys.node("index").flatMap { node -> Element? in
                guard let entries = node.entries, entries.count == 1 else {
                    reader.report(
                        node.place, "'index' has one element, the root", code: "wrong-type")
                    return nil
                }
                return ElementReader(.xml, texts).element(entries[0])
            }
            return FeedFormat.Split(items: items, bytes: bytes, index: index)
        }
    }

    /// Documents that go out with the one that has the feed's name.
    func beside(
        _ keys: Keys, _ texts: TextReader, _ isSplit: Bool
    ) -> [(name: String, document: FeedDocument, schema: String?)] {
        keys.mapping("beside", "'beside'") { keys in
            if isSplit {
                reader.report(
                    keys.place, "what is split has nothing beside it", code: "contradiction")
            }
            return keys.others().compactMap { entry in
                guard Self.isName(entry.key) else {
                    reader.report(
                        entry.place,
                        "'\(entry.key)' is no name of a document; small letters and hyphens are",
                        code: "bad-value")
                    return nil
                }
                return reader.mapping(entry.value, "a document beside") { keys in
                    let schema = keys.optional("schema", .text)
                    guard let document = self.document(keys, texts) else { return nil }
                    check(document, ElementChecks(reader: reader, attributes: texts.attributes))
                    return (entry.key, document, schema)
                } ?? nil
            }
        } ?? []
    }

    private static func isName(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-") }
    }

    func document(_ keys: Keys, _ texts: TextReader) -> FeedDocument? {
        let (xml, table, lines) = (keys.node("xml"), keys.node("table"), keys.node("lines"))
        switch (xml, table, lines) {
        case (let node?, nil, nil): return self.xml(node, texts)
        case (nil, .some, nil):
            return keys.mapping("table", "'table'") { self.table($0, texts) } ?? nil
        case (nil, nil, .some):
            return keys.mapping("lines", "'lines'") { self.lines($0, texts) }
        default:
            reader.report(
                keys.place, "a format has one of 'xml', 'table' and 'lines'", code: "missing-key")
            return nil
        }
    }

    private func xml(_ node: Node, _ texts: TextReader) -> FeedDocument? {
        guard let entries = node.entries, entries.count == 1 else {
            reader.report(node.place, "'xml' has one element, the root", code: "wrong-type")
            return nil
        }
        guard let root = ElementReader(.xml, texts).element(entries[0]) else { return nil }
        guard root.count(where: { $0.each == .item }) > 0 else {
            reader.report(node.place, "no element has 'each: item'", code: "missing-key")
            return nil
        }
        return .xml(root)
    }

    func check(_ document: FeedDocument, _ checks: ElementChecks) {
        switch document {
        case .xml(let root): checks.check(root, inItem: false)
        case .table(let table):
            for column in table.columns {
                checks.check(column, inItem: true, column: table.rows?.each)
            }
        case .lines(let lines):
            for member in lines.head { checks.check(member, inItem: false) }
            for member in lines.members { checks.check(member, inItem: true) }
        }
    }

    private func lines(_ keys: Keys, _ texts: TextReader) -> FeedDocument {
        .lines(
            FeedDocument.Lines(
                members: ElementReader(.lines, texts).elements(keys.items("members")),
                list: keys.optional("list", .text),
                head: ElementReader(.lines, texts).elements(keys.items("head"))))
    }

    private func table(_ keys: Keys, _ texts: TextReader) -> FeedDocument? {
        let columns = ElementReader(.table, texts).elements(keys.items("columns"))
        let end = keys.optional("end", .text) ?? "\n"
        var rows: (each: Int, again: Set<String>)?
        let attributes = texts.attributes
        _ = keys.mapping("rows", "'rows'") { keys in
            let column = Shape<Int>(expects: "an attribute of 'fields'") {
                attributes.column($0)
            }
            let again = keys.list("again", .text)
            guard let each = keys.required("each", column) else { return }
            rows = (each, Set(again))
        }
        return .table(
            FeedDocument.Table(
                delimiter: keys.optional("delimiter", ElementReader.separator) ?? ",",
                quoting: keys.optional("quote", Shape<FeedDocument.Table.Quoting>.choice())
                    ?? .needed,
                end: end, hasHeader: keys.optional("header", .bool) ?? true,
                hasMark: keys.optional("byte_order_mark", .bool) ?? false, columns: columns,
                rows: rows))
    }
}

extension Element {
    var children: [Element] { if case .elements(let all) = content { all } else { [] } }

    func count(where holds: (Element) -> Bool) -> Int {
        (holds(self) ? 1 : 0) + children.reduce(0) { $0 + $1.count(where: holds) }
    }

    /// All texts in it.
    var texts: [FeedText] {
        var all = attributes.map(\.text)
        if case .text(let text) = content { all.append(text) }
        return all + children.flatMap(\.texts)
    }
}

extension FeedDocument {
    var elements: [Element] {
        switch self {
        case .xml(let root): [root]
        case .table(let table): table.columns
        case .lines(let lines): lines.members
        }
    }
}

extension FeedDocument {
    /// What stands around the items and is not among `elements`.
    var heads: [Element] { if case .lines(let lines) = self { lines.head } else { [] } }
}

extension FeedAttributes {
    /// No text keeps a character that the document cannot have.
    func held(to charset: Charset) -> FeedAttributes {
        changed { $0.charset = charset }
    }

    /// A code that the document needs is asked for before an item gets that far.
    func held(to document: FeedDocument) -> FeedAttributes {
        var named = Array(zip(names, list))
        for reference in document.elements.flatMap(\.texts).flatMap(\.references) {
            for case .codes(let table) in reference.filters {
                for source in reference.sources {
                    guard case .field(let column) = source else { continue }
                    guard !named[column].1.tables.contains(table) else { continue }
                    named[column].1.tables.append(table)
                }
            }
        }
        return FeedAttributes(
            identity: identity, named: named, demands: demands, instead: instead,
            notBuilt: notBuilt)
    }
}
