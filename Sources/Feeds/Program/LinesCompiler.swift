import Model

// Lines: a JSON object for each item.
extension Compiler {
    mutating func document(_ lines: FeedDocument.Lines) {
        if let list = lines.list {
            literal("{")
            for member in lines.head { self.member(member, Scope(), "") }
            literal("\"\(Escape.json.constant(list))\":[\n")
        }
        let head = constants()
        literal("{")
        for member in lines.members { self.member(member, Scope(), "") }
        steps.append(.uncomma)
        land([])
        literal("}\n")
        endPass(head: head, separator: lines.list == nil ? "" : ",")
        if lines.list != nil { program.tail = Array("]}\n".utf8) }
    }

    private mutating func member(_ element: Element, _ scope: Scope, _ path: String) {
        if case .fields(let fields) = element.content { return others(fields, path) }
        let key = "\"" + Escape.json.constant(element.name) + "\":"
        guard case .field(let column)? = element.each, element.names.isEmpty else {
            if element.each == nil {
                return value(element, scope, self.path(path, element.name), before: key)
            }
            return named(element, path)
        }
        let path = self.path(path, element.name)
        var away = [
            leap { .need(.nth(column: column, element.from - 1), otherwise: $0) }
        ]
        literal(key + "[")
        away.append(
            leap {
                .loop(
                    column: column, from: element.from, most: element.most ?? .max, otherwise: $0)
            })
        land([])
        let body = steps.count
        value(element, Scope(column: column), path, before: "")
        land([])
        steps.append(.again(body: body))
        steps.append(.uncomma)
        land([])
        literal("],")
        land(away)
    }

    private func path(_ path: String, _ name: String) -> String {
        path.isEmpty ? name : path + "/" + name
    }

    private mutating func named(_ element: Element, _ path: String) {
        guard case .field(let column)? = element.each else { return }
        for (number, name) in element.names.enumerated() {
            let key = "\"" + Escape.json.constant(name) + "\":"
            value(
                element, Scope(column: column, number: element.from - 1 + number),
                self.path(path, name), before: key)
        }
    }

    /// With a comma after it, which the last one loses.
    private mutating func value(
        _ element: Element, _ scope: Scope, _ path: String, before key: String
    ) {
        switch element.content {
        case .nothing, .fields: break
        case .text(let text):
            let away = element.keepsEmpty ? [] : needs(text, scope)
            let isQuoted = element.form == .text
            literal(key + (element.isList ? "[" : "") + (isQuoted ? "\"" : ""))
            let escape: Escape = isQuoted ? .json : element.form == .flag ? .flag : .number
            write(text, scope, escape, at: path)
            literal((isQuoted ? "\"" : "") + (element.isList ? "]," : ","))
            land(away)
        case .elements(let members):
            steps.append(.open)
            literal(key + (element.isList ? "[{" : "{"))
            for member in members { self.member(member, scope, path) }
            steps.append(.uncomma)
            land([])
            literal(element.isList ? "}]," : "},")
            let away = leap { .close(otherwise: $0) }
            land([away])
        }
    }

    private mutating func others(_ fields: Element.Fields, _ path: String) {
        for (column, outline) in unplaced(fields) {
            let attribute = format.attributes.list[column]
            var element = Element(
                name: outline.name, place: .init(file: "", line: 1, column: 1))
            if attribute.most > 1 || attribute.parts != nil { element.each = .field(column) }
            if attribute.parts == nil {
                element.content = .text(plain(column))
            } else {
                element.content = .elements(
                    outline.parts.compactMap { part in
                        attribute.part(part).map { index in
                            var child = Element(name: part, place: element.place)
                            child.content = .text(
                                FeedText(parts: [
                                    .value(.init(sources: [.part(column, index)], filters: []))
                                ]))
                            return child
                        }
                    })
            }
            member(element, Scope(), path)
        }
    }
}
