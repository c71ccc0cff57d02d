private import CVips
import Foundation
import Model

/// From the painted sRGB picture to the colours a recipe wants in the file.
enum OutputSpace {
    /// The printing profile to embed; nil for sRGB and grey, which need none.
    /// - Throws: `unsupported` for inks without a name, `color` for a profile that is not there.
    static func profile(of recipe: Recipe) throws(Refusal) -> Data? {
        guard recipe.color == .cmyk else { return nil }
        guard let inks = recipe.inks else {
            throw Refusal(
                .unsupported, "the profile says 'cmyk' and not for which inks: add 'inks: …'")
        }
        return try NamedProfile(inks).bytes(for: "CMYK")
    }

    static func convert(_ picture: Picture, for recipe: Recipe) throws(Refusal) -> Picture {
        switch recipe.color {
        case .srgb: return try picture.bare()
        case .gray:
            return try picture.converted(to: VIPS_INTERPRETATION_B_W).in8Bit().bare()
        case .cmyk:
            guard let inks = recipe.inks, !picture.hasAlpha else {
                throw Refusal(
                    .unsupported,
                    "printing colours cannot be transparent: name the background's colour")
            }
            return try picture.toProfile(NamedProfile(inks).location(for: "CMYK")).bare()
        }
    }
}

extension Recipe {
    /// Whether the finished file can be transparent at all.
    var keepsAlpha: Bool { format != .jpeg && color != .cmyk }
}
