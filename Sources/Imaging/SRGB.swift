private import CVips
import Foundation
import Model

/// Brings any picture whose colours are defined to 8-bit sRGB, and guesses none.
enum SRGB {
    /// Transparency is set aside first and comes back as it was: conversions are about colour.
    /// - Parameters:
    ///   - said: by the file, outside of the picture's profile.
    ///   - assume: what numbers mean that do not say it themselves.
    static func convert(
        _ picture: Picture, said: ColorStatement, assuming assume: Assumption? = nil
    ) throws(Refusal) -> Picture {
        let (colors, alpha) = try picture.split()
        let converted = try convert(colors, ColorMeaning(of: colors, said: said, assuming: assume))
        return try alpha.map { (alpha) throws(Refusal) in
            try converted.joined(alpha.in8Bit())
        } ?? converted
    }

    private static func convert(
        _ colors: Picture, _ meaning: ColorMeaning
    ) throws(Refusal) -> Picture {
        switch meaning {
        case .itself: return try colors.converted(to: VIPS_INTERPRETATION_sRGB).in8Bit()
        case .profile, .described: return try colors.told(meaning).fromProfile()
        }
    }

    /// Whether a profile for such colours goes with the picture's channels.
    static func takes(_ signature: String, _ picture: Picture) -> Bool {
        guard let colors = try? picture.split().colors, let kind = try? ColorKind(of: colors) else {
            return false
        }
        return kind.takes(signature)
    }
}

extension Picture {
    /// With a profile that says what its numbers mean.
    func told(_ meaning: ColorMeaning) throws(Refusal) -> Picture {
        switch meaning {
        case .itself: return self
        case .profile(let profile):
            let isSpread = bands == 1 && ColorProfile(profile).space == ColorKind.rgb.signature
            return try (isSpread ? spread() : self).profiled(profile)
        case .described(let colorimetry):
            return try profiled(colorimetry.profile(isGray: bands == 1))
        }
    }

    /// Its colours, and its transparency where it has one.
    func split() throws(Refusal) -> (colors: Picture, alpha: Picture?) {
        guard hasAlpha else { return (self, nil) }
        let count = bands - 1
        return (try bands(0..<count), try bands(count..<count + 1))
    }
}
