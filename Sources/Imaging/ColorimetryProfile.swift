import CLCMS
import Foundation
import Model

extension Colorimetry {
    /// An ICC profile that says the same, for what converts by profiles.
    /// - Parameter isGray: for pictures of one channel, which primaries say nothing about.
    func profile(isGray: Bool) throws(Refusal) -> Data {
        guard let curve = builtCurve else { throw unbuilt }
        defer { cmsFreeToneCurve(curve) }
        guard let profile = isGray ? grayProfile(curve) : rgbProfile(curve) else { throw unbuilt }
        defer { cmsCloseProfile(profile) }
        var count: UInt32 = 0
        guard cmsSaveProfileToMem(profile, nil, &count) != 0, count > 0 else { throw unbuilt }
        var bytes = Data(count: Int(count))
        let saved = bytes.withUnsafeMutableBytes {
            cmsSaveProfileToMem(profile, $0.baseAddress, &count)
        }
        guard saved != 0 else { throw unbuilt }
        return bytes
    }

    private func rgbProfile(_ curve: OpaquePointer) -> cmsHPROFILE? {
        var white = primaries.white.withLight
        var corners = cmsCIExyYTRIPLE(
            Red: primaries.red.withLight, Green: primaries.green.withLight,
            Blue: primaries.blue.withLight)
        var curves: [OpaquePointer?] = [curve, curve, curve]
        return cmsCreateRGBProfile(&white, &corners, &curves)
    }

    private func grayProfile(_ curve: OpaquePointer) -> cmsHPROFILE? {
        cmsCreateGrayProfile(cmsD50_xyY(), curve)
    }

    /// Little CMS' types 1 and 4 (ICC.1:2022, 10.18, 0 and 3).
    private var builtCurve: OpaquePointer? {
        let isPower = curve.a == 1 && curve.b == 0 && curve.start == 0
        let numbers =
            isPower
            ? [curve.exponent] : [curve.exponent, curve.a, curve.b, curve.slope, curve.start]
        return cmsBuildParametricToneCurve(nil, isPower ? 1 : 4, numbers)
    }

    private var unbuilt: Refusal {
        Refusal(
            .color,
            "the picture says what its colours are in a way that cannot be followed: export it as"
                + " sRGB")
    }
}

extension Colorimetry.Point {
    fileprivate var withLight: cmsCIExyY { cmsCIExyY(x: x, y: y, Y: 1) }
}
