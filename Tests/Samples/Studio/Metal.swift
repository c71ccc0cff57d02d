import Foundation

/// A wrist watch laid out straight: polished case, glass, leather or steel.
struct Watch: Sendable {
    var dial = rgb(0x1C2A3C)
    var strap = Cloth(kind: .leather, color: rgb(0x5A3420))
    var steel = rgb(0xD6D9DB)

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.03, 0.03), Point(0.34, 0.90), 0.20)
        for side in [Float(-1), 1] {
            let path = [Point(0, 0.30 * side), Point(0, 0.65 * side), Point(0, 0.97 * side)]
            let band = Outline.ribbon(Outline.path(path)) { 0.36 - 0.08 * $0 }
            canvas.cushion(band, puff: 0.25, .leather) { strap.light($0.place) }
            for x in [Float(-0.135), 0.135] {
                canvas.stroke(
                    [Point(x, 0.34 * side), Point(x * 0.85, 0.93 * side)], 0.007,
                    strap.color * 2.4, dash: 0.03)
            }
        }
        for number in 0..<4 {
            canvas.flat(.ellipse(Point(0, 0.62 + 0.07 * Float(number)), Point(0.014, 0.018))) { _ in
                rgb(0x120C08)
            }
        }
        canvas.cushion(.box(Point(0.38, -0.055), Point(0.47, 0.055), 0.02), puff: 0.6, .metal) {
            steel * ($0.place.y * 160 - ($0.place.y * 160).rounded() > 0 ? 1 : 0.6)
        }
        let rim = Outline.ellipse(.zero, Point(0.41, 0.41))
        canvas.crease(rim, width: 0.02, 0.4)
        canvas.flat(rim) { spot in chrome(spot.place) }
        face(&canvas)
    }

    /// Bands of light and dark around, as polished steel mirrors a studio.
    private func chrome(_ place: Point) -> Light {
        let angle = atan2f(place.y, place.x)
        let bands = 0.5 + 0.5 * sinf(angle * 3 + 0.8) * sinf(angle * 2 - 1)
        let ring = smoothstep(0.33, 0.37, length(place)) * 0.5
        return steel * (0.18 + 0.95 * bands * bands + ring * (0.4 - place.x - place.y))
    }

    private func face(_ canvas: inout Canvas) {
        canvas.flat(.ellipse(.zero, Point(0.345, 0.345))) { spot in
            dial * (0.8 + 0.3 * smoothstep(0.3, -0.3, spot.place.x + spot.place.y))
        }
        let ink = dial.sum() > 1 ? rgb(0x1A1A1C) : rgb(0xF2F0EA)
        for hour in 0..<60 {
            let angle = Float(hour) * .pi / 30
            let out = Point(sinf(angle), -cosf(angle))
            let isHour = hour % 5 == 0
            canvas.stroke(
                [out * (isHour ? 0.265 : 0.30), out * 0.318], isHour ? 0.016 : 0.005, ink,
                round: false)
        }
        for (angle, reach, thick) in [(Float(-0.9), Float(0.17), Float(0.026)), (0.9, 0.26, 0.018)]
        {
            let out = Point(sinf(angle), -cosf(angle))
            canvas.stroke([-out * 0.03, out * reach], thick, ink)
        }
        canvas.stroke([Point(0.02, -0.06), Point(-0.09, 0.27)], 0.006, rgb(0xC8362B))
        canvas.cushion(.ellipse(.zero, Point(0.02, 0.02)), puff: 1, .metal) { _ in steel }
        let gleam = Outline.smooth([
            Point(-0.28, -0.16), Point(-0.12, -0.30), Point(0.02, -0.32), Point(-0.26, 0.02),
        ])
        canvas.flat(gleam, opacity: 0.16) { _ in rgb(0xFFFFFF) }
    }
}

/// A chain with a pendant: hardly more than lines.
struct Necklace: Sendable {
    var metal = rgb(0xC9A14A)
    var stone = rgb(0x1F5A4A)

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.03, 0.60), Point(0.22, 0.22), 0.18)
        let chain = Outline.path([
            Point(-0.20, -0.94), Point(-0.60, -0.55), Point(-0.62, -0.05), Point(-0.25, 0.32),
            Point(0, 0.42), Point(0.25, 0.32), Point(0.62, -0.05), Point(0.60, -0.55),
            Point(0.20, -0.94),
        ])
        canvas.stroke(chain, 0.012, metal * 0.55)
        canvas.stroke(chain, 0.022, metal * 1.15, dash: 0.034)
        let drop = Outline.smooth([
            Point(0, 0.40), Point(0.10, 0.56), Point(0.12, 0.70), Point(0, 0.82),
            Point(-0.12, 0.70), Point(-0.10, 0.56),
        ])
        canvas.cushion(drop, puff: 0.8, .metal) { _ in metal }
        canvas.cushion(drop.scaled(0.78, around: Point(0, 0.64)), puff: 0.7, .enamel) { spot in
            stone * (0.6 + 0.9 * Texture.noise(spot.place * 24))
        }
    }
}
