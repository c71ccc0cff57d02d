import Model
import Wire

/// One rendition to be made, and the frame it gets.
struct Job {
    let key: ContentHash
    /// How many times smaller than the master the picture becomes.
    let reduction: Double
    private let recipe: Recipe
    var whitens: Bool { recipe.whiten != nil }
    /// What the master has to be decoded into.
    let ground: Ground

    struct Ground: Hashable {
        /// What is taken for granted of colours that do not say what they mean.
        var assume: Assumption?
        /// Name of the inks; nil for sRGB.
        var inks: String?
        /// What inks are made opaque on, before anything averages hidden ones into others.
        var paper: Color?
    }

    private let encoder: Encoder
    private let focus: Focus?
    let measured: PictureMeasurement?
    /// Of the master, upright.
    private let size: PixelSize
    private let liesOnSide: Bool
    private let isCutOut: Bool
    private let frame: Frame

    /// - Throws: `tooSmall`, `unsure`; `unsupported` for a recipe that no profile should ask for.
    init(
        _ item: RenderRequest.Item, of master: Master, measured: PictureMeasurement?
    ) throws(Refusal) {
        key = item.key
        recipe = item.recipe
        encoder = try Encoder(
            recipe, packet: MetadataWriter.packet(for: item.particulars.kept))
        focus = item.particulars.focus
        self.measured = measured
        size = master.size
        liesOnSide = master.liesOnSide
        // A channel for transparency that says nothing is no cut-out.
        isCutOut = measured.map { $0.background.kind == .transparent } ?? master.hasAlpha
        let inks = recipe.isPaintedInInks(of: master) ? recipe.inks : nil
        ground = Ground(
            assume: recipe.assume, inks: inks,
            paper: inks != nil && master.hasAlpha ? recipe.background : nil)
        frame = try Frame.choose(source: size, measured: measured, recipe: recipe, focus: focus)
        reduction = Double(size.longSide) / Double(frame.picture.longSide)
        try checkRecipe(hasAlpha: master.hasAlpha)
    }

    private func checkRecipe(hasAlpha: Bool) throws(Refusal) {
        guard recipe.background == nil else { return }
        if hasAlpha && !recipe.keepsAlpha {
            throw Refusal(
                .unsupported,
                "the picture is transparent, \(recipe.format.rawValue) in \(recipe.color.rawValue) is not,"
                    + " and the profile names no background")
        }
        if !hasAlpha && frame.shown != Box(frame.size) {
            throw Refusal(
                .unsupported, "the picture has to be padded and the profile names no background")
        }
        if recipe.whiten != nil {
            throw Refusal(
                .unsupported, "the profile says 'whiten' and names no background: name its colour")
        }
    }

    /// Paints, encodes and writes it to `<key>.<ext>` in `directory`.
    /// - Parameters:
    ///   - source: the whole master, 8-bit sRGB, in memory, not yet turned upright.
    ///   - colors: what the rendition is to be compared with.
    ///   - parting: of the whole master, or of what is inside the line along its edges.
    func finished(
        from source: Picture, of colors: MasterColors?, before parting: Parting?,
        in directory: String
    ) throws(Refusal) -> RenderOutcome {
        // The frame that was painted last is the one that fits.
        var last = frame
        let encoded = try encoder.encode { (largest) throws(Refusal) in
            let (picture, frame) = try painted(from: source, before: parting, within: largest)
            last = frame
            return picture
        }
        let file = "\(key.rawValue).\(recipe.format.fileExtension)"
        try encoded.write(to: "\(directory)/\(file)")
        let reference = try colors?.reference(for: last, of: recipe, product: measured?.product)
        return .made(
            key: key, file: file, quality: encoded.quality,
            expected: Expectation(
                colors: reference, enclosed: enclosed(in: last), seams: isCutOut ? [] : last.seams))
    }

    /// What of the background is seen through the product in the finished file, as far as it is to be of
    /// the background's colour.
    private func enclosed(in frame: Frame) -> [Box] {
        guard recipe.whiten != nil, let shown = frame.shown else { return [] }
        // Of smaller ones an encoder's traces of the edges around leave nothing.
        return (measured?.enclosed ?? []).compactMap { frame.place($0, of: size).cut(to: shown) }
            .filter { $0.size.shortSide >= 8 }
    }

