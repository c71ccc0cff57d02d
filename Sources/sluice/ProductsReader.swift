internal import Host
internal import Intake
internal import Model
internal import YAML

/// Reads what the configuration says of product tables.
struct ProductsReader {
    let reader: Reader

    func forms(_ keys: Keys, _ columns: Node) -> TableForms? {
        guard let declared = self.columns(columns, among: nil) else { return nil }
        if columns["sku"] == nil {
            reader.report(columns.place, "columns needs 'sku': text", code: "missing-key")
        }
        let tables = keys.mapping("tables", "tables") { keys in
            keys.others().compactMap { entry in
                form(entry, declared).map { TableForms.Named(entry.key, $0) }
            }
        }
        return TableForms(declared, tables ?? [])
    }

    // MARK: Columns

    /// - Parameter declared: those there may be; nil: these declare them.
    private func columns(_ node: Node, among declared: [ProductColumn]?) -> [ProductColumn]? {
        reader.mapping(node, "columns") { keys in
            keys.others().compactMap { entry in
                if let declared, !declared.contains(where: { $0.name == entry.key }) {
                    let hint = Spelling.hint(to: entry.key, among: declared.map(\.name))
                    reader.report(
                        entry.place,
                        "'\(entry.key)' is no column of the products\(hint); declare it below "
                            + "'products: columns:'", code: "unknown-column")
                    return nil
                }
                return column(entry, declared?.first { $0.name == entry.key })
            }
        }
    }

    /// `price`, or `{is: price, from: Preis, decimal: comma}`.
    private func column(_ entry: Node.Entry, _ usual: ProductColumn?) -> ProductColumn? {
        let types = Shape<ColumnType>.choice()
        guard entry.value.entries != nil else {
            guard let type = reader.read(entry.value, entry.key, types) else { return nil }
            return ProductColumn(entry.key, type)
        }
        return reader.mapping(entry.value, "a column") { keys in
            var column = usual ?? ProductColumn(entry.key, .text)
            if let type = keys.optional("is", types) { column.type = type }
            column.from = keys.list("from", .text)
            column.decimal = keys.optional("decimal", .choice()) ?? column.decimal
            column.unit = unit(keys, column.type) ?? column.unit
            column.dates = keys.optional("dates", .choice()) ?? column.dates
            column.separator = keys.optional("separator", Self.separator) ?? column.separator
            if keys.node("yes") != nil { column.yes = keys.list("yes", .text) }
            if keys.node("no") != nil { column.no = keys.list("no", .text) }
            return column
        }
    }

    private func unit(_ keys: Keys, _ type: ColumnType) -> String? {
        let currency = keys.optional("currency", .currency)
        return keys.optional("unit", .text) ?? currency
    }

    private static var separator: Shape<String> {
        Shape(expects: "what stands between the values, such as \";\"") { text in
            text.isEmpty || text.utf8.count > 8 ? nil : text
        }
    }

    // MARK: Tables

    private enum Format: String, CaseIterable {
        case csv
        case jsonLines = "json-lines"
        case json, xml
        case googleRSS = "google-rss"
        case bmecat = "bmecat-2005"
    }

    private func form(_ entry: Node.Entry, _ declared: [ProductColumn]) -> TableForm? {
        reader.mapping(entry.value, "a table") { keys in
            let format =
                keys.optional("format", Shape<Format>.choice()) ?? Self.format(of: entry.key)
            let preset = TablePreset(rawValue: format.rawValue)
            var columns = declared
            if let node = keys.node("columns"), let own = self.columns(node, among: declared) {
                columns = declared.map { column in
                    own.first { $0.name == column.name } ?? column
                }
            }
            if let preset { columns = preset.columns(columns) }
            var form = TableForm(kind(format, preset, keys), columns)
            form.extent = keys.optional("holds", .choice()) ?? form.extent
            form.order = keys.optional("newest_by", .choice()) ?? form.order
            deletion(keys).map { form.deletes(by: $0) }
            if form.deletion != nil, form.extent == .all {
                reader.report(
                    keys.place("delete"),
                    "'delete' is for a table of changes: write 'holds: changes'; what is not in a whole "
                        + "table is gone anyway", code: "contradiction")
            }
            return form
        }
    }

    /// `{column: action, is: [delete, D]}`
    private func deletion(_ keys: Keys) -> TableForm.Deletion? {
        keys.mapping("delete", "'delete'") { keys in
            let column = keys.required("column", .text)
            guard keys.requiredNode("is") != nil else { return nil }
            let words = keys.list("is", .text)
            return column.map { TableForm.Deletion(column: $0, words: words) }
        } ?? nil
    }

    /// As the ending of the file names says.
    private static func format(of pattern: String) -> Format {
        switch pattern.split(separator: ".").last.map({ $0.lowercased() }) {
        case "jsonl", "ndjson": .jsonLines
        case "json": .json
        case "xml": .xml
        default: .csv
        }
    }

    /// A key that another format has is unknown to this one.
    private func kind(_ format: Format, _ preset: TablePreset?, _ keys: Keys) -> TableForm.Kind {
        switch format {
        case .csv: return .delimited(dialect(keys))
        case .jsonLines: return .jsonLines
        case .json: return .json(items: keys.optional("items", Self.steps) ?? [])
        case .googleRSS, .bmecat: return .xml(item: preset?.item ?? [])
        case .xml: return .xml(item: keys.required("items", Self.steps) ?? [])
        }
    }

    private static var steps: Shape<[String]> {
        Shape(expects: "the way to the items, such as rss/channel/item") { text in
            let steps = text.split(separator: "/", omittingEmptySubsequences: false).map(
                String.init)
            return steps.contains("") ? nil : steps
        }
    }

    private func dialect(_ keys: Keys) -> TableForm.Dialect {
        var dialect = TableForm.Dialect()
        dialect.delimiter = keys.optional("delimiter", Self.byte("one character, such as \";\""))
        dialect.quote = keys.optional("quote", Self.byte("one character, such as \"'\""))
        dialect.end = keys.optional("line_end", .choice())
        dialect.encoding = keys.optional("encoding", .choice())
        return dialect
    }

    private static func byte(_ expects: String) -> Shape<UInt8> {
        Shape(expects: expects) { text in
            if text == "tab" { return 0x09 }
            guard text.utf8.count == 1, let byte = text.utf8.first, byte < 0x80, byte != 0x0A,
                byte != 0x0D
            else { return nil }
            return byte
        }
    }
}
