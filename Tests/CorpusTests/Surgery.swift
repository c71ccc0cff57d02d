import Foundation

/// Cuts and grafts at the level of a format's own parts.
enum Surgery {
    /// A segment right behind the start of the image.
    static func jpeg(_ file: Data, adding marker: UInt8, _ body: [UInt8]) -> Data {
        let length = body.count + 2
        let segment = [0xFF, marker, UInt8(length >> 8 & 255), UInt8(length & 255)] + body
        return file.prefix(2) + segment + file.dropFirst(2)
    }

    /// Without the first segment of a kind.
    static func jpeg(_ file: Data, without marker: UInt8) -> Data {
        var bytes = Array(file)
        var at = 2
        while at + 4 <= bytes.count, bytes[at] == 0xFF, bytes[at + 1] != 0xDA {
            let length = Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])
            if bytes[at + 1] == marker {
                bytes.removeSubrange(at..<min(bytes.count, at + 2 + length))
                break
            }
            at += 2 + length
        }
        return Data(bytes)
    }

    /// Changes bytes of the frame header: marker, precision, sides, components.
    static func jpegFrame(_ file: Data, _ change: (inout [UInt8], Int) -> Void) -> Data {
        var bytes = Array(file)
        var at = 2
        while at + 4 <= bytes.count, bytes[at] == 0xFF {
            if (0xC0...0xC3).contains(bytes[at + 1]) {
                change(&bytes, at)
                break
            }
            at += 2 + (Int(bytes[at + 2]) << 8 | Int(bytes[at + 3]))
        }
        return Data(bytes)
    }

    /// A chunk right behind the header.
    static func png(_ file: Data, adding name: String, _ body: [UInt8]) -> Data {
        file.prefix(33) + chunk(name, body) + file.dropFirst(33)
    }

    static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        let named = Array(name.utf8) + body
        return big(body.count) + named + big(Int(checksum(named)))
    }

    static func big(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    static func little(_ value: Int, bytes: Int = 4) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// CRC-32 as in PNG, annex D.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
        }
        return ~sum
    }

    /// A zlib stream that unpacks to `count` zeros, 158 to a byte (RFC 1951, fixed codes; the check
    /// sum at its end is right).
    static func zeros(_ count: Int) -> [UInt8] {
        var bits = BitString()
        bits.put(0b011, count: 3)
        bits.putCode(0b0011_0000, count: 8)
        for _ in 0..<(count - 1) / 258 {
            bits.putCode(0b1100_0101, count: 8)
            bits.putCode(0, count: 5)
        }
        for _ in 0..<(count - 1) % 258 { bits.putCode(0b0011_0000, count: 8) }
        bits.putCode(0, count: 7)
        return [0x78, 0x9C] + bits.bytes + big(count % 65_521 << 16 | 1)
    }

    private struct BitString {
        var bytes: [UInt8] = []
        var used = 8

        mutating func put(_ value: Int, count: Int) {
            for bit in 0..<count { putBit(value >> bit & 1) }
        }

        /// Huffman codes begin with their highest bit.
        mutating func putCode(_ code: Int, count: Int) {
            for bit in (0..<count).reversed() { putBit(code >> bit & 1) }
        }

        private mutating func putBit(_ bit: Int) {
            if used == 8 {
                bytes.append(0)
                used = 0
            }
            bytes[bytes.count - 1] |= UInt8(bit << used)
            used += 1
        }
    }
}

/// The same numbers in every run.
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

// Boxes of ISO base media files.
extension Surgery {
    static func box(_ name: String, _ body: [UInt8]) -> [UInt8] {
        big(body.count + 8) + Array(name.utf8) + body
    }

    /// With other brands, in the place of those there are: nothing behind them moves.
    static func brand(_ file: Data, _ major: String, others: String...) -> Data {
        let count = Int(file[file.startIndex + 3])
        var brands = Array((major + "\0\0\0\0" + others.joined()).utf8)
        while brands.count < count - 8 { brands += Array(major.utf8) }
        return Data(big(count) + Array("ftyp".utf8) + brands.prefix(count - 8))
            + file.dropFirst(count)
    }

