import Foundation

/// libvips 8.14 writes an EXIF block into every WebP, whether told to strip or not.
enum WebP {
    /// The same file without EXIF, XMP and colour profile. What is no WebP container comes back as
    /// it is. (RIFF container: developers.google.com/speed/webp/docs/riff_container.)
    static func stripped(_ file: Data) -> Data {
        let head = 12
        guard file.count > head, file.prefix(4).elementsEqual("RIFF".utf8) else { return file }
        var body = Data("WEBP".utf8)
        var rest = file.dropFirst(head)
        while rest.count >= 8 {
            let name = String(decoding: rest.prefix(4), as: UTF8.self)
            let length = rest.dropFirst(4).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            // A chunk of odd length is followed by a byte that fills up.
            var chunk = Data(rest.prefix(8 + length + length % 2))
            rest = rest.dropFirst(chunk.count)
            if ["EXIF", "XMP ", "ICCP"].contains(name) { continue }
            // The flags that announce the three: bits 3, 2 and 5.
            if name == "VP8X", chunk.count > 8 { chunk[8] &= 0b1101_0011 }
            body += chunk
        }
        let size = [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: body.count >> $0) }
        return Data("RIFF".utf8) + size + body
    }
}
