import Foundation

/// A top of lace: threads, and holes between them.
struct Lace: Sendable {
    var color = rgb(0x17151A)

    func draw(on canvas: inout Canvas) {
        let shape = Outline.smooth([
            Point(-0.40, -0.78), Point(-0.40, -0.78), Point(-0.30, -0.80), Point(-0.18, -0.48),
            Point(0, -0.40), Point(0.18, -0.48), Point(0.30, -0.80), Point(0.40, -0.78),
            Point(0.40, -0.78), Point(0.48, -0.30), Point(0.42, 0.20), Point(0.55, 0.84),
            Point(0.30, 0.88), Point(0, 0.86), Point(-0.30, 0.88), Point(-0.55, 0.84),
            Point(-0.42, 0.20), Point(-0.48, -0.30),
        ])
        canvas.veil(shape) { spot in
            let thread = max(Self.net(spot.place), Self.flower(spot.place))
            let hem = smoothstep(0.028, 0.022, spot.depth)
            let lit = 0.8 + 0.5 * Texture.noise(spot.place * 120)
            return (color * lit, max(max(thread, hem), 0.05))
        }
        scallops(&canvas)
    }

    /// A net of threads crossing aslant.
    private static func net(_ place: Point) -> Float {
        let a = (place.x + place.y * 0.6) * 26
        let b = (place.x - place.y * 0.6) * 26
        let near = min(abs(a - a.rounded()), abs(b - b.rounded()))
        return smoothstep(0.20, 0.12, near)
    }

    private static func flower(_ place: Point) -> Float {
        let at = place * 4.6
        let row = at.y.rounded()
        let shift: Float = Int(row) & 1 == 0 ? 0 : 0.5
        let away = Point(at.x - ((at.x - shift).rounded() + shift), at.y - row)
        let angle = atan2f(away.y, away.x)
        let petals = 0.36 * (0.62 + 0.38 * cosf(angle * 6))
        let vein = 0.5 + 0.5 * cosf(angle * 6 + .pi)
        let inside = smoothstep(petals, petals - 0.05, length(away))
        return inside * (length(away) > 0.1 && vein > 0.93 ? 0.2 : 1)
    }

    private func scallops(_ canvas: inout Canvas) {
        for step in 0..<15 {
            let x = -0.53 + Float(step) * 1.06 / 14
            let arc = stride(from: Float(0), through: .pi, by: .pi / 6).map { angle in
                Point(x + 0.038 * cosf(angle), 0.86 + 0.055 * sinf(angle))
            }
            canvas.stroke(arc, 0.010, color)
        }
    }
}

/// Something round of fur: a hat, or a bobble.
struct Fur: Sendable {
    var color = rgb(0x8A6A4A)
    var seed = 1

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.02, 0.74), Point(0.66, 0.05), 0.35)
        let inner = Outline.smooth([
            Point(-0.66, 0.45), Point(-0.60, -0.15), Point(-0.32, -0.58), Point(0, -0.68),
            Point(0.32, -0.58), Point(0.60, -0.15), Point(0.66, 0.45), Point(0.40, 0.66),
            Point(-0.40, 0.66),
        ])
        canvas.cushion(inner, puff: 0.7, .cloth) { spot in
            color * (0.5 + 0.6 * Texture.noise(spot.place * Point(70, 40)))
        }
        var dice = Dice(seed)
        for number in 0..<5200 {
            let onEdge = number % 2 == 0
            let at = Int(dice.next() % UInt64(inner.points.count))
            let next = inner.points[(at + 1) % inner.points.count]
            var root = mix(inner.points[at], next, dice.between(0, 1)) * 0.95
            if !onEdge { root *= dice.between(0.05, 1) }
            let away = root / max(length(root), 0.01)
            let out =
                (away + Point(dice.between(-0.6, 0.6), dice.between(-0.3, 0.5)))
                * dice.between(0.06, onEdge ? 0.14 : 0.13)
            let lit = dice.between(0.5, 1.5) * (1.05 - 0.35 * root.y)
            canvas.stroke(
                Outline.path([root, root + out * 0.6, root + out + Point(0, 0.02)], steps: 3),
                dice.between(0.0022, 0.006), color * lit)
        }
    }
}

/// A knitted scarf, folded over, with fringes.
struct Scarf: Sendable {
    var cloth = Cloth(kind: .knit, color: rgb(0x6B2A3A))
    var seed = 1

    func draw(on canvas: inout Canvas) {
        var dice = Dice(seed)
        for (left, right, low) in [(Float(-0.34), Float(0.06), Float(0.62)), (-0.06, 0.36, 0.74)] {
            fringe(&canvas, &dice, left, right, low)
            let shape = Outline.smooth([
                Point(left + 0.06, -0.80), Point(right - 0.04, -0.80), Point(right + 0.02, 0),
                Point(right, low), Point(right, low), Point(left, low), Point(left, low),
                Point(left - 0.02, 0),
            ])
            canvas.crease(shape, width: 0.02, 0.35)
            canvas.cushion(shape, puff: 0.35, .cloth, bump: { cloth.relief($0) }) {
                cloth.light($0.place * 0.7)
            }
        }
        let loop = Outline.ribbon(
            Outline.path([Point(-0.34, -0.62), Point(-0.10, -0.90), Point(0.34, -0.66)]), 0.26)
        canvas.crease(loop, width: 0.02, 0.35)
        canvas.cushion(loop, puff: 0.6, .cloth, bump: { cloth.relief($0) }) {
            cloth.light($0.place * 0.7)
        }
    }

    private func fringe(
        _ canvas: inout Canvas, _ dice: inout Dice, _ left: Float, _ right: Float, _ low: Float
    ) {
        for _ in 0..<54 {
            let x = dice.between(left + 0.01, right - 0.01)
            let foot = Point(x + dice.between(-0.03, 0.03), low + dice.between(0.14, 0.20))
            let bend = Point(x + dice.between(-0.02, 0.02), low + 0.08)
            canvas.stroke(
                Outline.path([Point(x, low - 0.01), bend, foot], steps: 4),
                dice.between(0.006, 0.011), cloth.color * dice.between(0.6, 1.3))
        }
    }
}
