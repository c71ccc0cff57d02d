import Foundation

/// Patterns that make a surface look like something: the same everywhere, for the same place.
enum Texture {
    static func hash(_ x: Int32, _ y: Int32) -> Float {
        var bits = UInt32(bitPattern: x) &* 0x9E37_79B1 ^ UInt32(bitPattern: y) &* 0x85EB_CA6B
        bits = (bits ^ bits >> 15) &* 0x2C1B_3C6D
        bits = (bits ^ bits >> 12) &* 0x297A_2D39
        return Float((bits ^ bits >> 15) >> 8) / Float(1 << 24)
    }

    /// Soft noise, 0 to 1.
    static func noise(_ place: Point) -> Float {
        let (column, row) = (place.x.rounded(.down), place.y.rounded(.down))
        let (x, y) = (Int32(column), Int32(row))
        let (right, down) = (smooth(place.x - column), smooth(place.y - row))
        let upper = hash(x, y) + (hash(x &+ 1, y) - hash(x, y)) * right
        let lower = hash(x, y &+ 1) + (hash(x &+ 1, y &+ 1) - hash(x, y &+ 1)) * right
        return upper + (lower - upper) * down
    }

    private static func smooth(_ t: Float) -> Float { t * t * (3 - 2 * t) }

    /// Noise of several sizes on top of each other, 0 to 1.
    static func clouds(_ place: Point, octaves: Int = 4) -> Float {
        var (sum, weight, at) = (Float(0), Float(0.5), place)
        for _ in 0..<octaves {
            sum += weight * noise(at)
            at = at * 2.03 + Point(17.3, 9.1)
            weight /= 2
        }
        return sum / (1 - weight * 2)
    }

    /// Plain weave: threads over and under; around 1.
    static func weave(_ place: Point, threads: Float, depth: Float = 0.16) -> Float {
        let at = place * threads
        let over = (Int(at.x.rounded(.down)) + Int(at.y.rounded(.down))) & 1 == 0
        let (x, y) = (at.x - at.x.rounded(.down) - 0.5, at.y - at.y.rounded(.down) - 0.5)
        let thread = over ? x : y
        return 1 + depth * (0.5 - 4 * thread * thread) + (over ? 0.02 : -0.02)
    }

    /// Knit: small v's in columns; around 1.
    static func knit(_ place: Point, stitches: Float) -> Float {
        let at = place * stitches
        let x = at.x - at.x.rounded(.down) - 0.5
        let y = at.y * 0.8 + abs(x) * 0.9
        let rise = y - y.rounded(.down) - 0.5
        return 1 + 0.10 * (0.5 - 4 * rise * rise) - 0.10 * smoothstep(0.38, 0.5, abs(x))
    }

    /// Boards cut along the grain: slow waves, fine fibres, a pore here and there.
    static func wood(_ place: Point, _ light: Light, _ dark: Light) -> Light {
        let bent = place.y * 5 + 1.6 * clouds(Point(place.x * 0.9, place.y * 2.2) + 3)
        let ring = bent * 3 - (bent * 3).rounded(.down)
        let year = smoothstep(0, 0.85, ring) * smoothstep(1, 0.9, ring)
        let fibre = clouds(Point(place.x * 7, place.y * 160), octaves: 3)
        let pores = smoothstep(0.72, 0.8, noise(Point(place.x * 26, place.y * 330)))
        return mix(light, dark, clamp(0.55 * year + 0.5 * (fibre - 0.5))) * (1 - 0.25 * pores)
    }
}
