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
