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
        /// The declared columns; `sku` is one of them, said or not.
        var columns: [String: ColumnType]
        /// The share of a table's rows, or of a column's values, that may be lost, 0 to 1.
        var drop: Double
        /// Seconds a file must not have changed before it is read.
        var settle: TimeInterval
        /// A directory of ours for the copies.
        var scratch: String
    }

    private let settings: Settings
    private let ledger: Ledger
    private let found: [ProductTable]
    private let now: Date
    private var known: [String: ProductTableRecord] = [:]
    /// Table → the content that a person lets pass.
    private var released: [String: String] = [:]
    private var refused: Set<String> = []
    private var candidates: [ProductCandidate] = []
    /// Tables of which the last good one stays, whatever lies in the directory.
    private var standing: Set<String> = []
    /// Those that a person let pass, with all that is missing in them.
    private var passed: Set<String> = []
    private var outcome = Outcome()

    private let page: () throws -> Void

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
            try read(table, copy: "\(settings.scratch)/\(number).csv")
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
            if let fault = table.fault {
                throw Problem(
                    Place(file: table.path, line: 1, column: 1), fault, code: "not-a-file")
            }
            let sha256 = try ProductTables.stage(table, to: copy)
            candidates.append(
                try ProductCandidate(
                    table, copy: copy, sha256: sha256, declared: settings.columns, ledger: ledger,
                    page: page))
        } catch StagingFault.unsettled {
            wait(for: table, until: now.addingTimeInterval(max(settings.settle, 1)))
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
            let (rows, gone) = try gone(from: name)
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

    /// Products that stand in a table in the ledger, and those of them that are in no file now.
    private func gone(from name: String) throws(LedgerError) -> (Int, ProductCandidate.Gone) {
        var (rows, gone, last) = (0, ProductCandidate.Gone(), "")
        while true {
            let page = try ledger.productSKUs(
                in: name, after: last, limit: ProductCandidate.page)
            rows += page.count
            for sku in page where !candidates.contains(where: { $0.lines[sku] != nil }) {
                gone.add(sku)
            }
            guard page.count == ProductCandidate.page, let end = page.last else { break }
            last = end
        }
        return (rows, gone)
    }

    // MARK: Taking

    private mutating func apply() throws {
        // What could not be read must not look like products that are gone.
        let mayRemove =
            standing.isEmpty
            && candidates.allSatisfy { $0.broken.count == 0 || passed.contains($0.table.name) }
        var claimed: [String: String] = [:]
        for candidate in candidates.sorted(by: { $0.table.age > $1.table.age }) {
            try apply(candidate, &claimed, mayRemove)
        }
        outcome.tellOfMissingColumns(candidates)
        guard mayRemove else { return }
        for source in try ledger.productSources() { try remove(from: source, but: claimed) }
        let present = Set(found.map(\.name))
        for name in refused.union(known.keys).subtracting(present) {
            try ledger.forget(productTable: name)
        }
    }

    private mutating func apply(
        _ candidate: ProductCandidate, _ claimed: inout [String: String], _ mayRemove: Bool
    ) throws {
        var (changes, kept) = (0, 0)
        var overlap: (count: Int, file: String)?
        try candidate.rows(settings.columns) { page in
            try self.page()
            var free: [ProductRow] = []
            for row in page {
                if let file = claimed[row.product.sku] {
                    overlap = ((overlap?.count ?? 0) + 1, file)
                } else {
                    claimed[row.product.sku] = candidate.table.file
                    free.append(row)
                }
            }
            let known = try ledger.knownProducts(free.map(\.product.sku))
            let new = free.compactMap { row -> Product? in
                let old = known[row.product.sku]
                guard !isShadowed(old, by: candidate) else { return nil }
                let product = row.product(keeping: old?.fields ?? [:], &kept)
                let isSame = old?.fields == product.fields && old?.table == candidate.table.name
                return isSame ? nil : product
            }
            if !new.isEmpty { changes += try ledger.record(new, in: candidate.table.name) }
        }
        try ledger.take(
            ProductTableRecord(
                name: candidate.table.name, file: candidate.table.file, sha256: candidate.sha256,
                age: candidate.table.age, rows: candidate.lines.count, takenAt: now),
            changes: changes, keepingRelease: !mayRemove && passed.contains(candidate.table.name))
        outcome.changes += changes
        outcome.tell(of: candidate, kept: kept)
        if let overlap {
            outcome.notes.append(
                "\(Amount.count(overlap.count, "product")) of '\(candidate.table.file)' "
                    + "\(overlap.count == 1 ? "stands" : "stand") in '\(overlap.file)' too, which is "
                    + "newer and counts")
        }
    }

    /// The last good state of a newer table stands, and has this product.
    private func isShadowed(_ old: KnownProduct?, by candidate: ProductCandidate) -> Bool {
        guard let old, standing.contains(old.table), let last = known[old.table] else {
            return false
        }
        return last.age > candidate.table.age
    }

    private mutating func remove(from source: String, but claimed: [String: String]) throws {
        var last = ""
        while true {
            let page = try ledger.productSKUs(
                in: source, after: last, limit: ProductCandidate.page)
            let gone = page.filter { claimed[$0] == nil }
            if !gone.isEmpty { try ledger.removeProducts(gone) }
            outcome.changes += gone.count
            guard page.count == ProductCandidate.page, let end = page.last else { return }
            last = end
        }
    }
}

extension ProductRow {
    /// With the last good values where the cell is none.
    fileprivate func product(keeping old: [String: String], _ kept: inout Int) -> Product {
        var product = product
        for column in bad {
            guard let value = old[column] else { continue }
            product.fields[column] = value
            kept += 1
        }
        return product
    }
}
