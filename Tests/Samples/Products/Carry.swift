import Foundation

/// A canvas backpack with leather straps.
struct Backpack {
    var color = rgb(0x4B5D4A)
    private let leather = rgb(0x8A5630)

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.04, 0.93), Point(0.70, 0.06), 0.42)
        canvas.shadow(Point(0, 0.905), Point(0.52, 0.03), 0.5)
        handle(&canvas)
        sides(&canvas)
        body(&canvas)
        pocket(&canvas)
        straps(&canvas)
    }

    private func cloth(_ place: Point, _ lit: Float = 1) -> Light {
        let worn = 0.90 + 0.2 * Texture.clouds(place * 4 + 2)
        return color * (Texture.weave(place, threads: 85, depth: 0.22) * worn * lit)
    }

    private func handle(_ canvas: inout Canvas) {
        let path = Outline.path([
            Point(-0.17, -0.80), Point(-0.14, -0.93), Point(0, -0.965), Point(0.14, -0.93),
            Point(0.17, -0.80),
        ])
        canvas.cushion(.ribbon(path, 0.06), puff: 0.8, .leather) { _ in leather }
    }

    private func sides(_ canvas: inout Canvas) {
        for side in [Float(-1), 1] {
            let pouch = Outline.smooth([
                Point(0.50, 0.20), Point(0.66, 0.24), Point(0.70, 0.50), Point(0.66, 0.80),
                Point(0.50, 0.84),
            ])
            canvas.cushion(side < 0 ? pouch.mirrored() : pouch, puff: 0.6, .cloth) { spot in
                cloth(spot.place, 0.8)
            }
        }
    }

    private func body(_ canvas: inout Canvas) {
        let shape = Outline.smooth([
            Point(-0.56, 0.70), Point(-0.58, 0.20), Point(-0.55, -0.36), Point(-0.44, -0.70),
            Point(-0.22, -0.83), Point(0.0, -0.85), Point(0.22, -0.83), Point(0.44, -0.70),
            Point(0.55, -0.36), Point(0.58, 0.20), Point(0.56, 0.70), Point(0.48, 0.87),
            Point(0.0, 0.905), Point(-0.48, 0.87),
        ])
        canvas.cushion(shape, puff: 0.38, .cloth, bump: { Self.creases($0) }) { spot in
            cloth(spot.place)
        }
        let zip = Outline.path([
            Point(-0.47, 0.02), Point(-0.46, -0.36), Point(-0.37, -0.62), Point(-0.18, -0.73),
            Point(0, -0.745), Point(0.18, -0.73), Point(0.37, -0.62), Point(0.46, -0.36),
            Point(0.47, 0.02),
        ])
        canvas.crease(.ribbon(zip, 0.04), width: 0.014, 0.35)
        canvas.stroke(zip, 0.036, rgb(0x23282A))
        canvas.stroke(zip, 0.016, rgb(0xB8A06A), dash: 0.016)
        let pull = Outline.box(Point(0.425, -0.33), Point(0.475, -0.16), 0.02)
        canvas.crease(pull, width: 0.014, 0.3)
        canvas.cushion(pull, puff: 0.5, .leather) { _ in leather }
    }

    private static func creases(_ place: Point) -> Float {
        0.035 * Texture.clouds(Point(place.x * 2.4, place.y * 3.0) + 4, octaves: 3)
    }

    private func pocket(_ canvas: inout Canvas) {
        let shape = Outline.box(Point(-0.43, 0.16), Point(0.43, 0.80), 0.13)
        canvas.crease(shape, width: 0.035, 0.38)
        canvas.cushion(shape, puff: 0.42, .cloth, bump: { Self.creases($0 + 7) }) { spot in
            cloth(spot.place, 1.06)
        }
        let flap = Outline.smooth([
            Point(-0.44, 0.12), Point(-0.44, 0.12), Point(0.44, 0.12), Point(0.44, 0.12),
            Point(0.44, 0.28), Point(0.30, 0.40), Point(0.0, 0.435), Point(-0.30, 0.40),
            Point(-0.44, 0.28),
        ])
        canvas.crease(flap, width: 0.03, 0.35)
        canvas.cushion(flap, puff: 0.22, .cloth) { spot in cloth(spot.place, 1.12) }
        canvas.stroke(
            flap.scaled(0.93, around: Point(0, 0.22)).points, 0.006, color * 2.2, dash: 0.024)
        let badge = Outline.box(Point(-0.13, -0.26), Point(0.13, -0.10), 0.025)
        canvas.crease(badge, width: 0.014, 0.3)
        canvas.cushion(badge, puff: 0.12, .leather) { spot in
            let peak = spot.place - Point(0, -0.14)
            let hill = peak.y > -0.075 + abs(peak.x) * 1.1 && peak.y < 0.0
            return leather * (hill ? 0.45 : 1)
        }
        canvas.stroke(
            badge.scaled(0.86, around: Point(0, -0.18)).points, 0.005, rgb(0xD9B88A), dash: 0.018)
    }

    private func straps(_ canvas: inout Canvas) {
        for side in [Float(-1), 1] {
            let strap = Outline.box(
                Point(0.26 * side - 0.045, 0.14), Point(0.26 * side + 0.045, 0.60), 0.03)
            canvas.crease(strap, width: 0.018, 0.35)
            canvas.cushion(strap, puff: 0.35, .leather) { spot in
                leather * (0.9 + 0.2 * Texture.noise(spot.place * 60))
            }
            for line in [Float(-0.03), 0.03] {
                let x = 0.26 * side + line
                canvas.stroke([Point(x, 0.17), Point(x, 0.57)], 0.005, rgb(0xD9B88A), dash: 0.022)
            }
            let buckle = Outline.box(
                Point(0.26 * side - 0.07, 0.44), Point(0.26 * side + 0.07, 0.535), 0.02)
            canvas.crease(buckle, width: 0.012, 0.4)
            canvas.cushion(buckle, puff: 0.6, .metal) { _ in rgb(0xB59A5C) }
            canvas.flat(
                .box(
                    Point(0.26 * side - 0.047, 0.465), Point(0.26 * side + 0.047, 0.51), 0.008)
            ) { _ in leather * 0.6 }
        }
    }
}

