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
    /// Folders that hold some; nil: none was ever listed.
    package var strangers: [StrangersInFolder]?

    package init() {}
}

/// What lies where a channel's files lie and nobody here has sent.
package struct StrangersInFolder: Codable, Hashable, Sendable {
    private static let told = 5

    /// Its whole address, with a slash at its end.
    package var folder: String
    /// Counted up to a thousand.
    package var count: Int
    /// The first of them.
    package var first: [String]
    package var at: Date

    package init(folder: String, names: [String], at: Date) {
        self.folder = folder
        self.at = at
        count = names.count
        first = Array(names.prefix(Self.told))
    }

    /// `'a.jpg', 'b.jpg' and 3 more`
    package var words: String {
        let names = first.map { "'\($0)'" }.joined(separator: ", ")
        return count > first.count ? "\(names) and \(count - first.count) more" : names
    }
}

package struct PatrolAnswer: Codable, Sendable {
    /// Under way.
    package var round: PatrolRound?
    /// The last whole one.
    package var last: PatrolRound?
    /// Found changed or lost, and not put right yet; counted up to a thousand.
    package var open: Int
    /// Folders in which something lies that nobody here has sent; nil: they cannot be listed, or have not
    /// been yet.
    package var strangers: [StrangersInFolder]?

    package init(_ record: PatrolRecord, open: Int) {
        (round, last, self.open) = (record.round, record.last, open)
        strangers = record.strangers
    }
}
