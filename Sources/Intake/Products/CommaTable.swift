internal import Host
internal import Model

/// A CSV file as a source of products: its header says where the columns are.
final class CommaTable: ProductSource {
    private let table: CommaSeparated
    private let header: RecordHeader
    private let path: String
    private var ahead: CommaSeparated.Row?

    var columns: Set<String> { header.names }
    var missing: [String: Problem] { header.missing }
    var repeated: [Problem] { header.repeated }
    var note: Problem.Note? { header.note }

    init(
        _ file: consuming OpenFile, _ path: String, _ dialect: TableForm.Dialect,
        _ columns: [ProductColumn]
    ) throws(Problem) {
        let top = Place(file: path, line: 1, column: 1)
        self.path = path
        let first: CommaSeparated.Row?
        do throws(HostError) {
            table = try CommaSeparated(file, dialect)
            first = table.fault == nil ? try table.next() : nil
        } catch {
            throw Problem(top, "\(error)", code: "unreadable")
        }
        if let fault = table.fault { throw Problem(top, fault, code: "encoding") }
        guard let first else { throw Problem(top, "the file is empty", code: "empty") }
        header = try RecordHeader(first, path, columns)
    }

    func next() throws(Problem) -> SourceRow? {
        guard let taken = try take() else { return nil }
        let fault = try split(taken) ?? header.fault(in: taken)
        var row = header.arranged(taken.row)
        row.fault = fault
        return row
    }

    private func take() throws(Problem) -> CommaSeparated.Row? {
        if let row = ahead {
            ahead = nil
            return row
        }
        let row: CommaSeparated.Row?
        do throws(HostError) { row = try table.next() } catch {
            throw Problem(Place(file: path, line: 1, column: 1), "\(error)", code: "unreadable")
        }
        if let row, row.isCut, row.fault != nil || row.row.fields.count < header.width {
            throw Problem(
                header.place(of: row),
                "the last row ends in its middle and without a line break: the file is cut off",
                code: "cut-off")
        }
        return row
    }

    /// Two short rows that make a whole one together: a line break in a text without quotes. Padded,
    /// the first would lose its price and the second sell a sentence.
    private func split(_ row: CommaSeparated.Row) throws(Problem) -> Problem? {
        let (width, count) = (header.width, row.row.fields.count)
        guard width > 3, row.fault == nil, count < width else { return nil }
        ahead = try take()
        guard let next = ahead, next.fault == nil, next.row.fields.count < width,
            count + next.row.fields.count == width + 1
        else { return nil }
        ahead = nil
        return Problem(
            header.place(of: row),
            "the row ends after \(count) of \(width) fields and goes on in the next "
                + "line; a text with a line break needs quotes", code: "split-row")
    }
}
