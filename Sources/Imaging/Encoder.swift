import Foundation
import Model

/// Finds the highest quality that fits the byte ceiling.
struct Encoder {
    struct Encoded {
        var bytes: Data
        /// Nil for what is lossless.
        var quality: Int?
    }

    /// Encodings tried for one rendition. Five find the very quality in ranges up to 16 wide, and
    /// come within a sixteenth of wider ones.
    private static let attempts = 5

    private let recipe: Recipe

    init(_ recipe: Recipe) { self.recipe = recipe }

    /// - Throws: `tooHeavy` where not even the lowest quality fits.
    func encode(_ picture: Picture) throws(Refusal) -> Encoded {
        let lossless = recipe.format == .png
        let first = try attempt(picture, quality: recipe.maxQuality)
        guard !fits(first) else { return first }
        guard !lossless else { throw tooHeavy(first) }
        return try search(picture, first)
    }

    private func search(_ picture: Picture, _ first: Encoded) throws(Refusal) -> Encoded {
        var low = recipe.minQuality
        var high = recipe.maxQuality - 1
        var best: Encoded?
        var last: Encoded?
        for left in (1..<Self.attempts).reversed() where low <= high {
            // The last chance belongs to the lowest quality allowed.
            let quality = left == 1 && best == nil ? low : (low + high + 1) / 2
            let found = try attempt(picture, quality: quality)
            if fits(found) {
                best = found
                low = quality + 1
            } else {
                last = found
                high = quality - 1
            }
        }
        if let best { return best }
        throw tooHeavy(last ?? first)
    }

    private func attempt(_ picture: Picture, quality: Int) throws(Refusal) -> Encoded {
        let bytes = try picture.encoded(
            as: recipe.format, quality: quality, fullChroma: recipe.background != nil)
        return Encoded(
            bytes: recipe.format == .webp ? WebP.stripped(bytes) : bytes,
            quality: recipe.format == .png ? nil : quality)
    }

    private func fits(_ encoded: Encoded) -> Bool {
        recipe.maxBytes.map { Int64(encoded.bytes.count) <= $0 } ?? true
    }

    private func tooHeavy(_ encoded: Encoded) -> Refusal {
        let quality = encoded.quality.map { " at quality \($0)" } ?? ""
        return Refusal(
            .tooHeavy,
            "the rendition has \(encoded.bytes.count) bytes\(quality) and may have"
                + " \(recipe.maxBytes ?? 0): allow a lower quality, a smaller frame or more bytes")
    }
}

extension Encoder.Encoded {
    /// Whole under its name or not there at all. No fsync: a rendition can be made again.
    func write(to path: String) throws(Refusal) {
        let temporary = path + ".tmp"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Self.failure(path) }
        defer { close(file) }
        guard fill(file), rename(temporary, path) == 0 else {
            let failure = Self.failure(path)
            unlink(temporary)
            throw failure
        }
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
