import Foundation
import Model

/// Finds the heaviest file a recipe allows: the highest quality that fits the byte ceiling, then a
/// smaller frame within the recipe's range, then a refusal that says what would help.
struct Encoder {
    struct Encoded {
        var bytes: Data
        /// Nil for what has none.
        var quality: Int?
        var attempts = 1
    }

    /// Paints the picture; within a smaller frame than the recipe's largest where one is given.
    typealias Paint = (_ largest: PixelSize?) throws(Refusal) -> Picture

    /// Smaller frames tried after the largest. The first guess lands within a few percent.
    private static let frames = 4

    private let recipe: Recipe
    private let writing: Writing

    /// - Parameter packet: XMP to carry, the only metadata in the file.
    /// - Throws: `unsupported` for what the format cannot hold.
    init(_ recipe: Recipe, packet: Data? = nil) throws(Refusal) {
        self.recipe = recipe
        writing = Writing(
            format: recipe.format, fullChroma: recipe.background != nil,
            onWhite: recipe.background == Color(red: 255, green: 255, blue: 255),
            progressive: recipe.progressive, density: recipe.density, packet: packet,
            profile: try OutputSpace.profile(of: recipe))
        try writing.check()
    }

    /// - Throws: `tooHeavy` where not even the lowest quality in the smallest frame fits,
    ///   `tooLight` where not even the highest reaches the floor; what `paint` throws.
    func encode(paint: Paint) throws(Refusal) -> Encoded {
        let encoded = try fitting(paint)
        guard let floor = recipe.minBytes, Int64(encoded.bytes.count) < floor else {
            return encoded
        }
        throw tooLight(encoded, floor)
    }

    private func fitting(_ paint: Paint) throws(Refusal) -> Encoded {
        var picture = try finished(paint(nil))
        var outcome = try search(picture)
        var attempts = outcome.encoded.attempts
        for _ in 0..<Self.frames where !outcome.fits {
            guard let largest = smaller(than: picture.size, outcome.encoded.bytes.count) else {
                break
            }
            picture = try finished(painted(largest, paint, outcome.encoded))
            outcome = try search(picture)
            attempts += outcome.encoded.attempts
        }
        guard outcome.fits else { throw tooHeavy(outcome.encoded, picture.size) }
        outcome.encoded.attempts = attempts
        return outcome.encoded
    }

    private func search(_ picture: Picture) throws(Refusal) -> QualitySearch.Outcome {
        let search = QualitySearch(
            range: hasQuality ? recipe.minQuality...recipe.maxQuality : 100...100,
            ceiling: recipe.maxBytes)
        var outcome = try search.run { (quality) throws(Refusal) in
            try picture.encoded(writing, quality: quality)
        }
        if let heavier = try heavier(picture, outcome) { outcome.encoded = heavier }
        if !hasQuality { outcome.encoded.quality = nil }
        return outcome
    }

    /// The same pixels with JPEG's standard codes, where that lifts the file over its floor.
    private func heavier(
        _ picture: Picture, _ outcome: QualitySearch.Outcome
    ) throws(Refusal) -> Encoded? {
        guard let floor = recipe.minBytes, recipe.format == .jpeg, !recipe.progressive,
            let quality = outcome.encoded.quality, Int64(outcome.encoded.bytes.count) < floor
        else { return nil }
        var plain = writing
        plain.optimized = false
        let bytes = try picture.encoded(plain, quality: quality)
        let count = Int64(bytes.count)
        guard count >= floor, count <= recipe.maxBytes ?? count else { return nil }
        return Encoded(bytes: bytes, quality: quality, attempts: outcome.encoded.attempts + 1)
    }

    private var hasQuality: Bool { [.jpeg, .webp, .avif].contains(recipe.format) }

    private func finished(_ picture: Picture) throws(Refusal) -> Picture {
        try OutputSpace.convert(picture, for: recipe)
    }

    /// What no picture may be, on the way down, is too heavy and not too small.
    private func painted(
        _ largest: PixelSize, _ paint: Paint, _ last: Encoded
    ) throws(Refusal) -> Picture {
        do throws(Refusal) {
            return try paint(largest)
        } catch {
            throw error.code == .tooSmall ? tooHeavy(last, largest) : error
        }
    }

    /// The recipe's largest frame, shrunk to where bytes in proportion to pixels would fit.
    /// - Parameters:
    ///   - size: what was painted and had too many `bytes`.
    /// - Returns: nil where there is none smaller.
    private func smaller(than size: PixelSize, _ bytes: Int) -> PixelSize? {
        let (least, most) = (recipe.size.min, recipe.size.max)
        guard let ceiling = recipe.maxBytes, ceiling > 0 else { return nil }
        // Small pictures take more bytes a pixel: a little less than the square root.
        let wanted = 0.97 * (Double(ceiling) / Double(bytes)).squareRoot()
        let now = max(
            Double(size.width) / Double(most.width), Double(size.height) / Double(most.height))
        let floor = max(
            Double(least.width) / Double(most.width), Double(least.height) / Double(most.height))
        let scale = max(now * wanted, floor)
        let largest = PixelSize(
            width: max(least.width, Int(Double(most.width) * scale)),
            height: max(least.height, Int(Double(most.height) * scale)))
        guard largest.width < size.width || largest.height < size.height else { return nil }
        return largest
    }

    private func tooHeavy(_ encoded: Encoded, _ size: PixelSize) -> Refusal {
        let quality = encoded.quality.map { " at quality \($0)" } ?? ""
        let lower = encoded.quality.map { "a quality below \($0), " } ?? ""
        return Refusal(
            .tooHeavy,
            "the rendition has \(encoded.bytes.count) bytes\(quality) and \(size) pixels, and may"
                + " have \(recipe.maxBytes ?? 0): allow \(lower)a frame smaller than"
                + " \(recipe.size.min), or more bytes")
    }

    private func tooLight(_ encoded: Encoded, _ floor: Int64) -> Refusal {
        let quality = encoded.quality.map { " at quality \($0)" } ?? ""
        let higher = encoded.quality.map { $0 < 100 ? "a quality above \($0), " : "" } ?? ""
        return Refusal(
            .tooLight,
            "the rendition has \(encoded.bytes.count) bytes\(quality) and needs \(floor): allow"
                + " \(higher)a larger frame than \(recipe.size.max), or fewer bytes")
    }
}

extension Encoder.Encoded {
    /// A file that is not there yet, which is all the sandbox allows. Whether it is whole, the
    /// answer tells. No fsync: a rendition can be made again.
    func write(to path: String) throws(Refusal) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Self.failure(path) }
        defer { close(file) }
        guard fill(file) else { throw Self.failure(path) }
    }

    private func fill(_ file: Int32) -> Bool {
        bytes.withUnsafeBytes { all in
            var rest = all
            while !rest.isEmpty {
                let put = Foundation.write(file, rest.baseAddress, rest.count)
                if put < 0 && errno == EINTR { continue }
                guard put > 0 else { return false }
                rest = UnsafeRawBufferPointer(rebasing: rest[put...])
            }
            return true
        }
    }

    private static func failure(_ path: String) -> Refusal {
        Refusal(.resources, "cannot write '\(path)': \(String(cString: strerror(errno)))")
    }
}
