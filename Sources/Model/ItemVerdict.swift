/// What a channel says of an item that it was given, the worst first.
package enum ItemVerdict: String, Codable, Sendable, CaseIterable, Comparable {
    case rejected
    /// It has said neither, or in words that nobody has declared.
    case pending
    case accepted

    package static func < (left: Self, right: Self) -> Bool {
        let order = allCases
        return order.firstIndex(of: left)! < order.firstIndex(of: right)!
    }
}
