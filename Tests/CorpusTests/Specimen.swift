import Foundation
import PictureSupport

/// One file of the corpus. Names say what is wrong with it; what is in it is told by its bytes.
struct Specimen: Sendable {
    var name: String
    var bytes: Data

    init(_ name: String, _ bytes: Data) {
        self.name = name
        self.bytes = bytes
    }

    init(_ name: String, _ text: String) { self.init(name, Data(text.utf8)) }
}

/// A picture without any symmetry, so that nothing can be turned or mirrored unseen.
enum Scene {
    static let width = 64
    static let height = 48

    /// Blocks of eight: what a JPEG keeps nearly whole, however the picture lies.
    static func pixel(_ x: Int, _ y: Int) -> [UInt8] {
        let (column, row) = (x / 8, y / 8)
        if column == 0 || row == 0 || column == 7 || row == 5 { return [255, 255, 255] }
        if row == 1 { return [200, 40, 30] }
        if column == 1 { return [30, 90, 200] }
        if column + row > 8 { return [20, 20, 20] }
        return [240, 180, UInt8(40 + 16 * row)]
    }

    static func colored() throws -> Drawing { try Drawing(width, height, pixel) }

    static func grey() throws -> Drawing { try Drawing(width, height) { [pixel($0, $1)[1]] } }

    static func greyWithAlpha() throws -> Drawing {
        try Drawing(width, height) { x, y in [pixel(x, y)[1], UInt8(x * 4)] }
    }

    static func cutOut() throws -> Drawing {
        try Drawing(width, height) { x, y in
            let color = pixel(x, y)
            return color + [color == [255, 255, 255] ? 0 : 255]
        }
    }

    static func cmyk() throws -> Drawing {
        try colored().call("icc_transform", ["output-profile": "cmyk", "input-profile": "srgb"])
    }

    static func frames() throws -> Drawing {
        try Drawing(32, 96) { x, y in y < 32 ? [200, 0, 0] : y < 64 ? [0, 200, 0] : [0, 0, 200] }
            .paged(height: 32)
    }
}

/// Files that libvips writes, as bytes.
struct Press {
    let folder: Folder

    init() throws { folder = try Folder() }

    func print(
        _ drawing: Drawing, _ saver: String, _ options: [String: String] = [:]
    ) throws -> Data {
        try drawing.save(saver, to: folder["sheet"], options)
        return try folder.read("sheet")
    }

    /// With a profile that the library would leave out, because it is for other colours.
    func print(_ drawing: Drawing, _ saver: String, profile: Data) throws -> Data {
        // libvips remembers what lay under a name.
        let name = "\(UUID().uuidString).icc"
        try folder.write(profile, as: name)
        return try print(drawing, saver, ["profile": folder[name]])
    }
}
