internal import Model

/// Where the declared columns are within an item of JSON or XML, and which of them were met.
struct PathColumns {
    private let path: String
    private let columns: [ProductColumn]
    private let order: [Int]
    private var seen: [Bool]
    /// Names that are there, of the first items: for guesses.
    private var there: Set<String> = []

    init(_ columns: [ProductColumn], _ path: String) {
        (self.columns, self.path) = (columns, path)
        order = Array(columns.indices)
        seen = columns.map { _ in false }
    }

    /// - Parameters:
    ///   - line: of the item.
    ///   - names: what is in it.
    ///   - values: what stands at a path within it, by column and which of its paths.
    mutating func row(
        line: Int, names: some Sequence<String>, values: (Int, Int) -> [[UInt8]]
    ) -> SourceRow {
        if there.count < 100 { there.formUnion(names) }
        var row = SourceRow(line: line, order: order)
        for (index, column) in columns.enumerated() {
            let start = Int32(row.bytes.count)
            let found = column.sources.indices.map { values(index, $0) }
            if !found[0].isEmpty { seen[index] = true }
            let texts =
                column.type == .list ? found[0] : found.compactMap(\.first)
            let joint: [UInt8] = column.type == .list ? [0x0A] : [0x20]
            row.bytes += Array(texts.joined(separator: joint))
            row.fields.append(
                SourceRow.Cell(
                    origin: start, start: start, end: Int32(row.bytes.count), line: Int32(line)))
        }
        return row
    }

    var names: Set<String> {
        Set(zip(columns, seen).filter { $0.1 }.map { $0.0.name })
    }

    var missing: [String: Problem] {
        let place = Place(file: path, line: 1, column: 1)
        return zip(columns, seen).filter { !$0.1 }.reduce(into: [:]) { missing, column in
            missing[column.0.name] = column.0.isMissing(at: place, near: there.sorted())
        }
    }
}
