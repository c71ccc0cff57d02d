/// Formats we recognise by their magic number, and but for one write.
package enum ImageFormat: String, Codable, Sendable, CaseIterable {
    case jpeg, png, webp, tiff, gif, avif
    /// As phones deliver it; read and never written: no shop shows it.
    case heic

    package static let written = allCases.filter { $0 != .heic }

    /// Without the dot; the `{ext}` of a name.
    package var fileExtension: String {
        switch self {
        case .jpeg: "jpg"
        case .tiff: "tif"
        default: rawValue
        }
    }

    package var extensions: [String] {
        switch self {
        case .jpeg: ["jpg", "jpeg"]
        case .tiff: ["tif", "tiff"]
        // Cameras write the last.
        case .heic: ["heic", "heif", "hif"]
        default: [rawValue]
        }
    }

    package var mediaType: String { "image/\(rawValue)" }

    /// Bytes of a file's beginning that tell what it is: the items of a picture that names no
    /// coding, the first page's tags of a TIFF.
    package static let head = 4096

    /// The format by magic number; nil for anything we would not hand to a decoder, of which
    /// `ForeignFile` says what it is.
    /// - Parameter head: the first `head` bytes of the file, or all there are.
    package static func recognise(_ head: some Collection<UInt8>) -> ImageFormat? {
        let bytes = Array(head.prefix(Self.head))
        func starts(_ magic: [UInt8], at offset: Int = 0) -> Bool {
            bytes.count >= offset + magic.count
                && Array(bytes[offset..<offset + magic.count]) == magic
        }
        if starts([0xFF, 0xD8, 0xFF]) { return .jpeg }
        if starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
        if starts(Array("RIFF".utf8)), starts(Array("WEBP".utf8), at: 8) { return .webp }
        if let tiff = TIFFHead(bytes) { return tiff.isRaw ? nil : .tiff }
        if starts(Array("GIF87a".utf8)) || starts(Array("GIF89a".utf8)) { return .gif }
        return switch MediaBrand(bytes) {
        case .avif: .avif
        case .heic: .heic
        default: nil
        }
    }
}
