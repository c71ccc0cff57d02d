// Products that the picture cuts off: what crosses an edge of the picture stands at the same edge of the
// frame, and only free sides are padded.

extension ProductFraming {
    /// What is left of a frame: up to its edge where the product crosses that.
    func area(of frame: PixelSize) -> Box {
        Frame.safeArea(of: frame, recipe: recipe, crossed: crossed)
    }

    /// The product crosses both ends of an axis: it has no freedom along it.
    func isBound(level: Bool) -> Bool {
        crossed.contains(level ? .left : .top) && crossed.contains(level ? .right : .bottom)
    }

    /// The frame with its picture moved against the edges that the product crosses.
    func against(_ frame: Frame) -> Frame {
        var frame = frame
        if crossed.contains(.right) { frame.origin.x = frame.size.width - frame.picture.width }
        if crossed.contains(.left) { frame.origin.x = 0 }
        if crossed.contains(.bottom) { frame.origin.y = frame.size.height - frame.picture.height }
        if crossed.contains(.top) { frame.origin.y = 0 }
        return frame
    }

    /// Between two edges that it crosses, the product is as long as the frame there; its share of the frame
    /// counts along the other axis, where it may be less than is asked for and not more.
    func bound() throws(Refusal) -> Frame {
        let wanted = boundScale(in: recipe.size.max)
        var size = recipe.size.max.scaled(by: min(1, 1 / wanted))
        let smallest = recipe.size.smallest
        if !size.covers(smallest) {
            guard recipe.upscale else {
                throw tooSmall(smallest, needs: boundScale(in: smallest))
            }
            size = smallest
        }
        let scale = boundScale(in: size)
        let frame = centered(in: size, scale: scale)
        try checkFreeAxis(of: frame)
        return frame
    }

    private func boundScale(in frame: PixelSize) -> Double {
        let shares = frame.shares(of: source)
        return isBound(level: true) ? shares.width : shares.height
    }

    private func checkFreeAxis(of frame: Frame) throws(Refusal) {
        let level = !isBound(level: true)
        guard level || !isBound(level: false) else { return try checkAllRound(frame) }
        let area = area(of: frame.size)
        let box = frame.place(product, of: source)
        let (taken, room, all) =
            level
            ? (box.width, area.width, frame.size.width)
            : (box.height, area.height, frame.size.height)
        guard Double(taken) <= Double(room) + 1, Double(taken) <= fill.max * Double(all) + 1 else {
            let (ends, free) =
                level ? ("top and the bottom", "width") : ("left and the right", "height")
            throw Refusal(
                .unsure,
                "the product crosses the \(ends), and would take \(pixels(100 * Double(taken) / Double(all)))"
                    + " % of the frame's \(free), which is more than there is room for: deliver a picture"
                    + " that shows all of it, or allow a larger 'fill'")
        }
    }

    /// Nothing can be painted around what crosses every edge.
    private func checkAllRound(_ frame: Frame) throws(Refusal) {
        guard
            abs(frame.picture.width - frame.size.width) > 1
                || abs(frame.picture.height - frame.size.height) > 1
        else { return }
        throw Refusal(
            .unsure,
            "the product crosses all four edges, so that nothing can be painted around it: deliver a"
                + " picture that shows more of what is around it")
    }
}
