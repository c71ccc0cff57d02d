import Foundation

/// Bits of a coded picture, highest first; beyond the end they are zero.
private struct Bits {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isExhausted: Bool { place > 8 * bytes.count }

    mutating func skip(_ count: Int) { place += count }

    mutating func number(_ count: Int) -> Int {
        (0..<count).reduce(0) { value, _ in value << 1 | bit() }
    }

    /// As many zeros as there are digits behind the one: H.265, 9.2, and AV1, 4.10.3.
    mutating func golomb() -> Int {
        var zeros = 0
        while zeros < 32, !isExhausted, bit() == 0 { zeros += 1 }
        return (1 << zeros) - 1 + number(zeros)
    }

    private mutating func bit() -> Int {
        defer { place += 1 }
        guard place < 8 * bytes.count else { return 0 }
        return Int(bytes[place / 8] >> (7 - place % 8)) & 1
    }
}

/// As much of HEVC (ITU-T H.265, 7.3.2.2) as tells how large a coded picture is.
enum HEVC {
    /// Bytes of a unit within which the size stands.
    static let head = 256

    /// - Parameter unit: its beginning.
    /// - Returns: nil for a unit that says nothing of it.
    static func size(in unit: Block) -> (width: Int, height: Int)? {
        guard let first = unit[0], first >> 1 & 0x3F == 33 else { return nil }
        var bits = Bits(unescaped(unit))
        bits.skip(16 + 4)
        let layers = bits.number(3)
        bits.skip(1 + 96)
        let present = (0..<layers).map { _ in (profile: bits.number(1), level: bits.number(1)) }
        if layers > 0 { bits.skip(2 * (8 - layers)) }
        for layer in present { bits.skip(88 * layer.profile + 8 * layer.level) }
        _ = bits.golomb()
        if bits.golomb() == 3 { bits.skip(1) }
        let (width, height) = (bits.golomb(), bits.golomb())
        return bits.isExhausted ? nil : (width, height)
    }

    /// Without the threes that keep start codes out (7.4.2.1).
    private static func unescaped(_ unit: Block) -> [UInt8] {
        var bytes: [UInt8] = []
        var zeros = 0
        for byte in unit.bytes {
            if zeros >= 2, byte == 3 {
                zeros = 0
                continue
            }
            zeros = byte == 0 ? zeros + 1 : 0
            bytes.append(byte)
        }
        return bytes
    }
}

/// The same of AV1 (its specification, 5.5.1): the largest frame that will come.
enum AV1 {
    /// Bytes of a unit within which the size stands.
    static let head = 512

    /// A unit's head: whether it says the size, where its body is, and where the next one.
    static func unit(
        at place: Int, of content: Block
    ) -> (isSequence: Bool, body: Int, next: Int)? {
        guard let first = content[place] else { return nil }
        var body = place + (first & 4 == 0 ? 1 : 2)
        guard first & 2 != 0 else { return (first >> 3 & 15 == 1, body, content.count) }
        var (size, shift) = (0, 0)
        repeat {
            guard let byte = content[body], shift < 35 else { return nil }
            size |= Int(byte & 0x7F) << shift
            shift += 7
            body += 1
            if byte & 0x80 == 0 { break }
        } while true
        return (first >> 3 & 15 == 1, body, body + size)
    }

    static func size(inSequence unit: Block) -> (width: Int, height: Int)? {
        var bits = Bits(Array(unit.bytes))
        bits.skip(4)
        // A still picture may leave all of it out but its level.
        if bits.number(1) == 1 { bits.skip(5) } else { skipPoints(&bits) }
        let (wide, high) = (bits.number(4) + 1, bits.number(4) + 1)
        let (width, height) = (bits.number(wide) + 1, bits.number(high) + 1)
        return bits.isExhausted ? nil : (width, height)
    }

    /// Timing, and what decoders may leave out.
    private static func skipPoints(_ bits: inout Bits) {
        var delay: Int?
        if bits.number(1) == 1 {
            bits.skip(64)
            if bits.number(1) == 1 { _ = bits.golomb() }
            if bits.number(1) == 1 {
                delay = bits.number(5) + 1
                bits.skip(42)
            }
        }
        let hasDelays = bits.number(1) == 1
        for _ in 0...bits.number(5) {
            bits.skip(12)
            if bits.number(5) > 7 { bits.skip(1) }
            if let delay, bits.number(1) == 1 { bits.skip(2 * delay + 1) }
            if hasDelays, bits.number(1) == 1 { bits.skip(4) }
        }
    }
}
