package import Host
package import Model

/// One row of a product table.
package struct ProductRow: Sendable, Hashable {
    /// `sku`, and the declared columns that are not empty and hold what was declared.
    package var product: Product
    /// The row takes its product out, and says nothing else of it.
    package var isDeletion = false
    /// Columns whose cell is a mistake: the product has nothing there.
    package var bad: Set<String>
    /// Of the cells as they stand there, and what was to be said of them.
    var mark = RowMark(0)

    package init(product: Product, bad: Set<String>) {
        self.product = product
        self.bad = bad
    }

    /// To know the row again; 0: it is to be read again.
    /// - Parameter kept: bad cells in whose place the last good value stays.
    package func digest(keeping kept: Int) -> Int64 {
        var mark = mark
        mark.addKept(kept)
        return mark.bits
    }
}

/// Mistakes of one kind: all counted, the first few kept.
package struct Mistakes: Sendable, Hashable {
    package static let told = 20

    package private(set) var count = 0
    package private(set) var first: [Problem] = []
    private let kept: Int

    package init(kept: Int = told) { self.kept = kept }

    package mutating func add(_ problem: Problem) {
        count += 1
        if first.count < kept { first.append(problem) }
    }

    /// Whether one more would not be kept.
    var isFull: Bool { first.count >= kept }

    mutating func add(counted: Int) { count += counted }
}

