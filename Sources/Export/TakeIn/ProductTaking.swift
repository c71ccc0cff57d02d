import Bookkeeping
import Foundation
import Host
import Intake
import Model

/// One look at all product tables. Each is copied, read whole and compared with what the ledger has of
/// it; only what is plausible takes the place of the last good one, a page at a time. Done again after
/// a crash it comes to the same end. Blocks: for the lane of the tables.
struct ProductTaking {
    struct Settings: Sendable {
        var directory: String
        /// How the tables are written.
        var forms: TableForms
        /// The share of a table's rows, or of a column's values, that may be lost, 0 to 1.
        var drop: Double
        /// Seconds a file must not have changed before it is read.
        var settle: TimeInterval
        /// A directory of ours for the copies.
        var scratch: String
    }

    /// Seconds until a table is tried again that the host had no room for.
    private static let pause = 30.0

    let settings: Settings
    let ledger: Ledger
    let found: [ProductTable]
    let now: Date
    private(set) var known: [String: ProductTableRecord] = [:]
    /// Table → the content that a person lets pass.
    private var released: [String: String] = [:]
    private(set) var refused: Set<String> = []
    private(set) var candidates: [ProductCandidate] = []
    /// Tables of which the last good one stays, whatever lies in the directory.
    private(set) var standing: Set<String> = []
    /// Those that a person let pass, with all that is missing in them.
    private(set) var passed: Set<String> = []
    var outcome = Outcome()

    let page: () throws -> Void

    private init(
        _ settings: Settings, _ ledger: Ledger, _ found: [ProductTable], _ now: Date,
        _ page: @escaping () throws -> Void
    ) {
        (self.settings, self.ledger, self.found, self.now) = (settings, ledger, found, now)
        self.page = page
    }

    static func take(
        _ found: [ProductTable], _ settings: Settings, ledger: Ledger,
        page: @escaping () throws -> Void = {}
    ) throws -> Outcome {
        var taking = ProductTaking(settings, ledger, found, ledger.now(), page)
        try Files.makeDirectory(settings.scratch)
        defer { taking.clear() }
        taking.clear()
        try taking.read()
        try taking.judge()
        try taking.apply()
        taking.outcome.tables = try ledger.productTables()
        return taking.outcome
    }

    private func clear() {
        for name in (try? Files.names(in: settings.scratch)) ?? [] {
            try? Files.remove(settings.scratch + "/" + name)
        }
    }

    // MARK: Reading

    private mutating func read() throws {
        for table in try ledger.productTables() { known[table.name] = table }
        for refusal in try ledger.productRefusals() {
            refused.insert(refusal.name)
            if refusal.isReleased { released[refusal.name] = refusal.content }
        }
        for (number, table) in found.enumerated() {
            if table.isAhead {
                outcome.remarks.append(
                    "'\(table.file)' names a day that is still to come; the time it was changed "
                        + "counts instead")
            }
            if !table.older.isEmpty { outcome.notes.append(Self.older(table)) }
            guard table.isSettled(at: now, settle: settings.settle) else {
                wait(for: table, until: table.touched.addingTimeInterval(settings.settle))
                continue
            }
            try read(table, copy: "\(settings.scratch)/\(number)")
        }
    }

    private static func older(_ table: ProductTable) -> String {
        let more = table.older.count > 1 ? " and \(table.older.count - 1) more" : ""
        let verb = table.older.count > 1 ? "are" : "is"
        return "'\(table.older[0])'\(more) \(verb) not read: '\(table.file)' counts as the newest"
    }

    private mutating func wait(for table: ProductTable, until due: Date) {
        standing.insert(table.name)
        outcome.due = min(outcome.due ?? due, due)
    }

    private mutating func read(_ table: ProductTable, copy: String) throws {
        do {
            guard table.fault == nil, let form = table.form else {
                throw Problem(
                    Place(file: table.path, line: 1, column: 1), table.fault ?? "it has no form",
                    code: "not-a-table")
            }
            let sha256 = try ProductTables.stage(table, to: copy)
            let candidate = try ProductCandidate(
                table, form, copy: copy, sha256: sha256, ledger: ledger,
                ages: known.mapValues(\.age), page: page)
            candidates.append(candidate)
            outcome.rows += candidate.index.count
        } catch StagingFault.unsettled {
            wait(for: table, until: now.addingTimeInterval(max(settings.settle, 1)))
        } catch StagingFault.host(let error) {
            wait(for: table, until: now.addingTimeInterval(Self.pause))
            outcome.refusals.append(
                "the product table '\(table.file)' is not taken yet: \(error); mend that, and it is taken by "
                    + "itself")
        } catch StagingFault.bad(let problem) {
            try refuse(table, problem)
        } catch let problem as Problem {
            try refuse(table, problem)
        }
    }

