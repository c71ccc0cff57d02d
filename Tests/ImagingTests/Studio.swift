import Foundation
import Model
import PictureSupport
import Testing
import Wire

@testable import Imaging

/// All that touches libvips, one test at a time: its error buffer belongs to the process.
@Suite("Imaging", .serialized)
enum Pictures {}

/// A renderer with directories of its own, and a look at what it made.
struct Studio {
    let masters: Folder
    let output: Folder

    init() throws {
        _ = try ImageLibrary.start()
        masters = try Folder()
        output = try Folder()
    }

    var renderer: Renderer { Renderer(masters: masters.path, output: output.path) }

    func inspect(_ name: String, _ format: ImageFormat) throws(Refusal) -> Inspection {
        try renderer.inspect(InspectRequest(master: name, format: format))
    }

    func outcomes(
        _ name: String, _ format: ImageFormat, _ recipes: [Recipe]
    ) -> [RenderOutcome] {
        let items = recipes.enumerated().map { index, recipe in
            RenderRequest.Item(key: .of(Data("\(name) \(index)".utf8)), recipe: recipe)
        }
        return make(RenderRequest(master: name, format: format, measured: nil, items: items))
    }

    func make(_ request: RenderRequest) -> [RenderOutcome] {
        // As before every job: what is made is new, or it is not made.
        for item in request.items {
            for file in output.names where file.hasPrefix(item.key.rawValue) {
                unlink(output[file])
            }
        }
        return renderer.render(request)
    }

    func render(_ name: String, _ format: ImageFormat, _ recipe: Recipe) throws -> Finished {
        switch outcomes(name, format, [recipe])[0] {
        case .made(_, let file, let quality, _): try Finished(output, file, recipe.format, quality)
        case .refused(_, let refusal): throw refusal
        }
    }

    func refusal(_ name: String, _ format: ImageFormat, _ recipe: Recipe = .frame(40)) -> Refusal? {
        guard case .refused(_, let refusal) = outcomes(name, format, [recipe])[0] else {
            return nil
        }
        return refusal
    }

    /// As phones write it, unless the options say otherwise.
    func drawHEIF(
        _ name: String, _ drawing: Drawing, _ options: [String: String] = [:]
    ) throws -> Data {
        let all = ["compression": "hevc", "bitdepth": "8", "effort": "0", "Q": "95"]
        try drawing.save("heifsave", to: masters[name], all.merging(options) { $1 })
        return try masters.read(name)
    }

    func verify(
        _ file: String, _ format: ImageFormat, against color: Color? = nil
    ) throws(Refusal) -> Receipt {
        try Verifier(finished: output.path).verify(
            VerifyRequest(file: file, format: format, background: color))
    }
}

/// A finished file, decoded again.
struct Finished: CustomStringConvertible, CustomTestStringConvertible {
    let file: String
    let bytes: Data
    let quality: Int?
    let size: PixelSize
    let bands: Int
    private let pixels: [UInt8]

    init(_ folder: Folder, _ file: String, _ format: ImageFormat, _ quality: Int?) throws {
        self.file = file
        self.quality = quality
        bytes = try folder.read(file)
        let picture = try Bytes(file: folder[file], format: format).open(format).inMemory()
        size = picture.size
        bands = picture.bands
        pixels = try picture.withPixels { Array($0) }
    }

    var description: String { "\(file) (\(size))" }
    var testDescription: String { description }

    subscript(x: Int, y: Int) -> [Int] {
        let start = (y * size.width + x) * bands
        return pixels[start..<start + bands].map(Int.init)
    }

    /// The colour at a place, give or take what jpeg does to it.
    func shows(_ color: [Int], at x: Int, _ y: Int, within tolerance: Int = 6) -> Bool {
        let found = self[x, y]
        return found.count == color.count
            && zip(found, color).allSatisfy { abs($0 - $1) <= tolerance }
    }
}

extension Recipe {
    /// A square frame, on white, as jpeg.
    static func frame(
        _ side: Int, fit: Fit = .pad, background: Color? = .white, format: ImageFormat = .jpeg,
        quality: ClosedRange<Int> = 90...90, maxBytes: Int64? = nil, upscale: Bool = false
    ) -> Recipe {
        let size = PixelSize(width: side, height: side)
        return Recipe(
            size: SizeRange(min: size, max: size), fit: fit, background: background,
            format: format, minQuality: quality.lowerBound, maxQuality: quality.upperBound,
            maxBytes: maxBytes, upscale: upscale)
    }
}

extension Color {
    static let white = Color(red: 255, green: 255, blue: 255)
    static let sand = Color(red: 240, green: 220, blue: 180)
}
