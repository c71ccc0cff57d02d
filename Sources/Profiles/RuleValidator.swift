import Model
import YAML

/// Finds rules that a rendition of the same profile can never meet: it would make files for nothing,
/// and take down what is live. Rules with a date are left to `upcoming`: they are there to be seen
/// coming.
struct RuleValidator {
    let reader: Reader

    func check(_ rules: [Rule], _ renditions: [Profile.Rendition]) {
        for rule in rules where rule.from == nil && rule.until == nil {
            for rendition in renditions where rule.counts(for: rendition.name) {
                guard let (key, why) = rule.contradiction(with: rendition.recipe) else { continue }
                reader.report(
                    rule.places[key] ?? rule.place,
                    "'\(rendition.name)' can never meet this: \(why); mend one of them, or name the"
                        + " renditions that are meant with 'for'", code: "contradiction",
                    notes: [Problem.Note(rendition.place, "it is here")])
            }
        }
    }
}

extension Rule {
    /// The demand that no file made by the recipe meets, and why.
    func contradiction(with recipe: Recipe) -> (key: String, why: String)? {
        sides(recipe.size) ?? bytes(recipe) ?? shape(recipe)
    }

    private func sides(_ size: SizeRange) -> (String, String)? {
        let (least, most) = (size.min, size.max)
        if let minSide, most.shortSide < minSide { return ("min_side", "it is at most \(most)") }
        if let minLongSide, most.longSide < minLongSide {
            return ("min_long_side", "it is at most \(most)")
        }
        if let minSize, !most.covers(minSize) { return ("min_size", "it is at most \(most)") }
        if let maxSide, least.longSide > maxSide { return ("max_side", "it is at least \(least)") }
        if let maxPixels, least.width * least.height > maxPixels {
            return ("max_pixels", "it is at least \(least)")
        }
        return nil
    }

    private func bytes(_ recipe: Recipe) -> (String, String)? {
        if let minBytes, let most = recipe.maxBytes, most < minBytes {
            return ("min_bytes", "it has at most \(most) bytes")
        }
        if let maxBytes, let least = recipe.minBytes, least > maxBytes {
            return ("max_bytes", "it has at least \(least) bytes")
        }
        return nil
    }

    private func shape(_ recipe: Recipe) -> (String, String)? {
        if !formats.isEmpty, !formats.contains(recipe.format) {
            return ("formats", "it is a \(recipe.format.rawValue)")
        }
        let most = recipe.size.max
        let ratio = Double(most.width) / Double(most.height)
        // Under 'inside' the picture's own proportions stay.
        if let aspect, recipe.fit != .inside, ratio < aspect.min * 0.99 || ratio > aspect.max * 1.01
        {
            return ("aspect", "its frame is \(most)")
        }
        if let fill, let own = recipe.fill, own.by == fill.by,
            own.max < fill.min || own.min > fill.max
        {
            return ("fill", "its product takes \(NumberText.range(own))")
        }
        return nil
    }
}
