/// The frame a picture gets, and the size it has in it. Decided from sizes alone, so that the
/// channels' gates and the renderer give the same answer.
package struct Frame: Hashable, Sendable {
    /// Of the finished file.
    package var size: PixelSize
    /// What the whole picture is scaled to before it is padded or cut to `size`.
    package var picture: PixelSize
    /// Where the scaled picture's upper left corner lies in the frame; negative: cut off there.
    package var origin: Point

    package init(size: PixelSize, picture: PixelSize, origin: Point? = nil) {
        self.size = size
        self.picture = picture
        self.origin =
            origin
            ?? Point(x: (size.width - picture.width) / 2, y: (size.height - picture.height) / 2)
    }

    /// Sides beyond this are a broken peer, not a picture.
    private static let sane = 1...1_000_000

    /// The largest frame of `range` that needs no enlarging.
    ///
    /// For `pad` and `cover` the frame keeps the proportions of `range.max` and shrinks no further
    /// than to where it still covers `range.min` on both sides. `pad` needs no enlarging when the
    /// picture reaches two opposite edges of the frame, `cover` when it reaches all four. For
    /// `inside` the result's long side must reach that of `range.min`, or as much of it as fits
    /// into `range.max` in the picture's own proportions. With `upscale`, a picture too small for
    /// even that is enlarged to exactly that.
    /// - Parameters:
    ///   - source: the master's size, upright.
    ///   - measured: of the master; needed where the recipe asks for a fill.
    /// - Throws: `tooSmall` when only enlarging would help and `upscale` is false; `oversize` for
    ///   sides that no picture has.
    package static func choose(
        source: PixelSize, measured: PictureMeasurement?, recipe: Recipe, focus: Focus? = nil
    ) throws(Refusal) -> Frame {
        let (range, fit, upscale) = (recipe.size, recipe.fit, recipe.upscale)
        for size in [source, range.min, range.max]
        where !sane.contains(size.width) || !sane.contains(size.height) {
            throw Refusal(.oversize, "no picture or frame can be \(size) pixels")
        }
        let ideal: Frame
        let least: Frame
        switch fit {
        case .inside:
            (ideal, least) = inside(source, range)
        case .pad, .cover:
            (ideal, least) = framed(source, range, fit)
        }
        if ideal.size.width >= least.size.width && ideal.size.height >= least.size.height {
            return ideal
        }
        guard upscale else { throw tooSmall(source, range.min, needs: least.picture) }
        return least
    }

    /// The largest frame without enlarging, however small, and the smallest that is allowed.
    private static func framed(
        _ source: PixelSize, _ range: SizeRange, _ fit: Fit
    ) -> (ideal: Frame, least: Frame) {
        let reach = source.shares(of: range.max)
        let share = fit == .pad ? max(reach.width, reach.height) : min(reach.width, reach.height)
        let floor = range.min.shares(of: range.max)
        let ideal = range.max.scaled(by: min(1, share))
        let least = range.max.scaled(by: min(1, max(floor.width, floor.height)))
        return (of(ideal, source, fit), of(least, source, fit))
    }

    private static func of(_ size: PixelSize, _ source: PixelSize, _ fit: Fit) -> Frame {
        let shares = size.shares(of: source)
        if fit == .cover {
            let picture = source.scaled(by: max(shares.width, shares.height))
            // A share is rounded, so that one side might fall a pixel short of the frame.
            return Frame(
                size: size,
                picture: PixelSize(
                    width: max(picture.width, size.width), height: max(picture.height, size.height)
                ))
        }
        return Frame(size: size, picture: source.scaled(by: min(shares.width, shares.height)))
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

    private static func tooSmall(
        _ source: PixelSize, _ least: PixelSize, needs: PixelSize
    ) -> Refusal {
        Refusal(
            .tooSmall,
            "the picture is \(source) and the smallest frame \(least): it would have to be enlarged"
                + " to \(needs); deliver a larger original, or allow 'upscale' in the profile")
    }
}

extension PixelSize {
    /// How many times each side of `whole` fits into ours.
    fileprivate func shares(of whole: PixelSize) -> (width: Double, height: Double) {
        (Double(width) / Double(whole.width), Double(height) / Double(whole.height))
    }

    fileprivate func scaled(by share: Double) -> PixelSize {
        PixelSize(
            width: max(1, Int((Double(width) * share).rounded())),
            height: max(1, Int((Double(height) * share).rounded())))
    }
}
