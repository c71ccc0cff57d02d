/// The SKUs of one table, by hash, in 24 bytes each: what the ledger has of them, and in which row
/// each was read. SKUs themselves would take a million products' worth of memory. The hash is
/// Swift's, with a seed of this process, so nobody can make two SKUs meet; by chance two of a million do
/// once in a hundred million tables.
package final class ProductIndex {
    private struct Slot {
        var key: UInt64 = 0
        /// Of the row that is in the ledger; 0: none, or it must be read again.
        var digest: Int64 = 0
        /// In the file; 0: not in it.
        var line: UInt32 = 0
        /// Of the rows of the file; tells apart what stands in one line.
        var number: UInt32 = 0
    }

    private var slots = [Slot](repeating: Slot(), count: 1 << 10)
    private var filled = 0
    /// SKUs that the ledger has in this table.
    package private(set) var expected = 0
    /// Those of them that were read.
    private var met = 0
    /// SKUs that were read.
    package private(set) var count = 0

    package init() {}

    /// SKUs that the ledger has, and the file has not.
    package var unmet: Int { expected - met }

    /// Before the first row is read.
    package func expect(_ sku: String, digest: Int64) {
        let index = index(of: Self.key(sku))
        guard slots[index].key == 0 else { return }
        fill(index, Slot(key: Self.key(sku), digest: digest == 0 ? Self.unread : digest))
        expected += 1
    }

    /// Stands for a row whose digest is not known.
    private static let unread: Int64 = .min

    package func contains(_ sku: String) -> Bool { slots[index(of: Self.key(sku))].line > 0 }

    /// - Returns: whether it is the first row of that SKU, and the digest it had in the ledger; else
    ///   the line of the first.
    func meet(_ sku: String, line: Int, number: Int) -> Meeting {
        let key = Self.key(sku)
        let index = index(of: key)
        if slots[index].key == 0 { fill(index, Slot(key: key)) }
        let place = slots[index].key == key ? index : self.index(of: key)
        if slots[place].line == 0 {
            slots[place].line = UInt32(clamping: line)
            slots[place].number = UInt32(clamping: number)
            count += 1
            if slots[place].digest != 0 { met += 1 }
        }
        guard slots[place].number == UInt32(clamping: number) else {
            return .again(first: Int(slots[place].line))
        }
        return .first(slots[place].digest)
    }

    enum Meeting {
        case first(Int64)
        case again(first: Int)
    }

    // MARK: The table

    private static func key(_ sku: String) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(sku)
        // 0 marks a free slot.
        return UInt64(bitPattern: Int64(hasher.finalize())) | 1
    }

    /// Where a key is, or would be.
    private func index(of key: UInt64) -> Int {
        let mask = slots.count - 1
        var index = Int(truncatingIfNeeded: key >> 1) & mask
        while slots[index].key != 0, slots[index].key != key { index = (index + 1) & mask }
        return index
    }

    private func fill(_ index: Int, _ slot: Slot) {
        slots[index] = slot
        filled += 1
        guard filled * 4 > slots.count * 3 else { return }
        let old = slots
        slots = [Slot](repeating: Slot(), count: 2 * old.count)
        for slot in old where slot.key != 0 { slots[self.index(of: slot.key)] = slot }
    }
}
