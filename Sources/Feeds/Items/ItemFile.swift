private import CZlib
private import Glibc
import Host

/// The items of an edition as they were meant, beside its documents: what an edition is compared by,
/// reduced from, and made again from, whatever the documents look like.
enum ItemFile {
    struct Column: Hashable {
        var name: String
        var parts: [String]
        var isPicture: Bool
        var isRequired: Bool
    }

    /// The header and each item are followed by their CRC-32, four bytes, the lowest first, and the last
    /// item by an empty SKU and their number: what stands in an edition is made again from here, and a disk
    /// gives back other bytes, or fewer, without a word.
    static let mark = Array("sluice items 2\n".utf8)
    /// Without them.
    static let unchecked = Array("sluice items 1\n".utf8)

    static func path(_ edition: String) -> String { edition + ".items" }
}

/// Writes items.
struct ItemFileWriter {
    private let output: Output
    private var count = 0

    init(_ attributes: FeedAttributes, _ outline: FeedOutline, to descriptor: Int32) throws {
        output = try Output(descriptor, isPacked: false)
        output.append(ItemFile.mark)
        text(attributes.identity)
        number(attributes.names.count)
        for (name, attribute) in zip(attributes.names, attributes.list) {
            text(name)
            let isNeeded = attribute.isRequired || outline.needed.contains(name)
            number((attribute.isPicture ? 1 : 0) | (isNeeded ? 2 : 0))
            number(attribute.parts?.count ?? 0)
            for part in attribute.parts ?? [] { text(part.name) }
        }
        number(outline.columns.count)
        for column in outline.columns {
            text(column.name)
            number(column.parts.count)
            for part in column.parts { text(part) }
        }
        seal(from: ItemFile.mark.count)
    }

    mutating func add(_ row: FeedRow) throws(OutputFault) {
        count += 1
        let start = output.count
        text(row.sku)
        number(row.values.count)
        for index in row.values.indices {
            let value = row.values[index]
            number(Int(value.column))
            number(Int(value.parts))
            row.withBytes(index) { bytes in
                number(bytes.count)
                if let start = bytes.baseAddress { output.append(start, bytes.count) }
            }
        }
        seal(from: start)
        try output.breathe()
    }

    private func seal(from start: Int) {
        let sum = UInt32(truncatingIfNeeded: crc32_z(0, output.bytes + start, output.count - start))
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            output.append(UInt8(truncatingIfNeeded: sum >> shift))
        }
    }

    func finish() throws(OutputFault) {
        let start = output.count
        text("")
        number(count)
        seal(from: start)
        try output.finish()
    }

    private func text(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            number(bytes.count)
            if let start = bytes.baseAddress { output.append(start, bytes.count) }
        }
    }

    /// Seven bits a byte, the last without the eighth.
    private func number(_ number: Int) {
        var rest = UInt(bitPattern: number)
        while rest >= 0x80 {
            output.append(UInt8(rest & 0x7F | 0x80))
            rest >>= 7
        }
        output.append(UInt8(rest))
    }
}

/// Reads items one after the other, into the columns of whoever asks.
final class ItemFileReader {
    let identity: String
    let columns: [ItemFile.Column]
    let outline: FeedOutline
    private let file: OpenFile
    /// Of this reader alone, as `Output` says of its own.
    @exclusivity(unchecked) private var source: ByteSource
    /// Items read since the first; nil: it went on somewhere.
    @exclusivity(unchecked) private var count: Int? = 0
    private let isSealed: Bool
    @exclusivity(unchecked) private var isAtEnd = false
    /// Column, and part, of the file → of the reader; -1: it has none such.
    private let places: [Int]
    private let parts: [[Int]]

