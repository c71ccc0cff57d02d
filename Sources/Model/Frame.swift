/// The frame a picture gets, and where the scaled picture lies in it. Decided from sizes and what
/// was measured alone, never from pixels, so that the channels' gates, the profiles' tests and the
/// renderer give the same answer.
package struct Frame: Hashable, Sendable {
    /// Of the finished file.
    package var size: PixelSize
    /// What the whole picture is scaled to before it is padded or cut to `size`.
    package var picture: PixelSize
    /// Where the scaled picture's upper left corner lies in the frame; negative: cut off there.
    package var origin: Point
    /// The part of the scaled picture that may be shown, in pixels of the frame; nil: all of it.
    package var window: Box?

    /// - Parameter origin: nil for a picture in the middle.
    package init(size: PixelSize, picture: PixelSize, origin: Point? = nil) {
        self.size = size
        self.picture = picture
        self.origin =
            origin
            ?? Point(x: (size.width - picture.width) / 2, y: (size.height - picture.height) / 2)
    }

    /// The part of the frame that shows the picture; the rest is painted. Nil where none does.
    package var shown: Box? {
        (window ?? Box(left: origin.x, top: origin.y, width: picture.width, height: picture.height))
            .cut(to: Box(size))
    }

    /// Where a box of the upright master lies in the frame, to the nearest pixel; it may reach
    /// beyond the frame.
    package func place(_ box: Box, of source: PixelSize) -> Box {
        let (across, down) = picture.shares(of: source)
        let left = pixels(Double(box.left) * across) + origin.x
        let top = pixels(Double(box.top) * down) + origin.y
        return Box(
            left: left, top: top,
            width: max(
                1, pixels((Double(box.left) + Double(box.width)) * across) + origin.x - left),
            height: max(1, pixels((Double(box.top) + Double(box.height)) * down) + origin.y - top))
    }

    /// The part of a frame that `recipe.safe` leaves, up to the frame's edge where a product that is set
    /// against it crosses it: the insets shrink with the frame, rounded up.
    package static func safeArea(
        of frame: PixelSize, recipe: Recipe, crossed: [PictureMeasurement.Edge] = []
    ) -> Box {
        guard let safe = recipe.safe else { return Box(frame) }
        let (across, down) = frame.shares(of: recipe.size.max)
        let open = recipe.cropped == .flush ? Set(crossed) : []
        func inset(_ edge: PictureMeasurement.Edge, _ pixels: Int, _ share: Double) -> Int {
            open.contains(edge) ? 0 : Model.pixels((Double(pixels) * share).rounded(.up))
        }
        let left = inset(.left, safe.left, across)
        let top = inset(.top, safe.top, down)
        let right = inset(.right, safe.right, across)
        let bottom = inset(.bottom, safe.bottom, down)
        return Box(
            left: left, top: top, width: max(1, frame.width - left - right),
            height: max(1, frame.height - top - bottom))
    }

    /// Sides beyond this are a broken peer, not a picture.
    private static let sane = 1...1_000_000
    /// Pixels of an enlarged picture; what a header may claim as well.
    private static let mostPixels = 1 << 28

    /// The largest frame of `recipe.size` that needs no enlarging.
    ///
    /// For `pad` and `cover` the frame keeps the proportions of `size.max` and shrinks no further
    /// than to where it still covers `size.min` on both sides. `pad` needs no enlarging when the
    /// picture reaches two opposite edges of the safe area, `cover` when it reaches all four of the
    /// frame. For `inside` the result's long side must reach that of `size.min`, or as much of it
    /// as fits into `size.max` in the picture's own proportions. With `upscale`, a picture too
    /// small for even that is enlarged to exactly that.
    ///
    /// With a `fill` the product counts instead of the picture. It is scaled to the middle of the
    /// fill's range (by area: as near to that as it fits) and its centre is the safe area's centre;
    /// what of the picture reaches beyond the frame is cut. Where its own pixels do not suffice,
    /// the frame shrinks first, then the fill goes down to its least. Under `inside` the frame
    /// takes the product's proportions; without a background it takes in no more than the picture
    /// has. A product that was not found, or that the master cuts off, goes by `recipe.unsure`.
    ///
    /// `cover` keeps the middle, or has `focus` as near the middle as the picture allows (for
    /// `attention`, which pixels decide, this is the middle), and then moves as little as needed to
    /// bring the product into the safe area (into the frame where no safe area and no spot is
    /// named); on an axis where the picture does not reach far enough
    /// for that, it stays.
    /// - Parameters:
    ///   - source: the master's size, upright.
    ///   - measured: of the master; needed where the recipe asks for a fill.
    /// - Throws: `tooSmall` when only enlarging would help and `upscale` is false; `unsure`;
    ///   `unsupported` for what no picture of this shape can meet; `oversize` for sides that no
    ///   picture has.
    package static func choose(
        source: PixelSize, measured: PictureMeasurement?, recipe: Recipe, focus: Focus? = nil
    ) throws(Refusal) -> Frame {
        for size in [source, recipe.size.min, recipe.size.max]
        where !sane.contains(size.width) || !sane.contains(size.height) {
            throw Refusal(.oversize, "no picture or frame can be \(size) pixels")
        }
        try checkSafe(recipe)
        if recipe.framed == .cut, let measured, let inner = measured.framed {
            var plain = recipe
            plain.framed = nil
            return try choose(
                source: inner.size, measured: measured.inside(inner), recipe: plain,
                focus: focus?.inside(inner, of: source)
            ).around(inner, of: source)
        }
        try checkDemands(on: measured, recipe)
        let frame =
            if let fill = recipe.fill,
                let product = try product(to: fill, source, measured, recipe)
            {
                try ProductFraming(
                    source: source, product: product, crossed: measured?.cut ?? [], fill: fill,
                    recipe: recipe
                ).frame()
            } else if let product = measured?.flush(by: recipe) {
                try ProductFraming(
                    source: source, product: product, crossed: measured?.cut ?? [], fill: nil,
                    recipe: recipe
                ).frame()
            } else {
                try whole(source, recipe)
            }
        guard source.covers(frame.picture) || frame.isBounded else {
            throw Refusal(
                .tooSmall,
                "the picture is \(source) and would have to be enlarged to \(frame.picture):"
                    + " deliver a larger original")
        }
        guard recipe.fit == .cover else { return frame }
        return frame.aimed(
            at: recipe.anchor == .focus ? focus : nil, source: source, measured: measured,
            recipe: recipe)
    }

    private var isBounded: Bool {
        let (count, overflow) = picture.width.multipliedReportingOverflow(by: picture.height)
        return !overflow && count <= Self.mostPixels
    }

    private static func checkSafe(_ recipe: Recipe) throws(Refusal) {
        guard let safe = recipe.safe else { return }
        let sides = [safe.top, safe.right, safe.bottom, safe.left]
        let room = recipe.size.max
        guard recipe.fit != .inside else {
            throw Refusal(
                .unsupported, "'fit: inside' has no frame for 'safe': use 'pad' or 'cover'")
        }
        guard sides.allSatisfy({ (0...sane.upperBound).contains($0) }),
            safe.left + safe.right < room.width, safe.top + safe.bottom < room.height
        else {
            throw Refusal(
                .unsupported, "'safe' leaves nothing of a frame of \(room): make it narrower")
        }
    }
}

