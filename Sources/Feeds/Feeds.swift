// The documents channels read. An edition is staged whole: written, made durable, read back by a
// strict parser, counted and compared with what was meant, and only then under its name. An item
// that the channel would refuse is left out with its reasons; the others go on. The same items give
// the same bytes, so an edition whose hash is unchanged need not be published again. Which items
// there are, and when an edition goes out, is Export's business.

package import Model

/// What stands at the head of a feed.
package struct FeedHead: Sendable, Hashable {
    package var title: String
    /// The shop's own address.
    package var link: String
    package var description: String

    package init(title: String, link: String, description: String) {
        self.title = title
        self.link = link
        self.description = description
    }
}

/// A staged document: whole, well-formed, and holding what was meant.
package struct Edition: Sendable, Hashable {
    package var path: String
    package var sha256: ContentHash
    package var bytes: Int64
    package var items: Int
    /// Characters that cannot stand in XML and were left out of texts.
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
    ///   - drop: the share of `last` that may be gone, 0 to 1.
    ///   - excused: items that are gone for a reason that never waits: rights that ended, an
    ///     approval revoked, a withdrawal.
    package func reasonToHold(last: Int?, drop: Double, excused: Int = 0) -> String? {
        let last = last ?? 0
        if items == 0 && excused < max(last, 1) {
            return "it has no items"
        }
        let gone = last - items - max(excused, 0)
        guard gone > 0, Double(gone) > drop * Double(last) else { return nil }
        let share = (1000 * Double(gone) / Double(last)).rounded() / 10
        let limit = (1000 * drop).rounded() / 10
        return "\(gone) of \(last) items would be gone (\(share) %, more than \(limit) %)"
    }
}

/// What is wrong with one attribute of an item.
package struct FeedFault: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable, Comparable {
        case missing, unknown, repeated, duplicate
        case tooLong = "too-long"
        case characters
        case notListed = "not-listed"
        case format
        case checkDigit = "check-digit"
        case notBuilt = "not-built"

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    package var attribute: String
    package var code: Code
    /// What, and what would be right; lower case, no final stop.
    package var message: String

    package init(_ attribute: String, _ code: Code, _ message: String) {
        self.attribute = attribute
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

/// What became of the items of one staging.
package struct Staged: Sendable, Hashable {
    /// An item that was left out.
    package struct Omission: Sendable, Hashable {
        package var sku: String
        package var faults: [FeedFault]

        package init(sku: String, faults: [FeedFault]) {
            self.sku = sku
            self.faults = faults
        }
    }

    package struct Cause: Sendable, Hashable {
        package var attribute: String
        package var code: FeedFault.Code

        package init(_ attribute: String, _ code: FeedFault.Code) {
            self.attribute = attribute
            self.code = code
        }
    }

    /// Omissions that are told one by one; a feed may lose a million items to one mistake.
    package static let told = 1000

    package var edition: Edition
    /// Items left out.
    package var omitted: Int
    /// The first `told` of them.
    package var omissions: [Omission]
    /// How many items had a fault of each kind; an item may have several.
    package var causes: [Cause: Int]
}

/// Why no edition was staged. Whatever stood under the name before still does.
package struct FeedError: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String
    package var remedy: Remedy

    package init(_ message: String, remedy: Remedy) {
        self.message = message
        self.remedy = remedy
    }

    package var description: String { message }
}
