private import Glibc

/// Writes lines, some at a time.
struct TSVWriter {
    private static let size = 64 << 10

    /// Characters that were left out so far.
    private(set) var dropped = 0
    private let columns: [FeedOutline.Column]
    private let places: [String: Int]
    private let isRepeated: [Bool]
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ outline: FeedOutline, to descriptor: Int32) throws(TSVFault) {
        columns = outline.columns
        places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1.name, $0) })
        isRepeated = columns.map { GoogleTSV.attributes.isRepeated($0.name) }
        self.descriptor = descriptor
        buffer.reserveCapacity(Self.size + 8192)
        try end(line: columns.map(\.header))
    }

    mutating func add(_ item: FeedItem) throws(TSVFault) {
        var cells = [String](repeating: "", count: columns.count)
        for field in item.fields where !field.value.isEmpty {
            guard let place = places[field.name] else { throw .noColumn(field.name) }
            let text = try text(field.value, in: columns[place])
            if !cells[place].isEmpty { cells[place] += "," }
            cells[place] += TSVCell.quoted(text, isRepeated: isRepeated[place])
        }
        try end(line: cells)
    }

    mutating func flush() throws(TSVFault) {
        var written = 0
        while written < buffer.count {
            let put = buffer[written...].withUnsafeBytes {
                write(descriptor, $0.baseAddress, $0.count)
            }
            if put < 0 && errno == EINTR { continue }
            guard put > 0 else { throw .system(call: "write", errno: put < 0 ? errno : EIO) }
            written += put
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private mutating func end(line cells: [String]) throws(TSVFault) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: "\t")) }
            buffer.append(contentsOf: cell.utf8)
        }
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= Self.size { try flush() }
    }

    private mutating func text(
        _ value: FeedValue, in column: FeedOutline.Column
    ) throws(TSVFault) -> String {
        guard case .group(let parts) = value else { return line(value.text ?? "") }
        if let stray = parts.first(where: { !column.parts.contains($0.name) }) {
            throw .noColumn("\(column.name).\(stray.name)")
        }
        var texts: [String] = []
        for name in column.parts {
            let part = parts.first { $0.name == name && !$0.value.isEmpty }
            texts.append(line(part?.value.text ?? ""))
        }
        return texts.joined(separator: ":")
    }

    private mutating func line(_ text: String) -> String {
        let (line, lost) = TSVCell.line(text)
        dropped += lost
        return line
    }
}

extension FeedOutline.Column {
    /// `price`, or `shipping(country:price)`
    var header: String { parts.isEmpty ? name : "\(name)(\(parts.joined(separator: ":")))" }

    init?(header: Substring) {
        let parts = header.split(separator: "(", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            self.init(name: String(header), parts: [])
            return
        }
        guard parts[1].last == ")" else { return nil }
        self.init(
            name: String(parts[0]),
            parts: parts[1].dropLast().split(separator: ":").map(String.init))
    }
}

extension FeedAttributes {
    func isRepeated(_ name: String) -> Bool { all[name].map { $0.most > 1 } ?? false }
}
