private import CZlib
private import Glibc

/// Reads a file of items a piece at a time.
struct ByteSource {
    private static let size = 256 << 10
    /// More than any text, and any item, that was let in; a damaged file may tell of more.
    static let limit = 64 << 20
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    /// The byte of the file after the buffer's last.
    private var end = 0
    /// What is read is followed by its sum.
    var isSealed = false
    private var sum: UInt = 0
    /// In the buffer: before it everything is in the sum.
    private var summed = 0

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The byte of the file that is read next.
    var place: Int { end - (buffer.count - start) }

    mutating func go(to place: Int) throws(ItemFileFault) {
        guard lseek(descriptor, off_t(place), SEEK_SET) == off_t(place) else {
            throw .system(errno: errno)
        }
        (buffer, start, summed, end) = ([], 0, 0, place)
    }

    /// What is read from here on is followed by its sum.
    mutating func unseal() { (sum, summed) = (0, start) }

    mutating func checkSeal() throws(ItemFileFault) {
        guard isSealed else { return }
        addToSum()
        try need(4)
        let told = (0..<4).reduce(UInt(0)) { $0 | UInt(buffer[start + $1]) << (8 * $1) }
        guard told == sum else { throw .damaged }
        start += 4
    }

    private mutating func addToSum() {
        guard isSealed, summed < start else { return }
        let (range, before) = (summed..<start, sum)
        sum = buffer.withUnsafeBufferPointer {
            crc32_z(before, $0.baseAddress! + range.lowerBound, range.count)
        }
        summed = start
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
        addToSum()
        let (descriptor, rest) = (descriptor, buffer[start...])
        var got = -1
        buffer = Array(unsafeUninitializedCapacity: rest.count + Self.size) { room, count in
            _ = room.initialize(fromContentsOf: rest)
            repeat {
                got = read(descriptor, room.baseAddress! + rest.count, Self.size)
            } while got < 0 && errno == EINTR
            count = rest.count + max(got, 0)
        }
        (start, summed) = (0, 0)
        guard got >= 0 else { throw .system(errno: errno) }
        end += got
        return got > 0
    }
}
