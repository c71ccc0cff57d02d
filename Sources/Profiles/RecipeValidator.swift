import Model
import YAML

/// What each key of a rendition allows, but not together: found when the profile is read, not when
/// the thousandth picture is refused.
struct RecipeValidator {
    let keys: Keys
    let name: String

    func check(_ recipe: Recipe, ring: Profile.Rendition.Ring?) {
        checkFill(recipe, ring)
        checkSafe(recipe)
        checkBytes(recipe)
        checkColor(recipe)
        if recipe.anchor != .center, recipe.fit != .cover {
            report(
                "anchor", "'anchor' says what stays when 'fit: cover' cuts; '\(name)' does not cut")
        }
        if recipe.format == .gif, !recipe.keep.isEmpty {
            report("keep", "a gif carries no metadata; leave 'keep' out, or use another format")
        }
        if recipe.progressive, ![.jpeg, .png].contains(recipe.format) {
            report("progressive", "only jpeg and png can be progressive")
        }
    }

    private func checkFill(_ recipe: Recipe, _ ring: Profile.Rendition.Ring?) {
        guard let fill = recipe.fill else { return }
        // In a square every product reaches as far as its longer side.
        if let ring, recipe.fit == .pad, fill.by == .side, (1 - fill.min) / 2 < ring.share,
            recipe.size.max.width == recipe.size.max.height
        {
            report(
                "fill",
                "a product that fills \(NumberText.percent(fill.min)) reaches into a border of"
                    + " \(NumberText.percent(ring.share)), which 'ring' wants clean; lower 'fill' or 'ring'"
            )
        }
        guard recipe.fit == .cover else { return }
        report(
            "fill",
            "'fit: cover' fills the frame with the picture, which leaves no room for 'fill'; use"
                + " 'fit: pad'")
    }

    private func checkSafe(_ recipe: Recipe) {
        guard let safe = recipe.safe else { return }
        let most = recipe.size.max
        if safe.left + safe.right >= most.width || safe.top + safe.bottom >= most.height {
            report("safe", "'safe' leaves nothing of a frame of \(most)")
        } else if recipe.fit == .inside {
            report("safe", "'fit: inside' has no frame to keep clear; use 'pad' or 'cover'")
        }
    }

    private func checkBytes(_ recipe: Recipe) {
        guard let least = recipe.minBytes, let most = recipe.maxBytes, least > most else { return }
        report("min_bytes", "'min_bytes' is more than 'max_bytes'")
    }

    private func checkColor(_ recipe: Recipe) {
        if recipe.color == .cmyk, ![.jpeg, .tiff].contains(recipe.format) {
            report("color", "\(recipe.format.rawValue) has no cmyk; use tiff or jpeg")
        }
        if recipe.inks != nil, recipe.color != .cmyk {
            report("inks", "'inks' are for 'color: cmyk'")
        }
    }

    private func report(_ key: String, _ message: String) {
        keys.reader.report(keys.place(key), message, code: "contradiction")
    }
}

extension Shape where Value == String {
    /// A built-in profile of libvips, or the name of an installed file: never a path.
    static var colorProfile: Shape<String> {
        Shape(expects: "srgb, p3, cmyk, or the name of an installed .icc file") { text in
            let isFile = text.hasSuffix(".icc") || text.hasSuffix(".icm")
            let isPlain = text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
            }
            guard isPlain, !text.hasPrefix("."), text.utf8.count <= 100 else { return nil }
            return isFile || ["srgb", "p3", "cmyk"].contains(text) ? text : nil
        }
    }
}

extension Shape where Value == Double {
    /// CIEDE2000; beyond 20 anything passes.
    static var shift: Shape<Double> {
        Shape(expects: "a colour difference from 0.1 to 20, such as 2.5") { text in
            Units.decimal(text).flatMap { (0.1...20).contains($0) ? $0 : nil }
        }
    }
}

extension Shape where Value == ClosedRange<Double> {
    /// Shares of a frame: `0.85..0.95` or `85%..95%`.
    static var shares: Shape<ClosedRange<Double>> {
        Shape(expects: "shares such as 0.85..0.95 or 85%..95%, small end first") { text in
            let range = Units.range(text) { Units.share($0) ?? Units.decimal($0) }
            guard let range, range.low > 0, range.low <= range.high, range.high <= 1 else {
                return nil
            }
            return range.low...range.high
        }
    }
}

extension Fill {
    /// `0.85..0.95`, `85%..95%`, or `{by: area, share: 60%..80%}`.
    static func read(_ node: Node, _ reader: Reader) -> Fill? {
        guard node.entries != nil else {
            return reader.read(node, "fill", .shares).map {
                Fill(min: $0.lowerBound, max: $0.upperBound)
            }
        }
        return reader.mapping(node, "'fill'") { keys in
            let by = keys.optional("by", Shape<Fill.Measure>.choice()) ?? .side
            return keys.required("share", .shares).map {
                Fill(by: by, min: $0.lowerBound, max: $0.upperBound)
            }
        } ?? nil
    }
}
