import Foundation

/// A handbag with an arched handle, through which one sees what is behind.
struct Handbag: Sendable {
    var cloth = Cloth(kind: .leather, color: rgb(0x7A3B22))

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.03, 0.86), Point(0.75, 0.05), 0.42)
        canvas.shadow(Point(0, 0.845), Point(0.62, 0.022), 0.5)
        let arch = Outline.path([
            Point(-0.36, -0.12), Point(-0.38, -0.45), Point(-0.24, -0.82), Point(0, -0.93),
            Point(0.24, -0.82), Point(0.38, -0.45), Point(0.36, -0.12),
        ])
        canvas.cushion(.ribbon(arch, 0.075), puff: 0.9, .leather) { cloth.light($0.place) }
        canvas.stroke(arch, 0.006, cloth.color * 2.2, dash: 0.03)
        let body = Outline.smooth([
            Point(-0.58, -0.20), Point(-0.58, -0.20), Point(0.58, -0.20), Point(0.58, -0.20),
            Point(0.70, 0.30), Point(0.74, 0.76), Point(0.66, 0.84), Point(0, 0.86),
            Point(-0.66, 0.84), Point(-0.74, 0.76), Point(-0.70, 0.30),
        ])
        canvas.cushion(body, puff: 0.3, cloth.finish, bump: { cloth.relief($0 * 0.8) * 0.6 }) {
            cloth.light($0.place)
        }
        flap(&canvas)
    }

    private func flap(_ canvas: inout Canvas) {
        let shape = Outline.smooth([
            Point(-0.60, -0.22), Point(-0.60, -0.22), Point(0.60, -0.22), Point(0.60, -0.22),
            Point(0.62, 0.10), Point(0.40, 0.30), Point(0, 0.36), Point(-0.40, 0.30),
            Point(-0.62, 0.10),
        ])
        canvas.crease(shape, width: 0.03, 0.4)
        canvas.cushion(shape, puff: 0.2, cloth.finish) { cloth.light($0.place) * 1.08 }
        canvas.stroke(
            shape.scaled(0.95, around: Point(0, 0.05)).points, 0.007, cloth.color * 2, dash: 0.03)
        for at in [Point(-0.36, -0.14), Point(0.36, -0.14), Point(0, 0.28)] {
            canvas.cushion(.ellipse(at, Point(0.055, 0.045)), puff: 0.9, .metal) { _ in
                rgb(0xC9A45A)
            }
        }
    }
}

/// Trousers of denim as they hang, without anybody in them.
struct Jeans: Sendable {
    var cloth = Cloth(kind: .denim, color: rgb(0x2B3F63))

    func draw(on canvas: inout Canvas) {
        for side in [Float(-1), 1] { leg(&canvas, side) }
        let hips = Outline.smooth([
            Point(-0.30, -0.93), Point(-0.30, -0.93), Point(0, -0.90), Point(0.30, -0.93),
            Point(0.30, -0.93), Point(0.40, -0.60), Point(0.42, -0.30), Point(0.20, -0.18),
            Point(0, -0.26), Point(-0.20, -0.18), Point(-0.42, -0.30), Point(-0.40, -0.60),
        ])
        canvas.cushion(hips, puff: 0.3, .cloth, bump: { cloth.relief($0 * 0.7) }) {
            cloth.light($0.place * 0.6)
        }
        details(&canvas)
    }

    private func leg(_ canvas: inout Canvas, _ side: Float) {
        let shape = Outline.smooth(
            [
                Point(0.02, -0.40), Point(0.42, -0.40), Point(0.415, 0.10), Point(0.40, 0.94),
                Point(0.40, 0.94), Point(0.14, 0.95), Point(0.14, 0.95), Point(0.10, 0.20),
                Point(0.03, -0.20),
            ].map { Point($0.x * side, $0.y) })
        canvas.cushion(shape, puff: 0.4, .cloth, bump: { cloth.relief($0 * 0.7 + side) }) {
            cloth.light($0.place * 0.6)
        }
        canvas.stroke(
            [Point(0.15 * side, 0.90), Point(0.395 * side, 0.89)], 0.007, rgb(0xC58A3A), dash: 0.02)
    }

    private func details(_ canvas: inout Canvas) {
        let waist = Outline.ribbon(
            [Point(-0.31, -0.90), Point(0, -0.87), Point(0.31, -0.90)], 0.075)
        canvas.crease(waist, width: 0.014, 0.35)
        canvas.cushion(waist, puff: 0.3, .cloth) { cloth.light($0.place * 0.6) * 1.05 }
        canvas.cushion(.ellipse(Point(0, -0.87), Point(0.022, 0.022)), puff: 1, .metal) { _ in
            rgb(0xA9793F)
        }
        canvas.stroke([Point(0, -0.83), Point(0.004, -0.28)], 0.008, cloth.color * 0.35)
        let fly = Outline.path([Point(0.075, -0.83), Point(0.07, -0.52), Point(0.01, -0.42)])
        canvas.stroke(fly, 0.006, rgb(0xC58A3A), dash: 0.02)
        for side in [Float(-1), 1] {
            let pocket = Outline.path([
                Point(0.16 * side, -0.84), Point(0.21 * side, -0.70), Point(0.37 * side, -0.64),
            ])
            canvas.stroke(pocket, 0.012, cloth.color * 0.4)
            canvas.stroke(pocket.map { $0 + Point(0, 0.02) }, 0.006, rgb(0xC58A3A), dash: 0.02)
        }
    }
}

/// An ankle boot from its side, the toe to the right.
struct Boot: Sendable {
    var cloth = Cloth(kind: .leather, color: rgb(0x3A2418))

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.06, 0.80), Point(0.80, 0.05), 0.42)
        canvas.shadow(Point(0.05, 0.785), Point(0.68, 0.02), 0.5)
        let upper = Outline.smooth([
            Point(-0.50, -0.80), Point(-0.50, -0.80), Point(-0.05, -0.82), Point(-0.05, -0.82),
            Point(-0.02, -0.20), Point(0.14, 0.12), Point(0.50, 0.28), Point(0.76, 0.48),
            Point(0.78, 0.66), Point(0, 0.70), Point(-0.54, 0.68), Point(-0.58, 0.30),
            Point(-0.50, -0.10),
        ])
        canvas.cushion(upper, puff: 0.55, Finish(shine: 0.3, gloss: 22)) { place in
            cloth.relief(place * 0.9)
        } color: {
            cloth.light($0.place)
        }
        let gore = Outline.smooth([
            Point(-0.36, -0.72), Point(-0.16, -0.72), Point(-0.17, -0.10), Point(-0.26, 0.10),
            Point(-0.36, -0.10),
        ])
        canvas.crease(gore, width: 0.014, 0.3)
        canvas.cushion(gore, puff: 0.2, .cloth) { spot in
            cloth.color * 0.5 * (0.8 + 0.3 * sinf(spot.place.x * 200))
        }
        let sole = Outline.box(Point(-0.60, 0.64), Point(0.80, 0.74), 0.04)
        canvas.crease(sole, width: 0.02, 0.3)
        canvas.cushion(sole, puff: 0.4, .rubber) { _ in rgb(0x1A1614) }
        canvas.cushion(.box(Point(-0.60, 0.70), Point(-0.24, 0.80), 0.02), puff: 0.3, .rubber) {
            _ in rgb(0x16120F)
        }
    }
}
