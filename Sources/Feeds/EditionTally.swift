/// Keeps account of what goes in and what stays out.
struct EditionTally {
    private(set) var meant: EditionContents
    private let identity: String
    private var ids: [String: String] = [:]
    private var omitted = 0
    private var omissions: [Staged.Omission] = []
    private var causes: [Staged.Cause: Int] = [:]

    init(_ attributes: FeedAttributes) {
        meant = EditionContents(attributes)
        identity = attributes.identity
    }

    /// The first item with an id has it.
    mutating func claim(_ item: FeedItem) -> FeedFault? {
        guard let id = item.text(identity) else { return nil }
        if let holder = ids[id] {
            return FeedFault(
                identity, .duplicate,
                "'\(identity)' is '\(id)' as for sku '\(holder)'; ids must be unique")
        }
        ids[id] = item.sku
        return nil
    }

    mutating func admit(_ item: FeedItem) { meant.add(item) }

    mutating func omit(_ item: FeedItem, _ faults: [FeedFault]) {
        omitted += 1
        if omissions.count < Staged.told {
            omissions.append(Staged.Omission(sku: item.sku, faults: faults))
        }
        for cause in Set(faults.map { Staged.Cause($0.attribute, $0.code) }) {
            causes[cause, default: 0] += 1
        }
    }

    func staged(_ edition: Edition) -> Staged {
        Staged(edition: edition, omitted: omitted, omissions: omissions, causes: causes)
    }
}
