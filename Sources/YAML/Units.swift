package import Foundation
package import Model

/// How people write amounts. Everything from outside is computed with checked arithmetic.
package enum Units {
    package static func integer(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    /// `500000`, `10MB` (10^6), `2MiB` (2^20).
    package static func bytes(_ text: String) -> Int64? {
        let units: [String: Int64] = [
            "": 1, "B": 1, "kB": 1000, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000,
            "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30,
        ]
        return amount(text, units)
    }

    /// Seconds; a day has 24 hours and a year 365 days.
    package static func duration(_ text: String) -> TimeInterval? {
        let units: [String: Int64] = [
            "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000,
        ]
        return amount(text, units).map { TimeInterval($0) }
    }

    /// As people write it, in the largest unit that has it whole: `30d`, `90s`.
    package static func text(ofDuration seconds: TimeInterval) -> String {
        let whole = Int64(seconds)
        let units: [(String, Int64)] = [("d", 86_400), ("h", 3600), ("m", 60)]
        let fits = units.first { whole > 0 && whole.isMultiple(of: $0.1) } ?? ("s", 1)
        return "\(whole / fits.1)\(fits.0)"
    }

    /// `10%` is 0.1; between 0 and 100 %.
    package static func share(_ text: String) -> Double? {
        guard text.hasSuffix("%") else { return nil }
        let digits = text.dropLast()
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ integer(String($0)) != nil }),
            let percent = Double(digits), percent <= 100
        else { return nil }
        return percent / 100
    }

    /// `0.85`, `12`: digits with at most one point, no sign, no exponent.
    package static func decimal(_ text: String) -> Double? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, text.utf8.count <= 12,
            parts.allSatisfy({ integer(String($0)) != nil })
        else { return nil }
        return Double(text)
    }

    /// `1000x1500`
    package static func size(_ text: String) -> PixelSize? {
        let sides = text.split(separator: "x", omittingEmptySubsequences: false)
            .map { integer(String($0)) }
        guard sides.count == 2, let width = sides[0], let height = sides[1],
            (1...30_000).contains(width), (1...30_000).contains(height)
        else { return nil }
        return PixelSize(width: width, height: height)
    }

    /// `a..b`, or one value for both ends; the order of the ends is not checked.
    package static func range<Value>(
        _ text: String, of parse: (String) -> Value?
    ) -> (low: Value, high: Value)? {
        guard let dots = text.firstRange(of: "..") else { return parse(text).map { ($0, $0) } }
        guard let low = parse(String(text[..<dots.lowerBound])),
            let high = parse(String(text[dots.upperBound...]))
        else { return nil }
        return (low, high)
    }

    /// `EUR`
    package static func currency(_ text: String) -> String? {
        text.utf8.count == 3 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) } ? text : nil
    }

    private static func amount(_ text: String, _ units: [String: Int64]) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard let number = Int64(digits), let factor = units[String(unit)] else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }
}

extension Shape where Value == Int64 {
    package static var bytes: Shape<Int64> {
        Shape(expects: "a size such as 500000, 10MB or 2MiB") { text in
            Units.bytes(text).flatMap { $0 > 0 ? $0 : nil }
        }
    }
}

extension Shape where Value == TimeInterval {
    package static var duration: Shape<TimeInterval> {
        Shape(expects: "a duration such as 10s, 5m, 24h or 14d", parse: Units.duration)
    }

    /// Of colours.
    package static var difference: Shape<Double> {
        Shape(expects: "a CIEDE2000 difference from 0.1 to 100, such as 3") { text in
            Units.decimal(text).flatMap { (0.1...100).contains($0) ? $0 : nil }
        }
    }

    /// Between 0 and 1.
    package static var share: Shape<Double> {
        Shape(expects: "a share such as 10%", parse: Units.share)
    }
}

extension Shape where Value == SizeRange {
    /// `1000x1000..2000x2000`, or one size for both ends.
    package static var sizes: Shape<SizeRange> {
        Shape(expects: "a size such as 1000x1000 or 1000x1000..2000x2000, small end first") {
            text in
            guard let range = Units.range(text, of: Units.size),
                range.low.width <= range.high.width, range.low.height <= range.high.height
            else { return nil }
            return SizeRange(min: range.low, max: range.high)
        }
    }
}

extension Shape where Value == PixelSize {
    package static var size: Shape<PixelSize> {
        Shape(expects: "a size such as 1000x1000", parse: Units.size)
    }
}
