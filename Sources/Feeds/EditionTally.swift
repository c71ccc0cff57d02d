/// Keeps account of what goes in and what stays out.
struct EditionTally {
    private(set) var items = 0
    private(set) var dropped = 0
    private let identity: Int
    private let name: String
    /// Those that are their product's SKU, by their hashes: a million of them are a few megabytes. That
    /// two of a million share one of 64 bits is less likely than that the disk lies.
    private var same: Set<Int> = []
    /// Others, and whose they are.
    private var others: [String: String] = [:]
    private var omitted = 0
    private var omissions: [Staged.Omission] = []
    private var causes: [Staged.Cause: Int] = [:]

    init(_ attributes: FeedAttributes) {
        name = attributes.identity
        identity = attributes.column(attributes.identity) ?? 0
    }

    /// The first item with an id has it.
    mutating func claim(_ row: FeedRow) -> FeedFault? {
        guard let index = row.index(identity) else { return nil }
        if others.isEmpty, let hash = row.withBytes(index, { Self.hash($0, of: row.sku) }) {
            if same.insert(hash).inserted { return nil }
        }
        let id = row.text(index)
        let holder = same.contains(id.hashValue) ? id : others[id]
        if let holder {
            return FeedFault(
                name, .duplicate,
                "'\(name)' is '\(id)' as for sku '\(holder)'; ids must be unique")
        }
        if id == row.sku { same.insert(id.hashValue) } else { others[id] = row.sku }
        return nil
    }

    /// Of an id that is the SKU, without making a text of it; nil where it is not, or not plain ASCII.
    private static func hash(_ id: UnsafeBufferPointer<UInt8>, of sku: String) -> Int? {
        guard id.elementsEqual(sku.utf8), id.allSatisfy({ $0 < 0x80 }) else { return nil }
        return sku.hashValue
    }

    mutating func admit(_ row: FeedRow) {
        items += 1
        dropped += row.dropped
    }

    mutating func omit(_ sku: String, _ faults: [FeedFault]) {
        omitted += 1
        if omissions.count < Staged.told {
            omissions.append(Staged.Omission(sku: sku, faults: faults))
        }
        for cause in Set(faults.map { Staged.Cause($0.attribute, $0.code) }) {
            causes[cause, default: 0] += 1
        }
    }

    func staged(_ edition: Edition, _ times: Staged.Times) -> Staged {
        Staged(
            edition: edition, omitted: omitted, omissions: omissions, causes: causes, times: times)
    }
}
