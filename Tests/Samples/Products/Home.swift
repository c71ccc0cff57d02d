import Foundation

/// A table lamp: glazed foot, brass neck, linen shade.
struct Lamp {
    private let foot = Turned(
        profile: [
            (0.16, 0.085), (0.24, 0.12), (0.42, 0.29), (0.58, 0.345), (0.74, 0.31), (0.86, 0.22),
            (0.90, 0.20),
        ], tilt: 0.14)
    private let neck = Turned(profile: [(-0.02, 0.035), (0.12, 0.035), (0.18, 0.06)], tilt: 0.14)
    private let shade = Turned(
        profile: [(-0.86, 0.33), (0.02, 0.62)], tilt: 0.13, soft: false)

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.08, 0.955), Point(0.52, 0.055), 0.42)
        canvas.shadow(Point(0, 0.925), Point(0.24, 0.03), 0.55)
        canvas.turned(neck, .metal) { _ in rgb(0xB08B45) }
        canvas.turned(foot, Finish(shine: 0.42, gloss: 60, boxes: 0.30)) { turn in glaze(turn) }
        inside(&canvas)
        canvas.turned(shade, Finish(shine: 0)) { turn in linen(turn) }
        canvas.flat(shade.ring(-0.86, scale: 0.985)) { spot in
            mix(rgb(0xB9A98A), rgb(0xFFF0C8), smoothstep(0, 0.05, spot.depth))
        }
        canvas.flat(.ellipse(Point(0, -0.85), Point(0.05, 0.009))) { _ in rgb(0x8A6A32) }
    }

    private func glaze(_ turn: Canvas.Turn) -> Light {
        let flow = Texture.clouds(Point(turn.angle * 1.6, turn.y * 7) + 5)
        let drip = smoothstep(0.50, 0.56, turn.y + 0.12 * flow)
        return mix(rgb(0xD8CDB8), rgb(0x55707A), drip) * (0.86 + 0.28 * flow)
    }

    /// The far inside of the shade, seen below its front edge.
    private func inside(_ canvas: inout Canvas) {
        canvas.flat(shade.ring(0.02)) { spot in
            let glow = expf(-3 * length(spot.place * Point(1, 2.4)))
            return mix(rgb(0x9C8458), rgb(0xFFE9B0), glow)
        }
    }

    private func linen(_ turn: Canvas.Turn) -> Light {
        let threads = Texture.weave(Point(turn.angle * 1.1, turn.y * 1.6), threads: 88, depth: 0.10)
        let slub = 0.96 + 0.08 * Texture.noise(Point(turn.angle * 6, turn.y * 160))
        let height = (turn.y + 0.86) / 0.88
        // A lamp shines through it, strongest around the bulb.
        let glow = expf(-7 * (height - 0.55) * (height - 0.55)) * cosf(turn.angle)
        var light = mix(rgb(0xE6DAC0), rgb(0xFFF2CF) * 1.15, clamp(0.85 * glow))
        if height < 0.025 || height > 0.972 { light *= 0.78 }
        return light * threads * slub
    }
}

/// A stool of oak: round seat, four legs, a ring of rungs.
struct Stool {
    private let seat = Turned(
        profile: [(-0.70, 0.52), (-0.62, 0.52), (-0.59, 0.50)], tilt: 0.26, soft: false)

    func draw(on canvas: inout Canvas) {
        for foot in [Point(-0.60, 0.84), Point(0.60, 0.84), Point(-0.40, 0.66), Point(0.40, 0.66)] {
            canvas.shadow(foot + Point(0.04, 0.03), Point(0.13, 0.03), 0.5)
        }
        canvas.shadow(Point(0.03, 0.80), Point(0.72, 0.14), 0.22)
        leg(&canvas, Point(-0.24, -0.62), Point(-0.40, 0.66), 0.78)
        leg(&canvas, Point(0.24, -0.62), Point(0.40, 0.66), 0.72)
        rung(&canvas, Point(-0.345, 0.25), Point(0.345, 0.25), 0.7)
        rung(&canvas, Point(-0.35, 0.27), Point(-0.46, 0.36), 0.7)
        rung(&canvas, Point(0.35, 0.27), Point(0.46, 0.36), 0.7)
        rung(&canvas, Point(-0.46, 0.37), Point(0.46, 0.37), 0.95)
        leg(&canvas, Point(-0.33, -0.60), Point(-0.60, 0.84), 1)
        leg(&canvas, Point(0.33, -0.60), Point(0.60, 0.84), 0.95)
        canvas.turned(seat, .wood) { turn in
            oak(Point(turn.angle * 0.6, turn.y * 0.6 + 2)) * 0.92
        }
        canvas.cushion(seat.ring(-0.70), puff: 0.02, .wood) { spot in
            let flat = Point(spot.place.x, (spot.place.y + 0.70) / 0.26) * 0.9
            return oak(flat) * (1.02 + 0.06 * smoothstep(0.02, 0, spot.depth))
        }
    }

