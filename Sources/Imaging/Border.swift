private import CVips
import Model

/// The pixels near the edge of a decoded picture, and how far they are from a colour.
struct Border {
    private let picture: Picture

    /// - Parameter picture: in memory. What is not 8-bit grey or sRGB is converted first.
    init(of picture: Picture) throws(Refusal) {
        let plain =
            picture.space == VIPS_INTERPRETATION_sRGB
            || picture.space == VIPS_INTERPRETATION_B_W
        self.picture =
            plain && picture.bytesPerBand == 1
            ? picture : try picture.converted(to: VIPS_INTERPRETATION_sRGB).in8Bit().inMemory()
    }

    /// One for each of `Receipt.Ring.shares`, in one pass over the widest.
    func rings(against color: Color) throws(Refusal) -> [Receipt.Ring] {
        let short = Double(picture.size.shortSide)
        let widths = Receipt.Ring.shares.map { max(1, Int((short * $0).rounded(.up))) }
        let depths = try worstAtDepth(below: widths.max() ?? 1, against: color)
        return zip(Receipt.Ring.shares, widths).map { share, width in
            let worst = depths.prefix(width).max { $0.distance < $1.distance } ?? Spot()
            return Receipt.Ring(
                share: share, worst: worst.distance, at: worst.at, color: worst.color)
        }
    }

    private struct Spot {
        var distance = -1
        var at = Point(x: 0, y: 0)
        var color = Color(red: 0, green: 0, blue: 0)
    }

    /// For each distance from the edge the pixel farthest from `color`; the first of equals.
    private func worstAtDepth(below limit: Int, against color: Color) throws(Refusal) -> [Spot] {
        let size = picture.size
        let layout = Layout(bands: picture.bands, hasAlpha: picture.hasAlpha, color: color)
        return try picture.withPixels { pixels in
            var worst = [Spot](repeating: Spot(), count: limit)
            for y in 0..<size.height {
                let fromTop = min(y, size.height - 1 - y)
                var x = 0
                while x < size.width {
                    let depth = min(fromTop, x, size.width - 1 - x)
                    guard depth < limit else {
                        // Inside: on to the right edge.
                        x = size.width - limit
                        continue
                    }
                    let start = (y * size.width + x) * layout.bands
                    let distance = layout.distance(pixels, start)
                    if distance > worst[depth].distance {
                        worst[depth] = Spot(
                            distance: distance, at: Point(x: x, y: y),
                            color: layout.color(pixels, start))
                    }
                    x += 1
                }
            }
            return worst
        }
    }

    /// How a pixel lies in memory: grey or three colours, with or without transparency.
    private struct Layout {
        let bands: Int
        private let step: Int
        private let alpha: Int?
        private let wanted: Color

        init(bands: Int, hasAlpha: Bool, color: Color) {
            self.bands = bands
            step = bands - (hasAlpha ? 1 : 0) >= 3 ? 1 : 0
            alpha = hasAlpha ? bands - 1 : nil
            wanted = color
        }

        func color(_ pixels: UnsafeBufferPointer<UInt8>, _ start: Int) -> Color {
            Color(
                red: pixels[start], green: pixels[start + step], blue: pixels[start + 2 * step])
        }

        /// The largest difference in any channel; what is see-through is that far from any colour.
        func distance(_ pixels: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
            let found = color(pixels, start)
            return max(
                abs(Int(found.red) - Int(wanted.red)), abs(Int(found.green) - Int(wanted.green)),
                abs(Int(found.blue) - Int(wanted.blue)),
                alpha.map { 255 - Int(pixels[start + $0]) } ?? 0)
        }
    }
}
