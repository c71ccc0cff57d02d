import Model

/// The first row of a product table: where its columns are, and what they must hold.
struct RecordHeader {
    private struct Column {
        let index: Int
        let name: String
        let type: ColumnType
    }

    private let path: String
    private let columns: [Column]
    private let sku: Int
    let width: Int
    /// Declared columns that are missing, with what is to be said of it.
    let missing: [String: Problem]
    /// Declared columns that are there twice.
    let repeated: [Problem]
    /// Names the columns nobody declared.
    let note: Problem.Note?

    /// Declared columns that are there.
    var names: Set<String> { Set(columns.map(\.name)) }

    init(
        _ row: CommaSeparated.Row, _ path: String, _ declared: [String: ColumnType]
    ) throws(Problem) {
        let place = Place(file: path, line: row.line, column: 1)
        if let fault = row.fault { throw Problem(place, fault, code: "quotes") }
        let types = declared.merging(["sku": .text]) { mine, _ in mine }
        let found = row.fields.map { $0.text ?? "" }
        let names = found.map { Self.declared($0, types) }
        guard let sku = names.firstIndex(of: "sku") else { throw Self.noSKU(found, place) }
        self.path = path
        self.sku = sku
        width = names.count
        columns = names.indices.compactMap { index in
            guard let name = names[index], let type = types[name],
                names.firstIndex(of: name) == index
            else { return nil }
            return Column(index: index, name: name, type: type)
        }
        missing = Self.missing(found, names, types, place)
        repeated = Self.repeated(row.fields, names, path)
        let unknown = zip(found, names).filter { $0.1 == nil && !$0.0.isEmpty }.map { "'\($0.0)'" }
        note =
            unknown.isEmpty
            ? nil
            : Problem.Note(place, "not declared and ignored: \(unknown.joined(separator: ", "))")
    }

    /// The declared column that a header means: capitals make no other one.
    private static func declared(_ name: String, _ types: [String: ColumnType]) -> String? {
        if types[name] != nil { return name }
        let folded = name.lowercased()
        return types.keys.filter { $0.lowercased() == folded }.min()
    }

    private static func noSKU(_ found: [String], _ place: Place) -> Problem {
        let told = found.prefix(8).map { "'\($0.prefix(40))'" }.joined(separator: ", ")
        let more = found.count > 8 ? " and \(found.count - 8) more" : ""
        let guess = Spelling.nearest(to: "sku", among: found).map { "; is it '\($0)'?" } ?? ""
        let hint =
            found.count == 1
            ? "; columns are separated by comma, semicolon, tab or bar, and this is only one"
            : guess
        return Problem(
            place, "the header has no column 'sku', but \(told)\(more)\(hint)",
            code: "no-sku-column")
    }

    private static func missing(
        _ found: [String], _ names: [String?], _ types: [String: ColumnType], _ place: Place
    ) -> [String: Problem] {
        let free = zip(found, names).filter { $0.1 == nil }.map(\.0)
        return types.keys.filter { !names.contains($0) }.reduce(into: [:]) { missing, name in
            let guess = Spelling.nearest(to: name, among: free)
            missing[name] = Problem(
                place,
                "the declared column '\(name)' is missing"
                    + (guess.map { "; there is '\($0)'" } ?? ""), code: "missing-column")
        }
    }

    private static func repeated(
        _ fields: [CommaSeparated.Field], _ names: [String?], _ path: String
    ) -> [Problem] {
        names.indices.compactMap { index in
            guard let name = names[index], names.firstIndex(of: name) != index else { return nil }
            return Problem(
                Place(file: path, line: fields[index].line, column: fields[index].column),
                "the column '\(name)' is there twice; the first counts", code: "duplicate-column")
        }
    }

    // MARK: Rows

    func place(of row: CommaSeparated.Row) -> Place { Place(file: path, line: row.line, column: 1) }

    private func place(of field: CommaSeparated.Field) -> Place {
        Place(file: path, line: field.line, column: field.column)
    }

    /// A row may end early, as spreadsheets write it, and go on with empty fields.
    func checkShape(of row: CommaSeparated.Row) throws(Problem) {
        if let fault = row.fault { throw Problem(place(of: row), fault, code: "quotes") }
        if let surplus = row.fields.dropFirst(width).first(where: { $0.text != "" }) {
            throw Problem(
                place(of: surplus),
                "the row has \(row.fields.count) fields, the header \(width); "
                    + "'\((surplus.text ?? "?").prefix(40))' is too much", code: "field-count")
        }
        if let field = row.fields.first(where: { $0.text == nil }) {
            throw Problem(
                place(of: field), "the text is not UTF-8; save the file as 'CSV UTF-8'",
                code: "encoding")
        }
    }

    /// - Parameter tell: takes what is wrong with, or was done to, single fields.
    func record(
        _ row: CommaSeparated.Row, tell: (Remark) -> Void
    ) throws(Problem) -> ProductRow {
        guard row.fields.indices.contains(sku), let name = row.fields[sku].text?.composed,
            !name.isEmpty
        else { throw Problem(place(of: row), "the row has no sku", code: "no-sku") }
        var record = ProductRow(product: Product(sku: name, fields: ["sku": name]), bad: [])
        for column in columns where column.name != "sku" && column.index < row.fields.count {
            let field = row.fields[column.index]
            guard let text = field.text, !text.isEmpty else { continue }
            switch column.type.reading(of: text) {
            case .good(let text, let remark):
                record.product.fields[column.name] = text
                if let remark { tell(.text(remark, place(of: field))) }
            case .bad(let fault):
                record.bad.insert(column.name)
                let message = "\(column.name) '\(text.prefix(60))' of sku '\(name)' \(fault)"
                tell(
                    .bad(
                        Problem(
                            place(of: field), message, code: "bad-\(column.type.rawValue)")))
            }
        }
        return record
    }

    /// What is worth telling of a field.
    enum Remark {
        case bad(Problem)
        case text(CellReading.Remark, Place)
    }
}
