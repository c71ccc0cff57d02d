// Arithmetic of frames: sides as shares of each other. Nothing here traps, whatever a broken worker
// or recipe says.

/// Rounded to whole pixels.
func pixels(_ value: Double) -> Int {
    let limit = Double(1 << 40)
    return value.isFinite ? Int(min(max(value, -limit), limit).rounded()) : 0
}

extension PixelSize {
    /// How many times each side of `whole` fits into ours.
    func shares(of whole: PixelSize) -> (width: Double, height: Double) {
        (Double(width) / Double(whole.width), Double(height) / Double(whole.height))
    }

    /// At least one pixel a side.
    func scaled(by share: Double) -> PixelSize {
        PixelSize(
            width: max(1, pixels(Double(width) * share)),
            height: max(1, pixels(Double(height) * share)))
    }

    package func covers(_ other: PixelSize) -> Bool {
        width >= other.width && height >= other.height
    }
}

extension SizeRange {
    /// The smallest frame of `max`'s proportions that covers `min`; never more than `max`.
    package var smallest: PixelSize {
        let floor = min.shares(of: max)
        return max.scaled(by: Swift.min(1, Swift.max(floor.width, floor.height)))
    }
}

extension Fill {
    /// `85 to 95 %`.
    var words: String {
        let range =
            min == max ? Self.percent(min) : "\(Self.percent(min)) to \(Self.percent(max))"
        return by == .side ? "\(range) %" : "\(range) % (by area)"
    }

    private static func percent(_ share: Double) -> String {
        let tenths = pixels(share * 1000)
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
    }
}
