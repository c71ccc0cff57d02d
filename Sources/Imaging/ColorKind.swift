import CVips
import Model

/// What the channels of a picture are, transparency set aside.
enum ColorKind: String {
    case gray = "grey"
    case rgb = "RGB"
    case cmyk = "CMYK"
    case lab = "Lab"

    /// As ICC profiles name it.
    var signature: String {
        switch self {
        case .gray: "GRAY"
        case .rgb: "RGB"
        case .cmyk: "CMYK"
        case .lab: "Lab"
        }
    }

    /// - Parameter picture: without transparency.
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
                    + " of \(8 * picture.bytesPerBand) bits: export it as sRGB with 8 or 16 bits")
        }
    }

    /// Whether a profile for such colours says what these channels look like. Grey is a colour of
    /// equal red, green and blue: programs that turn a picture grey often leave its profile.
    func takes(_ signature: String) -> Bool {
        signature == self.signature || self == .gray && signature == ColorKind.rgb.signature
    }

    func named(by assume: Assumption?) -> String? {
        switch self {
        case .rgb: assume?.rgb
        case .cmyk: assume?.cmyk
        // Grey has no colours to be wrong about, Lab means what it says.
        case .gray, .lab: nil
        }
    }
}
