import Foundation

/// A running shoe from its side, the toe to the right.
struct Sneaker {
    var upper = rgb(0xE8E4DA)
    var accent = rgb(0xD9532C)
    var shadow = true

    func draw(on canvas: inout Canvas) {
        if shadow {
            canvas.shadow(Point(0.02, 0.475), Point(0.95, 0.055), 0.45)
            canvas.shadow(Point(0.0, 0.455), Point(0.80, 0.025), 0.5)
        }
        lining(&canvas)
        tongue(&canvas)
        body(&canvas)
        overlays(&canvas)
        laces(&canvas)
        sole(&canvas)
    }

    private let body = Outline.smooth([
        Point(-0.90, 0.30), Point(-0.93, 0.05), Point(-0.90, -0.22), Point(-0.86, -0.42),
        Point(-0.78, -0.47), Point(-0.66, -0.38), Point(-0.50, -0.31), Point(-0.32, -0.36),
        Point(-0.20, -0.43), Point(-0.14, -0.44), Point(0.08, -0.28), Point(0.34, -0.10),
        Point(0.62, 0.00), Point(0.84, 0.09), Point(0.95, 0.22), Point(0.95, 0.30),
        Point(0.90, 0.36), Point(0.0, 0.36), Point(-0.80, 0.36),
    ])

    private func lining(_ canvas: inout Canvas) {
        let collar = Outline.smooth([
            Point(-0.80, -0.48), Point(-0.60, -0.47), Point(-0.38, -0.46), Point(-0.20, -0.48),
            Point(-0.22, -0.30), Point(-0.50, -0.24), Point(-0.74, -0.30),
        ])
        canvas.cushion(collar, puff: 0.4, .cloth) { _ in rgb(0x3B3F47) }
    }

    private func tongue(_ canvas: inout Canvas) {
        let shape = Outline.smooth([
            Point(-0.26, -0.58), Point(-0.14, -0.62), Point(-0.04, -0.54), Point(0.10, -0.32),
            Point(0.34, -0.10), Point(0.16, -0.10), Point(-0.12, -0.32), Point(-0.24, -0.44),
        ])
        canvas.cushion(shape, puff: 0.5, .cloth) { spot in
            accent * Texture.knit(spot.place, stitches: 34)
        }
    }

    private func body(_ canvas: inout Canvas) {
        canvas.cushion(
            body, puff: 0.42, Finish(shine: 0.04, gloss: 8),
            bump: { place in 0.0016 * sinf(place.x * 190) * sinf(place.y * 190 + place.x * 40) }
        ) { spot in
            upper
                * Texture.knit(
                    Outline.rotated(spot.place, -0.35) + Point(0, spot.place.x * 0.1), stitches: 40)
        }
    }

    private func overlays(_ canvas: inout Canvas) {
        let toe = Outline.smooth([
            Point(0.52, 0.36), Point(0.56, 0.18), Point(0.66, 0.06), Point(0.82, 0.09),
            Point(0.94, 0.21), Point(0.955, 0.31), Point(0.90, 0.37),
        ])
        let heel = Outline.smooth([
            Point(-0.90, 0.36), Point(-0.935, 0.05), Point(-0.905, -0.20), Point(-0.87, -0.30),
            Point(-0.74, -0.16), Point(-0.60, 0.10), Point(-0.46, 0.36),
        ])
        let eyestay = Outline.smooth([
            Point(-0.20, -0.425), Point(-0.12, -0.43), Point(0.10, -0.265), Point(0.36, -0.09),
            Point(0.30, 0.02), Point(0.06, -0.13), Point(-0.18, -0.31),
        ])
        for part in [toe, heel, eyestay] {
            canvas.crease(part, width: 0.014, 0.25)
            canvas.cushion(part, puff: 0.25, .leather) { _ in accent }
            canvas.stroke(
                part.scaled(0.88, around: part.middle).points, 0.006, accent * 1.9, dash: 0.03)
        }
        bands(&canvas)
    }

