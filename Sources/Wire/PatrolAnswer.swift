package import Foundation

/// A walk past everything that is live on a channel, and what it has found.
package struct PatrolRound: Codable, Hashable, Sendable {
    package var began: Date
    /// Nil: it is under way.
    package var ended: Date?
    package var looked = 0
    /// Something else lay there than was put there.
    package var changed = 0
    /// Nothing lay there.
    package var lost = 0
    /// Of these it could not be said; they are asked for again with the next round.
    package var unanswered = 0

    package init(began: Date) { self.began = began }
}

/// Where a channel's patrol stands.
package struct PatrolRecord: Codable, Hashable, Sendable {
    package var round: PatrolRound?
    /// The last whole one.
    package var last: PatrolRound?

    package init() {}
}

package struct PatrolAnswer: Codable, Sendable {
    /// Under way.
    package var round: PatrolRound?
    /// The last whole one.
    package var last: PatrolRound?
    /// Found changed or lost, and not put right yet; counted up to a thousand.
    package var open: Int

    package init(_ record: PatrolRecord, open: Int) {
        (round, last, self.open) = (record.round, record.last, open)
    }
}
