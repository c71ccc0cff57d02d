import Foundation
import Model

/// Looks for the highest quality that fits a byte ceiling, in few encodings: between two known
/// sizes the logarithm of the size is nearly a straight line in that of the quantisers' fineness.
struct QualitySearch {
    struct Outcome {
        var encoded: Encoder.Encoded
        var fits: Bool
    }

    /// Enough to find the very quality among a hundred: wide ranges are halved every other time.
    static let attempts = 10
    /// Qualities still open that are few enough to go by the line alone.
    private static let few = 8
    /// ln(bytes) against `fineness`, where only one size is known: JPEG and WebP photographs have
    /// 0.5 to 0.8.
    private static let slope = 0.65

    let range: ClosedRange<Int>
    let ceiling: Int64?

    /// - Returns: the best that fits; else the lowest quality, which does not.
    func run(
        _ encode: (_ quality: Int) throws(Refusal) -> Data
    ) throws(Refusal) -> Outcome {
        let first = try encode(range.upperBound)
        var heavy = Tried(quality: range.upperBound, bytes: first)
        guard !fits(first) else { return outcome(heavy, 1, true) }
        var light: Tried?
        var tried = [heavy]
        var attempts = 1
        while Self.attempts > attempts {
            let low = light.map { $0.quality + 1 } ?? range.lowerBound
            guard low < heavy.quality else { break }
            attempts += 1
            let isLast = attempts == Self.attempts && light == nil
            let quality = isLast ? range.lowerBound : next(low...heavy.quality - 1, tried)
            let found = Tried(quality: quality, bytes: try encode(quality))
            tried.append(found)
            if fits(found.bytes) { light = found } else { heavy = found }
        }
        return outcome(light ?? heavy, attempts, light != nil)
    }

    private struct Tried {
        var quality: Int
        var bytes: Data
        var weight: Double { log(Double(max(1, bytes.count))) }
    }

    private func next(_ open: ClosedRange<Int>, _ tried: [Tried]) -> Int {
        let isGuess = tried.count % 2 == 1 || open.count <= Self.few
        guard isGuess, let ceiling, let last = tried.last else {
            return (open.lowerBound + open.upperBound + 1) / 2
        }
        let excess = last.weight - log(Double(max(1, ceiling)))
        let wanted = Self.fineness(last.quality) - excess / slope(tried.suffix(2))
        return open.last { Self.fineness($0) <= wanted } ?? open.lowerBound
    }

    private func slope(_ tried: some Collection<Tried>) -> Double {
        let pair = Array(tried)
        guard pair.count == 2 else { return Self.slope }
        let slope =
            (pair[0].weight - pair[1].weight)
            / (Self.fineness(pair[0].quality) - Self.fineness(pair[1].quality))
        return min(max(slope, 0.1), 3)
    }

    /// How fine libjpeg's quantisers are at a quality, as a logarithm: its tables are scaled by
    /// 5000 / quality percent below 50, and by 200 - 2 quality above.
    private static func fineness(_ quality: Int) -> Double {
        -log(quality < 50 ? 5000 / Double(max(1, quality)) : Double(202 - 2 * quality))
    }

    private func outcome(_ tried: Tried, _ attempts: Int, _ fits: Bool) -> Outcome {
        let encoded = Encoder.Encoded(
            bytes: tried.bytes, quality: tried.quality, attempts: attempts)
        return Outcome(encoded: encoded, fits: fits)
    }

    private func fits(_ bytes: Data) -> Bool { ceiling.map { Int64(bytes.count) <= $0 } ?? true }
}
