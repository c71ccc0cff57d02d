import Model
import YAML

/// Reads one rendition whose `like:` has been resolved.
struct RenditionReader {
    let keys: Keys
    let name: String

    static func read(_ node: Node, name: String, _ reader: Reader) -> Profile.Rendition? {
        reader.mapping(node, "a rendition") { keys in
            RenditionReader(keys: keys, name: name).rendition(at: node)
        } ?? nil
    }

    private func rendition(at node: Node) -> Profile.Rendition? {
        let before = keys.reader.problems.count
        refuseNotBuilt(node)
        let (background, ring) = background(node)
        let recipe = recipe(background)
        guard let recipe, keys.reader.problems.count == before else { return nil }
        return Profile.Rendition(
            name: name, recipe: recipe, ring: ring, place: node.place, places: places(node))
    }

    private func recipe(_ background: Color?) -> Recipe? {
        let size = needed("size", .sizes)
        let fit = needed("fit", Shape<Fit>.choice())
        let format = needed("format", Self.formats)
        let quality = paint("quality", .integers(1...100)) ?? 80...92
        let bytes = lifted("max_bytes") ? nil : keys.optional("max_bytes", .bytes)
        _ = paint("upscale", .choice([("never", false)], notBuilt: ["allowed"]))
        _ = paint("color", .choice([("srgb", true)], notBuilt: ["cmyk", "gray", "display-p3"]))
        guard let size, let fit, let format else { return nil }
        checkBackground(background, fit, format)
        // A lossless format has one quality, so that the key does not hang on a meaningless number.
        let lossless = format == .png
        return Recipe(
            size: size, fit: fit, background: background, format: format,
            minQuality: lossless ? 100 : quality.lowerBound,
            maxQuality: lossless ? 100 : quality.upperBound, maxBytes: bytes)
    }

    private func needed<Value>(_ key: String, _ shape: Shape<Value>) -> Value? {
        keys.requiredNode(key) == nil ? nil : paint(key, shape)
    }

    /// `any` lifts a demand; a painter needs an answer.
    private func paint<Value>(_ key: String, _ shape: Shape<Value>) -> Value? {
        paint(key, shape, keys)
    }

    private func paint<Value>(_ key: String, _ shape: Shape<Value>, _ keys: Keys) -> Value? {
        guard let node = keys.node(key), node.isAny else { return keys.optional(key, shape) }
        keys.reader.report(
            node.place, "'any' lifts a demand; '\(key)' says how to paint and needs a value",
            code: "any")
        return nil
    }

    private static let formats = Shape<ImageFormat>.choice(
        [("jpeg", .jpeg), ("png", .png), ("webp", .webp)], notBuilt: ["avif", "tiff", "gif"])

    /// Without a colour, transparency would turn black in a JPEG and a pad would be a guess.
    private func checkBackground(_ color: Color?, _ fit: Fit, _ format: ImageFormat) {
        // A colour that could not be read was reported where it stands.
        guard color == nil, keys.node("background") == nil else { return }
        let why: String
        if format == .jpeg {
            why = "a jpeg has no transparency"
        } else if fit == .pad {
            why = "'fit: pad' paints around the picture"
        } else {
            return
        }
        keys.reader.report(
            keys.place("background"),
            "\(why), so '\(name)' needs 'background: {color: \"#FFFFFF\"}' or another colour",
            code: "no-background")
    }

    private func background(_ node: Node) -> (Color?, Profile.Rendition.Ring?) {
        let read = keys.mapping("background", "a background") { keys in
            let color = paint("color", Self.color, keys)
            refuseNotBuilt("whiten", node["background"], keys)
            let lifted = node["background"]?["ring"]?.isAny == true
            if lifted { _ = keys.node("ring") }
            let share = lifted ? nil : keys.optional("ring", Self.ring)
            let tolerance = keys.optional("tolerance", .integer(0...255)) ?? 0
            if color == nil, keys.node("color") == nil {
                keys.reader.report(keys.place, "a background needs 'color'", code: "missing-key")
            }
            return (color, share.map { Profile.Rendition.Ring(share: $0, tolerance: tolerance) })
        }
        return read ?? (nil, nil)
    }

    private static let color = Shape<Color>(expects: "a colour such as \"#FFFFFF\"") {
        Color(hex: $0)
    }

    /// Only some widths are measured; see `Receipt.Ring.shares`.
    private static let ring = Shape<Double>(
        expects: "one of "
            + Receipt.Ring.shares.map { "\(($0 * 1000).rounded() / 10)%" }
            .joined(separator: ", ").replacing(".0%", with: "%")
    ) { text in
        Units.share(text).flatMap { share in
            Receipt.Ring.shares.first { abs($0 - share) < 1e-9 }
        }
    }

    private func lifted(_ key: String) -> Bool { keys.node(key)?.isAny ?? false }

    private func refuseNotBuilt(_ node: Node) {
        for key in ["fill", "min_bytes"] { refuseNotBuilt(key, node, keys) }
        keys.notBuilt("unsure", "keep", "focus", "bleed", "effort")
    }

    /// A demand that is lifted asks nothing of this build.
    private func refuseNotBuilt(_ key: String, _ node: Node?, _ keys: Keys) {
        if node?[key]?.isAny == true { _ = keys.node(key) } else { keys.notBuilt(key) }
    }

    private func places(_ node: Node) -> [String: Place] {
        var places: [String: Place] = [:]
        for entry in node.entries ?? [] { places[entry.key] = entry.value.place }
        for entry in node["background"]?.entries ?? [] {
            places["background.\(entry.key)"] = entry.value.place
        }
        return places
    }
}