// MARK: Without a fill

extension Frame {
    static func whole(_ source: PixelSize, _ recipe: Recipe) throws(Refusal) -> Frame {
        let (ideal, least) =
            recipe.fit == .inside ? inside(source, recipe.size) : framed(source, recipe)
        if ideal.size.covers(least.size) { return ideal }
        if recipe.upscale { return least }
        throw Refusal(
            .tooSmall,
            "the picture is \(source) and the smallest frame \(recipe.size.min): it would have to"
                + " be enlarged to \(least.picture); deliver a larger original, or allow 'upscale'"
                + " in the profile")
    }

    /// The largest frame without enlarging, however small, and the smallest that is allowed.
    private static func framed(
        _ source: PixelSize, _ recipe: Recipe
    ) -> (ideal: Frame, least: Frame) {
        let most = recipe.size.max
        let share: Double
        if recipe.fit == .pad {
            let reach = source.shares(of: safeArea(of: most, recipe: recipe).size)
            share = max(reach.width, reach.height)
        } else {
            let reach = source.shares(of: most)
            share = min(reach.width, reach.height)
        }
        let ideal = of(most.scaled(by: min(1, share)), source, recipe, enlarging: false)
        return (ideal, of(recipe.size.smallest, source, recipe, enlarging: true))
    }