    /// A broad band and a narrow one from the sole to the laces.
    private func bands(_ canvas: inout Canvas) {
        for (shift, broad) in [(Float(-0.02), Float(0.13)), (0.16, 0.045)] {
            let path = Outline.path([
                Point(-0.50 + shift, 0.34), Point(-0.34 + shift, 0.18), Point(-0.20 + shift, 0.02),
                Point(-0.12 + shift, -0.13),
            ])
            let band = Outline.ribbon(path) { broad * (1 - 0.45 * $0) }
            canvas.crease(band, width: 0.012, 0.2)
            canvas.cushion(band, puff: 0.2, .leather) { _ in rgb(0x2D3A4F) }
            if broad > 0.1 { canvas.stroke(path, 0.006, rgb(0x8797B0), dash: 0.028) }
        }
    }

    private func laces(_ canvas: inout Canvas) {
        for number in 0..<5 {
            let share = Float(number) / 4
            let low = Point(-0.10, -0.33) + Point(0.37, 0.285) * share
            let high = Point(-0.07, -0.545) + Point(0.36, 0.37) * share
            canvas.cushion(.ellipse(low, Point(0.020, 0.020)), puff: 1, .metal) { _ in rgb(0x4A4E55)
            }
            let path = Outline.path([low, (low + high) / 2 + Point(0.035, -0.01), high], steps: 4)
            canvas.crease(.ribbon(path, 0.05), width: 0.012, 0.18)
            canvas.cushion(.ribbon(path, 0.042), puff: 0.7, .cloth) { spot in
                rgb(0xF6F3EC) * Texture.weave(spot.place, threads: 120)
            }
        }
    }

    private func sole(_ canvas: inout Canvas) {
        let middle = Outline.smooth([
            Point(-0.93, 0.21), Point(-0.60, 0.27), Point(-0.10, 0.27), Point(0.40, 0.29),
            Point(0.78, 0.27), Point(0.97, 0.20), Point(1.0, 0.27), Point(0.95, 0.37),
            Point(0.80, 0.415), Point(0.0, 0.42), Point(-0.78, 0.42), Point(-0.95, 0.38),
            Point(-0.985, 0.28),
        ])
        canvas.crease(middle, width: 0.022, 0.30)
        canvas.cushion(
            middle, puff: 0.45, .rubber,
            bump: { place in 0.0012 * sinf(place.x * 70) * smoothstep(0.30, 0.36, place.y) }
        ) { spot in
            let stripe = abs(spot.place.y - 0.345 - 0.015 * sinf(spot.place.x * 3)) < 0.009
            return stripe ? accent : rgb(0xF4F1EA)
        }
        let tread = Outline.smooth([
            Point(-0.95, 0.385), Point(-0.5, 0.405), Point(0.3, 0.405), Point(0.82, 0.395),
            Point(0.97, 0.35), Point(0.93, 0.42), Point(0.80, 0.452), Point(0.0, 0.455),
            Point(-0.80, 0.455), Point(-0.93, 0.43),
        ])
        canvas.cushion(tread, puff: 0.5, .rubber) { spot in
            rgb(0x9C6B3F) * (sinf(spot.place.x * 105) > 0.82 ? 0.55 : 1)
        }
    }
}

extension Outline {
    var middle: Point { points.reduce(.zero, +) / Float(points.count) }
}

/// A T-shirt laid flat.
struct Shirt {
    var color = rgb(0xC98A2B)
    var back = false

