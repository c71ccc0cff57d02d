/// Rows for what their cells say.
struct TableReadBack {
    private let table: FeedDocument.Table
    private var source: LineSource
    /// Column → witness.
    private let places: [Int: Int]
    private let delimiter: UInt8
    private let end: [UInt8]
    private let quotes: Bool
    /// What stands at the head of the document.
    private let header: [UInt8]
    /// Columns of several values, each quoted by itself.
    private let raw: Set<Int>
    private static let mark = UInt8(ascii: "\"")

    init(_ table: FeedDocument.Table, _ source: LineSource, _ program: Program) throws {
        self.table = table
        self.source = source
        delimiter = program.delimiter[0]
        end = Array(table.end.utf8)
        quotes = table.quoting != .never
        places = Dictionary(
            program.witnesses.enumerated().compactMap { number, column in
                Int(column).map { ($0, number) }
            }, uniquingKeysWith: { first, _ in first })
        (header, raw) = (program.passes[0].head, program.rawColumns)
    }

    mutating func witness() throws(ReadBackFault) -> Witness {
        var witness = Witness()
        var columns: Int?
        if table.hasHeader {
            guard let head = try row() else { throw source.fault("the names are missing") }
            guard Array(head) + end == header else {
                throw source.fault("the names are not those that were written")
            }
            columns = try cells(head).count
        }
        while let row = try row() {
            let cells = try cells(row)
            guard cells.count == columns ?? cells.count else {
                throw source.fault("\(cells.count) values instead of \(columns ?? 0)")
            }
            columns = cells.count
            for column in cells.indices {
                guard let place = places[column] else { continue }
                cells[column].withUnsafeBufferPointer { witness.add(place, $0) }
            }
            witness.end()
        }
        return witness
    }

    /// An end of line within quotation marks is none.
    private mutating func row() throws(ReadBackFault) -> ArraySlice<UInt8>? {
        let quotes = quotes
        return try source.next(before: end) { text in
            !quotes || text.count { $0 == Self.mark }.isMultiple(of: 2)
        }
    }

    /// Between delimiters that stand within no quotation marks.
    private func cells(_ row: ArraySlice<UInt8>) throws(ReadBackFault) -> [[UInt8]] {
        var cells: [[UInt8]] = []
        var begun = row.startIndex
        var isInside = false
        for index in row.indices {
            if quotes, row[index] == Self.mark { isInside.toggle() }
            guard row[index] == delimiter, !isInside else { continue }
            cells.append(try cell(row[begun..<index], number: cells.count))
            begun = index + 1
        }
        cells.append(try cell(row[begun...], number: cells.count))
        return cells
    }

    private func cell(
        _ text: ArraySlice<UInt8>, number: Int
    ) throws(ReadBackFault) -> [UInt8] {
        guard quotes, !raw.contains(number), text.first == Self.mark else { return Array(text) }
        guard text.count > 1, text.last == Self.mark else {
            throw source.fault("a quotation mark has no partner")
        }
        var cell: [UInt8] = []
        var isSecond = false
        for byte in text.dropFirst().dropLast() {
            if byte == Self.mark, !isSecond {
                isSecond = true
                continue
            }
            guard byte == Self.mark || !isSecond else {
                throw source.fault("a quotation mark has no partner")
            }
            isSecond = false
            cell.append(byte)
        }
        return cell
    }
}
