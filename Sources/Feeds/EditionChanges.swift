private import Model

/// What an edition has otherwise than an earlier one, item by item. The two are read side by side, since
/// both are in the order of their SKUs: what is not named is counted and not kept. They may be in
/// different formats.
package struct EditionChanges: Sendable, Hashable {
    /// Where to go on: the bytes at which the next items begin.
    package struct Place: Sendable, Hashable {
        package var old: Int
        package var new: Int

        package init(old: Int, new: Int) {
            self.old = old
            self.new = new
        }
    }

    /// In the order of the SKUs.
    package private(set) var named: [ItemChange] = []
    package private(set) var counts: [ItemChange.Kind: Int] = [:]
    package private(set) var same = 0
    /// Of the first item that was not looked at; nil: all were.
    package private(set) var next: Place?

    /// All of it, of which the first few of each kind are named. Blocks on the disk.
    /// - Parameters:
    ///   - old: nil: nothing was before.
    ///   - told: of each kind.
    package init(from old: String?, to new: String, told: Int) throws(FeedError) {
        try self.init(old, new) { changes, merge in
            while try merge.advance() {
                guard let kind = changes.count(merge), changes.counts[kind, default: 0] <= told
                else { continue }
                changes.named.append(merge.change(kind))
            }
        }
    }

    /// So many of the changes from a place on, in their order. Blocks on the disk.
    /// - Parameter place: nil: from the first item.
    package init(
        from old: String?, to new: String, after place: Place?, limit: Int
    ) throws(FeedError) {
        try self.init(old, new, at: place) { changes, merge in
            while changes.named.count < limit, try merge.advance() {
                if let kind = changes.count(merge) { changes.named.append(merge.change(kind)) }
            }
            changes.next = try merge.place()
        }
    }

    /// Of one product; nil: it has not changed. Blocks on the disk.
    package static func change(
        of sku: String, from old: String?, to new: String
    ) throws(FeedError) -> ItemChange? {
        try reading(old, new) {
            let merge = try EditionMerge(from: old, to: new, at: nil)
            while try merge.advance(), !Side.isBefore(sku, merge.sku) {
                if merge.sku == sku { return merge.kind.map(merge.change) }
            }
            return nil
        }
    }

    private init(
        _ old: String?, _ new: String, at place: Place? = nil,
        _ read: (inout EditionChanges, EditionMerge) throws -> Void
    ) throws(FeedError) {
        var changes = self
        try Self.reading(old, new) {
            try read(&changes, try EditionMerge(from: old, to: new, at: place))
        }
        self = changes
    }

    private static func reading<Value>(
        _ old: String?, _ new: String, _ body: () throws -> Value
    ) throws(FeedError) -> Value {
        do {
            return try body()
        } catch {
            throw FeedError(
                "cannot compare '\(new)' with '\(old ?? "nothing")': \(error)", remedy: .fixHost)
        }
    }

    /// - Returns: what the present item is; nil: the same.
    private mutating func count(_ merge: EditionMerge) -> ItemChange.Kind? {
        guard let kind = merge.kind else {
            same += 1
            return nil
        }
        counts[kind, default: 0] += 1
        return kind
    }
}

/// Two editions read side by side, an item of either or of both at a time.
private final class EditionMerge {
    private var old: Side?
    private var new: Side
    private let hasSameColumns: Bool
    /// Whose the present item is; both: it is in both.
    private var isOld = true
    private var isNew = true

    init(from old: String?, to new: String, at place: EditionChanges.Place?) throws {
        let before = try old.map { try Side($0, at: place?.old) }
        let now = try Side(new, at: place?.new)
        hasSameColumns = before?.columns == now.columns
        (self.old, self.new) = (before, now)
    }

    /// - Returns: false where there is none any more.
    func advance() throws -> Bool {
        if isOld { try old?.advance() }
        if isNew { try new.advance() }
        (isOld, isNew) = (old?.hasItem ?? false, new.hasItem)
        guard isOld, isNew, let old else { return isOld || isNew }
        isOld = !Side.isBefore(new.sku, old.sku)
        isNew = !Side.isBefore(old.sku, new.sku)
        return true
    }

    /// Of the present item.
    var sku: String { (isNew ? new : old ?? new).sku }

    /// Of the present item; nil: nothing has changed of it.
    var kind: ItemChange.Kind? {
        guard isOld, let old else { return .added }
        guard isNew else { return .removed }
        if hasSameColumns { return old.row.saysTheSame(as: new.row) ? nil : .changed }
        return ItemChange.attributes(of: old.item, new.item).isEmpty ? nil : .changed
    }

    func change(_ kind: ItemChange.Kind) -> ItemChange {
        let side = isNew ? new : old ?? new
        let id = side.id.flatMap { $0 == side.sku ? nil : $0 }
        guard kind == .changed, let old else { return ItemChange(kind, sku: side.sku, id: id) }
        return ItemChange(
            kind, sku: side.sku, id: id,
            attributes: ItemChange.attributes(of: old.item, new.item))
    }

    /// Of what comes after the present item; nil at the end of both.
    func place() throws -> EditionChanges.Place? {
        guard try advance() else { return nil }
        return EditionChanges.Place(old: old?.place ?? 0, new: new.place)
    }
}

/// One edition, as far as it is read.
private struct Side {
    private let items: StoredItems
    /// The byte at which the present item begins; at the end: that of the file.
    private(set) var place = 0
    private(set) var hasItem = false

    init(_ edition: String, at place: Int?) throws {
        items = try StoredItems(edition)
        if let place { try items.reader.go(to: place) }
    }

    var columns: [ItemFile.Column] { items.reader.columns }
    var row: FeedRow { items.row }
    var sku: String { items.row.sku }
    var id: String? { items.id }
    var item: FeedItem { items.item { _ in false } }

    mutating func advance() throws {
        let last = items.row.sku
        place = items.reader.place
        hasItem = try items.next()
        guard !hasItem || Self.isBefore(last, sku) else { throw ItemFileFault.unordered }
    }

    /// As SQLite orders texts: by their bytes.
    static func isBefore(_ one: String, _ other: String) -> Bool {
        one.utf8.lexicographicallyPrecedes(other.utf8)
    }
}
