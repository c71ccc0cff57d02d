// Tables: a row for each item, and a column for each element.
extension Compiler {
    mutating func document(_ table: FeedDocument.Table) {
        program.delimiter = Array(table.delimiter.utf8)
        var names: [String] = []
        if let rows = table.rows {
            let begin = leap {
                .loop(column: rows.each, from: 1, most: .max, otherwise: $0)
            }
            land([])
            let body = steps.count
            names = row(table, Scope(column: rows.each))
            steps.append(.endRow)
            steps.append(.again(body: body))
            let end = leap { .jump($0) }
            land([begin])
            _ = row(table, Scope())
            steps.append(.endRow)
            land([end])
            program.endsRows = true
        } else {
            names = row(table, Scope())
        }
        endPass(head: head(table, names))
    }

    private func head(_ table: FeedDocument.Table, _ names: [String]) -> [UInt8] {
        let mark: [UInt8] = table.hasMark ? [0xEF, 0xBB, 0xBF] : []
        guard table.hasHeader else { return mark }
        let cells = names.map { name in
            let isPlain =
                !name.contains(table.delimiter) && !name.contains("\"")
                || table.quoting == .never
            return isPlain && table.quoting != .always
                ? name : "\"" + name.replacing("\"", with: "\"\"") + "\""
        }
        return mark + Array((cells.joined(separator: table.delimiter) + table.end).utf8)
    }

    /// - Returns: the names of its columns.
    private mutating func row(_ table: FeedDocument.Table, _ scope: Scope) -> [String] {
        var names: [String] = []
        for column in table.columns {
            for (name, element, inner) in spread(column, scope) {
                if !names.isEmpty { literal(table.delimiter) }
                let isAgain = table.rows.map { $0.again.contains(name) } ?? true
                cell(element, inner, table, number: names.count, isAgain: isAgain)
                names.append(name)
            }
        }
        literal(table.end)
        return names
    }

    /// One element may be several columns.
    private func spread(_ element: Element, _ scope: Scope) -> [(String, Element, Scope)] {
        if case .fields(let fields) = element.content {
            return unplaced(fields).map { column, outline in
                let attribute = format.attributes.list[column]
                var cell = element
                cell.each = .field(column)
                cell.name = fields.prefix + outline.name
                if attribute.parts != nil {
                    cell.name += "(" + outline.parts.joined(separator: ":") + ")"
                }
                cell.quotesEach = element.quotesEach && attribute.most > 1
                cell.content = .text(text(of: column, outline, fields))
                return (cell.name, cell, scope)
            }
        }
        guard case .field(let column)? = element.each, !element.names.isEmpty else {
            return [(element.name, element, scope)]
        }
        return element.names.enumerated().map { number, name in
            var cell = element
            cell.each = nil
            return (name, cell, Scope(column: column, number: element.from - 1 + number))
        }
    }

    /// `{price}`, or the parts of a group with colons between.
    private func text(
        of column: Int, _ outline: FeedOutline.Column, _ fields: Element.Fields
    ) -> FeedText {
        let attribute = format.attributes.list[column]
        guard attribute.parts != nil else { return plain(column) }
        let mark = String(UnicodeScalar(fields.mark ?? UInt8(ascii: ":")))
        var parts: [FeedText.Part] = []
        for part in outline.parts.compactMap(attribute.part) {
            if !parts.isEmpty { parts.append(.literal(mark)) }
            parts.append(.value(.init(sources: [.part(column, part)], filters: [])))
        }
        return FeedText(parts: parts)
    }

    private mutating func cell(
        _ element: Element, _ scope: Scope, _ table: FeedDocument.Table, number: Int, isAgain: Bool
    ) {
        steps.append(.cell)
        if element.quotesEach { program.rawColumns.insert(number) }
        var away: [Int] = []
        if !isAgain { away.append(leap { .once(otherwise: $0) }) }
        if case .text(let text) = element.content {
            if case .field(let column)? = element.each, scope.column != column {
                values(element, column, text)
            } else {
                away += needs(text, scope)
                write(text, scope, .line, at: nil)
            }
        }
        land(away)
        let isWitnessed =
            if case .text(let text) = element.content {
                text.references.contains { reference in
                    if case .field(let column)? = reference.sources.first {
                        self.isWitnessed(column)
                    } else {
                        false
                    }
                }
            } else {
                false
            }
        steps.append(
            .endCell(
                quoting: element.quotesEach ? .never : table.quoting,
                witness: isWitnessed ? witness(at: String(number)) : -1))
    }

    private mutating func values(_ element: Element, _ column: Int, _ text: FeedText) {
        let begin = leap {
            .loop(column: column, from: element.from, most: element.most ?? .max, otherwise: $0)
        }
        land([])
        let body = steps.count
        between(element.join ?? ",")
        if element.quotesEach { steps.append(.item) }
        // A group with a part that is missing is written all the same.
        let away =
            format.attributes.list[column].parts == nil
            ? needs(text, Scope(column: column)) : []
        write(text, Scope(column: column), .line, at: nil)
        land(away)
        if element.quotesEach { steps.append(.endItem) }
        steps.append(.again(body: body))
        land([begin])
    }
}