    /// - Parameter attributes: nil: as in the file.
    init(_ path: String, as attributes: FeedAttributes?) throws {
        let file = try OpenFile.open(path, O_RDONLY)
        var source = ByteSource(file.descriptor)
        let mark = try source.bytes(ItemFile.mark.count)
        guard mark == ItemFile.mark || mark == ItemFile.unchecked else {
            throw ItemFileFault.damaged
        }
        isSealed = mark == ItemFile.mark
        source.isSealed = isSealed
        source.unseal()
        identity = try source.text()
        var columns: [ItemFile.Column] = []
        for _ in 0..<(try source.number()) {
            let name = try source.text()
            let flags = try source.number()
            var parts: [String] = []
            for _ in 0..<(try source.number()) { parts.append(try source.text()) }
            columns.append(
                ItemFile.Column(
                    name: name, parts: parts, isPicture: flags & 1 != 0,
                    isRequired: flags & 2 != 0))
        }
        var outline = FeedOutline()
        for _ in 0..<(try source.number()) {
            let name = try source.text()
            var parts: [String] = []
            for _ in 0..<(try source.number()) { parts.append(try source.text()) }
            outline.add(name, parts: parts)
        }
        for column in columns where column.isRequired { outline.need(column.name) }
        try source.checkSeal()
        places = columns.enumerated().map { index, column in
            attributes.map { $0.column(column.name) ?? -1 } ?? index
        }
        parts = columns.enumerated().map { index, column in
            guard let attributes else { return Array(column.parts.indices) }
            let attribute = attributes.all[column.name]
            return column.parts.map { attribute?.part($0) ?? -1 }
        }
        (self.columns, self.outline, self.source) = (columns, outline, source)
        self.file = file
    }

    /// The byte at which the next item begins.
    var place: Int { source.place }

    /// Goes on at an item, as `place` said of it.
    func go(to place: Int) throws(ItemFileFault) {
        (count, isAtEnd) = (nil, false)
        try source.go(to: place)
    }

    /// - Returns: false at the end of the file.
    func next(into row: inout FeedRow) throws(ItemFileFault) -> Bool {
        row.clear()
        guard try source.hasMore() else {
            guard !isSealed || isAtEnd else { throw .damaged }
            return false
        }
        guard !isAtEnd else { throw .damaged }
        source.unseal()
        row.sku = try source.text()
        if isSealed, row.sku.isEmpty { return try end() }
        count? += 1
        var rest = try source.number()
        guard rest <= ByteSource.limit else { throw .damaged }
        while rest > 0 {
            guard row.bytes.count <= ByteSource.limit else { throw .damaged }
            rest -= 1
            let column = try source.number()
            let count = try source.number()
            guard columns.indices.contains(column) else { throw .damaged }
            let place = places[column]
            if count == 0 {
                try source.withBytes { if place >= 0 { row.add(place, $0) } }
                continue
            }
            try source.withBytes { _ in }
            guard count <= rest else { throw .damaged }
            rest -= count
            try group(place, column, count, into: &row)
        }
        try source.checkSeal()
        return true
    }

    /// - Returns: false.
    private func end() throws(ItemFileFault) -> Bool {
        let told = try source.number()
        try source.checkSeal()
        guard count.map({ $0 == told }) ?? true, try !source.hasMore() else { throw .damaged }
        isAtEnd = true
        return false
    }

    private func group(
        _ place: Int, _ column: Int, _ count: Int, into row: inout FeedRow
    ) throws(ItemFileFault) {
        if place >= 0 { row.addGroup(place, parts: count) }
        for _ in 0..<count {
            guard row.bytes.count <= ByteSource.limit else { throw .damaged }
            let part = try source.number()
            _ = try source.number()
            guard parts[column].indices.contains(part) else { throw .damaged }
            try source.withBytes { if place >= 0 { row.addPart(parts[column][part], $0) } }
        }
    }
}

enum ItemFileFault: Error, CustomStringConvertible {
    case damaged
    /// Not as the ledger hands products out: by their SKUs.
    case unordered
    case system(errno: Int32)

    var description: String {
        switch self {
        case .damaged: "its items are not whole"
        case .unordered: "its items are in no order"
        case .system(let errno): "cannot read: \(String(cString: strerror(errno)))"
        }
    }
}
