import Foundation
import Model

/// What the numbers of a picture mean, after all that says so was heard.
enum ColorMeaning {
    /// sRGB, or its equal in grey, or Lab, which means what it says.
    case itself
    case profile(Data)
    case described(Colorimetry)

    /// - Parameters:
    ///   - picture: without transparency.
    ///   - said: by the file, outside of the picture's profile.
    ///   - assume: what numbers mean that do not say it themselves.
    /// - Throws: `color` where nothing tells, or what tells cannot be followed.
    init(
        of picture: Picture, said: ColorStatement, assuming assume: Assumption?
    ) throws(Refusal) {
        if let refusal = said.refusal { throw refusal }
        let kind = try ColorKind(of: picture)
        switch said {
        case .profile(let bytes):
            // There is one: that the decoder has none means that it did not like it.
            self = .profile(try Self.checked(bytes ?? picture.profile ?? Data(), kind))
        case .described(let colorimetry, _, _) where kind == .rgb || kind == .gray:
            let isPlain = kind == .gray && colorimetry.hasUsualCurve
            self = isPlain ? .itself : .described(colorimetry)
        case .srgb where kind == .rgb || kind == .gray: self = .itself
        default: self = try Self.unsaid(picture, kind, assume)
        }
    }

    private static func unsaid(
        _ picture: Picture, _ kind: ColorKind, _ assume: Assumption?
    ) throws(Refusal) -> ColorMeaning {
        if let profile = picture.profile { return .profile(try checked(profile, kind)) }
        if let name = kind.named(by: assume) {
            return .profile(try NamedProfile(name).bytes(for: kind.signature))
        }
        if kind == .rgb, picture.claimsAdobeRGB {
            throw Refusal(
                .color,
                "the picture says that it is Adobe RGB and has no colour profile, so that its colours"
                    + " would come out dull: embed the profile, export it as sRGB, or name an"
                    + " installed one in the channel's profile: 'assume: {rgb: NAME.icc}'")
        }
        guard kind == .cmyk else { return .itself }
        throw Refusal(
            .color,
            "the picture is CMYK without a colour profile, so nobody knows what its inks look"
                + " like: export it as sRGB, embed the printing profile, or say which in the"
                + " channel's profile: 'assume: {cmyk: …}'")
    }

    private static var damaged: Refusal {
        Refusal(
            .color,
            "the picture's colour profile is damaged, so nobody knows what its colours look"
                + " like: export it again with a whole one, or as sRGB")
    }

    /// A profile for other inks than the picture has is ignored by most programs, which then show
    /// colours nobody chose.
    private static func checked(_ bytes: Data, _ kind: ColorKind) throws(Refusal) -> Data {
        let profile = ColorProfile(bytes)
        // libvips would take its numbers for sRGB.
        let isOther =
            ["RGB", "CMYK", "GRAY", "Lab"].contains(profile.space) && !kind.takes(profile.space)
        guard isOther || profile.isGenuine else { throw damaged }
        if let name = profile.codes?.highRangeName { throw ColorStatement.isHDR(name) }
        guard !kind.takes(profile.space) else { return bytes }
        throw Refusal(
            .color,
            "the picture is \(kind.rawValue) but its embedded colour profile is for"
                + " '\(profile.space)': export it again with the right profile, or as sRGB")
    }
}
