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
        let background = BackgroundReader(rendition: self).background(node)
        let maxShift = lifted("max_shift") ? nil : keys.optional("max_shift", .difference)
        keys.notBuilt("bleed", "effort")
        let recipe = recipe(background)
        if let recipe {
            RecipeValidator(keys: keys, name: name).check(recipe, ring: background.ring)
        }
        guard let recipe, keys.reader.problems.count == before else { return nil }
        return Profile.Rendition(
            name: name, recipe: recipe, ring: background.ring, maxShift: maxShift,
            place: node.place, places: places(node))
    }

    private func recipe(_ background: BackgroundReader.Background) -> Recipe? {
        let size = needed("size", .sizes)
        let fit = needed("fit", Shape<Fit>.choice())
        let format = needed("format", .written)
        let quality = quality(format)
        let most = lifted("max_bytes") ? nil : keys.optional("max_bytes", .bytes)
        let upscale = paint("upscale", .choice([("never", false), ("allowed", true)])) ?? false
        var extras = Recipe(
            size: SizeRange(
                min: PixelSize(width: 1, height: 1), max: PixelSize(width: 1, height: 1)),
            fit: .pad, background: nil, format: .jpeg, minQuality: 1, maxQuality: 1, maxBytes: nil)
        readExtras(&extras)
        guard let size, let fit, let format else { return nil }
        checkBackground(background.color, fit, format)
        // A lossless format has one quality, so that the key does not hang on a meaningless number.
        let range = format.isLossless ? 100...100 : quality ?? 80...92
        extras.size = size
        extras.fit = fit
        extras.format = format
        extras.background = background.color
        extras.whiten = background.whiten
        extras.minQuality = range.lowerBound
        extras.maxQuality = range.upperBound
        extras.maxBytes = most
        extras.upscale = upscale
        return extras
    }

    /// A lossless format has one quality; where `like` brings another in, `quality: any` drops it.
    private func quality(_ format: ImageFormat?) -> ClosedRange<Int>? {
        guard let format, format.isLossless else {
            return paint("quality", .integers(1...100))
        }
        guard keys.node("quality") != nil, !lifted("quality") else { return nil }
        keys.reader.report(
            keys.place("quality"),
            "\(format.rawValue) has one quality only; take 'quality' out, or say 'quality: any'"
                + " where it is inherited", code: "contradiction")
        return nil
    }

    /// All that need not be said.
    private func readExtras(_ recipe: inout Recipe) {
        recipe.minBytes = lifted("min_bytes") ? nil : keys.optional("min_bytes", .bytes)
        recipe.fill = lifted("fill") ? nil : fill(keys)
        recipe.unsure = paint("unsure", Shape<Unsure>.choice()) ?? recipe.unsure
        recipe.cropped = paint("cropped", Shape<Cropped>.choice()) ?? recipe.cropped
        recipe.framed = lifted("frame") ? nil : paint("frame", Shape<Framed>.choice())
        recipe.anchor = paint("anchor", Shape<Anchor>.choice()) ?? recipe.anchor
        recipe.safe = lifted("safe") ? nil : safe()
        recipe.color = paint("color", Shape<OutputColor>.choice()) ?? recipe.color
        recipe.inks = lifted("inks") ? nil : keys.optional("inks", .colorProfile)
        recipe.assume = keys.mapping("assume", "'assume'") { keys in
            Assumption(
                rgb: keys.optional("rgb", .colorProfile), cmyk: keys.optional("cmyk", .colorProfile)
            )
        }
        recipe.progressive = paint("progressive", .bool) ?? false
        recipe.density = lifted("dpi") ? nil : keys.optional("dpi", .integer(1...2400))
        recipe.keep = lifted("keep") ? [] : keys.list("keep", Shape<KeptField>.choice())
    }

    /// `0.85..0.95`, `85%..95%`, or `{by: area, share: 60%..80%}`.
    private func fill(_ keys: Keys) -> Fill? {
        guard let node = keys.node("fill") else { return nil }
        return Fill.read(node, keys.reader)
    }

    private func safe() -> Insets? {
        keys.mapping("safe", "'safe'") { keys in
            func inset(_ key: String) -> Int { keys.optional(key, .integer(0...30_000)) ?? 0 }
            return Insets(
                top: inset("top"), right: inset("right"), bottom: inset("bottom"),
                left: inset("left"))
        }
    }

    private func needed<Value>(_ key: String, _ shape: Shape<Value>) -> Value? {
        keys.requiredNode(key) == nil ? nil : paint(key, shape)
    }

    /// `any` lifts a demand; a painter needs an answer.
    private func paint<Value>(_ key: String, _ shape: Shape<Value>) -> Value? {
        paint(key, shape, keys)
    }

    func paint<Value>(_ key: String, _ shape: Shape<Value>, _ keys: Keys) -> Value? {
        guard let node = keys.node(key), node.isAny else { return keys.optional(key, shape) }
        keys.reader.report(
            node.place, "'any' lifts a demand; '\(key)' says how to paint and needs a value",
            code: "any")
        return nil
    }

    private func lifted(_ key: String) -> Bool { keys.node(key)?.isAny ?? false }

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

    private func places(_ node: Node) -> [String: Place] {
        var places: [String: Place] = [:]
        for entry in node.entries ?? [] { places[entry.key] = entry.value.place }
        for entry in node["background"]?.entries ?? [] {
            places["background.\(entry.key)"] = entry.value.place
        }
        return places
    }
}

extension Shape where Value == ImageFormat {
    /// What a rendition can be.
    static var written: Shape<ImageFormat> { choice(ImageFormat.written.map { ($0.rawValue, $0) }) }
}

extension ImageFormat {
    /// Has one quality only. A gif loses colours, but there is nothing to set.
    var isLossless: Bool { [.png, .tiff, .gif].contains(self) }
}
