import Foundation
import Model

/// libvips 8.14 writes an EXIF block into every WebP, whether told to strip or not.
enum WebP {
    /// The same file without EXIF and colour profile, and with no XMP but `packet`. What is no
    /// WebP container comes back as it is.
    /// (RIFF container: developers.google.com/speed/webp/docs/riff_container.)
    static func with(
        packet: Data?, size: PixelSize, in file: Data
    ) -> Data {
        let head = 12
        guard file.count > head, file.prefix(4).elementsEqual("RIFF".utf8) else { return file }
        var body = Data()
        var hasAlpha = false
        var rest = file.dropFirst(head)
        while rest.count >= 8 {
            let name = String(decoding: rest.prefix(4), as: UTF8.self)
            let length = rest.dropFirst(4).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            // A chunk of odd length is followed by a byte that fills up.
            let part = rest.prefix(8 + length + length % 2)
            rest = rest.dropFirst(part.count)
            hasAlpha = hasAlpha || name == "ALPH"
            if !["EXIF", "XMP ", "ICCP", "VP8X"].contains(name) { body += part }
        }
        if let packet { body += chunk("XMP ", packet) }
        // A single opaque chunk is a simple file and needs no announcement.
        if packet != nil || hasAlpha {
            body = announcement(size, alpha: hasAlpha, xmp: packet != nil) + body
        }
        return chunk("RIFF", Data("WEBP".utf8) + body)
    }

    private static func announcement(_ size: PixelSize, alpha: Bool, xmp: Bool) -> Data {
        let flags: UInt8 = (alpha ? 0x10 : 0) | (xmp ? 0x04 : 0)
        return chunk(
            "VP8X",
            Data([flags, 0, 0, 0]) + little(size.width - 1, 3) + little(size.height - 1, 3))
    }

    private static func chunk(_ name: String, _ body: Data) -> Data {
        Data(name.utf8) + little(body.count, 4) + body + (body.count % 2 == 1 ? [0] : [])
    }

    private static func little(_ value: Int, _ bytes: Int) -> Data {
        Data((0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }
}
