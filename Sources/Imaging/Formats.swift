import CVips
import Foundation
import Model

/// How a painted picture is written, besides its quality.
struct Writing {
    var format: ImageFormat
    /// Colour edges as sharp as those of brightness: a pure background stays pure beside a product.
    var fullChroma = false
    /// Painted on pure white.
    var onWhite = false
    var progressive = false
    /// JPEG only: codes made for this picture. Off makes the same pixels some percent heavier.
    var optimized = true
    /// Pixels per inch.
    var density: Int?
    /// XMP; nothing else of metadata is ever written.
    var packet: Data?
    /// ICC, for colours that are not sRGB or grey.
    var profile: Data?

    /// - Throws: `unsupported` for what the format cannot hold or this host cannot write.
    func check() throws(Refusal) {
        if format == .heic { throw cannot("be written here: use avif, webp or jpeg") }
        if density != nil, ![.jpeg, .png, .tiff].contains(format) {
            throw cannot("hold a density: leave it out, or use jpeg, png or tiff")
        }
        if packet != nil, format == .gif {
            throw cannot("hold the metadata to keep: leave 'keep' out, or use another format")
        }
        if progressive, format != .jpeg, format != .png {
            throw cannot("be progressive: leave it out, or use jpeg or png")
        }
        if profile != nil, format != .jpeg, format != .tiff {
            throw cannot("hold printing colours here: use tiff or jpeg")
        }
        if format == .avif, !Picture.canWriteAVIF {
            throw cannot(
                "be written by this host: install Debian's libheif1 and libaom3, or use webp")
        }
    }

    private func cannot(_ what: String) -> Refusal {
        Refusal(.unsupported, "\(format.rawValue) cannot \(what)")
    }
}

extension Picture {
    /// Whether libheif has an encoder for AV1: it is a choice of how Debian builds it.
    static let canWriteAVIF: Bool = {
        var pixels = [UInt8](repeating: 128, count: 64 * 64 * 3)
        guard
            let image = vips_image_new_from_memory_copy(
                &pixels, pixels.count, 64, 64, 3, VIPS_FORMAT_UCHAR)
        else { return false }
        defer { sluice_vips_unref(image) }
        image.pointee.Type = VIPS_INTERPRETATION_sRGB
        var bytes: UnsafeMutableRawPointer?
        var count = 0
        defer { sluice_vips_free(bytes) }
        guard sluice_vips_save_avif(image, &bytes, &count, 50, 0, 1) == 0 else {
            vips_error_clear()
            return false
        }
        return true
    }()

    /// The finished file. The same picture gives the same bytes.
    /// - Parameters:
    ///   - picture: `bare`, and nobody else's when it is to carry metadata.
    ///   - quality: 1 to 100; means nothing to png, tiff and gif.
    func encoded(_ writing: Writing, quality: Int) throws(Refusal) -> Data {
        let file = try saved(writing, quality)
        return switch writing.format {
        case .jpeg:
            JPEGFile.with(
                density: writing.density, packet: writing.packet, profile: writing.profile, in: file
            )
        case .png: PNGFile.with(density: writing.density, packet: writing.packet, in: file)
        case .webp:
            WebP.with(packet: writing.packet, size: size, in: file)
        case .tiff, .gif, .avif, .heic: file
        }
    }

    private func saved(_ writing: Writing, _ quality: Int) throws(Refusal) -> Data {
        if writing.format == .webp, writing.onWhite, bands == 3 {
            return try webpOnWhite(quality: quality)
        }
        var bytes: UnsafeMutableRawPointer?
        var count = 0
        let quality = Int32(quality)
        let chroma: Int32 = writing.fullChroma ? 1 : 0
        let progressive: Int32 = writing.progressive ? 1 : 0
        if writing.format == .tiff || writing.format == .avif { tag(writing) }
        let result =
            switch writing.format {
            case .jpeg:
                sluice_vips_save_jpeg(
                    pointer, &bytes, &count, quality, chroma, progressive,
                    writing.optimized ? 1 : 0)
            case .png: sluice_vips_save_png(pointer, &bytes, &count, progressive)
            case .webp: sluice_vips_save_webp(pointer, &bytes, &count, quality, chroma)
            case .avif:
                sluice_vips_save_avif(
                    pointer, &bytes, &count, quality, chroma, writing.packet == nil ? 1 : 0)
            // TIFF has to name a resolution; 72 is what says nothing.
            case .tiff:
                sluice_vips_save_tiff(
                    pointer, &bytes, &count, Double(writing.density ?? 72) / 25.4)
            case .gif: sluice_vips_save_gif(pointer, &bytes, &count)
            case .heic: throw Refusal(.unsupported, "heic cannot be written here")
            }
        guard result == 0, let bytes else { throw failure }
        return Data(
            bytesNoCopy: bytes, count: count,
            deallocator: .custom { bytes, _ in sluice_vips_free(bytes) })
    }

    private func tag(_ writing: Writing) {
        if let packet = writing.packet {
            carry(packet)
            // libheif's saver adds an EXIF block to any packet, and would call the colours unknown.
            vips_image_set_string(pointer, "exif-ifd2-ColorSpace", "1")
        }
        guard let profile = writing.profile else { return }
        profile.withUnsafeBytes {
            vips_image_set_blob_copy(pointer, "icc-profile-data", $0.baseAddress, $0.count)
        }
    }
}
