/// Small files that claim to be big ones.
enum Claims {
    /// A header of the given sides and a few bytes of pixels.
    static func png(_ width: UInt32, _ height: UInt32, interlaced: Bool = false) -> [UInt8] {
        let header = big(width) + big(height) + [8, 2, 0, 0, interlaced ? 1 : 0]
        // An empty deflate stream: there are no pixels at all.
        let pixels: [UInt8] = [0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", header) + chunk("IDAT", pixels) + chunk("IEND", [])
    }

    /// Frames of one pixel.
    static func gif(frames: Int) -> [UInt8] {
        var bytes = Array("GIF89a".utf8) + [1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]
        let frame: [UInt8] = [
            0x21, 0xF9, 4, 0, 1, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0,
        ]
        bytes.reserveCapacity(bytes.count + frames * frame.count + 1)
        for _ in 0..<frames { bytes += frame }
        return bytes + [0x3B]
    }

    /// An animation of one lossless pixel a frame (developers.google.com/speed/webp/docs).
    static func webp(frames: Int) -> [UInt8] {
        // Sides of one pixel, no transparency, five codes of a single symbol each.
        let pixel: [UInt8] = [0x2F, 0, 0, 0, 0, 0x88, 0x88, 0x08, 0, 0]
        let place = [UInt8](repeating: 0, count: 12) + [1, 0, 0, 0]
        let frame = riff("ANMF", place + riff("VP8L", pixel))
        var body = Array("WEBP".utf8) + riff("VP8X", [0b10, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        body += riff("ANIM", [0, 0, 0, 0, 0, 0])
        body.reserveCapacity(body.count + frames * frame.count)
        for _ in 0..<frames { body += frame }
        return riff("RIFF", body)
    }

    /// A small picture whose properties say that it is a large one.
    static func avif(_ width: UInt32, _ height: UInt32, in file: [UInt8]) -> [UInt8] {
        let name = Array("ispe".utf8)
        var file = file
        // The box's version and flags, then its two sides.
        for start in file.indices.dropLast(16) where file[start..<start + 4].elementsEqual(name) {
            file.replaceSubrange(start + 8..<start + 16, with: big(width) + big(height))
        }
        return file
    }

    private static func riff(_ name: String, _ body: [UInt8]) -> [UInt8] {
        Array(name.utf8) + little(UInt32(body.count)) + body
    }

    /// Pages of one grey pixel, each with a directory of its own.
    static func tiff(pages: Int) -> [UInt8] {
        var bytes: [UInt8] = [0x49, 0x49, 0x2A, 0]
        let fields: [(tag: UInt16, type: UInt16, value: UInt32)] = [
            (256, 3, 1), (257, 3, 1), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8),
            (277, 3, 1), (278, 3, 1), (279, 4, 1),
        ]
        let size = UInt32(2 + fields.count * 12 + 4)
        // The one pixel, padded, stands before the first directory and serves all pages.
        bytes += little(UInt32(10)) + [0x80, 0]
        for page in 0..<UInt32(pages) {
            bytes += little(UInt16(fields.count))
            for field in fields {
                bytes += little(field.tag) + little(field.type) + little(UInt32(1))
                bytes += little(field.value)
            }
            bytes += little(page + 1 < pages ? 10 + (page + 1) * size : 0)
        }
        return bytes
    }

    private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        let checked = Array(name.utf8) + body
        return big(UInt32(body.count)) + checked + big(crc(checked))
    }

    /// ISO 3309, as PNG wants it.
    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF as UInt32) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in
                sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1
            }
        }
    }

    private static func big(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func little(_ value: UInt32) -> [UInt8] { big(value).reversed() }

    private static func little(_ value: UInt16) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
    }
}
