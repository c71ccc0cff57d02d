import Bookkeeping
import Foundation
import Host
import Intake
import Model

/// A product table that was copied and read once: what it holds, and what the ledger would lose if it
/// took the place of the last good one.
struct ProductCandidate {
    /// Rows compared with the ledger at a time.
    static let page = 500
    /// SKUs that are named.
    static let named = 5

    let table: ProductTable
    let form: TableForm
    let copy: String
    let sha256: ContentHash
    /// Its SKUs, and those that the ledger has of it.
    let index: ProductIndex
    private(set) var columns: Set<String> = []
    private(set) var missing: [String: Problem] = [:]
    /// Declared columns that it has not and had not before: it says nothing of them, and what a table
    /// of changes said of them counts.
    private(set) var untold: Set<String> = []
    private(set) var broken = Mistakes()
    private(set) var cells = Mistakes()
    private(set) var repeated = Mistakes()
    /// Bad cells of rows that are as the ledger has them, in whose place the last good value stays.
    private(set) var keptUnread = 0
    private(set) var notes: [Problem.Note] = []
    /// Products in the ledger that it takes out.
    private(set) var deleted = Gone()
    /// Rows that are not as the ledger has them.
    private(set) var changed = 0
    /// Column → products of this table that have something there, in the ledger.
    private var had: [String: Int] = [:]
    /// Column → those of them that would have nothing there.
    private var emptied: [String: Gone] = [:]

    /// Says only what became different.
    var isOfChanges: Bool { form.extent == .changes }

    /// SKUs: counted, the first few named.
    struct Gone {
        private(set) var count = 0
        private var first: [String] = []

        mutating func add(_ sku: String) {
            count += 1
            if first.count < ProductCandidate.named { first.append(sku) }
        }

        /// `'A1', 'A2' and 7 more`
        var names: String {
            let more = count - first.count
            return first.map { "'\($0)'" }.joined(separator: ", ")
                + (more > 0 ? " and \(more) more" : "")
        }
    }

    /// Reads the copy. Blocks on the disk and the ledger.
    /// - Parameter ages: of the tables that are in force.
    /// - Parameter turn: called after each page; throws where it is to end.
    /// - Throws: `Problem` where the table cannot be read whole, else `LedgerError`.
    init(
        _ table: ProductTable, _ form: TableForm, copy: String, sha256: ContentHash,
        ledger: Ledger, ages: [String: Date], page turn: () throws -> Void
    ) throws {
        (self.table, self.form, self.copy, self.sha256) = (table, form, copy, sha256)
        index = ProductIndex()
        if form.extent == .all {
            try ledger.productDigests(in: table.name) { [index] in index.expect($0, digest: $1) }
        }
        let reader = try reader()
        try Self.pages(of: reader) { page in
            changed += page.count
            if !page.isEmpty { try compare(page, ledger, ages) }
            try turn()
        }
        (columns, missing) = (reader.columns, reader.missing)
        let before =
            ages[table.name] == nil ? [] : try ledger.columns(ofProductTable: table.name)
        untold = before.map { Set(missing.keys).subtracting($0) } ?? []
        (broken, cells, repeated) = (reader.broken, reader.cells, reader.repeated)
        (notes, keptUnread) = (reader.notes, reader.keptUnread)
        for (column, count) in reader.unchanged where column != "sku" && count > 0 {
            had[column, default: 0] += count
        }
    }

    /// Hands out the rows that are not as the ledger has them, again, a page at a time.
    func rows(_ each: ([ProductRow]) throws -> Void) throws {
        try Self.pages(of: reader(), each)
    }

    private static func pages(
        of reader: ProductReader, _ each: ([ProductRow]) throws -> Void
    ) throws {
        while let page = try reader.page(of: Self.page) { try each(page) }
    }

    private func reader() throws(Problem) -> ProductReader {
        let file: OpenFile
        do throws(HostError) { file = try OpenFile.open(copy, O_RDONLY) } catch {
            throw Problem(
                Place(file: table.path, line: 1, column: 1), "\(error)", code: "unreadable")
        }
        return try ProductReader(file, path: table.path, form: form, index: index)
    }

    private mutating func compare(
        _ page: [ProductRow], _ ledger: Ledger, _ ages: [String: Date]
    ) throws(LedgerError) {
        let known = try ledger.knownProducts(page.map(\.product.sku))
        let declared = Set(form.columns.map(\.name)).subtracting(["sku"])
        for row in page {
            guard let old = known[row.product.sku],
                isOfChanges || old.table == table.name || old.table.isEmpty
            else { continue }
            guard !row.isDeletion else {
                // What is newer has spoken, and the row is nothing any more.
                let last = max(old.changedAt ?? .distantPast, ages[old.table] ?? .distantPast)
                if last <= table.age { deleted.add(row.product.sku) }
                continue
            }
            for (column, text) in old.fields where declared.contains(column) && !text.isEmpty {
                had[column, default: 0] += 1
                guard row.product.fields[column] == nil, !row.bad.contains(column) else { continue }
                emptied[column, default: Gone()].add(row.product.sku)
            }
        }
    }

    // MARK: The guard

    /// Why it should not take the place of the last good one; nil when nothing speaks against it.
    /// - Parameters:
    ///   - rows: products that stand in the last good one.
    ///   - gone: those of them that stand in no table any more.
    ///   - drop: the share that may be lost, 0 to 1.
    func reasonToRefuse(rows: Int, gone: Gone, drop: Double) -> String? {
        var reasons = isOfChanges ? [] : lostColumns
        let all = index.count + broken.count
        if let first = broken.first.first,
            index.count == 0 || Self.isTooMuch(broken.count, of: all, drop)
        {
            reasons.append(
                "\(broken.count) of \(all) rows cannot be used, the first: "
                    + "line \(first.place.line): \(first.message)")
        }
        if let lost = Self.loss(of: gone, rows: rows, drop) { reasons.append(lost) }
        for (column, gone) in emptied.sorted(by: { $0.key < $1.key }) where columns.contains(column)
        {
            let had = had[column, default: 0]
            // A column that few have may empty as a whole, as when a sale ends.
            guard Self.isTooMuch(gone.count, of: had, drop),
                Self.isTooMuch(gone.count, of: max(rows, had), drop)
            else { continue }
            reasons.append(
                "'\(column)' would be empty in \(gone.count) of \(had) products that have it: "
                    + gone.names)
        }
        return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    }

    private var lostColumns: [String] {
        missing.filter { !untold.contains($0.key) }.sorted { $0.key < $1.key }.compactMap {
            column, problem in
            had[column].map { "\(problem.message) (\($0) products have it)" }
        }
    }

    /// What the end of a table, or of rows of it, would mean.
    static func loss(of gone: Gone, rows: Int, _ drop: Double) -> String? {
        guard gone.count > 0, gone.count == rows || isTooMuch(gone.count, of: rows, drop) else {
            return nil
        }
        let share = percent(Double(gone.count) / Double(rows))
        return
            "\(gone.count) of \(rows) products would be gone (\(share), more than "
            + "\(percent(drop))): \(gone.names)"
    }

    private static func percent(_ share: Double) -> String {
        let tenths = Int((1000 * share).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }

    /// One may always go: in a table of three a share of 5 % would hold up every change.
    private static func isTooMuch(_ count: Int, of all: Int, _ drop: Double) -> Bool {
        count > max(1, Int(drop * Double(all)))
    }
}