    /// The steps, after opening and colour conversion, so that the background is exact.
    ///
    /// Flattening comes first, because an opaque picture needs no premultiplying and gives the same
    /// pixels; turning upright comes after resizing, because the small picture turns faster;
    /// whitening comes last, because it has to see what resizing rings and where padding meets the
    /// picture.
    /// - Parameter largest: a smaller frame than the recipe's largest, within its range.
    private func painted(
        from source: Picture, before parting: Parting?, within largest: PixelSize? = nil
    ) throws(Refusal) -> (Picture, Frame) {
        var frame = try frame(within: largest)
        if ground.inks != nil { return try inked(from: source, in: frame) }
        let upright =
            try source
            .flattened(on: recipe.background, fading: fading)
            .resized(to: lying(frame.picture))
            .upright()
        frame = try aimed(frame, at: upright)
        let picture =
            try upright
            .placed(in: frame, on: recipe.background)
            .whitened(
                whitening, to: recipe.background, before: parting,
                at: frame.place(measured?.framed ?? Box(size), of: size)
            )
            .bare()
        return (picture, frame)
    }

    /// The same for a picture in inks, which nothing whitens.
    private func inked(from source: Picture, in frame: Frame) throws(Refusal) -> (Picture, Frame) {
        let inks = try OutputSpace.inks(of: recipe)
        let paper = try recipe.background.flatMap { (color) throws(Refusal) in
            try inks?.numbers(of: color)
        }
        let upright =
            try source
            .resized(to: lying(frame.picture))
            .upright()
        let frame = try aimed(frame, at: upright)
        return (try upright.placed(in: frame, onInks: paper).bare(), frame)
    }

    /// Nothing where the product is not known, which is left as it is, nor of what is cut out: there the
    /// transparency tells what is product, however pale.
    private var whitening: Whitening? {
        guard let whiten = recipe.whiten, whiten.smooth != nil else { return recipe.whiten }
        return isCutOut || (measured != nil && measured?.product == nil) ? nil : whiten
    }

    private var fading: Fading {
        guard isCutOut, let whiten = recipe.whiten, whiten.smooth != nil else { return .nothing }
        return whiten.shadow == .remove ? .shadows : .tails
    }

    private func frame(within largest: PixelSize?) throws(Refusal) -> Frame {
        guard let largest, largest != recipe.size.max else { return frame }
        return try Frame.choose(
            source: size, measured: measured, recipe: recipe.shrunk(to: largest), focus: focus)
    }

    private func lying(_ size: PixelSize) -> PixelSize {
        liesOnSide ? PixelSize(width: size.height, height: size.width) : size
    }

    /// Where the eye is drawn to is only known now; from there on it is a focus like another.
    private func aimed(_ frame: Frame, at picture: Picture) throws(Refusal) -> Frame {
        guard recipe.anchor == .attention, recipe.fit == .cover, frame.size != frame.picture else {
            return frame
        }
        if let window = frame.window, let measured, let inner = measured.framed {
            let inside = try picture.cut(
                to: window.size,
                at: Point(x: window.left - frame.origin.x, y: window.top - frame.origin.y))
            let shown = Frame(
                size: frame.size, picture: window.size,
                origin: Point(x: window.left, y: window.top))
            return try shown.aimed(
                at: inside.spot(whenCutTo: frame.size), source: inner.size,
                measured: measured.inside(inner), recipe: recipe
            ).around(inner, of: size)
        }
        let spot = try picture.spot(whenCutTo: frame.size)
        return frame.aimed(at: spot, source: size, measured: measured, recipe: recipe)
    }
}

extension Recipe {
    /// Whether a rendition is painted in its inks, or in sRGB and brought there at the end. Whitening
    /// knows sRGB only: what is to be whitened is separated anew, which changes its inks and not
    /// its look. So is a cut-out in RGB, whose soft edges are meant to be mixed as screens mix them.
    fileprivate func isPaintedInInks(of master: Master) -> Bool {
        color == .cmyk && (whiten?.bound ?? 0) == 0 && (master.isInked || !master.hasAlpha)
    }
}
