package import Host
package import Model

/// One row of a product table.
package struct ProductRow: Sendable, Hashable {
    /// `sku`, and the declared columns that are not empty and hold what was declared.
    package var product: Product
    /// Columns whose cell is a mistake: the product has nothing there.
    package var bad: Set<String>

    package init(product: Product, bad: Set<String>) {
        self.product = product
        self.bad = bad
    }
}

/// Mistakes of one kind: all counted, the first few kept.
package struct Mistakes: Sendable, Hashable {
    package static let told = 20

    package private(set) var count = 0
    package private(set) var first: [Problem] = []

    package init() {}

    package mutating func add(_ problem: Problem) {
        count += 1
        if first.count < Self.told { first.append(problem) }
    }
}

/// Reads one product table, a row a SKU, in flat memory but for the SKUs. What is wrong with a cell
/// or a row is told with its place and costs that cell or row; what makes one doubt that the file is
/// whole ends the reading.
package final class ProductReader {
    /// Bytes of one file.
    package static let limit: Int64 = 64 << 20
    /// Broken rows after which reading ends.
    package static let patience = 1000

    private let table: CommaSeparated
    private let header: RecordHeader
    private let path: String
    private var ahead: CommaSeparated.Row?

    /// SKU → line of its row, of those read so far.
    package private(set) var lines: [String: Int] = [:]
    /// Rows that could not be used; whose they are is not always known.
    package private(set) var broken = Mistakes()
    /// Cells that do not hold what was declared.
    package private(set) var cells = Mistakes()
    /// What stands there twice: the first counts.
    package private(set) var repeated = Mistakes()
    /// Worth knowing, and no mistake.
    package private(set) var notes: [Problem.Note] = []
    private var decoded = (count: 0, first: Place?.none)
    private var tagged = (count: 0, first: Place?.none)

    /// Declared columns that the table has.
    package var columns: Set<String> { header.names }
    /// Those it has not, with what is to be said of it.
    package var missing: [String: Problem] { header.missing }

    /// - Parameters:
    ///   - file: stands at its beginning.
    ///   - path: how it is named in what is told.
    ///   - columns: the declared ones; `sku` is one of them, said or not.
    package init(
        _ file: consuming OpenFile, path: String, columns: [String: ColumnType]
    ) throws(Problem) {
        let top = Place(file: path, line: 1, column: 1)
        do throws(HostError) {
            table = try CommaSeparated(file)
        } catch {
            throw Problem(top, "\(error)", code: "unreadable")
        }
        self.path = path
        guard !table.isWide else {
            throw Problem(top, "the file is UTF-16; save it as 'CSV UTF-8'", code: "encoding")
        }
        let first: CommaSeparated.Row?
        do throws(HostError) { first = try table.next() } catch {
            throw Problem(top, "\(error)", code: "unreadable")
        }
        guard let first else { throw Problem(top, "the file is empty", code: "empty") }
        header = try RecordHeader(first, path, columns)
        for problem in header.repeated { repeated.add(problem) }
        if let note = header.note { notes.append(note) }
    }

    /// The next usable row; nil at the end.
    /// - Throws: what makes the file one that is not whole.
    package func next() throws(Problem) -> ProductRow? {
        while let row = try take() {
            guard try !isSplit(row) else { continue }
            do throws(Problem) {
                try header.checkShape(of: row)
                var remarks: [RecordHeader.Remark] = []
                let record = try header.record(row) { remarks.append($0) }
                guard isFirst(record.product.sku, row) else { continue }
                for remark in remarks { note(remark) }
                return record
            } catch {
                try miss(error)
            }
        }
        finishNotes()
        return nil
    }

    private func take() throws(Problem) -> CommaSeparated.Row? {
        if let row = ahead {
            ahead = nil
            return row
        }
        let row: CommaSeparated.Row?
        do throws(HostError) { row = try table.next() } catch {
            throw Problem(
                Place(file: path, line: 1, column: 1), "\(error)", code: "unreadable")
        }
        if let row, row.isCut, row.fault != nil || row.fields.count < header.width {
            throw Problem(
                header.place(of: row),
                "the last row ends in its middle and without a line break: the file is cut off",
                code: "cut-off")
        }
        return row
    }

    /// Two short rows that make a whole one together: a line break in a text without quotes. Padded,
    /// the first would lose its price and the second sell a sentence.
    private func isSplit(_ row: CommaSeparated.Row) throws(Problem) -> Bool {
        let width = header.width
        guard width > 3, row.fault == nil, row.fields.count < width else { return false }
        ahead = try take()
        guard let next = ahead, next.fault == nil, next.fields.count < width,
            row.fields.count + next.fields.count == width + 1
        else { return false }
        ahead = nil
        try miss(
            Problem(
                header.place(of: row),
                "the row ends after \(row.fields.count) of \(width) fields and goes on in the next "
                    + "line; a text with a line break needs quotes", code: "split-row"))
        return true
    }

    private func isFirst(_ sku: String, _ row: CommaSeparated.Row) -> Bool {
        if let first = lines[sku] {
            repeated.add(
                Problem(
                    header.place(of: row), "sku '\(sku)' was given before; this row is left out",
                    code: "duplicate-sku",
                    notes: [
                        Problem.Note(
                            Place(file: path, line: first, column: 1), "the first one, which stays")
                    ]))
            return false
        }
        lines[sku] = row.line
        return true
    }

    private func miss(_ problem: Problem) throws(Problem) {
        broken.add(problem)
        guard broken.count > Self.patience else { return }
        throw Problem(
            problem.place,
            "more than \(Self.patience) rows cannot be used; the first: "
                + "line \(broken.first[0].place.line): \(broken.first[0].message)",
            code: broken.first[0].code)
    }

    private func note(_ remark: RecordHeader.Remark) {
        switch remark {
        case .bad(let problem): cells.add(problem)
        case .text(.decoded, let place): decoded = (decoded.count + 1, decoded.first ?? place)
        case .text(.tagged, let place): tagged = (tagged.count + 1, tagged.first ?? place)
        }
    }

    private func finishNotes() {
        finishNote("HTML entities were decoded", decoded)
        finishNote("HTML tags are left", tagged)
        decoded = (0, nil)
        tagged = (0, nil)
    }

    private func finishNote(_ what: String, _ texts: (count: Int, first: Place?)) {
        guard let first = texts.first else { return }
        notes.append(
            Problem.Note(
                first, "\(what) in \(texts.count) text\(texts.count == 1 ? "" : "s"), here first"))
    }
}
