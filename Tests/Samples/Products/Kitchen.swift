import Foundation

/// An enamel mug with a printed row of firs.
struct Mug {
    var color = rgb(0x1F4E79)
    /// The handle is on the left when seen from the back, and nothing is printed there.
    var back = false

    private let body = Turned(
        profile: [(-0.62, 0.62), (-0.2, 0.60), (0.35, 0.575), (0.52, 0.55), (0.60, 0.50)],
        axis: -0.16, tilt: 0.17)

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(-0.05, 0.72), Point(0.75, 0.085), 0.40)
        canvas.shadow(Point(-0.14, 0.685), Point(0.50, 0.05), 0.55)
        handle(&canvas)
        let print = back ? { _, _ in false } : Self.isFir
        canvas.turned(body, .enamel) { turn in
            if turn.y < -0.585 { return rgb(0x22262C) }
            let round = Point(turn.angle, turn.y)
            if print(turn.angle, turn.y) { return rgb(0xF3F0E6) }
            return speckled(round * 26)
        }
        mouth(&canvas)
    }

    private func speckled(_ place: Point) -> Light {
        let dot = smoothstep(0.80, 0.88, Texture.noise(place * 1.9)) * 0.55
        return mix(color, rgb(0xDDE6EE), dot)
    }

    private func handle(_ canvas: inout Canvas) {
        let path = Outline.path([
            Point(0.38, -0.42), Point(0.60, -0.46), Point(0.82, -0.36), Point(0.87, -0.05),
            Point(0.74, 0.24), Point(0.36, 0.40),
        ])
        let ribbon = Outline.ribbon(path) { 0.125 - 0.02 * $0 }
        canvas.cushion(ribbon, puff: 1, .enamel) { spot in speckled(spot.place * 30) }
    }

    private func mouth(_ canvas: inout Canvas) {
        let rim = body.ring(-0.62, scale: 1.012)
        canvas.flat(rim) { _ in rgb(0x2B3038) }
        canvas.flat(body.ring(-0.62, scale: 0.965)) { spot in
            // Light falls on the far right of the inside, the near left lies in shade.
            let across = (spot.place.x - body.axis) / 0.6
            let deep = (spot.place.y + 0.62) / 0.105
            let lit = 0.62 + 0.25 * across - 0.28 * deep
            return rgb(0xF1EEE4) * clamp(lit * smoothstep(-0.01, 0.05, spot.depth) + 0.10)
        }
        let glint = Outline.path(
            stride(from: Float(2.6), to: 4.3, by: 0.1).map { angle in
                Point(body.axis + 0.618 * cosf(angle), -0.62 - 0.105 * sinf(-angle))
            }, steps: 2)
        canvas.stroke(glint, 0.012, rgb(0x8C97A5))
    }

    /// Three firs on a hill, around the front.
    private static func isFir(_ angle: Float, _ y: Float) -> Bool {
        let firs: [(x: Float, top: Float, foot: Float)] = [
            (-0.36, -0.16, 0.24), (0.0, -0.30, 0.24), (0.34, -0.10, 0.24),
        ]
        if y > 0.27, y < 0.285, abs(angle) < 0.66 { return true }
        return firs.contains { fir in
            guard y > fir.top, y < fir.foot else { return false }
            let share = (y - fir.top) / (fir.foot - fir.top)
            if share > 0.88 { return abs(angle - fir.x) < 0.022 }
            let tier = share / 0.88 * 3
            let within = tier - tier.rounded(.down)
            let half = 0.045 + 0.035 * tier.rounded(.down) + 0.075 * within
            return abs(angle - fir.x) < half * (0.35 + 0.65 * within)
        }
    }
}

/// An insulated bottle of powder-coated steel with a dark cap and a loop.
struct Bottle {
    var color = rgb(0x3F6B57)
    var back = false

