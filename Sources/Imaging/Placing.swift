private import CPixels
import Model

// A picture is made opaque, scaled and put into its frame.

extension Picture {
    /// On a colour, exactly: opaque pixels stay what they are, and hidden colours never show.
    /// - Parameter fading: what of a soft shadow goes.
    func flattened(on color: Color?, fading: Fading = .nothing) throws(Refusal) -> Picture {
        guard hasAlpha, let color else { return self }
        return try painted(bands: 3) { from, to in
            sluice_flatten(
                &from, [color.red, color.green, color.blue], fading.gone, fading.whole, &to)
        }
    }

    /// Cut to what the frame shows, and painted around to its size: in the colour, or see-through
    /// where a transparent picture gets none.
    func placed(in frame: Frame, on color: Color?) throws(Refusal) -> Picture {
        try placed(in: frame) { (part, place) throws(Refusal) in
            try part.padded(to: frame.size, at: place, with: color)
        }
    }

    func placed(
        in frame: Frame, padding: (Picture, Point) throws(Refusal) -> Picture
    ) throws(Refusal) -> Picture {
        guard let shown = frame.shown else {
            throw Refusal(.unsupported, "the frame shows nothing of the picture")
        }
        let place = Point(x: shown.left - frame.origin.x, y: shown.top - frame.origin.y)
        return try padding(
            cut(to: shown.size, at: place), Point(x: shown.left, y: shown.top))
    }

    /// Where the eye is drawn to when `cut` is to be cut out: libvips' smartcrop, on a small copy so
    /// that every size of a picture is cut alike.
    func spot(whenCutTo cut: PixelSize) throws(Refusal) -> Focus {
        let share = min(1, 200 / Double(size.longSide))
        func small(_ size: PixelSize) -> PixelSize {
            PixelSize(
                width: max(1, Int((Double(size.width) * share).rounded())),
                height: max(1, Int((Double(size.height) * share).rounded())))
        }
        let copy = try resized(to: small(size)).inMemory()
        return try copy.attention(cropping: small(cut))
    }
}

/// What of a cut-out's transparency is not painted: opacity up to which nothing is there, and from which all
/// is as it is; 0 to 255.
struct Fading {
    var gone: UInt32
    var whole: UInt32

    static let nothing = Fading(gone: 0, whole: 0)
    /// Where a soft shadow ends nobody sees it, and a border would have to be clean.
    static let tails = Fading(gone: 12, whole: 40)
    /// A cast shadow is less opaque than half, the product's edge is sharp.
    static let shadows = Fading(gone: 128, whole: 200)
}