    private let outline = Outline.smooth([
        Point(-0.23, -0.78), Point(-0.23, -0.78), Point(-0.12, -0.725), Point(0.0, -0.71),
        Point(0.12, -0.725), Point(0.23, -0.78), Point(0.23, -0.78), Point(0.42, -0.715),
        Point(0.56, -0.62), Point(0.76, -0.34), Point(0.88, -0.12), Point(0.88, -0.12),
        Point(0.76, -0.02), Point(0.60, 0.03), Point(0.60, 0.03), Point(0.52, -0.14),
        Point(0.47, -0.20), Point(0.475, 0.20), Point(0.50, 0.80), Point(0.50, 0.80),
        Point(0.25, 0.835), Point(-0.25, 0.835), Point(-0.50, 0.80), Point(-0.50, 0.80),
        Point(-0.475, 0.20), Point(-0.47, -0.20), Point(-0.52, -0.14), Point(-0.60, 0.03),
        Point(-0.60, 0.03), Point(-0.76, -0.02), Point(-0.88, -0.12), Point(-0.88, -0.12),
        Point(-0.76, -0.34), Point(-0.56, -0.62), Point(-0.42, -0.715),
    ])

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.03, 0.14), Point(0.46, 0.56), 0.30)
        inside(&canvas)
        canvas.cushion(outline, puff: 0.11, .cloth, bump: { Self.folds($0) }) { spot in
            let dirt = 0.95 + 0.08 * Texture.clouds(spot.place * 5)
            return (isPrint(spot.place) ? rgb(0x23303C) : color) * dirt
                * Texture.knit(spot.place, stitches: 105)
        }
        seams(&canvas)
    }

    /// Where cloth pulls: from the armpits, and down the body.
    private static func folds(_ place: Point) -> Float {
        let pit = Point(abs(place.x) - 0.47, place.y + 0.18)
        let pull = 0.010 * sinf(26 * pit.y + 14 * pit.x) * expf(-5 * length(pit))
        let drape =
            0.012 * sinf(9 * place.x + 2.4 * sinf(2.2 * place.y)) * smoothstep(-0.3, 0.7, place.y)
        let soft = 0.022 * Texture.clouds(Point(place.x * 3.4, place.y * 1.7) + 9, octaves: 3)
        return pull + drape + soft
    }

    private func inside(_ canvas: inout Canvas) {
        let neck = Outline.smooth([
            Point(-0.23, -0.775), Point(-0.23, -0.775), Point(0.0, -0.80), Point(0.23, -0.775),
            Point(0.23, -0.775), Point(0.15, -0.66), Point(0.0, -0.60), Point(-0.15, -0.66),
        ])
        canvas.cushion(neck, puff: 0.1, .cloth) { spot in color * 0.62 }
        if !back {
            canvas.flat(.box(Point(-0.06, -0.775), Point(0.06, -0.735), 0.006)) { _ in rgb(0xE9E4D6)
            }
        }
    }

    private func seams(_ canvas: inout Canvas) {
        let depth: Float = back ? 0.03 : 0.16
        // The front's neck is cut lower than the outline; the collar covers the step.
        let arc = stride(from: Float(-1), through: 1, by: 0.1).map { share in
            Point(0.235 * share, -0.785 + depth * (1 - share * share) * 0.9)
        }
        if !back {
            let opening = Outline(
                arc + [Point(0.235, -0.80), Point(0.0, -0.795), Point(-0.235, -0.80)])
            canvas.flat(opening) { spot in
                color * (0.34 + 0.9 * smoothstep(0.10, 0, spot.depth) * 0.2)
            }
        }
        let collar = Outline.ribbon(Outline.path(arc, steps: 3), 0.05)
        canvas.crease(collar, width: 0.016, 0.25)
        canvas.cushion(collar, puff: 0.45, .cloth) { spot in
            color * 0.96 * (0.88 + 0.12 * sinf(spot.place.x * 420))
        }
        for side in [Float(-1), 1] {
            let sleeve = Outline.path([
                Point(0.42 * side, -0.70), Point(0.435 * side, -0.5), Point(0.47 * side, -0.20),
            ])
            canvas.stroke(sleeve, 0.008, color * 0.55)
            canvas.stroke(
                [Point(0.845 * side, -0.165), Point(0.60 * side, -0.015)], 0.005, color * 0.6,
                dash: 0.016)
        }
        for shift in [Float(0), 0.018] {
            let hem = Outline.path([
                Point(-0.495, 0.755 - shift), Point(-0.25, 0.79 - shift), Point(0.25, 0.79 - shift),
                Point(0.495, 0.755 - shift),
            ])
            canvas.stroke(hem, 0.005, color * 0.6, dash: 0.016)
        }
    }

    /// A sun behind hills.
    private func isPrint(_ place: Point) -> Bool {
        guard !back else { return false }
        let at = place - Point(0, -0.10)
        let ring = abs(length(at) - 0.215) < 0.008
        let hill = at.y - 0.06 - 0.045 * sinf(at.x * 13 + 0.8)
        guard length(at) < 0.215 || ring else { return false }
        if ring { return true }
        if hill > 0 { return hill.truncatingRemainder(dividingBy: 0.045) < 0.028 }
        return length(at - Point(0.05, -0.04)) < 0.085
    }
}
