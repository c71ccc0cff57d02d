package import Model

/// Another way to make a rendition, which may let a picture pass that is held; whether it does, only making it
/// tells.
package struct AlteredRendition: Sendable {
    /// As it is written in the profile: `cropped: flush`.
    package var words: String
    package var rendition: Profile.Rendition
}

extension Profile.Rendition {
    /// What a person would try, by what was measured of the master: first one setting, then all of them.
    package func altered(for master: PictureMeasurement?) -> [AlteredRendition] {
        guard let master else { return [] }
        let whitenings = whitenings(master)
        let others = [cropping(master), framing(master)].compactMap(\.self)
        var tries = (others + whitenings).map { [$0] }
        if others.count > 1 { tries.append(others) }
        if !others.isEmpty { tries += whitenings.map { others + [$0] } }
        return tries.map { changes in
            AlteredRendition(
                words: changes.map(\.words).joined(separator: ", "), rendition: altered(changes))
        }
    }

    /// For people: the same, with what whitening would change of the product painted red.
    package var marked: Self {
        var recipe = recipe
        recipe.whiten?.smooth?.marks = true
        return Self(
            name: name, recipe: recipe, ring: ring, maxShift: maxShift, place: place, places: places
        )
    }

    private struct Change {
        var words: String
        var apply: (inout Recipe) -> Void
    }

    private func altered(_ changes: [Change]) -> Self {
        var recipe = recipe
        for change in changes { change.apply(&recipe) }
        return Self(
            name: name, recipe: recipe, ring: ring, maxShift: maxShift, place: place, places: places
        )
    }

    private func cropping(_ master: PictureMeasurement) -> Change? {
        guard !master.cut.isEmpty, recipe.cropped != .flush else { return nil }
        return Change(words: "cropped: flush") { $0.cropped = .flush }
    }

    private func framing(_ master: PictureMeasurement) -> Change? {
        guard master.framed != nil, recipe.framed != .cut else { return nil }
        return Change(words: "frame: cut") { $0.framed = .cut }
    }

    /// The weakest first.
    private func whitenings(_ master: PictureMeasurement) -> [Change] {
        guard recipe.background != nil else { return [] }
        if master.background.kind == .transparent {
            return [shadowless(bound: 6)].compactMap(\.self)
        }
        guard let needed = master.levels(below: recipe.background), needed <= Whitening.most else {
            return []
        }
        let bound = max(needed, recipe.whiten?.bound ?? 0)
        // Nothing is to be whitened; a shadow may be in the way.
        guard needed > 0 else {
            return master.hasShadow ? [shadowless(bound: max(bound, 6))].compactMap(\.self) : []
        }
        var changes: [Change] = []
        if bound > recipe.whiten?.bound ?? 0, recipe.whiten?.smooth == nil {
            changes.append(
                Change(words: "background: {whiten: \(bound)}") {
                    $0.whiten = Whitening(bound: bound, shadow: $0.whiten?.shadow ?? .keep)
                })
        }
        if recipe.whiten?.smooth == nil || bound > recipe.whiten?.bound ?? 0 {
            changes.append(
                Change(words: "background: {whiten: {up_to: \(bound), smooth: true}}") {
                    $0.whiten = Whitening(
                        bound: bound, shadow: $0.whiten?.shadow ?? .keep,
                        smooth: $0.whiten?.smooth ?? .init())
                })
        }
        return changes + [shadowless(bound: bound)].compactMap(\.self)
    }

    private func shadowless(bound: Int) -> Change? {
        guard recipe.whiten?.shadow != .remove, bound > 0 else { return nil }
        let smooth = recipe.whiten?.smooth
        let words =
            recipe.whiten?.bound == bound
            ? "background: {shadow: remove}"
            : "background: {whiten: {up_to: \(bound), smooth: true}, shadow: remove}"
        return Change(words: words) {
            let isSame = $0.whiten?.bound == bound
            $0.whiten = Whitening(
                bound: bound, shadow: .remove, smooth: isSame ? smooth : smooth ?? .init())
        }
    }
}

extension PictureMeasurement {
    /// How far the background's darkest place is from the colour, with what a camera's grain adds; nil where
    /// there is no background to be whitened.
    fileprivate func levels(below color: Color?) -> Int? {
        guard let color, background.kind.isPlain else { return nil }
        let wall = background.darkest.map { $0.distance(to: color) + 2 } ?? 0
        return max(wall, background.kind == .shaded ? 0 : background.worstColor.distance(to: color))
    }
}
