/// Which channel's feed, and how much of the difference is named.
package struct FeedDiffQuestion: Arguments, Hashable {
    package static let declared = [
        Parameter.channel(required: true),
        Parameter(
            "limit", .number,
            "items that are named, of each kind or, with 'after', in all; at most \(most)",
            placeholder: "N"),
        Parameter(
            "after", .text, "'after' of the answer before: all of them, a page at a time",
            placeholder: "CURSOR"),
        Parameter(
            "edition", .number, "an earlier one: what would change if it were put back",
            placeholder: "EDITION"),
    ]

    package static let usual = 20
    package static let most = 500

    package var channel: String
    package var limit: Int
    /// Nil: how many there are, and the first few of each kind.
    package var after: String?
    /// Nil: what the edition that waits would change, or the last one has.
    package var edition: Int?

    package init(
        _ channel: String, limit: Int = usual, after: String? = nil, edition: Int? = nil
    ) {
        self.channel = channel
        self.limit = limit
        self.after = after
        self.edition = edition
    }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try keys.decode(String.self, forKey: .channel),
            limit: try keys.decodeIfPresent(Int.self, forKey: .limit) ?? Self.usual,
            after: try keys.decodeIfPresent(String.self, forKey: .after),
            edition: try keys.decodeIfPresent(Int.self, forKey: .edition))
    }

    package func check() throws(OperationError) {
        guard limit < 1 else { return }
        throw OperationError(400, "'limit' is no number above 0")
    }
}

/// `GET /v1/feed/CHANNEL/diff`: what the edition that waits would change, or, where none does, what the
/// last one has changed; of an earlier edition, what would change if it were put back.
package struct FeedDiffAnswer: Codable, Sendable {
    /// How many items, all of them.
    package struct Counts: Codable, Hashable, Sendable {
        package var removed: Int
        package var added: Int
        package var changed: Int
        package var same: Int

        package init(removed: Int, added: Int, changed: Int, same: Int) {
            self.removed = removed
            self.added = added
            self.changed = changed
            self.same = same
        }

        package var all: Int { removed + added + changed }
    }

    package struct Item: Codable, Hashable, Sendable {
        package struct Attribute: Codable, Hashable, Sendable {
            package var name: String
            /// Shortened to where they differ; nil: not there.
            package var old: String?
            package var new: String?

            package init(name: String, old: String?, new: String?) {
                self.name = name
                self.old = old
                self.new = new
            }
        }

        /// removed, added, changed
        package var change: String
        package var sku: String
        /// In the feed, where that is not the SKU.
        package var id: String?
        /// Of one that changed.
        package var attributes: [Attribute]?

        package init(change: String, sku: String, id: String?, attributes: [Attribute]?) {
            self.change = change
            self.sku = sku
            self.id = id
            self.attributes = attributes
        }
    }

    /// Pictures that an earlier edition names and the channel has not any more, or may not show.
    package struct Gone: Codable, Hashable, Sendable {
        /// That name such pictures.
        package var items: Int
        /// Of these, those that cannot be without.
        package var lost: Int
        /// Of the first few items.
        package var skus: [String]

        package init(items: Int, lost: Int, skus: [String]) {
            self.items = items
            self.lost = lost
            self.skus = skus
        }
    }

    package var channel: String
    /// What the channel has, or had before; nil: nothing.
    package var old: FeedEdition?
    package var new: FeedEdition
    /// Nil in the pages.
    package var counts: Counts?
    /// By SKU.
    package var items: [Item]
    /// What to ask for as `after`: of the first answer, to get all items; of a page, to get what follows;
    /// nil: there is no more.
    package var after: String?
    /// Of an earlier edition that is asked for; nil: all that it names is there.
    package var gone: Gone?

    package init(
        channel: String, old: FeedEdition?, new: FeedEdition, counts: Counts?, items: [Item],
        after: String?
    ) {
        self.channel = channel
        self.old = old
        self.new = new
        self.counts = counts
        self.items = items
        self.after = after
    }
}
