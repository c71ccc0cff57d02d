// What is asked of pixels, and what was measured in them.

package struct PixelSize: Hashable, Codable, Sendable, CustomStringConvertible {
    package var width: Int
    package var height: Int

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    package var longSide: Int { max(width, height) }
    package var shortSide: Int { min(width, height) }
    package var description: String { "\(width)x\(height)" }
}

/// Frame sizes a rendition may have; both ends included. The frame shrinks from `max` towards
/// `min` before anything would be enlarged.
package struct SizeRange: Hashable, Codable, Sendable {
    package var min: PixelSize
    package var max: PixelSize

    package init(min: PixelSize, max: PixelSize) {
        self.min = min
        self.max = max
    }
}

package enum Fit: String, Codable, Sendable, CaseIterable {
    /// The whole picture inside the frame, the rest painted in the background colour.
    case pad
    /// The frame filled, what is over cut off evenly.
    case cover
    /// The whole picture, no frame: the result has the picture's own proportions.
    case inside
}

/// 8-bit sRGB.
package struct Color: Hashable, Codable, Sendable, CustomStringConvertible {
    package var red: UInt8
    package var green: UInt8
    package var blue: UInt8

    package init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// `#RRGGBB`.
    package init?(hex: String) {
        guard hex.utf8.count == 7, hex.hasPrefix("#"),
            let value = UInt32(hex.dropFirst(), radix: 16)
        else { return nil }
        self.init(
            red: UInt8(value >> 16 & 255), green: UInt8(value >> 8 & 255), blue: UInt8(value & 255))
    }

    package var description: String {
        "#"
            + [red, green, blue].map { byte in
                let digits = String(byte, radix: 16, uppercase: true)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
    }
}

/// Formats we recognise by their magic number. Only jpeg, png and webp are written so far.
package enum ImageFormat: String, Codable, Sendable, CaseIterable {
    case jpeg, png, webp, tiff, gif, avif

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
        default: [rawValue]
        }
    }

    package var mediaType: String { "image/\(rawValue)" }

    /// The format by magic number; nil for anything we would not hand to a decoder.
    /// - Parameter head: at least the first 16 bytes of the file.
    package static func recognise(_ head: some Collection<UInt8>) -> ImageFormat? {
        let bytes = Array(head.prefix(16))
        func starts(_ magic: [UInt8], at offset: Int = 0) -> Bool {
            bytes.count >= offset + magic.count
                && Array(bytes[offset..<offset + magic.count]) == magic
        }
        if starts([0xFF, 0xD8, 0xFF]) { return .jpeg }
        if starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
        if starts(Array("RIFF".utf8)), starts(Array("WEBP".utf8), at: 8) { return .webp }
        if starts([0x49, 0x49, 0x2A, 0x00]) || starts([0x4D, 0x4D, 0x00, 0x2A]) { return .tiff }
        if starts(Array("GIF87a".utf8)) || starts(Array("GIF89a".utf8)) { return .gif }
        if starts(Array("ftypavif".utf8), at: 4) { return .avif }
        return nil
    }
}

/// Everything the worker needs to know to paint one rendition: resolved, nothing inherited. Part
/// of the rendition key, so only what changes pixels or bytes belongs here.
package struct Recipe: Hashable, Codable, Sendable {
    package var size: SizeRange
    package var fit: Fit
    /// Painted behind transparency and around a padded picture; nil only where neither is
    /// possible to need (the profile's loader sees to that).
    package var background: Color?
    package var format: ImageFormat
    /// Encoder quality, 1 to 100: the highest that fits `maxBytes`, never below `minQuality`.
    package var minQuality: Int
    package var maxQuality: Int
    /// Ceiling of the encoded file in bytes.
    package var maxBytes: Int64?
    /// False: the picture is never enlarged.
    package var upscale: Bool

    package init(
        size: SizeRange, fit: Fit, background: Color?, format: ImageFormat, minQuality: Int,
        maxQuality: Int, maxBytes: Int64?, upscale: Bool = false
    ) {
        self.size = size
        self.fit = fit
        self.background = background
        self.format = format
        self.minQuality = minQuality
        self.maxQuality = maxQuality
        self.maxBytes = maxBytes
        self.upscale = upscale
    }
}

