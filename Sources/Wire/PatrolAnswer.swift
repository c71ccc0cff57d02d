package import Foundation
package import Model

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
    /// Nil: no file was held against what the profile says that the channel makes of it.
    package var made: MadeFiles?

    package init() {}
}

/// How a channel's files stood to what its profile says that it makes of them.
package struct MadeFiles: Codable, Hashable, Sendable {
    /// So many in a row that are not as the profile says are sent again; with the next it is the profile, or
    /// the channel makes something else by now.
    private static let enough = 3

    package var said: Transformation
    /// The last that was not as it says, and none was since.
    package var last: Misfit?
    private var fits = false
    /// In a row.
    package private(set) var misfits = 0

    package struct Misfit: Codable, Hashable, Sendable {
        package var name: RemoteName
        package var fault: String
    }

    package init(_ said: Transformation) { self.said = said }

    /// The channel makes what the profile says: a file that is not so was changed by somebody.
    package var isProven: Bool { fits && misfits <= Self.enough }

    /// - Parameter fault: nil: it is as the profile says.
    package mutating func note(_ name: RemoteName, _ fault: String?) {
        guard let fault else {
            (fits, misfits, last) = (true, 0, nil)
            return
        }
        misfits += 1
        last = Misfit(name: name, fault: fault)
    }
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
