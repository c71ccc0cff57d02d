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

    /// What was spent on what.
    package struct Times: Sendable, Hashable {
        /// Items: filled by whoever hands them out, held to the rules, written.
        package var gathering = Duration.zero
        package var writing = Duration.zero
        /// Documents: read again, parsed, compared.
        package var reading = Duration.zero
        /// For the disk, which had been told early to begin.
        package var waiting = Duration.zero
    }

    package var edition: Edition
    /// Items left out.
    package var omitted: Int
    /// The first `told` of them.
    package var omissions: [Omission]
    /// How many items had a fault of each kind; an item may have several.
    package var causes: [Cause: Int]
    package var times: Times
}
