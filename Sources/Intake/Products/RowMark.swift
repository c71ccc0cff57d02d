/// What is kept of a row, to know it again unread: a digest of its cells, and how much was to be said of
/// them. 49 bits of SHA-256 and 15 bits of small numbers; 0: the row is to be read.
struct RowMark: Hashable, Sendable {
    /// Numbers of each kind are told apart up to this one.
    static let most = 6
    private static let width: Int64 = 3
    private static let kinds = CellReading.Remark.allCases
    private static let low: Int64 = (1 << (width * Int64(2 + kinds.count))) - 1

    private(set) var bits: Int64

    init(_ bits: Int64) { self.bits = bits }

    /// - Parameter digest: of the cells.
    init(digest: Int64) {
        let high = digest & ~Self.low
        // 0 stands for a row that is to be read.
        bits = high == 0 ? Self.low + 1 : high
    }

    func isSame(_ other: RowMark) -> Bool { (bits ^ other.bits) & ~Self.low == 0 }

    /// Whether nothing is to be said of it.
    var isClean: Bool { bits & Self.low == 0 }

    /// Cells that do not hold what was declared.
    var bad: Int { number(0) }
    /// Those of them in whose place the last good value stays.
    var kept: Int { number(1) }

    func count(_ remark: CellReading.Remark) -> Int {
        Self.kinds.firstIndex(of: remark).map { number(2 + $0) } ?? 0
    }

    mutating func addBad() { add(0) }
    mutating func add(_ remark: CellReading.Remark) {
        if let index = Self.kinds.firstIndex(of: remark) { add(2 + index) }
    }
    mutating func addKept(_ count: Int) {
        for _ in 0..<count { add(1) }
    }

    private func number(_ place: Int) -> Int {
        Int((bits >> (Int64(place) * Self.width)) & 7)
    }

    /// One that has more than can be told is to be read each time.
    private mutating func add(_ place: Int) {
        guard bits != 0 else { return }
        bits = number(place) < Self.most ? bits + (1 << (Int64(place) * Self.width)) : 0
    }
}