    private let body = Turned(
        profile: [
            (-0.62, 0.155), (-0.56, 0.16), (-0.36, 0.265), (-0.26, 0.28), (0.80, 0.28),
            (0.90, 0.265), (0.94, 0.24),
        ], tilt: 0.11)
    private let cap = Turned(
        profile: [(-0.93, 0.13), (-0.90, 0.158), (-0.86, 0.165), (-0.66, 0.165), (-0.645, 0.15)],
        tilt: 0.11)

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.10, 0.985), Point(0.46, 0.05), 0.42)
        canvas.shadow(Point(0.0, 0.965), Point(0.26, 0.028), 0.6)
        loop(&canvas)
        canvas.turned(
            Turned(profile: [(-0.66, 0.15), (-0.58, 0.15)], tilt: 0.11), .metal
        ) { _ in rgb(0xC9CDD0) }
        canvas.turned(body, Finish(shine: 0.22, gloss: 30, boxes: 0.16)) { turn in paint(turn) }
        canvas.turned(cap, Finish(shine: 0.18, gloss: 24, boxes: 0.10)) { turn in
            let ridge = turn.y > -0.84 && turn.y < -0.67 ? 0.75 + 0.25 * sinf(turn.angle * 34) : 1
            return rgb(0x2A2D30) * ridge
        }
        canvas.flat(cap.ring(-0.93)) { spot in
            rgb(0x3A3E42) * (0.9 - 0.5 * spot.place.x) * (1 + 0.5 * smoothstep(0.02, 0, spot.depth))
        }
    }

    private func loop(_ canvas: inout Canvas) {
        let path = Outline.path([
            Point(0.10, -0.86), Point(0.22, -0.90), Point(0.30, -0.80), Point(0.27, -0.66),
            Point(0.14, -0.64),
        ])
        canvas.cushion(.ribbon(path, 0.055), puff: 0.8, .rubber) { _ in rgb(0x303438) }
    }

    private func paint(_ turn: Canvas.Turn) -> Light {
        if turn.y > 0.885 { return rgb(0xB9BEC2) }
        let grain = 0.94 + 0.12 * Texture.noise(Point(turn.angle * 90, turn.y * 300))
        if !back, isMark(turn) { return rgb(0xEDE7D8) * grain }
        if back, turn.y > 0.3, turn.y < 0.72, abs(turn.angle) < 0.34 {
            let line = (turn.y - 0.3) / 0.035
            let word = Texture.noise(Point(turn.angle * 38, line.rounded(.down) * 7.3)) > 0.42
            if word, line - line.rounded(.down) < 0.42 { return rgb(0xD9D6CA) * grain }
        }
        return color * grain
    }

    /// A sun over two waves.
    private func isMark(_ turn: Canvas.Turn) -> Bool {
        let x = turn.angle * 0.28
        let sun = length(Point(x, turn.y - 0.10)) - 0.075
        if abs(sun) < 0.008, turn.y < 0.115 { return true }
        return [Float(0.15), 0.19].contains { wave in
            abs(turn.y - wave - 0.010 * sinf(x * 55)) < 0.007 && abs(x) < 0.13
        }
    }
}

/// A cutting board of walnut with a hole to hang it by.
struct Board {
    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.05, 0.06), Point(0.66, 0.86), 0.22)
        let plank = Outline.smooth(
            [
                Point(-0.52, -0.42), Point(-0.52, 0.80), Point(-0.44, 0.92), Point(0.44, 0.92),
                Point(0.52, 0.80), Point(0.52, -0.42), Point(0.40, -0.56), Point(0.15, -0.64),
                Point(0.12, -0.82), Point(0.0, -0.95), Point(-0.12, -0.82), Point(-0.15, -0.64),
                Point(-0.40, -0.56),
            ])
        canvas.flat(plank.moved(Point(0.012, 0.022))) { _ in rgb(0x3B2415) }
        canvas.cushion(plank, puff: 0.05, .wood) { spot in
            let grain = Texture.wood(
                Point(spot.place.y, spot.place.x) * 1.1, rgb(0x9A6A42), rgb(0x4E2F1B))
            return grain * (0.8 + 0.2 * smoothstep(0, 0.03, spot.depth))
        }
        canvas.flat(.ellipse(Point(0, -0.80), Point(0.05, 0.05))) { spot in
            mix(rgb(0x2B1A0E), rgb(0xEDEAE4), smoothstep(0, 0.014, spot.depth))
        }
    }
}