/// Over-ear headphones from the front.
struct Headphones {
    var color = rgb(0x2B2F36)

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.03, 0.90), Point(0.72, 0.05), 0.40)
        band(&canvas)
        for side in [Float(-1), 1] { cup(&canvas, side) }
    }

    private func band(_ canvas: inout Canvas) {
        let arc = stride(from: Float(0.06), through: 0.94, by: 0.02).map { share in
            let angle = Float.pi * (1 + share)
            return Point(0.70 * cosf(angle), -0.02 + 0.86 * sinf(angle))
        }
        let outer = Outline.ribbon(arc) { 0.075 + 0.035 * sinf(.pi * $0) }
        canvas.cushion(outer, puff: 0.7, Finish(shine: 0.3, gloss: 30, boxes: 0.1)) { _ in color }
        let inner = arc.dropFirst(9).dropLast(9).map { Point($0.x * 0.905, $0.y * 0.905 + 0.005) }
        let pad = Outline.ribbon(Array(inner)) { 0.05 + 0.07 * sinf(.pi * $0) }
        canvas.crease(pad, width: 0.015, 0.3)
        canvas.cushion(
            pad, puff: 0.8, .leather,
            bump: { place in
                0.004 * abs(sinf(atan2f(place.y + 0.02, place.x) * 22))
            }
        ) { _ in rgb(0x9A6238) }
    }

    private func cup(_ canvas: inout Canvas, _ side: Float) {
        let slider = Outline.box(
            Point(0.70 * side - 0.028, -0.26), Point(0.70 * side + 0.028, 0.16), 0.02)
        canvas.cushion(slider, puff: 0.6, .metal) { _ in rgb(0xC4C8CC) }
        let shell = Outline.smooth([
            Point(0.62, 0.02), Point(0.76, -0.02), Point(0.88, 0.10), Point(0.93, 0.42),
            Point(0.88, 0.74), Point(0.76, 0.86), Point(0.62, 0.82),
        ])
        canvas.cushion(
            side < 0 ? shell.mirrored() : shell, puff: 0.7,
            Finish(shine: 0.35, gloss: 40, boxes: 0.12)
        ) { spot in
            let ring = abs(abs(spot.place.x) - 0.80) < 0.006
            return ring ? rgb(0xB98B4E) : color
        }
        let cushion = Outline.smooth([
            Point(0.46, 0.04), Point(0.57, -0.03), Point(0.66, 0.03), Point(0.69, 0.42),
            Point(0.66, 0.82), Point(0.57, 0.87), Point(0.46, 0.80), Point(0.42, 0.42),
        ])
        let pad = side < 0 ? cushion.mirrored() : cushion
        canvas.crease(pad, width: 0.02, 0.4)
        canvas.cushion(
            pad, puff: 0.9, .leather,
            bump: { place in
                0.010 * Texture.clouds(place * 9, octaves: 3)
            }
        ) { _ in rgb(0x9A6238) }
    }
}
