private import CVips
import Foundation
import Model

/// The inks that a recipe wants, and the way into them. A picture goes there from the colours it was
/// stored in, never by way of sRGB: that would cut off what a press can print and a screen cannot,
/// and separate anew what somebody separated with care.
struct Inks {
    /// ICC, for CMYK.
    let profile: Data
    private let location: String

    init(_ name: String) throws(Refusal) {
        let named = try NamedProfile(name)
        location = try named.location(for: ColorKind.cmyk.signature)
        profile = try named.bytes(for: ColorKind.cmyk.signature)
    }

    /// In as many bits as it has. Numbers of these very inks stay what they are.
    func convert(
        _ picture: Picture, said: ColorStatement, assuming assume: Assumption?
    ) throws(Refusal) -> Picture {
        let (colors, alpha) = try picture.split()
        let meaning = try ColorMeaning(of: colors, said: said, assuming: assume)
        let inked = try convert(colors, meaning)
        return try alpha.map { (alpha) throws(Refusal) in try inked.joined(alpha) } ?? inked
    }

    private func convert(
        _ colors: Picture, _ meaning: ColorMeaning
    ) throws(Refusal) -> Picture {
        switch meaning {
        case .profile(profile) where colors.bands == 4: return colors
        case .itself:
            let isDeep = colors.bytesPerBand > 1
            let space = isDeep ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB
            return try colors.converted(to: space).fromSRGB(to: location, isDeep: isDeep)
        case .profile, .described:
            return try colors.told(meaning).fromProfile(to: location)
        }
    }

    /// The numbers of a colour in them, 0 to 255; paper that shows through has no ink at all.
    func numbers(of color: Color) throws(Refusal) -> [Double] {
        guard color != Color(red: 255, green: 255, blue: 255) else { return [0, 0, 0, 0] }
        let spot = try Picture.loaded { sluice_vips_spot($0, color.red, color.green, color.blue) }
            .fromSRGB(to: location, isDeep: true).inMemory()
        return try spot.cut8Bit().inMemory().withPixels { $0.map(Double.init) }
    }
}

extension Picture {
    /// Made opaque on such inks, where it is not.
    func flattened(onInks numbers: [Double]) throws(Refusal) -> Picture {
        guard hasAlpha else { return self }
        return try then { sluice_vips_flatten($0, $1, scaled(numbers), Int32(numbers.count)) }
    }

    /// As `placed(in:on:)`, around it such inks.
    func placed(in frame: Frame, onInks numbers: [Double]?) throws(Refusal) -> Picture {
        try placed(in: frame) { (part, place) throws(Refusal) in
            guard part.size != frame.size else { return part }
            return try part.then {
                sluice_vips_embed_inks(
                    $0, $1, Int32(place.x), Int32(place.y), Int32(frame.size.width),
                    Int32(frame.size.height), scaled(numbers ?? []), Int32(numbers?.count ?? 0))
            }
        }
    }

    private func scaled(_ numbers: [Double]) -> [Double] {
        numbers.map { bytesPerBand > 1 ? $0 * 257 : $0 }
    }

    /// 16 bits to the nearest of 8, where `in8Bit` takes the upper half.
    func cut8Bit() throws(Refusal) -> Picture {
        bytesPerBand > 1 ? try then(sluice_vips_round_to_8_bit) : self
    }
}
