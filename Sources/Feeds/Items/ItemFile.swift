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

    static let mark = Array("sluice items 1\n".utf8)

    static func path(_ edition: String) -> String { edition + ".items" }
}

/// Writes items.
struct ItemFileWriter {
    private let output: Output

    init(_ attributes: FeedAttributes, _ outline: FeedOutline, to descriptor: Int32) throws {
        output = try Output(descriptor, isPacked: false)
        output.append(ItemFile.mark)
        text(attributes.identity)
        number(attributes.names.count)
        for (name, attribute) in zip(attributes.names, attributes.list) {
            text(name)
            number((attribute.isPicture ? 1 : 0) | (attribute.isRequired ? 2 : 0))
            number(attribute.parts?.count ?? 0)
            for part in attribute.parts ?? [] { text(part.name) }
        }
        number(outline.columns.count)
        for column in outline.columns {
            text(column.name)
            number(column.parts.count)
            for part in column.parts { text(part) }
        }
    }

    func add(_ row: FeedRow) throws(OutputFault) {
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
        try output.breathe()
    }

    func finish() throws(OutputFault) { try output.finish() }

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
    /// Column, and part, of the file → of the reader; -1: it has none such.
    private let places: [Int]
    private let parts: [[Int]]

    /// - Parameter attributes: nil: as in the file.
    init(_ path: String, as attributes: FeedAttributes?) throws {
        let file = try OpenFile.open(path, O_RDONLY)
        var source = ByteSource(file.descriptor)
        guard try source.bytes(ItemFile.mark.count) == ItemFile.mark else {
            throw ItemFileFault.damaged
        }
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
    func go(to place: Int) throws(ItemFileFault) { try source.go(to: place) }

    /// - Returns: false at the end of the file.
    func next(into row: inout FeedRow) throws(ItemFileFault) -> Bool {
        row.clear()
        guard try source.hasMore() else { return false }
        row.sku = try source.text()
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
        return true
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

/// Reads a file a piece at a time.
private struct ByteSource {
    private static let size = 256 << 10
    /// More than any text, and any item, that was let in; a damaged file may tell of more.
    static let limit = 64 << 20
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    /// The byte of the file after the buffer's last.
    private var end = 0

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The byte of the file that is read next.
    var place: Int { end - (buffer.count - start) }

    mutating func go(to place: Int) throws(ItemFileFault) {
        guard lseek(descriptor, off_t(place), SEEK_SET) == off_t(place) else {
            throw .system(errno: errno)
        }
        (buffer, start, end) = ([], 0, place)
    }

    mutating func hasMore() throws(ItemFileFault) -> Bool {
        if start < buffer.count { return true }
        return try fill()
    }

    mutating func number() throws(ItemFileFault) -> Int {
        var (number, shift) = (0, 0)
        while shift < 56 {
            try need(1)
            let byte = buffer[start]
            start += 1
            number |= Int(byte & 0x7F) << shift
            if byte < 0x80 { return number }
            shift += 7
        }
        throw .damaged
    }

    mutating func text() throws(ItemFileFault) -> String {
        var text = ""
        try withBytes { text = String(decoding: $0, as: UTF8.self) }
        return text
    }

    mutating func bytes(_ count: Int) throws(ItemFileFault) -> [UInt8] {
        try need(count)
        defer { start += count }
        return Array(buffer[start..<(start + count)])
    }

    mutating func withBytes(
        _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) throws(ItemFileFault) {
        let count = try number()
        try need(count)
        buffer.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[start..<(start + count)]))
        }
        start += count
    }

    private mutating func need(_ count: Int) throws(ItemFileFault) {
        guard count <= Self.limit else { throw .damaged }
        while buffer.count - start < count {
            guard try fill() else { throw .damaged }
        }
    }

    /// A piece at a time: a damaged file tells of more than it has.
    /// - Returns: false at the end of the file.
    private mutating func fill() throws(ItemFileFault) -> Bool {
        let (descriptor, rest) = (descriptor, buffer[start...])
        var got = -1
        buffer = Array(unsafeUninitializedCapacity: rest.count + Self.size) { room, count in
            _ = room.initialize(fromContentsOf: rest)
            repeat {
                got = read(descriptor, room.baseAddress! + rest.count, Self.size)
            } while got < 0 && errno == EINTR
            count = rest.count + max(got, 0)
        }
        start = 0
        guard got >= 0 else { throw .system(errno: errno) }
        end += got
        return got > 0
    }
}
