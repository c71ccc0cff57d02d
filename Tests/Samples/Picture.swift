import CVips
import Foundation

/// A picture in libvips' hands, and the ways it is written. libvips' own calls take variable
/// arguments, which Swift does not see, so operations are built by name.
final class Picture {
    private let image: UnsafeMutablePointer<VipsImage>

    init(_ image: UnsafeMutablePointer<VipsImage>) { self.image = image }

    deinit { g_object_unref(image) }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static func start() throws {
        guard vips_init("draw-samples") == 0 else { throw Failure(description: complaint()) }
        vips_concurrency_set(1)
    }

    /// - Parameter bytes: rows of pixels, `bands` bytes each.
    convenience init(
        _ bytes: [UInt8], width: Int, height: Int, bands: Int, space: String = "srgb"
    ) throws {
        let copied = bytes.withUnsafeBytes { bytes in
            vips_image_new_from_memory_copy(
                bytes.baseAddress, bytes.count, Int32(width), Int32(height), Int32(bands),
                VIPS_FORMAT_UCHAR)
        }
        guard let copied else { throw Failure(description: Self.complaint()) }
        let raw = Picture(copied)
        self.init(try raw.made("copy", ["interpretation": space]))
    }

    /// Decoded, by the loader of the name's ending.
    convenience init(file path: String) throws {
        guard let source = vips_source_new_from_file(path) else {
            throw Failure(description: Self.complaint())
        }
        defer { g_object_unref(source) }
        var loaded: UnsafeMutablePointer<VipsImage>?
        let result =
            path.hasSuffix(".webp")
            ? sluice_vips_load_webp(source, &loaded)
            : path.hasSuffix(".png")
                ? sluice_vips_load_png(source, &loaded) : sluice_vips_load_jpeg(source, &loaded, 1)
        guard result == 0, let loaded else { throw Failure(description: Self.complaint()) }
        defer { g_object_unref(loaded) }
        guard let decoded = vips_image_copy_memory(loaded) else {
            throw Failure(description: Self.complaint())
        }
        self.init(decoded)
    }

    /// Rows of pixels, `bands` bytes each.
    func decoded() throws -> (bytes: [UInt8], width: Int, height: Int, bands: Int) {
        let (width, height) = (vips_image_get_width(image), vips_image_get_height(image))
        let bands = Int(vips_image_get_bands(image))
        guard let data = vips_image_get_data(image) else {
            throw Failure(description: Self.complaint())
        }
        let bytes = UnsafeRawBufferPointer(
            start: data, count: Int(width) * Int(height) * bands)
        return (Array(bytes), Int(width), Int(height), bands)
    }

    /// Runs an operation of one picture in, one picture out.
    func applying(_ operation: String, _ options: [String: String] = [:]) throws -> Picture {
        Picture(try made(operation, options))
    }

    func write(_ operation: String, _ path: String, _ options: [String: String]) throws {
        let options = options.merging(["filename": path]) { mine, _ in mine }
        guard let built = try Self.run(operation, image, options) else { return }
        g_object_unref(built)
    }

    func setOrientation(_ orientation: Int) {
        vips_image_set_int(image, "orientation", Int32(orientation))
    }

    /// - Parameter name: such as `exif-ifd0-Copyright`.
    func setExif(_ name: String, _ text: String) {
        vips_image_set_string(
            image, name, "\(text) (\(text), ASCII, \(text.utf8.count + 1) components)")
    }

    func setExif(_ name: String, rationals: String) {
        vips_image_set_string(image, name, rationals)
    }

    private func made(
        _ operation: String, _ options: [String: String]
    ) throws -> UnsafeMutablePointer<VipsImage> {
        guard let built = try Self.run(operation, image, options) else {
            throw Failure(description: Self.complaint())
        }
        defer { g_object_unref(built) }
        var value = GValue()
        g_value_init(&value, vips_image_get_type())
        defer { g_value_unset(&value) }
        g_object_get_property(
            UnsafeMutableRawPointer(built).assumingMemoryBound(to: GObject.self), "out", &value)
        guard let out = g_value_dup_object(&value) else {
            throw Failure(description: Self.complaint())
        }
        return out.assumingMemoryBound(to: VipsImage.self)
    }

    /// The finished operation, to be released by the caller.
    private static func run(
        _ name: String, _ image: UnsafeMutablePointer<VipsImage>, _ options: [String: String]
    ) throws -> UnsafeMutablePointer<VipsOperation>? {
        guard let operation = vips_operation_new(name) else {
            throw Failure(description: complaint())
        }
        let object = UnsafeMutableRawPointer(operation)
        var value = GValue()
        g_value_init(&value, vips_image_get_type())
        g_value_set_object(&value, image)
        g_object_set_property(object.assumingMemoryBound(to: GObject.self), "in", &value)
        g_value_unset(&value)
        for (option, text) in options {
            let set = vips_object_set_argument_from_string(
                object.assumingMemoryBound(to: VipsObject.self), option, text)
            guard set == 0 else { throw Failure(description: complaint()) }
        }
        guard vips_object_build(object.assumingMemoryBound(to: VipsObject.self)) == 0 else {
            let text = complaint()
            g_object_unref(operation)
            throw Failure(description: text)
        }
        return operation
    }

    private static func complaint() -> String {
        defer { vips_error_clear() }
        return String(cString: vips_error_buffer()).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

extension Canvas {
    /// sRGB bytes; with `alpha` unpremultiplied and a fourth band.
    func bytes(alpha: Bool) -> [UInt8] {
        let table: [UInt8] = (0...4095).map {
            UInt8((powf(Float($0) / 4095, 1 / 2.2) * 255).rounded())
        }
        let bands = alpha ? 4 : 3
        return [UInt8](unsafeUninitializedCapacity: width * height * bands) { out, count in
            count = width * height * bands
            for (index, pixel) in pixels.enumerated() {
                let opaque = alpha && pixel.w > 0 ? pixel / pixel.w : pixel
                for band in 0..<3 {
                    out[index * bands + band] = table[Int(clamp(opaque[band]) * 4095 + 0.5)]
                }
                if alpha { out[index * bands + 3] = UInt8(clamp(pixel.w) * 255 + 0.5) }
            }
        }
    }

    func picture(alpha: Bool = false) throws -> Picture {
        try Picture(bytes(alpha: alpha), width: width, height: height, bands: alpha ? 4 : 3)
    }
}
