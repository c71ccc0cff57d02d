import CLCMS
import Foundation

/// CIELAB, white of D50.
typealias Lab = cmsCIELab

extension cmsCIELab {
    init(_ lightness: Double, _ a: Double, _ b: Double) { self.init(L: lightness, a: a, b: b) }

    /// CIEDE2000: 1 is just noticeable.
    func difference(to other: Lab) -> Double {
        var (one, two) = (self, other)
        return cmsCIE2000DeltaE(&one, &two, 1, 1, 1)
    }
}

/// What the numbers of a picture look like. Nothing is cut off that a screen could not show.
final class LabTransform {
    private let transform: cmsHTRANSFORM
    private let channels: Int
    private let isInk: Bool

    deinit { cmsDeleteTransform(transform) }

    /// - Parameter profile: ICC; nil for sRGB. There is none for profiles of other colours than grey,
    ///   RGB and CMYK, nor for broken ones.
    convenience init?(_ profile: Data? = nil) {
        let opened =
            profile.map {
                $0.withUnsafeBytes { cmsOpenProfileFromMem($0.baseAddress, UInt32($0.count)) }
            }
            ?? cmsCreate_sRGBProfile()
        guard let opened else { return nil }
        defer { cmsCloseProfile(opened) }
        self.init(of: opened)
    }

    private init?(of opened: cmsHPROFILE) {
        guard let transform = sluice_lcms_to_lab(opened) else { return nil }
        self.transform = transform
        isInk = cmsGetColorSpace(opened) == cmsSigCmykData
        channels = Int(cmsChannelsOf(cmsGetColorSpace(opened)))
    }

    /// - Parameter means: 0 to 255, as many bands a pixel as `bands`; those beyond the profile's are
    ///   not looked at, and grey stands for all three of RGB.
    /// - Returns: nil where the profile has more channels than the pixels.
    func lab(of means: [Float], bands: Int) -> [Lab]? {
        let spread = bands < 3 && channels == 3
        guard spread || bands >= channels else { return nil }
        let scale: Float = (isInk ? 100 : 1) / 255
        var numbers: [Float] = []
        for start in stride(from: 0, to: means.count, by: bands) {
            for channel in 0..<channels {
                numbers.append(means[start + (spread ? 0 : channel)] * scale)
            }
        }
        var found = [Lab](repeating: Lab(0, 0, 0), count: means.count / bands)
        cmsDoTransform(transform, numbers, &found, UInt32(found.count))
        return found
    }
}

extension LabTransform {
    /// For profiles whose numbers are those of light itself, or nearly: the curve they have, and a
    /// transform for the same colours told by sRGB's curve. Nil for others.
    static func straightened(
        _ profile: Data
    ) -> (light: (_ number: Double) -> Double, lab: LabTransform)? {
        let opened = profile.withUnsafeBytes {
            cmsOpenProfileFromMem($0.baseAddress, UInt32($0.count))
        }
        guard let opened else { return nil }
        defer { cmsCloseProfile(opened) }
        let isGray = cmsGetColorSpace(opened) == cmsSigGrayData
        let tags =
            isGray
            ? [cmsSigGrayTRCTag]
            : [cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag]
        guard isGray || cmsIsMatrixShaper(opened) != 0,
            let curve = commonCurve(of: tags, in: opened), curve[128] > 0.3
        else { return nil }
        let numbers = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045]
        guard let usual = cmsBuildParametricToneCurve(nil, 4, numbers) else { return nil }
        defer { cmsFreeToneCurve(usual) }
        for tag in tags {
            guard cmsWriteTag(opened, tag, UnsafeRawPointer(usual)) != 0 else { return nil }
        }
        guard let lab = LabTransform(of: opened) else { return nil }
        return ({ curve.value(at: $0 * 255) }, lab)
    }

    /// At 256 numbers; nil where the channels differ.
    private static func commonCurve(
        of tags: [cmsTagSignature], in profile: cmsHPROFILE
    ) -> [Double]? {
        let curves = tags.compactMap { tag in
            cmsReadTag(profile, tag).map { curve in
                (0...255).map {
                    Double(cmsEvalToneCurveFloat(OpaquePointer(curve), Float($0) / 255))
                }
            }
        }
        guard curves.count == tags.count, let first = curves.first else { return nil }
        let isCommon = curves.allSatisfy { curve in
            zip(curve, first).allSatisfy { abs($0 - $1) < 0.002 }
        }
        return isCommon ? first : nil
    }
}

extension [Double] {
    /// Between two of them by a straight line.
    fileprivate func value(at place: Double) -> Double {
        let low = Swift.min(Swift.max(Int(place), 0), count - 2)
        return self[low] + (self[low + 1] - self[low]) * (place - Double(low))
    }
}