/// What the header and the metadata of a master say.
package struct Inspection: Hashable, Codable, Sendable {
    package var format: ImageFormat
    /// Upright: after the EXIF orientation was applied.
    package var size: PixelSize
    /// 1 to 8.
    package var orientation: Int
    package var pages: Int
    package var bands: Int
    package var bitsPerBand: Int
    package var hasAlpha: Bool
    /// libvips' name of the interpretation: srgb, cmyk, b-w, rgb16, lab ...
    package var space: String
    package var hasProfile: Bool

    package init(
        format: ImageFormat, size: PixelSize, orientation: Int, pages: Int, bands: Int,
        bitsPerBand: Int, hasAlpha: Bool, space: String, hasProfile: Bool
    ) {
        self.format = format
        self.size = size
        self.orientation = orientation
        self.pages = pages
        self.bands = bands
        self.bitsPerBand = bitsPerBand
        self.hasAlpha = hasAlpha
        self.space = space
        self.hasProfile = hasProfile
    }
}

/// What was measured in the encoded rendition by a process that never saw its master. Verdicts
/// are computed from this, so that a changed rule needs no render.
package struct Receipt: Hashable, Codable, Sendable {
    package var sha256: ContentHash
    package var bytes: Int64
    package var format: ImageFormat
    package var size: PixelSize
    package var bands: Int
    package var hasAlpha: Bool
    /// libvips' name of the interpretation; srgb or b-w for what we send.
    package var space: String
    /// One entry per share in `Ring.shares`, when a background colour was named.
    package var rings: [Ring]
    /// Name → version of the libraries that made and measured it. Never part of a key.
    package var renderer: [String: String]
    /// Encoder quality that was used; nil for lossless.
    package var quality: Int?

    package init(
        sha256: ContentHash, bytes: Int64, format: ImageFormat, size: PixelSize, bands: Int,
        hasAlpha: Bool, space: String, rings: [Ring], renderer: [String: String],
        quality: Int? = nil
    ) {
        self.sha256 = sha256
        self.bytes = bytes
        self.format = format
        self.size = size
        self.bands = bands
        self.hasAlpha = hasAlpha
        self.space = space
        self.rings = rings
        self.renderer = renderer
        self.quality = quality
    }

    /// The border of the frame, `share` of the shorter side wide (at least one pixel), and its
    /// pixel farthest from the background colour.
    package struct Ring: Hashable, Codable, Sendable {
        /// Widths that are measured, as a share of the shorter side. A profile's `ring` names
        /// one of them.
        package static let shares: [Double] = [0.005, 0.01, 0.02, 0.03, 0.05]

        package var share: Double
        /// Largest distance in any channel, 0 to 255.
        package var worst: Int
        package var at: Point
        package var color: Color

        package init(share: Double, worst: Int, at: Point, color: Color) {
            self.share = share
            self.worst = worst
            self.at = at
            self.color = color
        }
    }

    package struct Point: Hashable, Codable, Sendable, CustomStringConvertible {
        package var x: Int
        package var y: Int

        package init(x: Int, y: Int) {
            self.x = x
            self.y = y
        }

        package var description: String { "(\(x), \(y))" }
    }
}

/// Why the worker will not make or accept a picture.
package struct Refusal: Error, Hashable, Codable, Sendable, CustomStringConvertible {
    package enum Code: String, Codable, Sendable {
        /// Not a picture, cut off, or damaged: the master is at fault for every recipe.
        case unreadable
        /// Over the header gate: sides, pixels, pages or bands.
        case oversize
        /// A colour space we cannot bring to sRGB without guessing.
        case color
        /// The master has too few pixels for the smallest frame.
        case tooSmall = "too-small"
        /// No quality within the range fits the byte ceiling.
        case tooHeavy = "too-heavy"
        /// The recipe asks for what cannot be painted: the profile is at fault.
        case unsupported
        /// The disk, memory or the worker's own limits: nobody's fault, try again.
        case resources
        /// The worker died over it.
        case crashed
    }

    package var code: Code
    /// What, why and what would help; lower case, no final stop.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    /// True where every recipe of the master would fail the same way.
    package var blamesMaster: Bool {
        switch code {
        case .unreadable, .oversize, .color: true
        case .tooSmall, .tooHeavy, .unsupported, .resources, .crashed: false
        }
    }
}
