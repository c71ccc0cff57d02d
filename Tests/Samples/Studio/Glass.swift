import Foundation

/// A glass with a stem: mostly one sees what is behind it.
struct WineGlass: Sendable {
    /// nil: empty.
    var wine: Light?

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.05, 0.90), Point(0.40, 0.035), 0.25)
        let foot = Outline.ellipse(Point(0, 0.87), Point(0.34, 0.055))
        glass(&canvas, foot, rim: 0.02)
        let stem = Outline.ribbon(
            Outline.path([Point(0, 0.10), Point(0, 0.5), Point(0, 0.87)])
        ) { share in 0.05 + 0.06 * powf(abs(share - 0.45) * 2, 6) }
        glass(&canvas, stem, rim: 0.022)
        let bowl = Outline.smooth([
            Point(-0.28, -0.90), Point(-0.28, -0.90), Point(0.28, -0.90), Point(0.28, -0.90),
            Point(0.40, -0.45), Point(0.36, -0.10), Point(0.12, 0.12), Point(-0.12, 0.12),
            Point(-0.36, -0.10), Point(-0.40, -0.45),
        ])
        if let wine { fill(&canvas, bowl, wine) }
        glass(&canvas, bowl, rim: 0.035)
        canvas.stroke(
            Outline.ellipse(Point(0, -0.90), Point(0.28, 0.035)).points, 0.010, rgb(0x9AA0A4))
        for (x, strength) in [(Float(-0.30), Float(0.85)), (0.31, 0.5)] {
            let gleam = Outline.ribbon(
                Outline.path([Point(x * 0.85, -0.75), Point(x, -0.40), Point(x * 0.8, -0.08)])
            ) { 0.045 * sinf(.pi * $0) + 0.004 }
            canvas.flat(gleam, opacity: strength) { _ in rgb(0xFFFFFF) }
        }
    }

    private func fill(_ canvas: inout Canvas, _ bowl: Outline, _ wine: Light) {
        canvas.veil(bowl.scaled(0.95, around: Point(0, -0.2))) { spot in
            let below = smoothstep(-0.36, -0.355, spot.place.y)
            return (wine * (0.5 + 1.2 * smoothstep(0, 0.25, spot.depth)), 0.93 * below)
        }
        canvas.flat(.ellipse(Point(0, -0.355), Point(0.372, 0.035)), opacity: 0.9) { _ in wine * 1.5
        }
    }

    private func glass(_ canvas: inout Canvas, _ shape: Outline, rim: Float) {
        canvas.veil(shape) { spot in
            let edge = smoothstep(rim, 0, spot.depth)
            let streak = Texture.noise(spot.place * Point(9, 1.2))
            return (mix(rgb(0xB8C0C2), rgb(0x3E4648), edge), 0.07 + 0.75 * edge + 0.10 * streak)
        }
    }
}

/// A flask of scent: thick glass, a coloured liquid, a cap of metal.
struct Perfume: Sendable {
    var liquid = rgb(0xD9A05A)

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.05, 0.82), Point(0.55, 0.045), 0.38)
        canvas.shadow(Point(0, 0.805), Point(0.45, 0.02), 0.45)
        let glass = Outline.box(Point(-0.46, -0.40), Point(0.46, 0.80), 0.10)
        canvas.veil(glass) { spot in
            let edge = smoothstep(0.10, 0.0, spot.depth)
            return (mix(rgb(0xC8CCCC), rgb(0x50585A), edge), 0.28 + 0.6 * edge)
        }
        let inside = Outline.box(Point(-0.38, -0.20), Point(0.38, 0.68), 0.12)
        canvas.veil(inside) { spot in
            let bright = 0.75 + 0.5 * smoothstep(0, 0.2, spot.depth)
            return (liquid * bright, 0.82 + 0.15 * smoothstep(0.06, 0, spot.depth))
        }
        canvas.flat(.box(Point(-0.28, 0.08), Point(0.28, 0.42), 0.01)) { spot in
            let line = abs(spot.place.y - 0.30) < 0.012 || abs(spot.depth - 0.03) < 0.005
            let word =
                abs(spot.place.y - 0.20) < 0.035 && Texture.noise(spot.place * Point(60, 8)) > 0.5
            return line || word && abs(spot.place.x) < 0.18 ? rgb(0x2A2622) : rgb(0xF4F1EA)
        }
        canvas.flat(.box(Point(-0.42, -0.34), Point(-0.36, 0.72), 0.03), opacity: 0.8) { _ in
            rgb(0xFFFFFF)
        }
        canvas.turned(
            Turned(profile: [(-0.46, 0.14), (-0.38, 0.14)], tilt: 0.1, soft: false), .metal
        ) { _ in rgb(0xB9975A) }
        canvas.turned(
            Turned(profile: [(-0.86, 0.24), (-0.46, 0.24)], tilt: 0.08, soft: false), .metal
        ) { _ in rgb(0xD8DADC) }
        canvas.flat(.ellipse(Point(0, -0.86), Point(0.24, 0.02))) { _ in rgb(0xC4C8CA) }
    }
}

/// Sunglasses from the front: lenses that let a little through.
struct Sunglasses: Sendable {
    var frame = rgb(0x2A1A12)

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0, 0.36), Point(0.85, 0.045), 0.30)
        for side in [Float(-1), 1] {
            let lens = Outline.smooth(
                [
                    Point(0.12, -0.20), Point(0.50, -0.27), Point(0.86, -0.20), Point(0.84, 0.14),
                    Point(0.60, 0.32), Point(0.30, 0.28), Point(0.14, 0.06),
                ].map { Point($0.x * side, $0.y) })
            canvas.veil(lens) { spot in
                let share = smoothstep(-0.25, 0.32, spot.place.y)
                let gleam = smoothstep(0.06, 0.0, abs(spot.place.x + spot.place.y - 0.3 * side))
                return (
                    mix(rgb(0x1C1A18), rgb(0x6A5A48), share) + gleam * 0.10, 0.94 - 0.42 * share
                )
            }
            let around = lens.points + [lens.points[0]]
            canvas.cushion(.ribbon(around, 0.062), puff: 0.9, .enamel) { tortoise($0.place) }
            let temple = Outline.ribbon(
                [Point(0.86 * side, -0.20), Point(0.94 * side, -0.18), Point(0.95 * side, -0.05)],
                0.07)
            canvas.cushion(temple, puff: 0.8, .enamel) { tortoise($0.place) }
        }
        let bridge = Outline.path([Point(-0.14, -0.10), Point(0, -0.17), Point(0.14, -0.10)])
        canvas.cushion(.ribbon(bridge, 0.06), puff: 0.9, .enamel) { tortoise($0.place) }
    }

    private func tortoise(_ place: Point) -> Light {
        mix(frame, rgb(0x9A5A24), smoothstep(0.5, 0.75, Texture.clouds(place * 14)))
    }
}
