import Model

// Demands on what is around the product: the border, what is seen through it, and the picture's own edge.

extension Profile.Rendition {
    func border(
        _ receipt: Receipt, _ open: [PictureMeasurement.Crossing], _ master: PictureMeasurement?
    ) -> Check? {
        guard let ring else { return nil }
        let wanted = recipe.background.map(\.description) ?? "the background"
        let demand =
            "a border of \(wanted), \(NumberText.percent(ring.share)) wide"
            + (ring.tolerance > 0 ? ", within \(ring.tolerance)" : "")
        guard let measured = receipt.rings.first(where: { abs($0.share - ring.share) < 1e-9 })
        else { return check("background.ring", demand, "its border was not measured", false) }
        let spot = measured.worstSpot(open: !open.isEmpty)
        let passed = spot.worst <= ring.tolerance
        var words =
            spot.worst == 0
            ? "the border is \(wanted)"
            : "its worst border pixel is \(spot.color) at \(spot.at), \(spot.worst) away"
        if !open.isEmpty { words += " all along; the product crosses " + open.inWords }
        return check("background.ring", demand, words, passed, fix: cleaned(spot, receipt, master))
    }

    /// Background that the product encloses, as behind a handle, is held to what is around it.
    func seenThrough(_ receipt: Receipt) -> Check? {
        guard recipe.whiten != nil, let color = recipe.background, let found = receipt.enclosed
        else {
            return nil
        }
        let tolerance = max(ring?.tolerance ?? 0, recipe.format.isLossless ? 0 : 1)
        let places = found.pieces == 1 ? "1 place" : "\(found.pieces) places"
        return check(
            "background.whiten",
            "\(color) where the background is seen through the product, within \(tolerance)",
            found.worst.worst == 0
                ? "is \(color) in \(places)"
                : "is \(found.worst.worst) away at \(found.worst.at)",
            found.worst.worst <= tolerance,
            fix: .ops("raise 'whiten', or deliver the picture on a clean background"))
    }

    /// Whitening was asked for: a background beyond what it makes up for stays what it is.
    func reach(_ master: PictureMeasurement?) -> Check? {
        guard let whiten = recipe.whiten, let color = recipe.background,
            let background = master?.background,
            background.kind.isPlain
        else { return nil }
        let found = background.darkest ?? background.color
        let off = found.distance(to: color)
        return check(
            "background.whiten", "a background at most \(whiten.bound) levels off \(color)",
            "the master's is \(found), \(off) off", off <= whiten.bound + 2,
            fix: off <= Whitening.most
                ? .ops("raise 'whiten' to \(off), or deliver it on a clean background")
                : .studio("deliver it on a background of \(color), or cut out"))
    }

    /// Levels that the picture's own edge may differ from what is painted around it before it shows.
    private static let seam = 24

    /// A clean border is of no use where the picture's own edge is seen inside it.
    func seam(_ receipt: Receipt) -> Check? {
        guard ring != nil, let color = recipe.background, let found = receipt.seam else {
            return nil
        }
        return check(
            "background.ring", "no edge of the picture to be seen inside the frame",
            found.worst <= Self.seam
                ? "none shows"
                : "it shows: \(found.color) beside \(color) at \(found.at)",
            found.worst <= Self.seam,
            fix: .studio("deliver the picture on a background of the frame's colour, or cut out"))
    }

    private func cleaned(
        _ ring: Receipt.Ring.Spot, _ receipt: Receipt, _ master: PictureMeasurement?
    ) -> Fix {
        if let fix = master.flatMap({ fix(by: $0) }) { return fix }
        let bound = recipe.whiten?.bound ?? 0
        let isLossy = [.jpeg, .webp, .avif].contains(recipe.format)
        let product = receipt.measurement?.product
        // What was whitened, and what is beside the product, is the encoder's.
        if isLossy, bound >= ring.worst || product?.isBeside(ring.at) == true {
            return .ops(
                "say 'background: {tolerance: \(ring.worst)}', a smaller 'fill' or 'format: png':"
                    + " \(recipe.format.rawValue) leaves traces around the product")
        }
        if ring.worst > bound, ring.worst <= 30 {
            return .ops(
                "say 'background: {whiten: \(ring.worst)}', or deliver it on a clean background")
        }
        if product?.holds(ring.at) == true || receipt.measurement?.cut.isEmpty == false {
            return recipe.fill == nil
                ? .studio("deliver it with more around the product, or say 'fill: 0.8..0.9'")
                : .ops("the product reaches into the border: lower 'fill', or narrow 'ring'")
        }
        return .studio("deliver the picture on a clean background")
    }

    /// What helps against what the master itself shows, in its own terms.
    private func fix(by master: PictureMeasurement) -> Fix? {
        if !master.cut.isEmpty, recipe.cropped != .flush, let edges = master.cutWords {
            return .ops(
                "the product is cut off at the \(edges): say 'cropped: flush', or deliver one that shows"
                    + " all of it")
        }
        let background = master.background
        if background.kind == .transparent, recipe.whiten?.shadow != .remove, master.hasShadow {
            return .ops(
                "it is the soft shadow in the picture's transparency: say 'background: {"
                    + (recipe.whiten == nil ? "whiten: 6, " : "")
                    + "shadow: remove}', a smaller 'fill', or deliver it without")
        }
        guard background.kind == .shaded, let darkest = background.darkest,
            let color = recipe.background
        else { return nil }
        let fall = darkest.distance(to: color) + 2
        guard recipe.whiten?.smooth == nil || fall > recipe.whiten?.bound ?? 0 else { return nil }
        return fall <= Whitening.most
            ? .ops(
                "the wall falls off to \(darkest): say 'background: {whiten: {up_to: \(fall), smooth:"
                    + " true}}'")
            : .studio(
                "the wall falls off to \(darkest), too far to be made \(color): light it evenly")
    }
}

extension PictureMeasurement {
    /// Something soft reaches farther than the product.
    var hasShadow: Bool {
        guard let product, let extent else { return false }
        return extent.width > product.width + 2 || extent.height > product.height + 2
    }
}

extension Box {
    fileprivate func holds(_ point: Point) -> Bool {
        (left..<right).contains(point.x) && (top..<bottom).contains(point.y)
    }

    /// Outside, and as near as encoders leave traces: a block of chroma.
    fileprivate func isBeside(_ point: Point) -> Bool {
        let across = max(left - point.x, point.x - right + 1, 0)
        let down = max(top - point.y, point.y - bottom + 1, 0)
        return (1...16).contains(max(across, down))
    }
}
