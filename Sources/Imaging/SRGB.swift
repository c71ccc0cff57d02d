private import CVips
import Foundation
import Model

/// Brings any picture whose colours are defined to 8-bit sRGB, and guesses none.
enum SRGB {
    /// Transparency is set aside first and comes back as it was: conversions are about colour.
    /// - Parameter assume: what numbers mean that do not say it themselves.
    static func convert(
        _ picture: Picture, assuming assume: Assumption? = nil
    ) throws(Refusal) -> Picture {
        guard picture.hasAlpha else { return try colors(of: picture, assume) }
        let count = picture.bands - 1
        let alpha = try picture.bands(count..<count + 1).in8Bit()
        return try colors(of: picture.bands(0..<count), assume).joined(alpha)
    }

    private static func colors(
        of picture: Picture, _ assume: Assumption?
    ) throws(Refusal) -> Picture {
        let kind = try Kind(of: picture)
        if let profile = picture.profile {
            try check(profile, kind)
            return try picture.fromProfile()
        }
        if let name = kind.named(by: assume) {
            let location = try NamedProfile(name).location(for: kind.signature)
            return try picture.fromProfile(location)
        }
        if kind == .rgb, picture.claimsAdobeRGB {
            throw Refusal(
                .color,
                "the picture says that it is Adobe RGB and has no colour profile, so that its colours"
                    + " would come out dull: embed the profile, export it as sRGB, or name an"
                    + " installed one in the channel's profile: 'assume: {rgb: NAME.icc}'")
        }
        switch kind {
        // Colours that say nothing of themselves are sRGB, as on the web.
        case .gray, .rgb, .lab:
            return try picture.converted(to: VIPS_INTERPRETATION_sRGB).in8Bit()
        case .cmyk:
            throw Refusal(
                .color,
                "the picture is CMYK without a colour profile, so nobody knows what its inks look"
                    + " like: export it as sRGB, embed the printing profile, or say which in the"
                    + " channel's profile: 'assume: {cmyk: …}'")
        }
    }

    /// A profile for other inks than the picture has is ignored by most programs, which then show
    /// colours nobody chose.
    private static func check(_ profile: Data, _ kind: Kind) throws(Refusal) {
        // The colour space's signature: ICC.1, 7.2, bytes 16 to 19 of the header.
        let signature = String(
            decoding: profile.dropFirst(16).prefix(4).prefix { $0 > 32 && $0 < 127 },
            as: UTF8.self)
        // libvips would take its numbers for sRGB.
        let isOther =
            ["RGB", "CMYK", "GRAY", "Lab"].contains(signature) && signature != kind.signature
        guard isOther || ColorProfile(profile).isGenuine else {
            throw Refusal(
                .color,
                "the picture's colour profile is damaged, so nobody knows what its colours look"
                    + " like: export it again with a whole one, or as sRGB")
        }
        guard signature != kind.signature else { return }
        throw Refusal(
            .color,
            "the picture is \(kind.rawValue) but its embedded colour profile is for"
                + " '\(signature)': export it again with the right profile, or as sRGB")
    }

    /// What the numbers of a picture mean; nil for sRGB and what else needs no profile.
    static func profile(
        of picture: Picture, assuming assume: Assumption?
    ) throws(Refusal) -> Data? {
        if let profile = picture.profile { return profile }
        let colors = try picture.bands(0..<picture.bands - (picture.hasAlpha ? 1 : 0))
        let kind = try Kind(of: colors)
        guard let name = kind.named(by: assume) else { return nil }
        return try NamedProfile(name).bytes(for: kind.signature)
    }

    /// Whether a profile for such colours goes with the picture's channels.
    static func takes(_ signature: String, _ picture: Picture) -> Bool {
        let count = picture.bands - (picture.hasAlpha ? 1 : 0)
        guard let colors = try? picture.bands(0..<count), let kind = try? Kind(of: colors) else {
            return false
        }
        return kind.signature == signature
    }

    private enum Kind: String {
        case gray = "grey"
        case rgb = "RGB"
        case cmyk = "CMYK"
        case lab = "Lab"

        var signature: String {
            switch self {
            case .gray: "GRAY"
            case .rgb: "RGB"
            case .cmyk: "CMYK"
            case .lab: "Lab"
            }
        }

        func named(by assume: Assumption?) -> String? {
            switch self {
            case .rgb: assume?.rgb
            case .cmyk: assume?.cmyk
            // Grey has no colours to be wrong about, Lab means what it says.
            case .gray, .lab: nil
            }
        }

        init(of picture: Picture) throws(Refusal) {
            switch (picture.space, picture.bands, picture.bytesPerBand) {
            case (VIPS_INTERPRETATION_B_W, 1, 1), (VIPS_INTERPRETATION_GREY16, 1, 2): self = .gray
            case (VIPS_INTERPRETATION_sRGB, 3, 1), (VIPS_INTERPRETATION_RGB16, 3, 2): self = .rgb
            case (VIPS_INTERPRETATION_CMYK, 4, 1...2): self = .cmyk
            case (VIPS_INTERPRETATION_LAB, 3, _), (VIPS_INTERPRETATION_LABS, 3, _),
                (VIPS_INTERPRETATION_LABQ, 4, 1):
                self = .lab
            default:
                throw Refusal(
                    .color,
                    "the picture's colours are '\(picture.spaceName)' in \(picture.bands) channels"
                        + " of \(8 * picture.bytesPerBand) bits: export it as sRGB with 8 or 16 bits"
                )
            }
        }
    }
}
