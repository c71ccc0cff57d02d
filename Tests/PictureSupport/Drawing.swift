// Draws the pictures that tests need, straight through libvips: whatever a camera, a designer or an
// attacker might deliver. For tests only; what the product paints is Imaging's business.

private import CVips
package import Foundation

/// A picture drawn for a test.
package final class Drawing {
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    private let image: UnsafeMutablePointer<VipsImage>

    private init(_ image: UnsafeMutablePointer<VipsImage>) { self.image = image }

    deinit { g_object_unref(image) }

    /// Once, and waited for: a second `vips_init` returns at once while the first is still at work,
    /// and tests draw side by side.
    private static let isReady = vips_init("drawing") == 0

    /// - Parameter pixel: the bands at a place, 0 to 255.
    package convenience init(
        _ width: Int, _ height: Int, _ pixel: (_ x: Int, _ y: Int) -> [UInt8]
    ) throws {
        var bytes: [UInt8] = []
        for y in 0..<height { for x in 0..<width { bytes += pixel(x, y) } }
        let bands = bytes.count / (width * height)
        guard Self.isReady,
            let image = vips_image_new_from_memory_copy(
                bytes, bytes.count, Int32(width), Int32(height), Int32(bands), VIPS_FORMAT_UCHAR)
        else { throw Self.failure("drawing") }
        let names = [1: "b-w", 2: "b-w", 3: "srgb", 4: "srgb"]
        let drawn = Drawing(image)
        self.init(try drawn.call("copy", ["interpretation": names[bands] ?? "multiband"]).taken)
    }

    /// As another is.
    package convenience init(copying other: Drawing) throws { self.init(other.taken) }

    /// One colour all over.
    package convenience init(_ width: Int, _ height: Int, color: [UInt8]) throws {
        try self.init(width, height) { _, _ in color }
    }

    /// Detail in every corner, which no encoder makes small.
    package static func noise(_ width: Int, _ height: Int) throws -> Drawing {
        var state: UInt32 = 1
        return try Drawing(width, height) { _, _ in
            (0..<3).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return UInt8(state >> 24)
            }
        }
    }

    /// Runs an operation of libvips by its name, on this picture as `in`.
    package func call(_ name: String, _ options: [String: String] = [:]) throws -> Drawing {
        let operation = try prepared(name, options)
        defer { g_object_unref(operation) }
        return try Self.result(of: operation, name)
    }

    private static func result(
        of operation: UnsafeMutableRawPointer, _ name: String
    ) throws -> Drawing {
        var value = GValue()
        g_value_init(&value, vips_image_get_type())
        g_object_get_property(object(operation), "out", &value)
        guard let out = g_value_dup_object(&value) else { throw failure(name) }
        g_value_unset(&value)
        vips_object_unref_outputs(vipsObject(operation))
        return Drawing(out.assumingMemoryBound(to: VipsImage.self))
    }

    /// A picture that some program has made.
    /// - Parameter loader: `pngload`, `jpegload` ...
    package static func load(_ loader: String, from path: String) throws -> Drawing {
        guard isReady, let operation = vips_operation_new(loader) else {
            throw failure(loader)
        }
        let raw = UnsafeMutableRawPointer(operation)
        defer { g_object_unref(raw) }
        guard vips_object_set_argument_from_string(vipsObject(raw), "filename", path) == 0,
            vips_object_build(vipsObject(raw)) == 0
        else { throw failure(loader) }
        return try result(of: raw, loader)
    }

    package var width: Int { Int(image.pointee.Xsize) }
    package var height: Int { Int(image.pointee.Ysize) }
    package var bands: Int { Int(image.pointee.Bands) }

    /// Of 8-bit pictures: row by row, the bands of each pixel together.
    package func pixels() throws -> [UInt8] {
        var count = 0
        guard let bytes = vips_image_write_to_memory(image, &count) else {
            throw Self.failure("pixels")
        }
        defer { g_free(bytes) }
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// - Parameter saver: `jpegsave`, `pngsave`, `tiffsave` ...
    package func save(_ saver: String, to path: String, _ options: [String: String] = [:]) throws {
        var options = options
        options["filename"] = path
        g_object_unref(try prepared(saver, options))
    }

    /// The EXIF orientation a camera would write.
    package func oriented(_ orientation: Int) throws -> Drawing {
        let copy = try call("copy")
        vips_image_set_int(copy.image, "orientation", Int32(orientation))
        return copy
    }

    /// Frames of an animation are stacked, each this high.
    package func paged(height: Int) throws -> Drawing {
        let copy = try call("copy")
        vips_image_set_int(copy.image, "page-height", Int32(height))
        return copy
    }

    package func profiled(_ profile: Data) throws -> Drawing {
        try described(profile, as: "icc-profile-data")
    }

    /// A block of metadata as libvips names it: `exif-data`, `xmp-data`, `iptc-data`.
    package func described(_ block: Data, as name: String) throws -> Drawing {
        let copy = try call("copy")
        block.withUnsafeBytes {
            vips_image_set_blob_copy(copy.image, name, $0.baseAddress, $0.count)
        }
        return copy
    }

    /// With a packet of XMP, as it goes into the file.
    package func described(_ packet: Data) throws -> Drawing {
        let copy = try call("copy")
        packet.withUnsafeBytes {
            vips_image_set_blob_copy(copy.image, "xmp-data", $0.baseAddress, $0.count)
        }
        return copy
    }

    package var profileBytes: Data {
        var bytes: UnsafeRawPointer?
        var count = 0
        vips_image_get_blob(image, "icc-profile-data", &bytes, &count)
        return bytes.map { Data(bytes: $0, count: count) } ?? Data()
    }

    package func unprofiled() throws -> Drawing {
        let copy = try call("copy")
        vips_image_remove(copy.image, "icc-profile-data")
        return copy
    }

    private var taken: UnsafeMutablePointer<VipsImage> {
        g_object_ref(image)
        return image
    }

    private func prepared(
        _ name: String, _ options: [String: String]
    ) throws -> UnsafeMutableRawPointer {
        guard let operation = vips_operation_new(name) else { throw Self.failure(name) }
        let raw = UnsafeMutableRawPointer(operation)
        var value = GValue()
        g_value_init(&value, vips_image_get_type())
        g_value_set_object(&value, image)
        g_object_set_property(Self.object(raw), "in", &value)
        g_value_unset(&value)
        var failed = false
        for (key, text) in options {
            failed =
                failed || vips_object_set_argument_from_string(Self.vipsObject(raw), key, text) != 0
        }
        guard !failed, vips_object_build(Self.vipsObject(raw)) == 0 else {
            g_object_unref(raw)
            throw Self.failure(name)
        }
        return raw
    }

    private static func object(_ raw: UnsafeMutableRawPointer) -> UnsafeMutablePointer<GObject> {
        raw.assumingMemoryBound(to: GObject.self)
    }

    private static func vipsObject(
        _ raw: UnsafeMutableRawPointer
    ) -> UnsafeMutablePointer<VipsObject> {
        raw.assumingMemoryBound(to: VipsObject.self)
    }

    private static func failure(_ what: String) -> Failure {
        let text = String(cString: vips_error_buffer())
        vips_error_clear()
        return Failure(description: "\(what): \(text)")
    }
}