/// Reads one product table, a row a SKU, in flat memory but for the SKUs' index. What is wrong with a
/// cell or a row is told with its place and costs that cell or row; what makes one doubt that the file
/// is whole ends the reading. Rows that stand in the ledger as they are here are passed over unread.
package final class ProductReader {
    /// Bytes of one file.
    package static let limit: Int64 = 1 << 30
    /// Broken rows after which reading ends.
    package static let patience = 1000

    private let source: any ProductSource
    private let path: String
    private let patience: Int
    private var rows: RowReading
    /// Rows read.
    private var number = 0
    private var isFinished = false

    /// SKUs that were read, and those that the ledger has.
    package let index: ProductIndex
    /// Rows that could not be used; whose they are is not always known.
    package private(set) var broken: Mistakes
    /// Cells that do not hold what was declared.
    package private(set) var cells: Mistakes
    /// What stands there twice: the first counts.
    package private(set) var repeated: Mistakes
    /// Worth knowing, and no mistake.
    package private(set) var notes: [Problem.Note] = []
    private var remarks: [CellReading.Remark: (count: Int, first: Place)] = [:]
    /// Bad cells in rows that were passed over, in whose place the last good value stays.
    package private(set) var keptUnread = 0
    /// Column → rows that have something there, of those that were passed over.
    package private(set) var unchanged: [String: Int] = [:]

    /// Declared columns that the table has; complete at the end.
    package var columns: Set<String> { source.columns.subtracting([TableForm.Deletion.name]) }
    /// Those it has not, with what is to be said of it; complete at the end.
    package var missing: [String: Problem] {
        source.missing.filter { $0.key != TableForm.Deletion.name }
    }

    /// - Parameters:
    ///   - file: stands at its beginning.
    ///   - path: how it is named in what is told.
    ///   - index: what the ledger has, or what an earlier reading of the same file has met.
    ///   - tellsAll: keeps every mistake, and does not end after too many.
    package init(
        _ file: consuming OpenFile, path: String, form: TableForm,
        index: ProductIndex = ProductIndex(), tellsAll: Bool = false
    ) throws(Problem) {
        self.path = path
        self.index = index
        patience = tellsAll ? .max : Self.patience
        let kept = tellsAll ? Int.max : Mistakes.told
        (broken, cells, repeated) = (
            Mistakes(kept: kept), Mistakes(kept: kept), Mistakes(kept: kept)
        )
        source = try form.source(file, path)
        rows = RowReading(form, path)
        for problem in source.repeated { repeated.add(problem) }
    }

    /// The next usable row that is not as the ledger has it; nil at the end.
    /// - Throws: what makes the file one that is not whole.
    package func next() throws(Problem) -> ProductRow? {
        while let outcome = try read() {
            if case .row(let row) = outcome { return row }
        }
        return nil
    }

    /// The next rows that are not as the ledger has them: a page full, or what is among the next ten
    /// thousand; nil at the end.
    package func page(of size: Int) throws(Problem) -> [ProductRow]? {
        let (first, last) = (number, number + 10_000)
        var page: [ProductRow] = []
        while page.count < size, number < last {
            guard let outcome = try read() else { return number == first ? nil : page }
            if case .row(let row) = outcome { page.append(row) }
        }
        return page
    }

    private enum Outcome {
        case row(ProductRow)
        /// It is as the ledger has it, or cannot be used.
        case passed
    }

    private func read() throws(Problem) -> Outcome? {
        guard let row = try source.next() else {
            // Without it a row that takes out a product would bring it back.
            if let problem = source.missing[TableForm.Deletion.name] { throw problem }
            finish()
            return nil
        }
        number += 1
        if let fault = row.fault {
            try miss(fault)
            return .passed
        }
        do throws(Problem) {
            let sku = try rows.sku(of: row)
            guard let known = first(sku, row) else { return .passed }
            let (old, mark) = (RowMark(known), RowMark(digest: rows.digest(of: row)))
            guard known != 0, old.isSame(mark) else { return .row(try record(row, sku, mark)) }
            rows.count(row)
            if !old.isClean { try tell(old, row, sku) }
            return .passed
        } catch {
            try miss(error)
            return .passed
        }
    }

    private func record(
        _ row: SourceRow, _ sku: String, _ mark: RowMark
    ) throws(Problem) -> ProductRow {
        var mark = mark
        var record = try rows.record(row, sku) { remark in
            switch remark {
            case .bad(let problem):
                mark.addBad()
                cells.add(problem)
            case .text(let what, let place):
                mark.add(what)
                remarks[what] = ((remarks[what]?.count ?? 0) + 1, remarks[what]?.first ?? place)
            }
        }
        record.mark = mark
        return record
    }

    /// Of a row that is as the ledger has it: read again only where its words are wanted.
    private func tell(_ mark: RowMark, _ row: SourceRow, _ sku: String) throws(Problem) {
        keptUnread += mark.kept
        let kinds = CellReading.Remark.allCases.filter { mark.count($0) > 0 }
        guard mark.bad == 0 || cells.isFull, kinds.allSatisfy({ remarks[$0] != nil }) else {
            _ = try record(row, sku, mark)
            return
        }
        cells.add(counted: mark.bad)
        for kind in kinds { remarks[kind]?.count += mark.count(kind) }
    }

    /// The digest in the ledger, 0 where there is none; nil where the SKU was met before.
    private func first(_ sku: String, _ row: SourceRow) -> Int64? {
        switch index.meet(sku, line: row.line, number: number) {
        case .first(let digest): return digest
        case .again(let line):
            repeated.add(
                Problem(
                    Place(file: path, line: row.line, column: 1),
                    "sku '\(sku)' was given before; this row is left out",
                    code: "duplicate-sku",
                    notes: [
                        Problem.Note(
                            Place(file: path, line: line, column: 1), "the first one, which stays")
                    ]))
            return nil
        }
    }

    private func miss(_ problem: Problem) throws(Problem) {
        broken.add(problem)
        guard broken.count > patience else { return }
        throw Problem(
            problem.place,
            "more than \(patience) rows cannot be used; the first: "
                + "line \(broken.first[0].place.line): \(broken.first[0].message)",
            code: broken.first[0].code)
    }

    private func finish() {
        guard !isFinished else { return }
        isFinished = true
        unchanged = rows.counts
        if let note = source.note { notes.append(note) }
        for (what, texts) in remarks.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let count = "\(texts.count) text\(texts.count == 1 ? "" : "s")"
            notes.append(Problem.Note(texts.first, "\(what.rawValue) in \(count), here first"))
        }
    }
}
