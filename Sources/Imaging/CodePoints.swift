import Foundation

/// ITU-T H.273: numbers that stand for primaries and curves, in PNG's cICP and in the boxes of AVIF.
struct CodePoints: Equatable {
    let primaries: Int
    let transfer: Int

    /// Two that stand for light itself and not for what a screen shows: PQ and HLG.
    private static let highRange = [16: "PQ", 18: "HLG"]
    private static let unspecified = 2
    /// BT.709's curve and its equals.
    private static let video: Set<Int> = [1, 6, 11, 12, 14, 15]

    var isUnspecified: Bool {
        primaries == Self.unspecified && transfer == Self.unspecified
    }

    /// Nil for an ordinary picture.
    var highRangeName: String? {
        Self.highRange[transfer].map { curve in
            primaries == Self.unspecified ? curve : "\(curve), \(name(ofPrimaries: primaries))"
        }
    }

    /// Nil for numbers that stand for nothing, or for nothing we follow. What is not specified is
    /// as on the web.
    var colorimetry: Colorimetry? {
        guard let primaries = Self.primaries(primaries), let curve = Self.curve(transfer) else {
            return nil
        }
        // BT.709 with its own curve is what video programs write on pictures drawn as sRGB, and
        // every browser shows it so: undoing the camera's curve would brighten them by 14 levels.
        let isVideo = primaries == .srgb && Self.video.contains(transfer)
        return Colorimetry(primaries: primaries, curve: isVideo ? .srgb : curve)
    }

    /// For people.
    var name: String {
        let colors = name(ofPrimaries: primaries)
        switch transfer {
        case 13, Self.unspecified: return colors == "BT.709" ? "sRGB" : colors
        case 8: return "\(colors), linear"
        default: return "\(colors), curve \(transfer)"
        }
    }

    private func name(ofPrimaries code: Int) -> String {
        switch code {
        case 1, Self.unspecified: "BT.709"
        case 9: "BT.2020"
        case 11: "DCI-P3"
        case 12: "Display P3"
        default: "primaries \(code)"
        }
    }

    /// Table 2.
    private static func primaries(_ code: Int) -> Colorimetry.Primaries? {
        func made(
            _ red: (Double, Double), _ green: (Double, Double), _ blue: (Double, Double),
            white: (Double, Double) = (0.3127, 0.3290)
        ) -> Colorimetry.Primaries {
            .init(
                red: .init(red.0, red.1), green: .init(green.0, green.1),
                blue: .init(blue.0, blue.1), white: .init(white.0, white.1))
        }
        let (illuminantC, cinema) = ((0.310, 0.316), (0.314, 0.351))
        switch code {
        case 1, unspecified: return .srgb
        case 4: return made((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), white: illuminantC)
        case 5: return made((0.64, 0.33), (0.29, 0.60), (0.15, 0.06))
        case 6, 7: return made((0.630, 0.340), (0.310, 0.595), (0.155, 0.070))
        case 8: return made((0.681, 0.319), (0.243, 0.692), (0.145, 0.049), white: illuminantC)
        case 9: return made((0.708, 0.292), (0.170, 0.797), (0.131, 0.046))
        case 11: return made((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), white: cinema)
        case 12: return made((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
        case 22: return made((0.630, 0.340), (0.295, 0.605), (0.155, 0.077))
        default: return nil
        }
    }

    /// Table 3. Logarithms and the cinema's curve are left out: nobody exports stills so.
    private static func curve(_ code: Int) -> Colorimetry.Curve? {
        /// As cameras encode: `high` times light to the power of 0.45, less what is over 1.
        func camera(_ high: Double, _ slope: Double, _ start: Double) -> Colorimetry.Curve {
            .init(
                exponent: 1 / 0.45, a: 1 / high, b: (high - 1) / high, slope: 1 / slope,
                start: start)
        }
        switch code {
        case unspecified, 13: return .srgb
        case _ where video.contains(code): return camera(1.09929682680944, 4.5, 0.0812428582986315)
        case 4: return .init(exponent: 2.2)
        case 5: return .init(exponent: 2.8)
        case 7: return camera(1.11157219592173, 4, 0.0912863421177)
        case 8: return .init(exponent: 1)
        default: return nil
        }
    }
}
