private import CZlib
import Foundation

/// What the chunks of a PNG before its pixels say of colours; PNG, third edition, 11.3.2. Where
/// several do, the order of 4.3 decides: cICP, iCCP, sRGB, gAMA with cHRM.
struct PNGColors {
    private static let signature = 8
    /// Chunks looked at: a file has a dozen.
    private static let most = 10_000

    private var codes: Block?
    private var profile: Block?
    private var isSRGB = false
    private var gamma: Block?
    private var points: Block?

    init(_ file: Block) {
        var place = Self.signature
        for _ in 0..<Self.most {
            guard let length = file.number(at: place, bytes: 4),
                let name = file.part(place + 4, 4), !name.has(Array("IDAT".utf8), at: 0)
            else { return }
            // What is there of a chunk that is cut off: whether it is enough shows below.
            let body = file.part(place + 8, min(length, max(0, file.count - place - 8)))
            take(String(decoding: name.bytes, as: UTF8.self), body)
            place += 12 + length
        }
    }

    /// The first of a kind counts, as for libpng.
    private mutating func take(_ name: String, _ body: Block?) {
        switch name {
        case "cICP": codes = codes ?? body
        case "iCCP": profile = profile ?? body
        case "sRGB": isSRGB = isSRGB || body?.count == 1
        case "gAMA": gamma = gamma ?? body
        case "cHRM": points = points ?? body
        default: break
        }
    }

    var statement: ColorStatement {
        let codes = saidByCodes
        if let codes, codes.isFollowed || profile == nil { return codes }
        if let profile { return .profile(Self.unpacked(profile)) }
        if isSRGB { return .srgb(by: "sRGB") }
        return saidByGamma
    }

    private var saidByCodes: ColorStatement? {
        guard let codes, codes.count == 4, let primaries = codes[0], let transfer = codes[1]
        else { return nil }
        let said = CodePoints(primaries: Int(primaries), transfer: Int(transfer))
        guard !said.isUnspecified else { return nil }
        // Red, green and blue from 0 to the top is all that a PNG's pixels are; video's range of 16
        // to 235 is allowed and nobody expands it.
        guard codes[2] == 0, codes[3] == 1 else {
            return .unknown(name: "not RGB of the full range", by: "cICP")
        }
        return ColorStatement(said, by: "cICP")
    }

    /// A name, a zero, the method, a zlib stream. Empty where nothing can be unpacked.
    private static func unpacked(_ chunk: Block) -> Data {
        let longestName = 79
        guard let end = (0...longestName).first(where: { chunk[$0] == 0 }), chunk[end + 1] == 0,
            let packed = chunk.part(end + 2, chunk.count - end - 2)
        else { return Data() }
        let limit = ColorStatement.profileLimit
        var profile = Data(count: limit)
        let count = packed.bytes.withUnsafeBytes { from in
            profile.withUnsafeMutableBytes { to in
                sluice_zlib_unpack(
                    from.bindMemory(to: UInt8.self).baseAddress, from.count,
                    to.bindMemory(to: UInt8.self).baseAddress, limit)
            }
        }
        return Data(profile.prefix(count))
    }

    /// Whole numbers of 1/100000. What says nothing that could be is passed over, as by everyone.
    private var saidByGamma: ColorStatement {
        let gamma = gamma.flatMap { $0.count == 4 ? $0.number(at: 0, bytes: 4) : nil } ?? 0
        let curve = gamma == 0 ? nil : Colorimetry.Curve(exponent: 100_000 / Double(gamma))
        let primaries = chromaticities
        guard curve != nil || primaries != nil else { return .nothing }
        let told = Colorimetry(primaries: primaries ?? .srgb, curve: curve ?? .srgb)
        guard told.isSound else { return .nothing }
        let parts = [curve.map { _ in "gAMA" }, primaries.map { _ in "cHRM" }].compactMap(\.self)
        return .told(told, name: name(told), by: parts.joined(separator: ", "))
    }

    private func name(_ told: Colorimetry) -> String {
        let curve =
            told.hasUsualCurve ? nil : "gamma \((told.curve.exponent * 100).rounded() / 100)"
        let (red, green, blue) = (
            told.primaries.red, told.primaries.green, told.primaries.blue
        )
        let colors =
            told.primaries == .srgb
            ? nil
            : "primaries \(red.x) \(red.y), \(green.x) \(green.y), \(blue.x) \(blue.y)"
        return [curve, colors].compactMap(\.self).joined(separator: ", ")
    }

    /// White, red, green, blue: x and y of each.
    private var chromaticities: Colorimetry.Primaries? {
        guard let points, points.count == 32 else { return nil }
        let numbers = (0..<8).compactMap { points.number(at: 4 * $0, bytes: 4) }
            .map { Double($0) / 100_000 }
        guard numbers.count == 8 else { return nil }
        func point(_ index: Int) -> Colorimetry.Point {
            .init(numbers[2 * index], numbers[2 * index + 1])
        }
        let found = Colorimetry.Primaries(
            red: point(1), green: point(2), blue: point(3), white: point(0))
        return Colorimetry(primaries: found, curve: .srgb).isSound ? found : nil
    }
}
