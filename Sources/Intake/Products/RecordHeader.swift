internal import Model

/// The first row of a product table: where its columns are.
struct RecordHeader {
    private let path: String
    let width: Int
    /// Declared column → its field; -1: none.
    let order: [Int]
    /// Declared columns that several fields make up.
    private let joined: [(column: Int, fields: [Int])]
    /// Declared columns that are there.
    let names: Set<String>
    /// Declared columns that are missing, with what is to be said of it.
    let missing: [String: Problem]
    /// Declared columns that are there twice.
    let repeated: [Problem]
    /// Names the columns nobody declared.
    let note: Problem.Note?

    init(
        _ first: CommaSeparated.Row, _ path: String, _ declared: [ProductColumn]
    ) throws(Problem) {
        let row = first.row
        let place = Place(file: path, line: row.line, column: 1)
        if let fault = first.fault { throw Problem(place, fault, code: "quotes") }
        let found = row.fields.map { row.text($0) ?? "" }
        let fields = declared.map { column in column.sources.map { Self.field($0, in: found) } }
        let names = Set(zip(declared, fields).filter { $0.1[0] != nil }.map { $0.0.name })
        guard names.contains("sku") else { throw Self.noSKU(found, declared, place) }
        (self.path, self.names) = (path, names)
        width = found.count
        order = fields.map { $0[0] ?? -1 }
        joined = fields.indices.filter { fields[$0].count > 1 }
            .map { (column: $0, fields: fields[$0].compactMap(\.self)) }
        let used = Set(fields.joined().compactMap(\.self))
        let known = Set(used.map { found[$0].lowercased() })
        let others = found.indices.filter { !used.contains($0) && !found[$0].isEmpty }
        let free = others.filter { !known.contains(found[$0].lowercased()) }.map { found[$0] }
        missing = Dictionary(
            uniqueKeysWithValues: declared.filter { !names.contains($0.name) }
                .map { ($0.name, $0.isMissing(at: place, near: free)) })
        repeated = others.filter { known.contains(found[$0].lowercased()) }.map { index in
            Problem(
                row.place(row.fields[index], path),
                "the column '\(found[index])' is there twice; the first counts",
                code: "duplicate-column")
        }
        let told = free.prefix(20).map { "'\($0.prefix(40))'" }.joined(separator: ", ")
        let more = free.count > 20 ? " and \(free.count - 20) more" : ""
        note =
            free.isEmpty ? nil : Problem.Note(place, "not declared and ignored: \(told)\(more)")
    }

    /// Where a column is: capitals make no other one.
    private static func field(_ name: String, in found: [String]) -> Int? {
        if let exact = found.firstIndex(of: name) { return exact }
        let folded = name.lowercased()
        return found.firstIndex { $0.lowercased() == folded }
    }

    private static func noSKU(
        _ found: [String], _ declared: [ProductColumn], _ place: Place
    ) -> Problem {
        let sku = declared.first { $0.name == "sku" }?.sources.first ?? "sku"
        let told = found.prefix(8).map { "'\($0.prefix(40))'" }.joined(separator: ", ")
        let more = found.count > 8 ? " and \(found.count - 8) more" : ""
        let guess = Spelling.nearest(to: sku, among: found).map { "; is it '\($0)'?" } ?? ""
        let hint =
            found.count == 1
            ? "; columns are separated by comma, semicolon, tab or bar, and this is only one"
            : guess
        return Problem(
            place, "the header has no column '\(sku)', but \(told)\(more)\(hint)",
            code: "no-sku-column")
    }

    // MARK: Rows

    func place(of row: CommaSeparated.Row) -> Place {
        Place(file: path, line: row.row.line, column: 1)
    }

    /// A row may end early, as spreadsheets write it, and go on with empty fields.
    func fault(in row: CommaSeparated.Row) -> Problem? {
        if let fault = row.fault { return Problem(place(of: row), fault, code: "quotes") }
        let row = row.row
        guard row.fields.count > width,
            let surplus = row.fields[width...].first(where: { !$0.isEmpty })
        else { return nil }
        return Problem(
            row.place(surplus, path),
            "the row has \(row.fields.count) fields, the header \(width); "
                + "'\((row.text(surplus) ?? "?").prefix(40))' is too much", code: "field-count")
    }
}

extension RecordHeader {
    /// The row with its declared columns in their places.
    func arranged(_ row: SourceRow) -> SourceRow {
        var row = row
        row.order = order
        for (column, fields) in joined where row.fault == nil {
            let texts = fields.filter { $0 < row.fields.count }.map { row.fields[$0] }
                .filter { !$0.isEmpty }.compactMap { row.text($0) }
            guard let first = row.cell(column), texts.count > 1 else { continue }
            let start = Int32(row.bytes.count)
            row.bytes += Array(texts.joined(separator: " ").utf8)
            var cell = first
            (cell.start, cell.end, cell.isDoubled) = (start, Int32(row.bytes.count), false)
            row.order[column] = row.fields.count
            row.fields.append(cell)
        }
        return row
    }
}

extension ProductColumn {
    /// - Parameter free: what is there and nobody declared.
    func isMissing(at place: Place, near free: [String]) -> Problem {
        if name == TableForm.Deletion.name {
            return Problem(
                place,
                "the column '\(sources[0])' is missing, by which 'delete' knows what is gone",
                code: "missing-column")
        }
        let called = from.first.map { " ('\($0)')" } ?? ""
        let guess = Spelling.nearest(to: sources[0], among: free).map { "; there is '\($0)'" } ?? ""
        return Problem(
            place, "the declared column '\(name)'\(called) is missing\(guess)",
            code: "missing-column")
    }
}
