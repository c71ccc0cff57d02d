import Foundation

/// Puts the few segments a rendition may have behind the start of a JPEG that has none: libvips
/// writes them together with an EXIF block of its own or not at all. (ITU-T T.81, B.1.)
enum JPEGFile {
    private static let jfif: UInt8 = 0xE0
    private static let xmp: UInt8 = 0xE1
    private static let icc: UInt8 = 0xE2
    /// Of an ICC profile in one segment: ICC.1:2022, annex B.4.
    private static let share = 65_519

    static func with(density: Int?, packet: Data?, profile: Data?, in file: Data) -> Data {
        guard density != nil || packet != nil || profile != nil, file.count > 2 else { return file }
        var head = Data(file.prefix(2))
        if let density { head += segment(jfif, header(density)) }
        if let packet {
            head += segment(xmp, Data("http://ns.adobe.com/xap/1.0/\0".utf8) + packet)
        }
        if let profile { head += parts(profile) }
        return head + file.dropFirst(2)
    }

    /// JFIF 1.01, pixels per inch, no thumbnail.
    private static func header(_ density: Int) -> Data {
        let high = UInt8(truncatingIfNeeded: density >> 8)
        let low = UInt8(truncatingIfNeeded: density)
        return Data("JFIF\0".utf8) + [1, 1, 1, high, low, high, low, 0, 0]
    }

    private static func parts(_ profile: Data) -> Data {
        let count = (profile.count + share - 1) / share
        guard count <= 255 else { return Data() }
        return (0..<count).reduce(into: Data()) { parts, index in
            let part = profile.dropFirst(index * share).prefix(share)
            parts += segment(
                icc, Data("ICC_PROFILE\0".utf8) + [UInt8(index + 1), UInt8(count)] + part)
        }
    }

    /// What does not fit is left out; the callers' own bounds keep that from happening.
    private static func segment(_ marker: UInt8, _ body: Data) -> Data {
        let length = body.count + 2
        guard length <= 65_535 else { return Data() }
        return Data([0xFF, marker, UInt8(length >> 8), UInt8(length & 255)]) + body
    }
}
