import Model
import YAML

/// Reads `background: {color, ring, tolerance, whiten, shadow}` of a rendition; `whiten` is a number of levels,
/// or `{up_to, smooth, touch}`.
struct BackgroundReader {
    struct Background {
        var color: Color?
        var whiten: Whitening?
        /// A demand on the finished file.
        var ring: Profile.Rendition.Ring?
    }

    let rendition: RenditionReader

    func background(_ node: Node) -> Background {
        let read = rendition.keys.mapping("background", "a background") { keys in
            var background = Background()
            background.color = rendition.paint("color", Self.color, keys)
            background.ring = ring(node["background"], keys)
            background.whiten = whitening(node["background"], keys)
            if background.color == nil, keys.node("color") == nil {
                keys.reader.report(keys.place, "a background needs 'color'", code: "missing-key")
            }
            return background
        }
        return read ?? Background()
    }

    private func ring(_ node: Node?, _ keys: Keys) -> Profile.Rendition.Ring? {
        let tolerance = keys.optional("tolerance", .integer(0...255)) ?? 0
        if keys.node("ring")?.isAny == true { return nil }
        return keys.optional("ring", Self.share).map { .init(share: $0, tolerance: tolerance) }
    }

    private func whitening(_ node: Node?, _ keys: Keys) -> Whitening? {
        let shadow = rendition.paint("shadow", Shape<Whitening.Shadow>.choice(), keys)
        guard keys.node("whiten")?.isAny != true else { return nil }
        let said = whitening(keys)
        let bound = said?.bound ?? 0
        if bound == 0, shadow == .remove {
            keys.reader.report(
                keys.place("shadow"),
                "a shadow is removed where the background is whitened: add 'whiten: 6' or so",
                code: "contradiction")
        }
        return bound == 0
            ? nil : Whitening(bound: bound, shadow: shadow ?? .keep, smooth: said?.smooth)
    }

    private static let bound = Shape<Int>.integer(0...Whitening.most)

    private func whitening(_ keys: Keys) -> (bound: Int, smooth: Whitening.Smooth?)? {
        guard keys.node("whiten")?.entries != nil else {
            return keys.optional("whiten", Self.bound).map { ($0, nil) }
        }
        return keys.mapping("whiten", "'whiten'") { keys in
            let bound = keys.required("up_to", .integer(1...Whitening.most))
            let isSmooth = keys.optional("smooth", .bool) ?? false
            let touch = keys.optional("touch", .integer(0...32))
            if touch != nil, !isSmooth {
                keys.reader.report(
                    keys.place("touch"),
                    "'touch' bounds what dividing by a wall's fall-off does to the product: add"
                        + " 'smooth: true', or leave it out", code: "contradiction")
            }
            return bound.map { bound in
                (bound, isSmooth ? Whitening.Smooth(touch: touch ?? Whitening.Smooth().touch) : nil)
            }
        } ?? nil
    }

    private static let color = Shape<Color>(expects: "a colour such as \"#FFFFFF\"") {
        Color(hex: $0)
    }

    /// Only some widths are measured; see `Receipt.Ring.shares`.
    private static let share = Shape<Double>(
        expects: "one of "
            + Receipt.Ring.shares.map { "\(($0 * 1000).rounded() / 10)%" }
            .joined(separator: ", ").replacing(".0%", with: "%")
    ) { text in
        Units.share(text).flatMap { share in
            Receipt.Ring.shares.first { abs($0 - share) < 1e-9 }
        }
    }
}
