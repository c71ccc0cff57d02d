import Foundation
import Model

/// What a file itself says its colours are, read from its own parts before any library does: libvips
/// 8.14 passes over all that is no ICC profile, and libpng drops a damaged profile without a word,
/// so that its picture looks like one that says nothing. Foreign bytes, read within bounds.
enum ColorStatement: Equatable {
    /// Nothing, or nothing that could be read; for formats that can say it in a profile only, what
    /// the decoder hands over counts.
    case nothing
    case srgb(by: String)
    case described(Colorimetry, name: String, by: String)
    /// The profile's bytes, as far as they are there; nil where they are the decoder's business.
    case profile(Data?)
    /// No display shows numbers as these are meant; the name says why.
    case highRange(name: String, by: String)
    /// By numbers that stand for nothing we know.
    case unknown(name: String, by: String)

    /// The largest printing profiles have 3 MB.
    static let profileLimit = 16 << 20

    /// - Parameter bytes: the whole file.
    static func read(_ bytes: Data, _ format: ImageFormat) -> ColorStatement {
        let block = Block(bytes)
        switch format {
        case .png: return PNGColors(block).statement
        case .avif, .heic: return BoxColors(block).statement
        case .jpeg: return ProfilePlace.isInJPEG(block) ? .profile(nil) : .nothing
        case .webp: return ProfilePlace.inWebP(block).map { .profile($0.bytes) } ?? .nothing
        case .tiff: return ProfilePlace.isInTIFF(block) ? .profile(nil) : .nothing
        case .gif: return .nothing
        }
    }

    /// - Parameter by: the part of the file that says so.
    init(_ codes: CodePoints, by part: String) {
        if let name = codes.highRangeName {
            self = .highRange(name: name, by: part)
        } else if let colorimetry = codes.colorimetry {
            self = Self.told(colorimetry, name: codes.name, by: part)
        } else {
            self = .unknown(name: "\(codes.primaries), \(codes.transfer)", by: part)
        }
    }

    static func told(
        _ colorimetry: Colorimetry, name: String, by part: String
    ) -> ColorStatement {
        colorimetry.isSRGB ? .srgb(by: part) : .described(colorimetry, name: name, by: part)
    }

    /// False for numbers that stand for nothing: another way of saying it may tell more.
    var isFollowed: Bool {
        if case .unknown = self { false } else { true }
    }

    /// For people; nil where a profile says it, or nothing does.
    var inWords: String? {
        switch self {
        case .nothing, .profile: nil
        case .srgb(let part): "sRGB (\(part))"
        case .described(_, let name, let part): "\(name) (\(part))"
        case .highRange(let name, let part): "HDR: \(name) (\(part))"
        case .unknown(let name, let part): "unknown: \(name) (\(part))"
        }
    }

    static func isHDR(_ name: String) -> Refusal {
        Refusal(
            .color,
            "the picture is HDR (\(name)), which shops and print show grey and flat: export it as SDR,"
                + " sRGB")
    }

    /// Why its colours cannot be brought to sRGB; nil where they can.
    var refusal: Refusal? {
        switch self {
        case .nothing, .srgb, .described, .profile: nil
        case .highRange(let name, _): Self.isHDR(name)
        case .unknown(let name, let part):
            Refusal(
                .color,
                "the picture says what its colours are in a way that cannot be followed (\(part):"
                    + " \(name)): export it as sRGB")
        }
    }
}
