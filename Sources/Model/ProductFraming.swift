/// A frame laid around the product so that it takes the share of it that the profile asks for; see
/// `Frame.choose`. Scales are pixels of the frame for one of the master.
struct ProductFraming {
    let source: PixelSize
    let product: Box
    /// Edges of the picture that the product crosses: it stands at the same edges of the frame.
    let crossed: [PictureMeasurement.Edge]
    let fill: Fill
    /// A share of the frame is asked for.
    let isDemanded: Bool
    let recipe: Recipe

    /// - Parameters:
    ///   - product: within `source`.
    ///   - fill: nil: the picture is as large as it fits.
    init(
        source: PixelSize, product: Box, crossed: [PictureMeasurement.Edge], fill: Fill?,
        recipe: Recipe
    ) throws(Refusal) {
        isDemanded = fill != nil
        let fill = fill ?? Fill(min: 1e-6, max: 1)
        guard fill.min > 0, fill.min <= fill.max, fill.max <= 1 else {
            throw Refusal(
                .unsupported, "no product can fill \(fill.words) of its frame: mend 'fill'")
        }
        self.source = source
        self.product = product
        self.crossed = recipe.cropped == .flush ? crossed : []
        self.fill = fill
        self.recipe = recipe
    }

    func frame() throws(Refusal) -> Frame {
        switch recipe.fit {
        case .pad where isBound(level: true) || isBound(level: false): return try bound()
        case .pad where !isDemanded: return against(try Frame.whole(source, recipe))
        case .pad: return try padded()
        case .inside: return try trimmed()
        case .cover:
            throw Refusal(
                .unsupported,
                "'fit: cover' fills the frame with the picture, which leaves no room for 'fill':"
                    + " use 'pad' or 'inside'")
        }
    }

    /// Share of the room that a product measured by area takes at most, where its range allows it.
    private static let airy = 0.94

    private var middle: Double { (fill.min + fill.max) / 2 }

    // MARK: In a frame of the profile's proportions

    private func padded() throws(Refusal) -> Frame {
        let wanted = try aim(in: recipe.size.max)
        let size = recipe.size.max.scaled(by: min(1, 1 / wanted))
        let smallest = recipe.size.smallest
        if size.covers(smallest) { return centered(in: size, scale: min(1, try aim(in: size))) }
        if fill.share(of: product.size, in: smallest) >= fill.min {
            return centered(in: smallest, scale: 1)
        }
        guard recipe.upscale else {
            throw tooSmall(smallest, needs: scale(for: fill.min, in: smallest))
        }
        return centered(in: smallest, scale: try aim(in: smallest))
    }

    /// The scale for the middle of the range, or for as much of it as the safe area has room.
    private func aim(in frame: PixelSize) throws(Refusal) -> Double {
        let area = area(of: frame)
        // Rounding the place moves the product by up to half a pixel, which may not cut it off.
        let slack = recipe.safe == nil && fill.by == .side ? 0 : 2
        let room = PixelSize(
            width: max(1, area.width - slack), height: max(1, area.height - slack)
        ).shares(of: product.size)
        let most = min(room.width, room.height)
        let wanted = scale(for: middle, in: frame)
        if fill.by == .area {
            // A long product would reach from edge to edge: it keeps a margin where the range has one.
            let low = scale(for: (fill.min + middle) / 2, in: frame)
            let airy = max(low, most * Self.airy)
            if airy <= most { return min(wanted, airy) }
        }
        if wanted <= most { return wanted }
        let box = product.size.scaled(by: most)
        let least = PixelSize(width: box.width - 1, height: box.height - 1)
        guard fill.share(of: least, in: frame) >= fill.min else { throw noRoom(in: frame, area) }
        return most
    }

    /// At which the product takes `share` of the frame.
    private func scale(for share: Double, in frame: PixelSize) -> Double {
        let now = fill.share(of: product.size, in: frame)
        return fill.by == .side ? share / now : (share / now).squareRoot()
    }

    /// In the middle of the safe area, but against the edges that the product crosses.
    func centered(in size: PixelSize, scale: Double) -> Frame {
        let picture = source.scaled(by: scale)
        let shares = picture.shares(of: source)
        let area = area(of: size)
        func start(_ area: (Int, Int), _ product: (Int, Int), _ share: Double) -> Int {
            pixels(Double(area.0 + area.1) / 2 - Double(product.0 + product.1) / 2 * share)
        }
        return against(
            Frame(
                size: size, picture: picture,
                origin: Point(
                    x: start((area.left, area.right), (product.left, product.right), shares.width),
                    y: start((area.top, area.bottom), (product.top, product.bottom), shares.height)
                )))
    }

    // MARK: In a frame of the product's proportions

    private func trimmed() throws(Refusal) -> Frame {
        let range = recipe.size
        // As many times larger than the product as leaves it its share on both axes.
        let around = 1 / (fill.by == .side ? middle : middle.squareRoot())
        let room = range.max.shares(of: product.size)
        let most = min(room.width, room.height)
        let needed = min(Double(range.min.longSide) / Double(product.size.longSide), most)
        if around >= needed { return try trimmed(around, scale: min(1, most / around)) }
        if fill.share(of: product.size, in: product.size.scaled(by: needed)) >= fill.min {
            return try trimmed(needed, scale: 1)
        }
        guard recipe.upscale else {
            throw tooSmall(product.size.scaled(by: needed), needs: needed / around)
        }
        return try trimmed(around, scale: needed / around)
    }

    /// - Parameter around: the frame's sides in those of the product.
    private func trimmed(_ around: Double, scale: Double) throws(Refusal) -> Frame {
        let most = recipe.size.max
        // Between two edges that the product crosses nothing is around it.
        let size = PixelSize(
            width: max(
                1, pixels(Double(product.width) * (isBound(level: true) ? 1 : around) * scale)),
            height: max(
                1, pixels(Double(product.height) * (isBound(level: false) ? 1 : around) * scale)))
        var frame = centered(
            in: PixelSize(
                width: min(size.width, most.width), height: min(size.height, most.height)),
            scale: scale)
        guard recipe.background == nil, let shown = frame.shown, shown != Box(frame.size) else {
            return frame
        }
        frame = Frame(
            size: shown.size, picture: frame.picture,
            origin: Point(x: frame.origin.x - shown.left, y: frame.origin.y - shown.top))
        let box = frame.place(product, of: source)
        guard fill.share(of: box.size, in: frame.size) <= fill.max else {
            throw Refusal(
                .unsupported,
                "the picture ends so close to the product that the product fills more than"
                    + " \(fill.words) of it, and the profile names no background to paint around"
                    + " it: name one, or deliver a picture with more around the product")
        }
        return frame
    }

    // MARK: What cannot be

    func tooSmall(_ smallest: PixelSize, needs scale: Double) -> Refusal {
        let needed = PixelSize(
            width: pixels((Double(product.width) * scale).rounded(.up)),
            height: pixels((Double(product.height) * scale).rounded(.up)))
        return Refusal(
            .tooSmall,
            "the product is \(product.size) in a picture of \(source) and has to fill"
                + " \(fill.words) of a frame of at least \(smallest): it would have to be enlarged"
                + " to \(needed); deliver a larger original, or allow 'upscale' in the profile")
    }

    func noRoom(in frame: PixelSize, _ area: Box) -> Refusal {
        let place = area == Box(frame) ? "a frame of \(frame)" : "a safe area of \(area.size)"
        return Refusal(
            .unsupported,
            "a product of \(product.size) cannot fill \(fill.words) of its frame within \(place):"
                + " lower 'fill' for products of these proportions, or measure it by side")
    }
}