    private mutating func refuse(_ table: ProductTable, _ problem: Problem) throws {
        let reason = "it cannot be read whole: line \(problem.place.line): \(problem.message)"
        try refuse(
            ProductRefusal(
                name: table.name, file: table.file, content: table.fingerprint, reason: reason,
                isReleasable: false))
    }

    private mutating func refuse(_ refusal: ProductRefusal) throws {
        try ledger.refuse(refusal)
        standing.insert(refusal.name)
        let last = known[refusal.name].map { "its last good state (\($0.rows) products) stays" }
        outcome.refusals.append(
            "the product table '\(refusal.file)' is not taken, "
                + "\(last ?? "and there is no last good one"): \(refusal.reason); "
                + (refusal.isReleasable
                    ? "mend it, or if it is meant: 'sluice release products'" : "mend the file"))
    }

    // MARK: Judging

    private mutating func judge() throws {
        var good: [ProductCandidate] = []
        for candidate in candidates {
            let name = candidate.table.name
            let content = candidate.sha256.rawValue
            let (rows, gone) = try gone(from: candidate)
            let reason = candidate.reasonToRefuse(rows: rows, gone: gone, drop: settings.drop)
            if let reason, released[name] != content {
                try refuse(
                    ProductRefusal(
                        name: name, file: candidate.table.file, content: content, reason: reason,
                        isReleasable: true))
                continue
            }
            if reason != nil { passed.insert(name) }
            good.append(candidate)
        }
        try judgeAbsent()
        candidates = good
    }

    /// A table whose file is gone, and which no other holds as a whole.
    private mutating func judgeAbsent() throws {
        let present = Set(found.map(\.name))
        let absent = Set(known.keys).union(try ledger.productSources()).subtracting(present)
            .subtracting([ProductTableRecord.changes])
        for name in absent.sorted() {
            let (rows, gone) = try gone(from: name)
            let loss = ProductCandidate.loss(of: gone, rows: rows, settings.drop)
            guard let loss else { continue }
            guard released[name] != ProductRefusal.gone else { continue }
            let file = known[name]?.file ?? "products taken before"
            try refuse(
                ProductRefusal(
                    name: name, file: file, content: ProductRefusal.gone,
                    reason: "the file is gone: \(loss)", isReleasable: true))
        }
    }

    private func gone(
        from candidate: ProductCandidate
    ) throws(LedgerError) -> (Int, ProductCandidate.Gone) {
        let index = candidate.index
        if candidate.isOfChanges {
            // Of all there are: a table of changes may name nothing else.
            return candidate.deleted.count == 0
                ? (index.count, candidate.deleted)
                : (try ledger.productCount(), candidate.deleted)
        }
        if index.unmet == 0 { return (index.expected, ProductCandidate.Gone()) }
        return try gone(from: candidate.table.name)
    }

    /// Products that stand in a table in the ledger, and those of them that are in no file now.
    private func gone(from name: String) throws(LedgerError) -> (Int, ProductCandidate.Gone) {
        var (rows, gone) = (0, ProductCandidate.Gone())
        try eachPage(of: name) { page in
            rows += page.count
            for sku in page where !isInWholeTable(sku) { gone.add(sku) }
        }
        return (rows, gone)
    }

    func isInWholeTable(_ sku: String) -> Bool {
        candidates.contains { !$0.isOfChanges && $0.index.contains(sku) }
    }

    func eachPage(
        of name: String, _ body: ([String]) throws(LedgerError) -> Void
    ) throws(LedgerError) {
        var last = ""
        while true {
            let page = try ledger.productSKUs(
                in: name, after: last, limit: ProductCandidate.page)
            try body(page)
            guard page.count == ProductCandidate.page, let end = page.last else { return }
            last = end
        }
    }
}
