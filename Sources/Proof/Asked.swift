import Model

extension Recipe {
    /// What a profile asked for, key by key in the profile's words; only what it asks.
    var lines: [(key: String, words: String)] {
        var lines: [(key: String, words: String)] = [
            ("size", size.words), ("fit", fit.rawValue), ("format", format.rawValue),
        ]
        func add(_ key: String, _ words: String?) {
            if let words { lines.append((key, words)) }
        }
        add("background", background?.description)
        add("whiten", whiten.map { "\($0.bound), shadow: \($0.shadow.rawValue)" })
        add("fill", fill?.words)
        if fill != nil { add("unsure", unsure.rawValue) }
        if fit == .cover { add("anchor", anchor.rawValue) }
        add("safe", safe?.words)
        add("upscale", upscale ? "allowed" : "never")
        if [.jpeg, .webp, .avif].contains(format) {
            add(
                "quality",
                minQuality == maxQuality ? "\(maxQuality)" : "\(minQuality)..\(maxQuality)")
        }
        add("max_bytes", maxBytes.map(Wording.bytes))
        add("min_bytes", minBytes.map(Wording.bytes))
        add("color", color.rawValue)
        add("inks", inks)
        add("assume", assume?.words)
        add("progressive", progressive ? "true" : nil)
        add("dpi", density.map { "\($0)" })
        add("keep", keep.isEmpty ? nil : keep.map(\.rawValue).joined(separator: ", "))
        return lines
    }
}

extension SizeRange {
    fileprivate var words: String { min == max ? "\(max)" : "\(min)..\(max)" }
}

extension Fill {
    fileprivate var words: String {
        "\(Wording.percent(min, 0))..\(Wording.percent(max, 0))" + (by == .area ? " by area" : "")
    }
}

extension Insets {
    fileprivate var words: String {
        [("top", top), ("right", right), ("bottom", bottom), ("left", left)]
            .filter { $0.1 != 0 }.map { "\($0.0) \($0.1) px" }.joined(separator: ", ")
    }
}

extension Assumption {
    fileprivate var words: String {
        [rgb.map { "rgb: \($0)" }, cmyk.map { "cmyk: \($0)" }].compactMap { $0 }
            .joined(separator: ", ")
    }
}
