import Foundation

/// What numbers look like, said without an ICC profile: where red, green, blue and white lie, and the
/// curve from numbers to light.
struct Colorimetry: Equatable {
    /// CIE 1931.
    struct Point: Equatable {
        var x: Double
        var y: Double

        init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }

        static let d65 = Point(0.3127, 0.3290)
    }

    struct Primaries: Equatable {
        var red: Point
        var green: Point
        var blue: Point
        var white = Point.d65

        static let srgb = Primaries(
            red: Point(0.64, 0.33), green: Point(0.30, 0.60), blue: Point(0.15, 0.06))
    }

    /// Light of a number, both 0 to 1: (`a` n + `b`) to the power of `exponent` from `start` on, and
    /// `slope` n below it.
    struct Curve: Equatable {
        var exponent: Double
        var a = 1.0
        var b = 0.0
        var slope = 0.0
        var start = 0.0

        /// IEC 61966-2-1.
        static let srgb = Curve(
            exponent: 2.4, a: 1 / 1.055, b: 0.055 / 1.055, slope: 1 / 12.92, start: 0.04045)

        func light(_ number: Double) -> Double {
            number < start ? slope * number : pow(max(0, a * number + b), exponent)
        }
    }

    var primaries: Primaries
    var curve: Curve

    /// It says sRGB, in other words perhaps, and no more than a level of 255 beside it.
    var isSRGB: Bool { hasUsualPrimaries && hasUsualCurve }

    /// What rounding to three or four digits does, and less than an eye could see.
    private var hasUsualPrimaries: Bool {
        let usual = Primaries.srgb
        return zip(primaries.points, usual.points).allSatisfy {
            abs($0.x - $1.x) <= 0.002 && abs($0.y - $1.y) <= 0.002
        }
    }

    /// A power of 2.2 is how a PNG says sRGB's curve (third edition, 13.1.2 and 11.3.2.2), give or
    /// take a hundredth: 0.45 is meant so too.
    var hasUsualCurve: Bool {
        curve == .srgb
            || curve.slope == 0 && curve.b == 0 && abs(curve.exponent / 2.2 - 1) <= 0.012
    }

    /// Three colours that mix to white; what is none of that, nobody follows.
    var isSound: Bool {
        guard primaries.points.allSatisfy({ abs($0.x) <= 2 && $0.y > 0.00001 && $0.y <= 2 }),
            (0.1...10).contains(curve.exponent)
        else { return false }
        let (red, green, blue) = (primaries.red, primaries.green, primaries.blue)
        let area =
            (green.x - red.x) * (blue.y - red.y) - (blue.x - red.x) * (green.y - red.y)
        return abs(area) > 0.001
    }
}

extension Colorimetry.Primaries {
    fileprivate var points: [Colorimetry.Point] { [white, red, green, blue] }
}
