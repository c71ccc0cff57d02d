import Bookkeeping
import Feeds
import Foundation
import Model
import Profiles
import Synchronization

// What of an edition need not be made again: a million items of which a hundred have changed are the last
// edition's, but for these.
extension Publisher {
    /// What the last edition that this process made was made from. After a start, or when the profile has
    /// changed, everything is asked about: the program or its configuration may be another.
    struct Basis: Sendable {
        var file: String
        /// The last change that it has seen.
        var change: Int64
        var revision: ContentHash
        /// When everything was asked about.
        var whole: Date
    }

    /// An earlier edition, and the products that may not be as it says.
    struct Standing: Sendable {
        var edition: EditionRecord
        var changed: ItemChanges
    }

    /// Seconds after which everything is asked about all the same: whatever was missed lasts no longer.
    static let longestStanding = 86_400.0
    /// With more, to read the others again is not worth its while.
    private static let mostChanged = 20_000

    /// - Returns: nil: everything is to be asked about.
    func standing(_ order: Order) async throws(LedgerError) -> Standing? {
        guard let basis = basis.withLock(\.self), let last = order.last, last.file == basis.file,
            basis.revision == order.profile.revision, last.fits(order.feed),
            (0..<Self.longestStanding).contains(order.now.timeIntervalSince(basis.whole)),
            EditionPictures.areKept(of: path(last.file))
        else { return nil }
        return try await context.ledger.changedItems(
            on: channel, standing: last.number, after: basis.change, at: order.now,
            limit: Self.mostChanged
        ).map { Standing(edition: last, changed: $0) }
    }
}

/// The items of an edition: those of an earlier one that stand, and those that were asked about, in one
/// order.
struct EditionMaking {
    var live: LiveItems
    private let standing: EditionItems?
    private let changed: Set<String>
    private var fromStanding: FeedItem?
    private var fromLive: FeedItem?
    private var isBegun = false

    /// - Parameter path: of the edition that stands.
    init(_ live: LiveItems, standing: Publisher.Standing?, at path: String?) throws {
        self.live = live
        self.standing = try path.map(EditionItems.init)
        changed = Set(standing?.changed.skus ?? [])
    }

    mutating func next() throws -> FeedItem? {
        guard standing != nil else { return try live.next() }
        if !isBegun {
            isBegun = true
            fromStanding = try nextStanding()
            fromLive = try live.next()
        }
        guard let old = fromStanding, !isLiveFirst(old) else {
            let item = fromLive
            if item != nil { fromLive = try live.next() }
            return item
        }
        fromStanding = try nextStanding()
        return old
    }

    private func isLiveFirst(_ old: FeedItem) -> Bool {
        fromLive.map { $0.sku.utf8.lexicographicallyPrecedes(old.sku.utf8) } ?? false
    }

    private func nextStanding() throws -> FeedItem? {
        try standing?.next { !changed.contains($0) }
    }
}
