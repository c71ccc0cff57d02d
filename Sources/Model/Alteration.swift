/// What a licence can forbid doing to a picture: the terms of plus:ImageAlterationConstraints, by
/// their codes in the PLUS vocabulary.
package enum Alteration: String, Sendable, CaseIterable {
    case crop = "AL-CRP"
    case retouch = "AL-RET"
    /// Giving colour to what has none.
    case colorize = "AL-CLR"
    /// Taking the colour away.
    case decolorize = "AL-DCL"
    case merge = "AL-MRG"
    case flip = "AL-FLP"
}

extension Recipe {
    /// What it does to what is shown. Padding and flattening alter nothing of that.
    package var alterations: [Alteration] {
        var found: [Alteration] = []
        if fit == .cover { found.append(.crop) }
        if whiten != nil { found.append(.retouch) }
        if color == .gray { found.append(.decolorize) }
        return found
    }
}

extension Rights {
    package func forbids(_ alteration: Alteration) -> Bool {
        switch alteration {
        case .crop: noCrop || forbidden.contains(.crop)
        // Whoever forbids giving colour means that the colours stay as they are.
        case .colorize, .decolorize: !forbidden.isDisjoint(with: [.colorize, .decolorize])
        case .retouch, .merge, .flip: forbidden.contains(alteration)
        }
    }
}

extension IntendedUse.Deed {
    /// What a licence that forbids it says.
    var gate: Gate {
        let subject = rendition.map { "'\($0)'" } ?? "this file's recipe"
        let (done, deed) = alteration.words
        return Gate(
            .rights, "must not be \(done), and \(subject) \(deed)", place: place, turn: "ops",
            next: alteration == .crop ? "use 'fit: pad' or 'inside'" : Alteration.override)
    }
}

extension Alteration {
    static let override =
        "write 'rights: {overrides: embedded, because: …}' beside it, if a licence says otherwise"

    /// `cropped`, `cuts to its frame`
    fileprivate var words: (done: String, deed: String) {
        switch self {
        case .crop: ("cropped", "cuts to its frame")
        case .retouch: ("retouched", "whitens its background")
        case .colorize: ("recoloured", "gives it colour")
        case .decolorize: ("recoloured", "takes its colour away")
        case .merge: ("merged with others", "merges it with others")
        case .flip: ("flipped", "flips it")
        }
    }
}
