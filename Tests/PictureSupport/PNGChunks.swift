package import Foundation

// Grafting on files, for what no library writes.
extension Data {
    /// A PNG with one more chunk right behind its header.
    package func png(adding name: String, _ body: [UInt8]) -> Data {
        prefix(33) + Self.chunk(name, body) + dropFirst(33)
    }

    /// A PNG whose first chunk of that name holds something else; without one it stays as it is.
    package func png(changing name: String, _ change: ([UInt8]) -> [UInt8]?) -> Data {
        guard let found = range(of: Data(name.utf8)) else { return self }
        let start = found.lowerBound - 4
        let length = self[start..<found.lowerBound].reduce(0) { $0 << 8 | Int($1) }
        let end = found.upperBound + length
        let changed = change(Array(self[found.upperBound..<end])).map { Self.chunk(name, $0) }
        return self[..<start] + (changed ?? []) + self[(end + 4)...]
    }

    /// An AVIF that says other primaries and another transfer; its `colr` box has room for them.
    package func avif(primaries: UInt8, transfer: UInt8) -> Data {
        guard let found = range(of: Data("nclx".utf8)) else { return self }
        var file = Array(self)
        file.replaceSubrange(
            found.upperBound..<found.upperBound + 4, with: [0, primaries, 0, transfer])
        return Data(file)
    }

    private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        let named = Array(name.utf8) + body
        return big(body.count) + named + big(Int(checksum(named)))
    }

    /// A number of four bytes.
    package static func big(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// CRC-32 as in PNG, annex D.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in
                sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1
            }
        }
    }
}
