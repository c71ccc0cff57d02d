private import CVips
private import Foundation
import Model

/// Bytes that are to be a picture: a file, or memory that outlives every picture opened from it.
final class Bytes {
    private let source: UnsafeMutablePointer<VipsSource>
    /// Of a TIFF: what there is beside its colours.
    let samples: TIFFSamples?
    /// What `source` reads, where that is not the file itself.
    private let copy: PrivateCopy?
    /// What the file says of its colours, which the decoder tells in part only.
    let colors: ColorStatement

    deinit { sluice_vips_unref(source) }

    /// - Throws: `unreadable` where the first bytes are not those of `format`.
    init(file path: String, format: ImageFormat) throws(Refusal) {
        let head: Data
        let handle: FileHandle
        do {
            handle = try FileHandle(forReadingFrom: URL(filePath: path))
            head = try handle.read(upToCount: PageGate.head) ?? Data()
        } catch {
            throw Refusal(.resources, "cannot read '\(path)': \(error.localizedDescription)")
        }
        try Self.check(head, format)
        try PageGate.check(handle, format)
        if format == .avif || format == .heic { try HEIFGate.check(path) }
        samples = format == .tiff ? try TIFFSamples.read(path) : nil
        copy = try samples.flatMap { (samples) throws(Refusal) in
            samples.associations.isEmpty
                ? nil : try PrivateCopy(of: path, calling: samples.associations)
        }
        let opened =
            copy.map { vips_source_new_from_memory($0.bytes.baseAddress, $0.bytes.count) }
            ?? vips_source_new_from_file(path)
        guard let opened else { throw VipsFailure.take().blamingNobody }
        source = opened
        let whole = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
        colors = ColorStatement.read(whole ?? head, format)
    }

    /// - Parameter memory: must stay where it is while any picture from it lives.
    init(memory: UnsafeRawBufferPointer, format: ImageFormat) throws(Refusal) {
        try Self.check(memory.prefix(PageGate.head), format)
        guard let opened = vips_source_new_from_memory(memory.baseAddress, memory.count) else {
            throw VipsFailure.take().blamingNobody
        }
        source = opened
        // Ours, which has no more than it should.
        samples = nil
        copy = nil
        let whole = memory.baseAddress.map {
            Data(
                bytesNoCopy: UnsafeMutableRawPointer(mutating: $0), count: memory.count,
                deallocator: .none)
        }
        colors = ColorStatement.read(whole ?? Data(), format)
    }

    /// The loaders are told the format rather than left to guess: an SVG named .jpg is no picture.
    private static func check(
        _ head: some Collection<UInt8>, _ format: ImageFormat
    ) throws(Refusal) {
        guard !head.isEmpty else {
            throw Refusal(.unreadable, "the file is empty: deliver it again")
        }
        let found = ImageFormat.recognise(head)
        guard found == format else {
            throw Refusal(
                .unreadable,
                "the file is named as \(format.rawValue) but holds "
                    + (found?.rawValue ?? ForeignFile(head).name)
                    + ": export it again under the right name")
        }
        try PageGate.check(head, format)
    }

    /// The picture's header; pixels come later.
    /// - Parameter shrink: 1, 2, 4 or 8, for jpeg only: decoded that much smaller, unless nothing
    ///   would be left of a side: libvips ends the process over a picture without width.
    func open(_ format: ImageFormat, shrink: Int = 1) throws(Refusal) -> Picture {
        if shrink > 1 {
            let whole = try open(format)
            guard whole.size.shortSide >= shrink else { return whole }
        }
        let picture = try Picture.loaded { result in
            switch format {
            case .jpeg: sluice_vips_load_jpeg(source, result, Int32(shrink))
            case .png: sluice_vips_load_png(source, result)
            case .webp: sluice_vips_load_webp(source, result)
            case .tiff: sluice_vips_load_tiff(source, result)
            case .gif: sluice_vips_load_gif(source, result)
            case .avif, .heic: sluice_vips_load_heif(source, result)
            }
        }
        return try samples?.sorted(picture) ?? picture
    }
}

/// What a header may claim. Bombs are small files with large claims: they end here, before a pixel
/// is decoded, in milliseconds and without memory.
package enum HeaderGate {
    /// Pixels of one side.
    static let side = 30_000
    static let pixels = 1 << 28
    /// Decoded as the file has them. 268 million pixels of 8-bit colour with transparency.
    static let bytes = 1 << 30
    /// An interlaced PNG or progressive JPEG has to be held whole and in a wide form.
    static let interlacedPixels = 64_000_000
    /// AVIF and HEIC are decoded whole, and are turned into RGB beside that: six bytes a pixel, twelve
    /// where there are more than eight bits. 195 megapixels were made, 250 failed for want of memory,
    /// which libheif takes for a colour it does not know.
    static let heldBytes = 600_000_000
    /// CMYK with transparency.
    static let bands = 5
    /// Layers and thumbnails in a TIFF; the first page is the picture.
    static let pages = 200

    /// - Parameter ignored: channels that are decoded and left out.
    /// - Throws: `oversize`, saying which limit; `unreadable` for an animation.
    static func check(
        _ picture: Picture, _ format: ImageFormat, ignoring ignored: Int = 0
    ) throws(Refusal) {
        let size = picture.size
        let count = size.width * size.height
        guard size.longSide <= side else {
            throw over("sides of \(size) pixels", "\(side) a side")
        }
        guard count <= pixels else { throw over("\(megapixels(count))", megapixels(pixels)) }
        guard picture.bands <= bands else {
            throw over("\(picture.bands) channels", "\(bands)")
        }
        let channels = picture.bands + ignored
        guard count * channels * picture.bytesPerBand <= bytes else {
            throw over(
                "\(channels) channels of \(8 * picture.bytesPerBand) bits at \(size)",
                "\(bytes >> 20) MiB decoded")
        }
        let isHeld = format == .avif || format == .heic
        guard !isHeld || count * picture.bands * picture.bytesPerBand <= heldBytes else {
            throw over(
                "\(picture.bands) channels of \(8 * picture.bytesPerBand) bits at \(size)",
                "\(heldBytes / 1_000_000) MB decoded in this format")
        }
        guard !picture.isInterlaced || count <= interlacedPixels else {
            throw over(
                "\(megapixels(count)), interlaced or progressive",
                "\(megapixels(interlacedPixels)) in that form")
        }
        try checkPages(picture, format)
    }

    /// The first frame of an animation would be a guess at what was approved.
    private static func checkPages(_ picture: Picture, _ format: ImageFormat) throws(Refusal) {
        let pages = picture.pages
        if pages > 1 && (format == .gif || format == .webp) {
            throw Refusal(
                .oversize, "an animation of \(pages) frames is no still picture: export one frame")
        }
        guard pages <= self.pages else { throw over("\(pages) pages", "\(self.pages)") }
    }

    private static func over(_ what: String, _ limit: String) -> Refusal {
        Refusal(
            .oversize, "the file claims \(what), the limit is \(limit): deliver a smaller export")
    }

    private static func megapixels(_ count: Int) -> String {
        "\(count / 1_000_000) megapixels"
    }
}
