import Model

// Trees: an element to a line, and each level one blank further in.
extension Compiler {
    mutating func document(_ root: Element) {
        literal("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        element(root, Scope(), 0, "")
        program.tail = constants()
    }

    /// A document that speaks of the others and has no items of its own.
    static func index(_ root: Element, _ format: FeedFormat, _ facts: EditionFacts) -> [UInt8] {
        var compiler = Compiler(format, FeedOutline(), facts)
        compiler.document(root)
        return compiler.program.tail
    }

    private mutating func items(_ element: Element, _ depth: Int, _ path: String) {
        let head = constants()
        one(element, Scope(), depth, path, isItem: true)
        program.items.append(path + "/" + element.name)
        endPass(head: head, once: element.once, has: element.has)
    }

    private mutating func element(
        _ element: Element, _ scope: Scope, _ depth: Int, _ path: String
    ) {
        if case .fields(let fields) = element.content { return others(fields, depth, path) }
        switch element.each {
        case nil: one(element, scope, depth, path, isItem: false)
        case .item: items(element, depth, path)
        case .part:
            for part in facts.parts {
                var scope = scope
                scope.part = part
                one(element, scope, depth, path, isItem: false)
            }
        case .category:
            for category in facts.categories {
                var scope = scope
                scope.category = category
                one(element, scope, depth, path, isItem: false)
            }
        case .field(let column) where !element.names.isEmpty:
            for (number, name) in element.names.enumerated() {
                var named = element
                named.name = name
                let scope = Scope(column: column, number: element.from - 1 + number)
                one(named, scope, depth, path, isItem: false)
            }
        case .field(let column):
            let begin = leap {
                .loop(
                    column: column, from: element.from, most: element.most ?? .max, otherwise: $0)
            }
            land([])
            let body = steps.count
            one(element, Scope(column: column), depth, path, isItem: false)
            land([])
            steps.append(.again(body: body))
            land([begin])
        }
    }

    private mutating func one(
        _ element: Element, _ scope: Scope, _ depth: Int, _ path: String, isItem: Bool
    ) {
        let path = path.isEmpty ? element.name : path + "/" + element.name
        let indent = String(repeating: " ", count: depth)
        var away: [Int] = []
        var isText = false
        if case .text(let text) = element.content {
            isText = true
            if !element.keepsEmpty {
                if lacks(text, scope) { return }
                away = needs(text, scope)
            }
        }
        let mayVanish =
            element.count { $0.each == .item } == 0 && !isText && !element.keepsEmpty
            && (element.texts.flatMap(\.references).contains { constant($0, scope) == nil }
                || element.holdsFields)
        if mayVanish { steps.append(.open) }
        literal("\(indent)<\(element.name)")
        marks(element, scope, path)
        switch element.content {
        case .nothing, .fields: literal("/>\n")
        case .text(let text):
            literal(">")
            write(text, scope, element.form == .cdata ? .cdata : .text, at: path)
            literal("</\(element.name)>\n")
        case .elements(let elements):
            literal(">\n")
            for child in elements { self.element(child, scope, depth + 1, path) }
            literal("\(indent)</\(element.name)>\n")
        }
        if mayVanish { away.append(leap { .close(otherwise: $0) }) }
        land(away)
    }

    private mutating func marks(_ element: Element, _ scope: Scope, _ path: String) {
        for (name, text) in element.attributes {
            if lacks(text, scope) { continue }
            let away = needs(text, scope)
            literal(" \(name)=\"")
            write(text, scope, .attribute, at: "\(path)@\(name)")
            literal("\"")
            if !away.isEmpty { land(away) }
        }
        for (prefix, uri) in element.namespaces {
            let name = prefix.isEmpty ? "xmlns" : "xmlns:\(prefix)"
            literal(" \(name)=\"\(Escape.attribute.constant(uri))\"")
        }
    }

    private mutating func others(_ fields: Element.Fields, _ depth: Int, _ path: String) {
        for (column, outline) in unplaced(fields) {
            let attribute = format.attributes.list[column]
            let name = (fields.plain.contains(outline.name) ? "" : fields.prefix) + outline.name
            var element = Element(name: name, place: .init(file: "", line: 1, column: 1))
            element.each = .field(column)
            if attribute.parts == nil {
                element.content = .text(plain(column))
            } else {
                element.content = .elements(
                    outline.parts.compactMap { part in
                        attribute.part(part).map { index in
                            var child = Element(
                                name: fields.prefix + part, place: element.place)
                            let value = FeedText.Reference(
                                sources: [.part(column, index)], filters: [])
                            child.content = .text(FeedText(parts: [.value(value)]))
                            return child
                        }
                    })
            }
            self.element(element, Scope(), depth, path)
        }
    }
}

extension Element {
    /// Whether it may turn out to have nothing in it.
    var holdsFields: Bool {
        children.contains { child in
            if case .fields = child.content { true } else { child.holdsFields }
        }
    }
}
