// What a profile demands of a picture before any frame is laid: its product known, whole, and without a line.

extension Frame {
    /// What a profile demands of the picture whatever is made of it.
    static func checkDemands(
        on measured: PictureMeasurement?, _ recipe: Recipe
    ) throws(Refusal) {
        guard let measured else { return }
        if recipe.cropped == .refuse, let edges = measured.cutWords {
            throw Refusal(
                .cropped,
                "the product is cut off at the \(edges), and this channel takes no such picture"
                    + " ('cropped: refuse'): deliver one that shows all of it")
        }
        // Nothing tells a product that was not found from the wall that would be made white.
        if recipe.whiten?.smooth != nil, recipe.unsure == .hold, measured.product == nil,
            measured.background.kind.isPlain, measured.framed == nil
        {
            throw Refusal(
                .unsure,
                "the background cannot be made white, because what is product is not sure"
                    + " (\(measured.unsure ?? "it was not found")): deliver a picture with more contrast, or"
                    + " cut out; 'unsure: pass' leaves it as it is")
        }
        let minds = recipe.framed == .refuse || recipe.fill != nil || recipe.whiten != nil
        if measured.framed != nil, recipe.framed != .cut, minds {
            throw Refusal(
                .framed,
                "there is a line or a bar all along the picture's edges: deliver it without, or say"
                    + " 'frame: cut' in the profile")
        }
    }

    /// The box to be scaled; nil for a picture that may pass without.
    static func product(
        to fill: Fill, _ source: PixelSize, _ measured: PictureMeasurement?, _ recipe: Recipe
    ) throws(Refusal) -> Box? {
        let doubt: String
        if let box = measured?.product {
            let lies = box.width > 0 && box.height > 0 && box.cut(to: Box(source)) == box
            let edges = measured?.cutWords
            if lies, edges == nil || recipe.cropped == .flush { return box }
            if lies, let edges, recipe.unsure == .hold { throw cutOff(edges) }
            doubt = "its box is not in the picture"
        } else {
            doubt = measured?.unsure ?? "it was not found"
        }
        if recipe.unsure == .pass { return nil }
        guard measured != nil else { throw unmeasured }
        throw Refusal(
            .unsure,
            "the product cannot be scaled to fill \(fill.words) of the frame, because where it ends"
                + " is not sure (\(doubt)): deliver a picture that shows all of it with more"
                + " contrast, or say 'unsure: pass' in the profile")
    }

    private static let unmeasured = Refusal(
        .unsure,
        "the product was not measured, because the picture's colours cannot be read without guessing: export"
            + " it as sRGB, or with a whole colour profile ('unsure: pass' leaves the product's size open)"
    )

    private static func cutOff(_ edges: String) -> Refusal {
        Refusal(
            .unsure,
            "the product is cut off at the \(edges), so that where it ends is not known: deliver a"
                + " picture that shows all of it, or say 'cropped: flush' in the profile, which sets it"
                + " against the frame's edge")
    }
}

extension PictureMeasurement {
    /// `top edge (31 % of it) and bottom edge (40 % of it)`; nil where the product is whole.
    package var cutWords: String? {
        guard !cut.isEmpty else { return nil }
        return cut.map { edge in
            let share = crossings?.first { $0.edge == edge }.flatMap(\.share)
            return "\(edge.rawValue) edge" + (share.map { " (\(pixels($0 * 100)) % of it)" } ?? "")
        }.joined(separator: " and ")
    }

    /// The product that is to stand against the frame's edges although nothing is asked of its size.
    func flush(by recipe: Recipe) -> Box? {
        guard recipe.cropped == .flush, recipe.fit == .pad, !cut.isEmpty else { return nil }
        return product
    }
}