    private static func of(
        _ size: PixelSize, _ source: PixelSize, _ recipe: Recipe, enlarging: Bool
    ) -> Frame {
        guard recipe.fit == .pad else {
            let shares = size.shares(of: source)
            let picture = source.scaled(by: max(shares.width, shares.height))
            // A share is rounded, so that one side might fall a pixel short of the frame.
            return Frame(
                size: size,
                picture: PixelSize(
                    width: max(picture.width, size.width), height: max(picture.height, size.height)
                ))
        }
        let area = safeArea(of: size, recipe: recipe)
        let shares = area.size.shares(of: source)
        let share = min(shares.width, shares.height, enlarging ? .infinity : 1)
        let centered = Frame(size: area.size, picture: source.scaled(by: share))
        return Frame(
            size: size, picture: centered.picture,
            origin: Point(x: area.left + centered.origin.x, y: area.top + centered.origin.y))
    }

    private static func inside(
        _ source: PixelSize, _ range: SizeRange
    ) -> (ideal: Frame, least: Frame) {
        let room = range.max.shares(of: source)
        let most = min(room.width, room.height)
        let wanted = Double(range.min.longSide) / Double(source.longSide)
        let ideal = source.scaled(by: min(1, most))
        let least = source.scaled(by: min(wanted, most))
        return (Frame(size: ideal, picture: ideal), Frame(size: least, picture: least))
    }

    /// `cover`'s frame moved to where the spot and the safe area want it; the middle without a spot.
    package func aimed(
        at spot: Focus?, source: PixelSize, measured: PictureMeasurement?, recipe: Recipe
    ) -> Frame {
        let area = Self.safeArea(of: size, recipe: recipe, crossed: measured?.cut ?? [])
        // Who names a spot has seen what is cut off.
        let product = (recipe.safe != nil || spot == nil ? measured?.product : nil).flatMap {
            $0.cut(to: Box(source))
        }
        let shares = picture.shares(of: source)
        var moved = self
        moved.origin.x = Self.start(
            of: picture.width, in: size.width, center: spot?.x ?? 0.5,
            keeping: product.map { ($0.left, $0.right) }, scale: shares.width,
            within: (area.left, area.right))
        moved.origin.y = Self.start(
            of: picture.height, in: size.height, center: spot?.y ?? 0.5,
            keeping: product.map { ($0.top, $0.bottom) }, scale: shares.height,
            within: (area.top, area.bottom))
        return moved
    }

    /// One axis: where the picture begins, so that it covers the window.
    private static func start(
        of length: Int, in window: Int, center: Double, keeping kept: (Int, Int)?, scale: Double,
        within area: (Int, Int)
    ) -> Int {
        let least = window - length
        let share = center.isFinite ? min(max(center, 0), 1) : 0.5
        let wished = pixels(
            (Double(window) / 2 - share * Double(length)).rounded(.towardZero))
        let start = min(max(wished, least), 0)
        guard let kept else { return start }
        let low = max(least, area.0 - pixels((Double(kept.0) * scale).rounded(.down)))
        let high = min(0, area.1 - pixels((Double(kept.1) * scale).rounded(.up)))
        return low <= high ? min(max(start, low), high) : start
    }
}

extension Recipe {
    /// With a smaller largest frame, and insets that mean the same in it.
    package func shrunk(to largest: PixelSize) -> Recipe {
        var smaller = self
        smaller.size.max = largest
        guard let safe else { return smaller }
        let (across, down) = largest.shares(of: size.max)
        func scaled(_ inset: Int, _ share: Double) -> Int {
            pixels((Double(inset) * share).rounded(.up))
        }
        smaller.safe = Insets(
            top: scaled(safe.top, down), right: scaled(safe.right, across),
            bottom: scaled(safe.bottom, down), left: scaled(safe.left, across))
        return smaller
    }
}
