import Foundation

/// Small files with large claims.
enum Bomb {
    static func png(
        _ width: Int, _ height: Int, depth: UInt8 = 8, interlaced: Bool = false
    ) -> Data {
        let color: UInt8 = depth == 8 ? 2 : 6
        let header = big(width) + big(height) + [depth, color, 0, 0, interlaced ? 1 : 0]
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        bytes += chunk("IHDR", header)
        // A zlib stream of nothing.
        bytes += chunk("IDAT", [0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01])
        bytes += chunk("IEND", [])
        return Data(bytes)
    }

    static func gif(_ width: Int, _ height: Int) -> Data {
        let sides = [width, height].flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        var bytes = Array("GIF89a".utf8) + sides
        bytes += [0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2C, 0, 0, 0, 0]
        bytes += sides
        bytes += [0, 2, 2, 0x4C, 0x01, 0, 0x3B]
        return Data(bytes)
    }

    /// Pages of one grey pixel, each with a directory of its own.
    /// - Parameter leadingBack: the last one leads to the first.
    static func tiff(pages: Int, leadingBack: Bool = false) -> Data {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(value >> (8 * $0) & 255) }
        }
        let fields = [
            (256, 3, 1), (257, 3, 1), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8),
            (277, 3, 1), (278, 3, 1), (279, 4, 1),
        ]
        let size = 2 + fields.count * 12 + 4
        // The one pixel, padded, stands before the first directory and serves all pages.
        var bytes: [UInt8] = [0x49, 0x49, 0x2A, 0, 10, 0, 0, 0, 0x80, 0]
        for page in 1...pages {
            bytes += little(fields.count, 2)
            for (tag, type, value) in fields {
                bytes += little(tag, 2) + little(type, 2) + little(1, 4) + little(value, 4)
            }
            bytes += little(page < pages ? 10 + page * size : leadingBack ? 10 : 0, 4)
        }
        return Data(bytes)
    }

    static func jpeg(_ width: Int, _ height: Int, progressive: Bool = false) -> Data {
        let sides = [height, width].flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        var bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0]
        bytes += [UInt8](repeating: 1, count: 64)
        bytes += [0xFF, progressive ? 0xC2 : 0xC0, 0, 17, 8] as [UInt8]
        bytes += sides
        bytes += [3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]
        bytes += [0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0] as [UInt8]
        bytes += [progressive ? 0 : 63, 0, 0xFF, 0xD9] as [UInt8]
        return Data(bytes)
    }

    private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        let named = Array(name.utf8) + body
        return big(body.count) + named + big(Int(checksum(named)))
    }

    private static func big(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(value >> $0 & 255) }
    }

    /// CRC-32 as in PNG, annex D.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
        }
        return ~sum
    }
}
