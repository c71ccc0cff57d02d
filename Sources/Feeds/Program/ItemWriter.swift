/// Walks a program for one item after the other. One at a time, as `Output` says.
final class ItemWriter {
    private let program: Program
    private let output: Output
    @exclusivity(unchecked) private(set) var witness = Witness()
    @exclusivity(unchecked) private var pass = Program.Pass()
    @exclusivity(unchecked) private var isFirst = true
    /// Values that an item of this pass had, by their hashes.
    @exclusivity(unchecked) private var had: Set<Int> = []
    /// Values written in this item so far.
    @exclusivity(unchecked) private var touched = 0
    @exclusivity(unchecked) private var marks: [(count: Int, touched: Int)] = []
    @exclusivity(unchecked) private var cell = 0
    @exclusivity(unchecked) private var part = 0
    /// Of the loop: the value's place in the row, which one it is, and how many may follow.
    @exclusivity(unchecked) private var current = -1
    @exclusivity(unchecked) private var ordinal = 0
    @exclusivity(unchecked) private var left = 0
    /// Of the loops around it.
    @exclusivity(unchecked) private var outer: [(current: Int, ordinal: Int, left: Int)] = []
    @exclusivity(unchecked) private var cooked: [UInt8] = []
    @exclusivity(unchecked) private var spare: [UInt8] = []

    init(_ program: Program, to output: Output) {
        self.program = program
        self.output = output
        marks.reserveCapacity(16)
    }

    func begin(_ pass: Program.Pass) {
        (self.pass, isFirst, had) = (pass, true, [])
        output.append(pass.head)
    }

    /// - Parameter limit: bytes of the document; its first item is written in any case.
    /// - Returns: false where it would be longer: it is as it was.
    @discardableResult
    func write(_ row: FeedRow, within limit: Int64 = .max) throws(OutputFault) -> Bool {
        if let column = pass.has, !row.has(column) { return true }
        if let column = pass.once {
            guard let index = row.index(column), had.insert(row.text(index).hashValue).inserted
            else { return true }
        }
        let before = limit == .max ? nil : (count: output.count, witness: witness)
        if !isFirst { output.append(pass.separator) }
        isFirst = false
        touched = 0
        (current, ordinal) = (-1, 0)
        run(row)
        if !program.endsRows { witness.end() }
        if let before, before.witness.items > 0, output.written > limit {
            output.rewind(to: before.count)
            witness = before.witness
            return false
        }
        try output.breathe()
        return true
    }

    private func run(_ row: FeedRow) {
        pass.steps.withUnsafeBufferPointer { steps in
            pass.constants.withUnsafeBufferPointer { constants in
                var next = 0
                while next < steps.count {
                    next = take(steps[next], next, row, constants)
                }
            }
        }
    }

    /// - Returns: the step after this one.
    @inline(__always) private func take(
        _ step: Step, _ at: Int, _ row: FeedRow, _ constants: UnsafeBufferPointer<UInt8>
    ) -> Int {
        switch step {
        case .bytes(let lower, let upper):
            if let start = constants.baseAddress { output.append(start + lower, upper - lower) }
        case .need(let operand, let otherwise):
            if case .ordinal = operand { return at + 1 }
            if index(operand, row) == nil { return otherwise }
        case .value(let operand, let filters, let escape, let witness):
            value(operand, filters, escape, witness, row)
        case .loop(let column, let from, let most, let otherwise):
            guard let index = row.index(column, from - 1) else { return otherwise }
            outer.append((current, ordinal, left))
            (current, ordinal, left) = (index, 1, most - 1)
        case .again(let body):
            if left > 0, let index = row.next(current) {
                (current, ordinal, left) = (index, ordinal + 1, left - 1)
                return body
            }
            (current, ordinal, left) = outer.removeLast()
        case .between(let lower, let upper):
            if ordinal > 1, let start = constants.baseAddress {
                output.append(start + lower, upper - lower)
            }
        case .once(let otherwise): if ordinal > 1 { return otherwise }
        case .jump(let other): return other
        default: return takeMark(step, at)
        }
        return at + 1
    }

