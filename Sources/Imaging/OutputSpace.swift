private import CVips
import Foundation
import Model

/// From the painted sRGB picture to the colours a recipe wants in the file.
enum OutputSpace {
    /// The printing profile to embed; nil for sRGB and grey, which need none.
    /// - Throws: `unsupported` for inks without a name, `color` for a profile that is not there.
    static func profile(of recipe: Recipe) throws(Refusal) -> Data? {
        try inks(of: recipe)?.profile
    }

    static func inks(of recipe: Recipe) throws(Refusal) -> Inks? {
        guard recipe.color == .cmyk else { return nil }
        guard let inks = recipe.inks else {
            throw Refusal(
                .unsupported, "the profile says 'cmyk' and not for which inks: add 'inks: …'")
        }
        return try Inks(inks)
    }

    static func convert(_ picture: Picture, for recipe: Recipe) throws(Refusal) -> Picture {
        switch recipe.color {
        case .srgb: return try picture.bare()
        case .gray:
            return try picture.converted(to: VIPS_INTERPRETATION_B_W).in8Bit().bare()
        // Painted in these very inks.
        case .cmyk where picture.space == VIPS_INTERPRETATION_CMYK:
            return try picture.cut8Bit().bare()
        case .cmyk:
            guard let inks = recipe.inks, !picture.hasAlpha else {
                throw Refusal(
                    .unsupported,
                    "printing colours cannot be transparent: name the background's colour")
            }
            return try picture.fromSRGB(to: NamedProfile(inks).location(for: "CMYK")).bare()
        }
    }
}

extension Recipe {
    /// Whether the finished file can be transparent at all.
    var keepsAlpha: Bool { format != .jpeg && color != .cmyk }
}
