import Model
import YAML

/// Reads the tree of a document. What an element may say depends on the kind of document.
struct ElementReader {
    enum Kind { case xml, table, lines }

    let kind: Kind
    let reader: Reader
    let texts: TextReader
    private var attributes: FeedAttributes { texts.attributes }

    init(_ kind: Kind, _ texts: TextReader) {
        self.kind = kind
        self.texts = texts
        reader = texts.reader
    }

    private var what: String {
        switch kind {
        case .xml: "an element"
        case .table: "a column"
        case .lines: "a member"
        }
    }

    func elements(_ nodes: [Node]) -> [Element] { nodes.compactMap(element) }

    /// `- NAME: …`, or `- fields: …`
    private func element(_ node: Node) -> Element? {
        guard let entries = node.entries, entries.count == 1 else {
            reader.report(
                node.place,
                "\(what) is written as '- NAME: …', one name each, not \(node.described)",
                code: "wrong-type")
            return nil
        }
        return element(entries[0])
    }

    func element(_ entry: Node.Entry) -> Element? {
        if entry.key == "fields" { return fields(entry) }
        guard kind != .xml || Self.isName(entry.key) else {
            reader.report(entry.place, "'\(entry.key)' is no name of an element", code: "bad-value")
            return nil
        }
        var element = Element(name: entry.key, place: entry.place)
        guard entry.value.entries != nil else {
            if case .null = entry.value.content { return element }
            guard let text = texts.text(entry.value, entry.key) else { return nil }
            element.content = .text(text)
            return element
        }
        return reader.mapping(entry.value, what) { keys in
            content(keys, &element)
            several(keys, &element)
            element.keepsEmpty = keys.optional("empty", .choice([("keep", true)])) ?? false
            if kind == .xml { marks(keys, &element) }
            if kind == .table { joining(keys, &element) }
            if kind == .lines { element.isList = keys.optional("list", .bool) ?? false }
            return element
        }
    }

    private func fields(_ entry: Node.Entry) -> Element? {
        var element = Element(name: "fields", place: entry.place)
        if case .null = entry.value.content {
            element.content = .fields(Element.Fields())
            return element
        }
        return reader.mapping(entry.value, "'fields'") { keys in
            var fields = Element.Fields()
            fields.prefix = keys.optional("prefix", .text) ?? ""
            fields.plain = Set(keys.list("plain", .text))
            fields.without = Set(keys.list("without", column))
            if kind == .table {
                fields.mark = keys.optional("parts", Self.mark)
                joining(keys, &element)
            }
            element.content = .fields(fields)
            return element
        }
    }

    private var column: Shape<String> {
        let attributes = attributes
        return Shape(expects: "an attribute of 'fields'") {
            attributes.column($0) == nil ? nil : $0
        }
    }

    private static let mark = Shape<UInt8>(expects: "one character such as ':'") {
        $0.utf8.count == 1 ? $0.utf8.first : nil
    }

    // MARK: What stands in it

    private func content(_ keys: Keys, _ element: inout Element) {
        var forms: [Element.Form] = [.text]
        if kind == .xml { forms.append(.cdata) }
        if kind == .lines { forms += [.number, .flag] }
        for form in forms {
            guard let node = keys.node(form.rawValue) else { continue }
            element.form = form
            if let text = texts.text(node, form.rawValue) { element.content = .text(text) }
        }
        guard kind != .table, keys.node("elements") != nil else { return }
        element.content = .elements(elements(keys.items("elements")))
    }

    private func marks(_ keys: Keys, _ element: inout Element) {
        _ = keys.mapping("attributes", "'attributes'") { keys in
            for entry in keys.others() {
                guard let text = texts.text(entry.value, entry.key) else { continue }
                element.attributes.append((entry.key, text))
            }
        }
        _ = keys.mapping("namespaces", "'namespaces'") { keys in
            for entry in keys.others() {
                guard let uri = reader.read(entry.value, entry.key, .text) else { continue }
                element.namespaces.append((entry.key == "default" ? "" : entry.key, uri))
            }
        }
    }

    private func joining(_ keys: Keys, _ element: inout Element) {
        element.join = keys.optional("join", Self.separator)
        element.quotesEach = keys.optional("quote_each", .bool) ?? false
    }

    static let separator = Shape<String>(expects: "a separator such as ','") {
        $0.isEmpty ? nil : $0 == "tab" ? "\t" : $0
    }

    // MARK: Several times

    private func several(_ keys: Keys, _ element: inout Element) {
        if let node = keys.node("each"), let text = reader.read(node, "each", .text) {
            element.each = each(text, at: node.place)
        }
        element.from = keys.optional("from", .integer(1...1000)) ?? 1
        element.most = keys.optional("max", .integer(1...10_000))
        element.names = keys.list("names", .text)
        guard kind == .xml else { return }
        element.once = keys.optional("once", place)
        element.has = keys.optional("has", place)
    }

    private var place: Shape<Int> {
        let attributes = attributes
        return Shape(expects: "an attribute of 'fields'") { attributes.column($0) }
    }

    private func each(_ name: String, at place: Place) -> Element.Each? {
        if kind == .xml, name == "item" { return .item }
        if kind == .xml, name == "category" { return .category }
        if kind == .xml, name == "part" { return .part }
        if let column = attributes.column(name) { return .field(column) }
        let known = attributes.names + (kind == .xml ? ["item", "category", "part"] : [])
        reader.report(
            place, "there is no attribute '\(name)'\(Spelling.hint(to: name, among: known))",
            code: "unknown-field")
        return nil
    }

    /// Of XML, and no more of it than such documents use.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first | 0x20) || first == 0x5F
        else { return false }
        return text.utf8.allSatisfy {
            (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0)
                || "_-.:".utf8.contains($0)
        }
    }
}
