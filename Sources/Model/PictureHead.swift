package import Foundation

/// Format and size of a picture by its first bytes, for one that a stranger shows: nothing is decoded.
package struct PictureHead: Hashable, Sendable {
    /// Bytes that are enough: a JPEG's size comes after what its maker has written before it.
    package static let most = 256 << 10

    package var format: ImageFormat
    /// Nil where that format does not tell it in its first bytes, or is cut off before.
    package var size: PixelSize?

    /// Nil for what is no picture.
    /// - Parameter data: the first `most` bytes, or all there are.
    package init?(_ data: Data) {
        guard let format = ImageFormat.recognise(data) else { return nil }
        let bytes = Bytes(all: [UInt8](data.prefix(Self.most)))
        self.format = format
        size =
            switch format {
            case .jpeg: Self.jpeg(bytes)
            case .png: Self.size(bytes.big(16, 4), bytes.big(20, 4))
            case .gif: Self.size(bytes.little(6, 2), bytes.little(8, 2))
            case .webp: Self.webp(bytes)
            case .tiff, .avif, .heic: nil
            }
    }

    private static func size(_ width: Int?, _ height: Int?) -> PixelSize? {
        guard let width, let height, width > 0, height > 0 else { return nil }
        return PixelSize(width: width, height: height)
    }

    /// The frame header (ITU T.81, B.2.2), which is none of the tables that have a number like it.
    private static func jpeg(_ bytes: Bytes) -> PixelSize? {
        var at = 2
        while let mark = bytes.big(at, 2), mark >> 8 == 0xFF {
            switch mark & 0xFF {
            case 0xFF: at += 1
            case 0x01, 0xD0...0xD8: at += 2
            case 0xC4, 0xC8, 0xCC: at += 2 + (bytes.big(at + 2, 2) ?? .max / 2)
            case 0xC0...0xCF: return size(bytes.big(at + 7, 2), bytes.big(at + 5, 2))
            case 0xD9, 0xDA: return nil
            default: at += 2 + (bytes.big(at + 2, 2) ?? .max / 2)
            }
        }
        return nil
    }

    /// One of three kinds (RFC 9649), each with its own place for it.
    private static func webp(_ bytes: Bytes) -> PixelSize? {
        switch bytes.big(12, 4) {
        case 0x5650_3820:  // "VP8 "
            return size(
                bytes.little(26, 2).map { $0 & 0x3FFF }, bytes.little(28, 2).map { $0 & 0x3FFF })
        case 0x5650_384C:  // "VP8L"
            guard let packed = bytes.little(21, 4) else { return nil }
            return size((packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1)
        case 0x5650_3858:  // "VP8X"
            return size(bytes.little(24, 3).map { $0 + 1 }, bytes.little(27, 3).map { $0 + 1 })
        default: return nil
        }
    }

    private struct Bytes {
        var all: [UInt8]

        /// Nil where they are not all there.
        func big(_ at: Int, _ count: Int) -> Int? {
            guard at >= 0, at <= all.count - count else { return nil }
            return all[at..<at + count].reduce(0) { $0 << 8 | Int($1) }
        }

        func little(_ at: Int, _ count: Int) -> Int? {
            guard at >= 0, at <= all.count - count else { return nil }
            return all[at..<at + count].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
    }
}
