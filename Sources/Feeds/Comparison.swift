private import Model

/// Which items an edition would take out of a feed, by their ids.
package struct Comparison: Sendable, Hashable {
    /// The first few, in the order of the edition that has them.
    package private(set) var gone: [String] = []
    package private(set) var count = 0
    /// Those which no guard holds: their picture had to go, or has to soon.
    package private(set) var excused = 0

    /// Blocks on the disk, and holds the new edition's ids meanwhile. The two may be in different
    /// formats.
    /// - Parameters:
    ///   - told: ids that are named; those that are excused are not.
    ///   - skus: of items that are excused whatever they look like.
    ///   - hadToGo: asked of each picture's address.
    package init(
        from old: String, to new: String, told: Int, excusing skus: Set<String> = [],
        hadToGo: (String) -> Bool = { _ in false }
    ) throws(FeedError) {
        do {
            let stays = try Self.ids(new)
            let items = try StoredItems(old)
            while try items.next() {
                let id = items.id ?? items.row.sku
                guard !stays.contains(id.hashValue) else { continue }
                count += 1
                if skus.contains(items.row.sku) || items.needs(hadToGo) {
                    excused += 1
                } else if gone.count < told {
                    gone.append(id)
                }
            }
        } catch {
            throw FeedError("cannot compare '\(old)' with '\(new)': \(error)", remedy: .fixHost)
        }
    }

    /// By their hashes: a million of them are a few megabytes.
    private static func ids(_ path: String) throws -> Set<Int> {
        let items = try StoredItems(path)
        var ids: Set<Int> = []
        while try items.next() {
            ids.insert((items.id ?? items.row.sku).hashValue)
        }
        return ids
    }
}

/// The items of an edition that was staged before.
final class StoredItems {
    let reader: ItemFileReader
    private(set) var row: FeedRow
    private let identity: Int
    private let pictures: [(column: Int, isRequired: Bool)]

    init(_ edition: String) throws {
        let reader = try ItemFileReader(ItemFile.path(edition), as: nil)
        self.reader = reader
        row = FeedRow(columns: reader.columns.count)
        identity = reader.columns.firstIndex { $0.name == reader.identity } ?? 0
        pictures = reader.columns.enumerated().filter { $1.isPicture }.map { ($0, $1.isRequired) }
    }

    func next() throws(ItemFileFault) -> Bool { try reader.next(into: &row) }

    var id: String? { row.index(identity).map(row.text) }

    /// Whether it cannot stand in a feed without one of these pictures.
    func needs(_ picture: (String) -> Bool) -> Bool {
        pictures.contains { column, isRequired in
            isRequired && row.index(column).map { picture(row.text($0)) } ?? false
        }
    }

    /// In their order.
    var namedPictures: [EditionPictures.Picture] {
        var named: [EditionPictures.Picture] = []
        var index = 0
        while index < row.values.count {
            let column = Int(row.values[index].column)
            defer { index += 1 + Int(row.values[index].parts) }
            guard reader.columns[column].isPicture else { continue }
            named.append(
                EditionPictures.Picture(
                    attribute: reader.columns[column].name, address: row.text(index),
                    isNeeded: reader.columns[column].isRequired && row.index(column) == index))
        }
        return named
    }

    /// What it says, without some of the pictures.
    func item(without isGone: (String) -> Bool) -> FeedItem {
        var fields: [FeedItem.Field] = []
        var index = 0
        while index < row.values.count {
            let value = row.values[index]
            let column = reader.columns[Int(value.column)]
            defer { index += 1 + Int(value.parts) }
            if column.parts.isEmpty {
                let text = row.text(index)
                guard column.isPicture else {
                    fields.append(FeedItem.Field(column.name, text))
                    continue
                }
                guard !isGone(text) else { continue }
                fields.append(FeedItem.Field(column.name, .picture(FeedPicture(text))))
            } else {
                let parts = (index + 1)..<(index + 1 + Int(value.parts))
                fields.append(
                    FeedItem.Field(
                        column.name,
                        .group(
                            parts.map { part in
                                FeedItem.Field(
                                    column.parts[Int(row.values[part].column)], row.text(part))
                            })))
            }
        }
        return FeedItem(sku: row.sku, fields: fields)
    }
}
