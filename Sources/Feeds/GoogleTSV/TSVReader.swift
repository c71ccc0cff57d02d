/// Reads lines for what they say, whatever their columns are.
final class TSVReader: EditionReader {
    private var lines: TSVLines
    private let columns: [FeedOutline.Column]
    private let isRepeated: [Bool]

    init(descriptor: Int32) throws(TSVFault) {
        var lines = TSVLines(descriptor: descriptor)
        guard let head = try lines.next() else { throw lines.fault("the names are missing") }
        var columns: [FeedOutline.Column] = []
        for name in head.isEmpty ? [] : head.split(separator: "\t") {
            guard let column = FeedOutline.Column(header: name) else {
                throw lines.fault("'\(name)' names no column")
            }
            columns.append(column)
        }
        isRepeated = columns.map { GoogleTSV.attributes.isRepeated($0.name) }
        self.columns = columns
        self.lines = lines
    }

    var outline: FeedOutline? {
        columns.reduce(into: FeedOutline()) { $0.add($1.name, parts: $1.parts) }
    }

    func next() throws -> FeedItem? {
        guard let line = try lines.next() else { return nil }
        let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard cells.count == columns.count else {
            throw lines.fault("\(cells.count) values instead of \(columns.count)")
        }
        var fields: [FeedItem.Field] = []
        for (index, column) in columns.enumerated() where !cells[index].isEmpty {
            guard let texts = TSVCell.values(cells[index], isRepeated: isRepeated[index]) else {
                throw lines.fault("a quotation mark of '\(column.name)' has no partner")
            }
            for text in texts { fields.append(try field(column, text)) }
        }
        return FeedItem(sku: "", fields: fields)
    }

    private func field(
        _ column: FeedOutline.Column, _ text: String
    ) throws(TSVFault) -> FeedItem.Field {
        guard !column.parts.isEmpty else {
            return FeedItem.Field(column.name, GoogleTSV.attributes.value(column.name, text))
        }
        let texts = text.unicodeScalars.split(separator: ":", omittingEmptySubsequences: false)
        guard texts.count == column.parts.count else {
            throw lines.fault("'\(column.name)' has \(texts.count) parts")
        }
        let parts = zip(column.parts, texts).filter { !$1.isEmpty }
        return FeedItem.Field(
            column.name,
            .group(parts.map { FeedItem.Field($0, String(String.UnicodeScalarView($1))) }))
    }
}