    /// The picture of a HEIC that has one, shown many times over, as phones put theirs together
    /// (ISO/IEC 23008-12, 6.6.2.3). The picture stays item 1, now hidden, the grid is item 2 and the
    /// primary one.
    /// - Parameters:
    ///   - file: nothing but the picture in its `mdat`.
    ///   - more: a property of the grid, such as how it is turned.
    static func grid(
        _ file: Data, columns: Int, rows: Int, canvas: (width: Int, height: Int)? = nil,
        tile: Int = 1, type: String = "grid", more: [UInt8] = []
    ) -> Data {
        let bytes = Array(file)
        let top = boxes(bytes, 0..<bytes.count)
        guard let meta = top["meta"], let data = top["mdat"] else { return file }
        let inner = boxes(bytes, meta.lowerBound + 4..<meta.upperBound)
        guard let properties = inner["iprp"], let container = boxes(bytes, properties)["ipco"],
            let size = boxes(bytes, container)["ispe"]
        else { return file }
        func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        let (width, height) = (number(size.lowerBound + 4), number(size.lowerBound + 8))
        let whole = canvas ?? (width * columns, height * rows)
        func shorts(_ values: Int...) -> [UInt8] { values.flatMap { Array(big($0).suffix(2)) } }

        let own = Array(bytes[container])
        let count = boxCount(bytes, container)
        let kinds =
            box("infe", [2, 0, 0, 1] + shorts(1, 0) + Array("hvc1".utf8) + [0])
            + box("infe", [2, 0, 0, 0] + shorts(2, 0) + Array(type.utf8) + [0])
        let all = (1...count).map { UInt8($0) }
        let described =
            box(
                "ipco",
                own + box("ispe", [0, 0, 0, 0] + big(whole.width) + big(whole.height)) + more)
            + box(
                "ipma",
                [0, 0, 0, 0] + big(2) + shorts(1) + [UInt8(count)] + all + shorts(2)
                    + [more.isEmpty ? 1 : 2, UInt8(count + 1)]
                    + (more.isEmpty ? [] : [0x80 | UInt8(count + 2)]))
        let head: [UInt8] =
            type == "iovl"
            ? [0, 1] + [UInt8](repeating: 0, count: 8)
            : [0, 1, UInt8(rows - 1), UInt8(columns - 1)]
        let shown =
            type == "iden"
            ? []
            : head + big(whole.width) + big(whole.height)
                + (type == "iovl" ? [UInt8](repeating: 0, count: 8 * rows * columns) : [])
        // Counts of references have two bytes: the last of 65536 is not there.
        let tiles = min(rows * columns, 65_535)
        let references = box(
            "dimg", shorts(2, tiles) + (0..<tiles).flatMap { _ in shorts(tile) })
        func assembled(_ start: Int) -> [UInt8] {
            let places =
                [0, 0, 0, 0, 0x44, 0] + shorts(2) + shorts(1, 0, 1) + big(start) + big(data.count)
                + shorts(2, 0, 1) + big(start + data.count) + big(max(shown.count, 1))
            let handler =
                box(
                    "hdlr",
                    [0, 0, 0, 0, 0, 0, 0, 0] + Array("pict".utf8) + [UInt8](repeating: 0, count: 13)
                )
            return Array(bytes[..<(meta.lowerBound - 8)])
                + box(
                    "meta",
                    [0, 0, 0, 0] + handler + box("pitm", [0, 0, 0, 0] + shorts(2))
                        + box("iloc", places) + box("iinf", [0, 0, 0, 0] + shorts(2) + kinds)
                        + box("iprp", described) + box("iref", [0, 0, 0, 0] + references))
        }
        let start = assembled(0).count + 8
        return Data(assembled(start) + box("mdat", Array(bytes[data]) + shown))
    }

    private static func boxes(
        _ bytes: [UInt8], _ range: Range<Int>
    ) -> [String: Range<Int>] {
        var found: [String: Range<Int>] = [:]
        var place = range.lowerBound
        while place + 8 <= range.upperBound {
            let size = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            guard size >= 8, place + size <= range.upperBound else { break }
            let name = String(decoding: bytes[place + 4..<place + 8], as: UTF8.self)
            if found[name] == nil { found[name] = place + 8..<place + size }
            place += size
        }
        return found
    }

    private static func boxCount(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        var (count, place) = (0, range.lowerBound)
        while place + 8 <= range.upperBound {
            place += max(8, bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) })
            count += 1
        }
        return count
    }
}
