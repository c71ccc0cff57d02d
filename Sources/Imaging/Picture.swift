import CVips
import Foundation
import Model

/// One libvips image and its owner. Operations are lazy: nothing is decoded or computed before
/// `inMemory()` or `encoded`, which is also where damaged data shows. What fails while foreign
/// bytes are still to be read is the picture's fault (`unreadable`), what fails later is not.
final class Picture {
    typealias Pointer = UnsafeMutablePointer<VipsImage>
    typealias Result = UnsafeMutablePointer<Pointer?>

    let pointer: Pointer
    /// No foreign bytes are left to be read.
    private let isDecoded: Bool

    private init(owning pointer: Pointer, isDecoded: Bool) {
        self.pointer = pointer
        self.isDecoded = isDecoded
    }

    deinit { sluice_vips_unref(pointer) }

    /// Runs a loader of libvips and owns what it returns.
    static func loaded(by loader: (Result) -> Int32) throws(Refusal) -> Picture {
        var out: Pointer?
        guard loader(&out) == 0, let out else { throw VipsFailure.take().blamingPicture }
        return Picture(owning: out, isDecoded: false)
    }

    func then(_ operation: (Pointer, Result) -> Int32) throws(Refusal) -> Picture {
        var out: Pointer?
        guard operation(pointer, &out) == 0, let out else { throw failure }
        return Picture(owning: out, isDecoded: isDecoded)
    }

    private var failure: Refusal {
        isDecoded ? VipsFailure.take().blamingNobody : VipsFailure.take().blamingPicture
    }

    // MARK: What it is

    var size: PixelSize {
        PixelSize(
            width: Int(vips_image_get_width(pointer)), height: Int(vips_image_get_height(pointer)))
    }
    var bands: Int { Int(vips_image_get_bands(pointer)) }
    var hasAlpha: Bool { vips_image_hasalpha(pointer) != 0 }
    var space: VipsInterpretation { vips_image_get_interpretation(pointer) }
    var spaceName: String { String(cString: sluice_vips_space_name(space)) }
    var format: VipsBandFormat { vips_image_get_format(pointer) }
    var bytesPerBand: Int { Int(vips_format_sizeof(format)) }
    /// 1 to 8; 5 and above lie on their side.
    var orientation: Int { Int(vips_image_get_orientation(pointer)) }
    var pages: Int { Int(vips_image_get_n_pages(pointer)) }
    /// Cannot be decoded row by row.
    var isInterlaced: Bool {
        ["interlaced", "jpeg-multiscan"].contains { number($0) ?? 0 != 0 }
    }

    var profile: Data? {
        guard vips_image_get_typeof(pointer, "icc-profile-data") != 0 else { return nil }
        var bytes: UnsafeRawPointer?
        var count = 0
        guard vips_image_get_blob(pointer, "icc-profile-data", &bytes, &count) == 0, let bytes
        else { return nil }
        return Data(bytes: bytes, count: count)
    }

    private func number(_ field: String) -> Int? {
        guard vips_image_get_typeof(pointer, field) != 0 else { return nil }
        var value: Int32 = 0
        return vips_image_get_int(pointer, field, &value) == 0 ? Int(value) : nil
    }

    // MARK: What can be done with it

    /// Decodes and computes everything up to here, once.
    func inMemory() throws(Refusal) -> Picture {
        guard let copy = vips_image_copy_memory(pointer) else { throw failure }
        return Picture(owning: copy, isDecoded: true)
    }

    /// In memory, with nothing but pixels: what `strip` should do, but does not for webp in 8.14.
    func bare() throws(Refusal) -> Picture {
        let copy = try inMemory()
        guard let fields = vips_image_get_fields(copy.pointer) else { return copy }
        defer { sluice_vips_free_list(fields) }
        var next = fields
        while let name = next.pointee {
            // Width, height and such are no metadata and stay.
            vips_image_remove(copy.pointer, name)
            next += 1
        }
        return copy
    }

    func bands(_ range: Range<Int>) throws(Refusal) -> Picture {
        try then { sluice_vips_bands($0, $1, Int32(range.lowerBound), Int32(range.count)) }
    }

    func joined(_ alpha: Picture) throws(Refusal) -> Picture {
        try then { sluice_vips_join($0, alpha.pointer, $1) }
    }

    func in8Bit() throws(Refusal) -> Picture {
        try then { sluice_vips_to_8_bit($0, $1, bytesPerBand > 1 ? 1 : 0) }
    }

    /// Back from floating point, rounded and clipped.
    func rounded() throws(Refusal) -> Picture {
        try then { sluice_vips_to_8_bit($0, $1, 0) }
    }

    func converted(to space: VipsInterpretation) throws(Refusal) -> Picture {
        try then { sluice_vips_space($0, $1, space) }
    }

    func fromProfile() throws(Refusal) -> Picture {
        try then(sluice_vips_profile_to_srgb)
    }

    func flattened(on color: Color) throws(Refusal) -> Picture {
        try then {
            sluice_vips_flatten(
                $0, $1, Double(color.red), Double(color.green), Double(color.blue))
        }
    }

    func premultiplied() throws(Refusal) -> Picture { try then(sluice_vips_premultiply) }
    func unpremultiplied() throws(Refusal) -> Picture { try then(sluice_vips_unpremultiply) }

    /// Turned as its orientation says.
    func upright() throws(Refusal) -> Picture { try then(sluice_vips_upright) }

    /// The middle of it.
    func cut(to target: PixelSize) throws(Refusal) -> Picture {
        guard target != size else { return self }
        return try then {
            sluice_vips_crop(
                $0, $1, Int32((size.width - target.width) / 2),
                Int32((size.height - target.height) / 2), Int32(target.width), Int32(target.height))
        }
    }

    /// In the middle of a larger one.
    func padded(to target: PixelSize, with color: Color) throws(Refusal) -> Picture {
        guard target != size else { return self }
        return try then {
            sluice_vips_embed(
                $0, $1, Int32((target.width - size.width) / 2),
                Int32((target.height - size.height) / 2), Int32(target.width),
                Int32(target.height), Double(color.red), Double(color.green), Double(color.blue))
        }
    }

    /// - Parameter fullChroma: keep colour edges as sharp as those of brightness.
    func encoded(
        as format: ImageFormat, quality: Int, fullChroma: Bool
    ) throws(Refusal) -> Data {
        var bytes: UnsafeMutableRawPointer?
        var count = 0
        let chroma: Int32 = fullChroma ? 1 : 0
        let result =
            switch format {
            case .jpeg: sluice_vips_save_jpeg(pointer, &bytes, &count, Int32(quality), chroma)
            case .webp: sluice_vips_save_webp(pointer, &bytes, &count, Int32(quality), chroma)
            default: sluice_vips_save_png(pointer, &bytes, &count)
            }
        guard result == 0, let bytes else { throw failure }
        return Data(
            bytesNoCopy: bytes, count: count,
            deallocator: .custom { bytes, _ in sluice_vips_free(bytes) })
    }

    /// The pixels of an 8-bit picture in memory, row by row, bands interleaved.
    func withPixels<Value>(
        _ body: (UnsafeBufferPointer<UInt8>) -> Value
    ) throws(Refusal) -> Value {
        guard let data = vips_image_get_data(pointer) else { throw failure }
        let count = size.width * size.height * bands
        return body(
            UnsafeBufferPointer(start: data.assumingMemoryBound(to: UInt8.self), count: count))
    }
}
