import Model

/// The first row of a file of product records: where its columns are, and what they must hold.
struct RecordHeader {
    private struct Column {
        let index: Int
        let name: String
        let type: ColumnType
    }

    private let path: String
    private let width: Int
    private let columns: [Column]
    private let sku: Int?
    /// Declared columns that are missing or there twice.
    let problems: [Problem]
    /// Names the columns nobody declared.
    let note: Problem.Note?

    init(_ row: CommaSeparated.Row, _ path: String, _ declared: [String: ColumnType]) {
        let names = row.fields.map { $0.text ?? "" }
        let types = declared.merging(["sku": .text]) { mine, _ in mine }
        let place = Place(file: path, line: row.line, column: 1)
        self.path = path
        width = names.count
        sku = names.firstIndex(of: "sku")
        columns = names.indices.compactMap { index in
            guard let type = types[names[index]], names.firstIndex(of: names[index]) == index else {
                return nil
            }
            return Column(index: index, name: names[index], type: type)
        }
        problems =
            Self.missing(names, types, place) + Self.twice(row.fields, names, types, path)
        let unknown = names.filter { types[$0] == nil && !$0.isEmpty }.map { "'\($0)'" }
        note =
            unknown.isEmpty
            ? nil
            : Problem.Note(place, "not declared and ignored: \(unknown.joined(separator: ", "))")
    }

    var hasSKU: Bool { sku != nil }

    func place(of row: CommaSeparated.Row) -> Place { Place(file: path, line: row.line, column: 1) }

    func checkShape(of row: CommaSeparated.Row) throws(Problem) {
        if let fault = row.fault { throw Problem(place(of: row), fault, code: "quotes") }
        guard row.fields.count == width else {
            throw Problem(
                place(of: row), "the row has \(row.fields.count) fields, the header \(width)",
                code: "field-count")
        }
        if let field = row.fields.first(where: { $0.text == nil }) {
            throw Problem(
                Place(file: path, line: field.line, column: field.column),
                "the text is not UTF-8; save the file as 'CSV UTF-8'", code: "encoding")
        }
    }

    /// - Parameter report: takes what is wrong with single fields; those are left out.
    func record(
        _ row: CommaSeparated.Row, report: (Problem) -> Void
    ) throws(Problem) -> Product {
        guard let sku, let name = row.fields[sku].text?.composed, !name.isEmpty else {
            throw Problem(place(of: row), "the row has no sku", code: "no-sku")
        }
        var fields: [String: String] = [:]
        for column in columns {
            let field = row.fields[column.index]
            guard let text = field.text, !text.isEmpty else { continue }
            if let fault = column.type.fault(in: text) {
                let place = Place(file: path, line: field.line, column: field.column)
                let message = "\(column.name) '\(text.prefix(60))' of sku '\(name)' \(fault)"
                report(Problem(place, message, code: "bad-\(column.type.rawValue)"))
            } else {
                fields[column.name] = text
            }
        }
        return Product(sku: name, fields: fields)
    }

    private static func missing(
        _ names: [String], _ types: [String: ColumnType], _ place: Place
    ) -> [Problem] {
        types.keys.sorted().filter { !names.contains($0) && $0 != "sku" }.map { name in
            let guess = Spelling.nearest(to: name, among: names.filter { types[$0] == nil })
            return Problem(
                place,
                "the declared column '\(name)' is missing"
                    + (guess.map { "; there is '\($0)'" } ?? ""), code: "missing-column")
        }
    }

    private static func twice(
        _ fields: [CommaSeparated.Field], _ names: [String], _ types: [String: ColumnType],
        _ path: String
    ) -> [Problem] {
        names.indices.filter { types[names[$0]] != nil && names.firstIndex(of: names[$0]) != $0 }
            .map { index in
                Problem(
                    Place(file: path, line: fields[index].line, column: fields[index].column),
                    "the column '\(names[index])' is there twice; the first counts",
                    code: "duplicate-column")
            }
    }
}

extension ColumnType {
    /// What is wrong with `text`, to follow the quoted value; nil when nothing is.
    fileprivate func fault(in text: String) -> String? {
        switch self {
        case .text: nil
        case .gtin: GTIN.fault(in: text)?.description
        case .price:
            text.wholeMatch(of: /\d{1,9}(\.\d{1,2})? [A-Z]{3}/) == nil
                ? "is not a price such as '19.99 EUR'" : nil
        case .url:
            text.wholeMatch(of: /(?i:https?):\/\/[^\s\/]+(\/\S*)?/) == nil
                ? "is not an http or https address" : nil
        case .number:
            text.wholeMatch(of: /-?\d{1,15}(\.\d{1,9})?/) == nil
                ? "is not a number such as '12' or '1.5'" : nil
        }
    }
}
