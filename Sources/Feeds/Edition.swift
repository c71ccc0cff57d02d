package import Model

/// A staged document: whole, well-formed, and holding what was meant.
package struct Edition: Sendable, Hashable {
    package var path: String
    package var sha256: ContentHash
    package var bytes: Int64
    package var items: Int
    /// Characters that cannot stand in a document of its format and were left out of texts.
    package var dropped: Int

    package init(path: String, sha256: ContentHash, bytes: Int64, items: Int, dropped: Int) {
        self.path = path
        self.sha256 = sha256
        self.bytes = bytes
        self.items = items
        self.dropped = dropped
    }

    /// Why this edition should wait for a person: a product that is absent from a feed is taken off
    /// sale, so a feed that suddenly shrinks is a catastrophe more often than a wish.
    /// - Parameters:
    ///   - last: items in the edition the channel has; nil when it has none.
    ///   - gone: those of them that this one has not, whatever it has instead; nil: nobody knows which.
    ///   - drop: the share of `last` that may be gone, 0 to 1.
    ///   - excused: items that are gone for a reason that never waits: rights that ended, an
    ///     approval revoked, a withdrawal.
    package func reasonToHold(
        last: Int?, gone: Int? = nil, drop: Double, excused: Int = 0
    ) -> String? {
        let last = last ?? 0
        if items == 0 && excused < max(last, 1) {
            return "it has no items"
        }
        let gone = (gone ?? last - items) - max(excused, 0)
        guard gone > 0, Double(gone) > drop * Double(last) else { return nil }
        let share = (1000 * Double(gone) / Double(last)).rounded() / 10
        let limit = (1000 * drop).rounded() / 10
        return "\(gone) of \(last) items would be gone (\(share) %, more than \(limit) %)"
    }
}
