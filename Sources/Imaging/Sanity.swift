import Model
import Wire

/// Requests come from the daemon, which has read them from profiles and a ledger that a disk may
/// have bent. A number that no profile can say is refused here, before it is converted, multiplied
/// or handed to a library: a worker never ends for what it was asked. Sizes are the frame's business.
extension RenderRequest.Item {
    func checkSanity() throws(Refusal) {
        try recipe.checkNumbers()
        guard let focus = particulars.focus else { return }
        try Self.expect(focus.x, in: 0...1, "focus")
        try Self.expect(focus.y, in: 0...1, "focus")
    }

    fileprivate static func expect<Number: Comparable>(
        _ number: Number, in range: ClosedRange<Number>, _ what: String
    ) throws(Refusal) {
        guard range.contains(number) else {
            throw Refusal(
                .unsupported,
                "'\(what)' is \(number), which no profile can say (\(range.lowerBound) to "
                    + "\(range.upperBound)): load the profile again with 'sluice reload'")
        }
    }
}

extension Recipe {
    fileprivate func checkNumbers() throws(Refusal) {
        typealias Item = RenderRequest.Item
        try Item.expect(minQuality, in: 1...100, "quality")
        try Item.expect(maxQuality, in: minQuality...100, "quality")
        if let maxBytes { try Item.expect(maxBytes, in: 1...Int64.max, "max_bytes") }
        if let minBytes { try Item.expect(minBytes, in: 0...Int64.max, "min_bytes") }
        if let density { try Item.expect(density, in: 1...65_535, "dpi") }
        if let whiten {
            try Item.expect(whiten.bound, in: 0...255, "whiten")
            try Item.expect(whiten.smooth?.touch ?? 0, in: 0...255, "touch")
        }
        if let fill {
            try Item.expect(fill.min, in: 0...1, "fill")
            try Item.expect(fill.max, in: fill.min...1, "fill")
        }
        guard let safe else { return }
        for inset in [safe.top, safe.right, safe.bottom, safe.left] {
            try Item.expect(inset, in: 0...1_000_000, "safe")
        }
    }
}
