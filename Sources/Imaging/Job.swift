import Model

/// One rendition to be made, and the frame it gets.
struct Job {
    let key: ContentHash
    /// How many times smaller than the master the picture becomes.
    let reduction: Double
    private let recipe: Recipe
    private let frame: Frame
    private let kept: [String: String]
    /// The size before the picture is turned upright.
    private let lying: PixelSize

    /// - Throws: `tooSmall`; `unsupported` for a recipe that no profile should ask for.
    init(
        _ item: RenderRequest.Item, of master: Master, measured: PictureMeasurement?
    ) throws(Refusal) {
        key = item.key
        recipe = item.recipe
        kept = item.particulars.kept
        frame = try Frame.choose(
            source: master.size, measured: measured, recipe: recipe,
            focus: item.particulars.focus)
        lying =
            master.liesOnSide
            ? PixelSize(width: frame.picture.height, height: frame.picture.width) : frame.picture
        reduction = Double(master.size.longSide) / Double(frame.picture.longSide)
        try checkRecipe(hasAlpha: master.hasAlpha)
    }

    private func checkRecipe(hasAlpha: Bool) throws(Refusal) {
        guard [.jpeg, .png, .webp].contains(recipe.format) else {
            throw Refusal(
                .unsupported, "\(recipe.format.rawValue) cannot be written: use jpeg, png or webp")
        }
        guard recipe.background == nil else { return }
        if recipe.fit == .pad && frame.size != frame.picture {
            throw Refusal(
                .unsupported, "the picture has to be padded and the profile names no background")
        }
        if hasAlpha && recipe.format == .jpeg {
            throw Refusal(
                .unsupported,
                "the picture is transparent, jpeg is not, and the profile names no background")
        }
    }

    /// Paints, encodes and writes it to `<key>.<ext>` in `directory`.
    /// - Parameter source: the whole master, 8-bit sRGB, in memory, not yet turned upright.
    func finished(from source: Picture, in directory: String) throws(Refusal) -> RenderOutcome {
        let encoded = try Encoder(recipe).encode(painted(from: source))
        let file = "\(key.rawValue).\(recipe.format.fileExtension)"
        try encoded.write(to: "\(directory)/\(file)")
        return .made(key: key, file: file, quality: encoded.quality, reference: nil)
    }

    /// The steps, after opening and colour conversion. Turning upright comes after resizing because
    /// the small picture turns faster; flattening comes before it because an opaque picture needs no
    /// premultiplying and gives the same pixels.
    private func painted(from source: Picture) throws(Refusal) -> Picture {
        let flat = try flattened(source)
        let sized = try flat.hasAlpha ? resizedWithAlpha(flat) : flat.resized(to: lying)
        let upright = try sized.upright()
        return try framed(upright).bare().carrying(kept)
    }

    private func flattened(_ picture: Picture) throws(Refusal) -> Picture {
        guard picture.hasAlpha, let background = recipe.background else { return picture }
        return try picture.flattened(on: background)
    }

    private func resizedWithAlpha(_ picture: Picture) throws(Refusal) -> Picture {
        try picture.premultiplied().resized(to: lying).unpremultiplied().rounded()
    }

    private func framed(_ picture: Picture) throws(Refusal) -> Picture {
        switch recipe.fit {
        case .inside: picture
        case .cover: try picture.cut(to: frame.size)
        case .pad:
            // Without a background, checkRecipe has seen that the picture fills its frame.
            try recipe.background.map { (color) throws(Refusal) in
                try picture.padded(to: frame.size, with: color)
            } ?? picture
        }
    }
}
