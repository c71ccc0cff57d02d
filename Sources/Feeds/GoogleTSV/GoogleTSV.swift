package import YAML

/// A text file with a line for each item and a tab between its values: what Google's attributes look
/// like in a spreadsheet. Repeated values have commas between them, parts of a group colons; a value
/// with a comma or a quotation mark is quoted (support.google.com/merchants, answer 14998273; seen
/// November 2026).
package struct GoogleTSV: FeedFormat, Hashable {
    package static let name = "google-tsv"
    package static let mediaType = "text/tab-separated-values; charset=utf-8"
    package static let ending = "tsv"
    package static var attributes: FeedAttributes { GoogleAttributes.list }

    package init() {}

    /// It has no head, and so no keys of its own.
    package init?(_ keys: Keys, title: String) {}

    package func check(_ item: FeedItem) -> [FeedFault] {
        var faults = GoogleAttributes.check(item)
        let identity = Self.attributes.identity
        if let id = item.text(identity), TSVCell.line(id).text != id,
            !faults.contains(where: { $0.attribute == identity })
        {
            faults.append(
                FeedFault(
                    identity, .characters, "'\(identity)' holds characters that cannot be sent"))
        }
        return faults + item.fields.compactMap(Self.divided)
    }

    /// A colon would be taken for the end of the part.
    private static func divided(_ field: FeedItem.Field) -> FeedFault? {
        guard case .group(let parts) = field.value,
            let part = parts.first(where: {
                $0.value.text?.utf8.contains(UInt8(ascii: ":")) == true
            })
        else { return nil }
        return FeedFault(
            field.name, .characters,
            "'\(field.name).\(part.name)' holds a colon, which no part can hold in \(name)")
    }

    package func write(
        _ outline: FeedOutline, to descriptor: Int32, _ next: () throws -> FeedItem?
    ) throws -> Int {
        var writer = try TSVWriter(outline, to: descriptor)
        while let item = try next() { try writer.add(item) }
        try writer.flush()
        return writer.dropped
    }

    package static func read(_ descriptor: Int32) throws -> any EditionReader {
        try TSVReader(descriptor: descriptor)
    }
}