    /// Of the marks around what is written.
    private func takeMark(_ step: Step, _ at: Int) -> Int {
        switch step {
        case .open: marks.append((output.count, touched))
        case .close(let otherwise):
            let mark = marks.removeLast()
            if touched == mark.touched {
                output.rewind(to: mark.count)
                return otherwise
            }
        case .uncomma:
            if output.bytes[output.count - 1] == UInt8(ascii: ",") {
                output.rewind(to: output.count - 1)
            }
        case .cell: cell = output.count
        case .endCell(let quoting, let witness): endCell(quoting, witness)
        case .endRow: witness.end()
        case .item: part = output.count
        case .endItem:
            quote(from: part, if: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: ",") })
        default: break
        }
        return at + 1
    }

    private func index(_ operand: Operand, _ row: FeedRow) -> Int? {
        switch operand {
        case .nth(let column, let number): row.index(column, number)
        case .current: current >= 0 ? current : nil
        case .part(let part): current >= 0 ? row.part(part, of: current) : nil
        case .ordinal: nil
        case .either(let list):
            program.alternatives[list].lazy.compactMap { self.index($0, row) }.first
        }
    }

    private func value(
        _ operand: Operand, _ filters: Int, _ escape: Escape, _ witness: Int, _ row: FeedRow
    ) {
        if case .ordinal = operand {
            let number = current >= 0 ? ordinal : self.witness.items + 1
            return output.append(Array(String(number).utf8))
        }
        guard let index = index(operand, row) else { return }
        row.withBytes(index) { text in
            guard filters >= 0 else { return put(text, escape, witness) }
            cooked.removeAll(keepingCapacity: true)
            cooked.append(contentsOf: text)
            for filter in program.filters[filters] {
                spare.removeAll(keepingCapacity: true)
                cooked.withUnsafeBufferPointer {
                    filter.apply($0, into: &spare, categories: program.categories)
                }
                swap(&cooked, &spare)
            }
            cooked.withUnsafeBufferPointer { put($0, escape, witness) }
        }
    }

    private func put(_ text: UnsafeBufferPointer<UInt8>, _ escape: Escape, _ place: Int) {
        touched += 1
        escape.append(text, to: output)
        if place >= 0 { witness.add(place, text) }
    }

    // MARK: Cells

    private func endCell(_ quoting: FeedDocument.Table.Quoting, _ place: Int) {
        if place >= 0, output.count > cell {
            witness.add(
                place, UnsafeBufferPointer(start: output.bytes + cell, count: output.count - cell))
        }
        switch quoting {
        case .never: break
        case .always: quote(from: cell, if: nil)
        case .needed:
            let delimiter = program.delimiter[0]
            quote(from: cell) {
                $0 == UInt8(ascii: "\"") || $0 == delimiter || $0 == 0x0A || $0 == 0x0D
            }
        }
    }

    /// Puts what was written since within quotation marks, those inside doubled.
    /// - Parameter must: nil: in any case.
    private func quote(from start: Int, if must: ((UInt8) -> Bool)?) {
        let written = UnsafeBufferPointer(start: output.bytes + start, count: output.count - start)
        if let must, !written.contains(where: must) { return }
        let mark = UInt8(ascii: "\"")
        var quoted: [UInt8] = [mark]
        for byte in written {
            if byte == mark { quoted.append(mark) }
            quoted.append(byte)
        }
        quoted.append(mark)
        output.rewind(to: start)
        output.append(quoted)
    }
}

/// The part of a document that must not be wrong: which items, which pictures, in which order.
/// A running hash, so that a million items compare in flat memory; good within one process only.
struct Witness: Equatable {
    private(set) var items = 0
    private var hasher = Hasher()

    /// - Parameter place: where in the document it stands.
    mutating func add(_ place: Int, _ text: UnsafeBufferPointer<UInt8>) {
        guard !text.isEmpty else { return }
        hasher.combine(place)
        hasher.combine(text.count)
        hasher.combine(bytes: UnsafeRawBufferPointer(text))
    }

    mutating func end() {
        items += 1
        hasher.combine(items)
    }

    static func == (left: Self, right: Self) -> Bool {
        left.items == right.items && left.hasher.finalize() == right.hasher.finalize()
    }
}
