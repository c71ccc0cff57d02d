import Bookkeeping
import Foundation
import Host
import Intake
import Model

// What is plausible is taken: whole tables first, the newest first, then what changed since.
extension ProductTaking {
    mutating func apply() throws {
        // What could not be read must not look like products that are gone.
        let mayRemove =
            standing.isEmpty
            && candidates.allSatisfy { $0.broken.count == 0 || passed.contains($0.table.name) }
        let newest = candidates.sorted { $0.table.age > $1.table.age }
        let whole = newest.filter { !$0.isOfChanges }
        for (number, candidate) in whole.enumerated() {
            try apply(candidate, behind: whole[..<number], mayRemove)
        }
        for candidate in newest.reversed() where candidate.isOfChanges {
            try applyChanges(candidate, behind: whole)
        }
        outcome.tellOfMissingColumns(candidates)
        if let oldest = whole.last?.table.age, standing.isEmpty {
            try ledger.forgetDeletions(before: oldest)
        }
        guard mayRemove else { return }
        for source in try ledger.productSources() where source != ProductTableRecord.changes {
            try remove(from: source)
        }
        let present = Set(found.map(\.name))
        for name in refused.union(known.keys).subtracting(present) {
            try ledger.forget(productTable: name)
        }
    }

    private mutating func apply(
        _ candidate: ProductCandidate, behind newer: ArraySlice<ProductCandidate>,
        _ mayRemove: Bool
    ) throws {
        var (changes, kept) = (0, candidate.keptUnread)
        var overlap: (count: Int, file: String)?
        if candidate.changed > 0 {
            try candidate.rows { page in
                try self.page()
                guard !page.isEmpty else { return }
                var free: [ProductRow] = []
                for row in page {
                    let other = newer.first { $0.index.contains(row.product.sku) }
                    if let other {
                        overlap = ((overlap?.count ?? 0) + 1, other.table.file)
                    } else {
                        free.append(row)
                    }
                }
                let new = try changed(free, candidate, &kept)
                if !new.isEmpty { changes += try ledger.record(new, in: candidate.table.name) }
            }
        }
        try take(
            candidate, changes: changes,
            keepingRelease: !mayRemove && passed.contains(candidate.table.name))
        outcome.tell(of: candidate, kept: kept)
        if let overlap {
            outcome.notes.append(
                "\(Amount.count(overlap.count, "product")) of '\(candidate.table.file)' "
                    + "\(overlap.count == 1 ? "stands" : "stand") in '\(overlap.file)' too, which is "
                    + "newer and counts")
        }
    }

    private mutating func take(
        _ candidate: ProductCandidate, changes: Int, keepingRelease: Bool = false
    ) throws(LedgerError) {
        try ledger.take(
            ProductTableRecord(
                name: candidate.table.name, file: candidate.table.file, sha256: candidate.sha256,
                age: candidate.table.age, rows: candidate.index.count, takenAt: now),
            columns: candidate.columns, changes: changes, keepingRelease: keepingRelease)
        outcome.changes += changes
    }

    /// Those rows that become something else in the ledger.
    private func changed(
        _ rows: [ProductRow], _ candidate: ProductCandidate, _ kept: inout Int
    ) throws(LedgerError) -> [RecordedProduct] {
        let skus = rows.map(\.product.sku)
        let (known, gone) = (
            try ledger.knownProducts(skus), try ledger.deletedProducts(skus)
        )
        return rows.compactMap { row in
            let old = known[row.product.sku]
            guard !isShadowed(old, by: candidate),
                gone[row.product.sku].map({ $0 <= candidate.table.age }) ?? true
            else { return nil }
            let before = kept
            var product = row.product(keeping: old?.fields ?? [:], &kept)
            for column in candidate.untold where old?.fields[column] != nil {
                product.fields[column] = old?.fields[column]
            }
            let digest = row.digest(keeping: kept - before)
            let isSame = old?.fields == product.fields && old?.table == candidate.table.name
            return isSame && digest == 0 ? nil : RecordedProduct(product, digest: digest)
        }
    }

    /// A newer table of changes spoke of this product, or the last good state of a newer table stands
    /// and has it.
    private func isShadowed(_ old: KnownProduct?, by candidate: ProductCandidate) -> Bool {
        if let changed = old?.changedAt, changed > candidate.table.age { return true }
        guard let old, standing.contains(old.table), let last = known[old.table] else {
            return false
        }
        return last.age > candidate.table.age
    }

    private mutating func remove(from source: String) throws {
        let own = candidates.first { $0.table.name == source }
        if let own, own.index.unmet == 0 { return }
        try eachPage(of: source) { page throws(LedgerError) in
            let gone = page.filter { !isInWholeTable($0) }
            if !gone.isEmpty { try ledger.removeProducts(gone) }
            outcome.changes += gone.count
        }
    }

    // MARK: Changes

    /// What became different since the whole tables that are older. A column that it has not stays.
    private mutating func applyChanges(
        _ candidate: ProductCandidate, behind whole: [ProductCandidate]
    ) throws {
        var (changes, kept) = (0, 0)
        try candidate.rows { page in
            try self.page()
            guard !page.isEmpty else { return }
            let skus = page.map(\.product.sku)
            let (known, gone) = (
                try ledger.knownProducts(skus), try ledger.deletedProducts(skus)
            )
            var new: [String: [RecordedProduct]] = [:]
            var deleted: [String] = []
            for row in page {
                let (sku, old) = (row.product.sku, known[row.product.sku])
                guard !isOutdated(sku, old, candidate, whole),
                    gone[sku].map({ $0 < candidate.table.age }) ?? true
                else { continue }
                guard !row.isDeletion else {
                    deleted.append(sku)
                    continue
                }
                let product = row.product(changing: old?.fields ?? [:], candidate.columns, &kept)
                guard product.fields != old?.fields else { continue }
                new[old?.table ?? ProductTableRecord.changes, default: []]
                    .append(RecordedProduct(product, changedAt: candidate.table.age))
            }
            for (table, products) in new { changes += try ledger.record(products, in: table) }
            changes += try ledger.deleteProducts(deleted, asOf: candidate.table.age)
        }
        try take(candidate, changes: changes)
        outcome.tell(of: candidate, kept: kept)
    }

    /// A newer table has spoken of the product, or is newer and knows none of that SKU.
    private func isOutdated(
        _ sku: String, _ old: KnownProduct?, _ candidate: ProductCandidate,
        _ whole: [ProductCandidate]
    ) -> Bool {
        let age = candidate.table.age
        if let changed = old?.changedAt, changed > age { return true }
        let own = whole.first { $0.index.contains(sku) }?.table.age
        let last = own ?? old.flatMap { known[$0.table]?.age }
        return last ?? whole.first?.table.age ?? .distantPast > age
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

    /// The last good values, with what the row says in the table's columns instead.
    fileprivate func product(
        changing old: [String: String], _ columns: Set<String>, _ kept: inout Int
    ) -> Product {
        var product = product(keeping: old, &kept)
        for (column, value) in old where !columns.contains(column) {
            product.fields[column] = value
        }
        return product
    }
}
