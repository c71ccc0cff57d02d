import Foundation

/// What clothes are made of: a colour, threads, and how it falls.
struct Cloth: Sendable {
    enum Kind: CaseIterable, Sendable {
        case jersey, knit, rib, denim, linen, leather, satin, stripes, check, floral
    }

    var kind: Kind
    var color: Light
    /// Of stripes, checks and flowers.
    var second = rgb(0xF2EFE8)
    /// Moves folds and flecks.
    var shift = Point.zero

    var finish: Finish {
        switch kind {
        case .leather: .leather
        case .satin: Finish(shine: 0.22, gloss: 9)
        default: .cloth
        }
    }

    func light(_ place: Point) -> Light {
        let worn = 0.93 + 0.12 * Texture.clouds(place * 5 + shift)
        switch kind {
        case .jersey: return color * (worn * Texture.knit(place, stitches: 150))
        case .knit:
            let fuzz = 0.88 + 0.24 * Texture.noise(place * 260)
            return color * (worn * fuzz * Texture.knit(place, stitches: 48) * 1.02)
        case .rib: return color * (worn * (0.86 + 0.14 * sinf(place.x * 170)))
        case .denim: return denim(place)
        case .linen:
            let slub = 0.92 + 0.16 * Texture.noise(place * Point(22, 240))
            return color * (worn * slub * Texture.weave(place, threads: 130))
        case .leather: return color * (0.82 + 0.36 * Texture.clouds(place * 70, octaves: 2))
        case .satin: return color * worn
        case .stripes: return pick(sinf(place.y * 62) > 0.1) * (worn * jersey(place))
        case .check:
            let lines = (sinf(place.x * 74) > 0.55 ? 1 : 0) + (sinf(place.y * 74) > 0.55 ? 1 : 0)
            return mix(color, second, Float(lines) * 0.45) * (worn * jersey(place))
        case .floral: return floral(place) * (worn * jersey(place))
        }
    }

    private func jersey(_ place: Point) -> Float { Texture.weave(place, threads: 170, depth: 0.1) }

    private func pick(_ isSecond: Bool) -> Light { isSecond ? second : color }

    private func denim(_ place: Point) -> Light {
        let twill = 0.88 + 0.2 * sinf((place.x + place.y * 1.5) * 640)
        let threads = Texture.noise(place * Point(190, 36)) * Texture.noise(place * Point(420, 420))
        let faded = smoothstep(0.35, 0.8, Texture.clouds(place * 3 + shift))
        return mix(color, rgb(0xB9C6D4), 0.5 * threads + 0.25 * faded) * twill
    }

    private func floral(_ place: Point) -> Light {
        let cell = Point((place.x * 17).rounded(.down), (place.y * 17).rounded(.down))
        let chance = Texture.hash(Int32(cell.x), Int32(cell.y))
        let middle = (cell + 0.5 + Point(chance - 0.5, 0.5 - chance) * 0.5) / 17
        let away = place - middle
        let petals = 0.019 * (0.7 + 0.3 * cosf(5 * atan2f(away.y, away.x) + chance * 9))
        guard chance > 0.3, length(away) < petals else { return color }
        return length(away) < 0.006 ? rgb(0xE0B040) : second
    }

    /// Folds in units: how it hangs, and where it pulls.
    func relief(_ place: Point) -> Float {
        let at = place + shift
        let stiff: Float = kind == .denim || kind == .leather ? 0.7 : 1
        let hang = 0.010 * sinf(15 * at.x + 3 * sinf(2.6 * at.y))
        let crumple = 0.030 * Texture.clouds(at * Point(6, 3.2), octaves: 3)
        let pull = 0.016 * Texture.clouds(Outline.rotated(at, 0.7) * Point(11, 2.4), octaves: 2)
        return (hang + crumple + pull) * stiff * (kind == .knit ? 0.6 : 1)
    }

    static func any(_ dice: inout Dice, pale: Bool = false) -> Cloth {
        let dark: [UInt32] = [
            0x23304A, 0x7A1F2B, 0x2F4B3A, 0x1B1B1E, 0xB5502C, 0x5B4A3C, 0x6C7A89, 0xC98A2B,
            0x3C6E8F, 0x8C3B5E, 0x44503A, 0xA62B2B,
        ]
        let soft: [UInt32] = [0xD8C9B2, 0xCFC6BC, 0xC9CDD2, 0xDCC7C2, 0xC7D0C4, 0xD6CDB8]
        let kinds: [Kind] =
            pale
            ? [.jersey, .knit, .linen, .rib, .satin]
            : [.jersey, .knit, .linen, .rib, .satin, .stripes, .check, .floral, .leather]
        return Cloth(
            kind: dice.one(of: kinds), color: rgb(dice.one(of: pale ? soft : dark)),
            second: rgb(dice.one(of: [0xF2EFE8, 0xD9C7A0, 0xE7D9D2])),
            shift: Point(dice.between(0, 9), dice.between(0, 9)))
    }

    static func denim(_ dice: inout Dice) -> Cloth {
        Cloth(
            kind: .denim, color: rgb(dice.one(of: [0x2B3F63, 0x1E2A40, 0x4C6890, 0x23262C])),
            shift: Point(dice.between(0, 9), dice.between(0, 9)))
    }
}
