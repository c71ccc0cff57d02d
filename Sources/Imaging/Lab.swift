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
    init?(_ profile: Data? = nil) {
        let opened =
            profile.map {
                $0.withUnsafeBytes { cmsOpenProfileFromMem($0.baseAddress, UInt32($0.count)) }
            }
            ?? cmsCreate_sRGBProfile()
        guard let opened else { return nil }
        defer { cmsCloseProfile(opened) }
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