    private func oak(_ place: Point) -> Light {
        Texture.wood(place, rgb(0xDDB888), rgb(0xA9784A))
    }

    private func leg(_ canvas: inout Canvas, _ top: Point, _ foot: Point, _ lit: Float) {
        let path = (0...12).map { top + (foot - top) * (Float($0) / 12) }
        let shape = Outline.ribbon(path) { 0.105 - 0.045 * $0 }
        let along = (foot - top) / length(foot - top)
        canvas.cushion(shape, puff: 0.9, .wood) { spot in
            let away = spot.place - top
            let grain = Point((away * along).sum(), away.x * along.y - away.y * along.x)
            // The seat keeps the light off its top.
            return oak(grain * 1.3 + foot * 5) * lit
                * (0.45 + 0.55 * smoothstep(-0.55, -0.25, spot.place.y))
        }
    }

    private func rung(_ canvas: inout Canvas, _ from: Point, _ to: Point, _ lit: Float) {
        let path = (0...8).map { from + (to - from) * (Float($0) / 8) }
        canvas.cushion(.ribbon(path, 0.042), puff: 0.9, .wood) { spot in
            oak(spot.place * 1.3 + 4) * lit
        }
    }
}

/// Mug and bottle on a table before a wall: one picture for two products.
struct Scene {
    func draw(on canvas: inout Canvas) {
        wall(&canvas)
        for (center, radii) in [
            (Point(-0.40, 0.67), Point(0.55, 0.07)), (Point(0.50, 0.60), Point(0.36, 0.05)),
        ] {
            canvas.shadow(center, radii, 0.5)
        }
        place(on: &canvas, at: Point(0.42, -0.14), scale: 0.78) { Bottle().draw(on: &$0) }
        place(on: &canvas, at: Point(-0.36, 0.28), scale: 0.58) { Mug().draw(on: &$0) }
    }

    private func wall(_ canvas: inout Canvas) {
        canvas.each(in: Point(-3, -3), Point(3, 3)) { place in
            if place.y > 0.30 {
                let far = (place.y - 0.30) * 1.6 + 0.35
                let board = Point(place.x / far * 0.8, 1 / far * 1.7 + 3)
                let seam = abs(board.y * 3 - (board.y * 3).rounded()) < 0.012 ? Float(0.6) : 1
                let wood = Texture.wood(board, rgb(0xB98A5E), rgb(0x7C5433))
                return (wood * seam * (0.62 + 0.3 * far) * (1.0 - 0.16 * place.x), 1)
            }
            let plaster = 0.96 + 0.06 * Texture.clouds(place * 3)
            let window = expf(-1.1 * length(place - Point(-0.9, -0.9)))
            return (mix(rgb(0xC9B9A6), rgb(0xF3E6D2), window) * plaster, 1)
        }
    }

    /// Draws with a camera of its own and lays the result over the scene.
    private func place(
        on canvas: inout Canvas, at middle: Point, scale: Float, _ draw: (inout Canvas) -> Void
    ) {
        let side = Int(canvas.unit * scale * 2.1)
        var layer = Canvas(side, side, fill: 2 / 2.1, background: nil)
        draw(&layer)
        canvas.lay(layer, at: middle)
    }
}

extension Canvas {
    /// Lays a picture of the same pixel size over this one, its middle at `place`.
    mutating func lay(_ other: Canvas, at place: Point) {
        let (pixels, width, height) = (other.pixels, other.width, other.height)
        let half = Point(Float(width), Float(height)) / (2 * unit)
        let unit = unit
        each(in: place - half, place + half) { point in
            let at = (point - place + half) * unit
            let (x, y) = (Int(at.x), Int(at.y))
            guard at.x >= 0, at.y >= 0, x < width, y < height else { return (.zero, 0) }
            let pixel = pixels[y * width + x]
            guard pixel.w > 0 else { return (.zero, 0) }
            return (Light(pixel.x, pixel.y, pixel.z) / pixel.w, pixel.w)
        }
    }
}
