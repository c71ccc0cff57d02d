import CPixels
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

    var failure: Refusal {
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
    /// As the file says: libvips' own accessor takes 10,000 and more for 1.
    var pages: Int { max(1, number("n-pages") ?? 1) }
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

    /// As cameras write it that are set to it, without a profile: DCF 2.0, optional file.
    var claimsAdobeRGB: Bool {
        let field = "exif-ifd4-InteroperabilityIndex"
        var text: UnsafePointer<CChar>?
        guard vips_image_get_typeof(pointer, field) != 0,
            vips_image_get_string(pointer, field, &text) == 0, let text
        else { return false }
        return String(cString: text).hasPrefix("R03")
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

    /// Grey as equal red, green and blue.
    func spread() throws(Refusal) -> Picture {
        let space = bytesPerBand == 2 ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB
        return try then { sluice_vips_spread($0, $1, space) }
    }

    func in8Bit() throws(Refusal) -> Picture {
        try then { sluice_vips_to_8_bit($0, $1, bytesPerBand > 1 ? 1 : 0) }
    }

    func converted(to space: VipsInterpretation) throws(Refusal) -> Picture {
        try then { sluice_vips_space($0, $1, space) }
    }

    /// The same numbers, which a profile says the look of.
    func profiled(_ profile: Data) throws(Refusal) -> Picture {
        let bytes = [UInt8](profile)
        return try then { sluice_vips_profiled($0, $1, bytes, bytes.count) }
    }

    /// By its own profile to 8-bit sRGB.
    func fromProfile() throws(Refusal) -> Picture { try then(sluice_vips_profile_to_srgb) }

    /// By its own profile to the colours of another, in as many bits as it has.
    func fromProfile(to location: String) throws(Refusal) -> Picture {
        try then { sluice_vips_profile_to_profile($0, $1, location, bytesPerBand > 1 ? 16 : 8) }
    }

    /// From sRGB to the colours of a printing profile, in 8 or 16 bits.
    func fromSRGB(to location: String, isDeep: Bool = false) throws(Refusal) -> Picture {
        try then { sluice_vips_srgb_to_profile($0, $1, location, isDeep ? 16 : 8) }
    }

    /// One of the profiles that libvips carries.
    static func builtInProfile(_ name: String) throws(Refusal) -> Data {
        var blob: UnsafeMutablePointer<VipsBlob>?
        guard sluice_vips_profile(name, &blob) == 0, let blob else {
            throw VipsFailure.take().blamingNobody
        }
        defer { sluice_vips_unref_area(blob) }
        var count = 0
        guard let bytes = vips_blob_get(blob, &count) else {
            throw VipsFailure.take().blamingNobody
        }
        return Data(bytes: bytes, count: count)
    }

    /// Turned as its orientation says.
    func upright() throws(Refusal) -> Picture { try then(sluice_vips_upright) }

    /// - Parameter place: upper left corner of what stays.
    func cut(to target: PixelSize, at place: Point) throws(Refusal) -> Picture {
        guard target != size else { return self }
        return try then {
            sluice_vips_crop(
                $0, $1, Int32(place.x), Int32(place.y), Int32(target.width), Int32(target.height))
        }
    }

    /// Put into a larger one; what is around it is see-through without a colour.
    func padded(to target: PixelSize, at place: Point, with color: Color?) throws(Refusal)
        -> Picture
    {
        guard target != size else { return self }
        let bands = [color?.red, color?.green, color?.blue].map { Double($0 ?? 0) }
        return try then {
            sluice_vips_embed(
                $0, $1, Int32(place.x), Int32(place.y), Int32(target.width),
                Int32(target.height), bands[0], bands[1], bands[2], color == nil ? 0 : 255)
        }
    }

    /// The middle of what smartcrop would keep, in shares of the picture.
    func attention(cropping target: PixelSize) throws(Refusal) -> Focus {
        let (width, height) = (min(target.width, size.width), min(target.height, size.height))
        var (left, top) = (Int32(0), Int32(0))
        guard sluice_vips_attention(pointer, Int32(width), Int32(height), &left, &top) == 0 else {
            throw failure
        }
        return Focus(
            x: (Double(left) + Double(width) / 2) / Double(size.width),
            y: (Double(top) + Double(height) / 2) / Double(size.height))
    }

    /// A new picture of the same size in memory: `body` reads ours, 8-bit, and writes sRGB.
    /// - Parameter bands: 3, or 4 with transparency.
    func painted(
        bands: Int, by body: (inout sluice_raster, inout sluice_raster) -> sluice_result
    ) throws(Refusal) -> Picture {
        let from = try inMemory()
        // Its pixels are read after its last mention.
        defer { withExtendedLifetime(from) {} }
        guard let data = vips_image_get_data(from.pointer),
            let made = vips_image_new_memory()
        else { throw failure }
        let picture = Picture(owning: made, isDecoded: true)
        let (width, height) = (Int32(size.width), Int32(size.height))
        vips_image_init_fields(
            made, width, height, Int32(bands), VIPS_FORMAT_UCHAR, VIPS_CODING_NONE,
            VIPS_INTERPRETATION_sRGB, 1, 1)
        guard vips_image_write_prepare(made) == 0, let out = vips_image_get_data(made) else {
            throw VipsFailure.take().blamingNobody
        }
        vips_image_set_int(made, "orientation", Int32(orientation))
        var old = sluice_raster(
            UnsafeMutableRawPointer(mutating: data).assumingMemoryBound(to: UInt8.self), size,
            bands: self.bands, hasAlpha: hasAlpha)
        var new = sluice_raster(
            UnsafeMutableRawPointer(mutating: out).assumingMemoryBound(to: UInt8.self), size,
            bands: bands, hasAlpha: bands == 4)
        // What has more bytes a band is no raster.
        if bytesPerBand != 1 { old.bytes = nil }
        try body(&old, &new).check("for a picture of \(size)")
        return picture
    }

    /// The pixels of an 8-bit picture in memory, row by row, bands interleaved.
    func withPixels<Value>(
        _ body: (UnsafeBufferPointer<UInt8>) -> Value
    ) throws(Refusal) -> Value {
        guard let data = vips_image_get_data(pointer) else { throw failure }
        defer { withExtendedLifetime(self) {} }
        let count = size.width * size.height * bands
        return body(
            UnsafeBufferPointer(start: data.assumingMemoryBound(to: UInt8.self), count: count))
    }
}
