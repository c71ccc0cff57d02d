import Foundation

/// A printed sheet: dark frame, white paper within, a picture on it.
struct Poster: Sendable {
    var ink = rgb(0x1E2A3A)
    var accent = rgb(0xD9532C)

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.02, 0.03), Point(0.60, 0.84), 0.22)
        let frame = Outline.box(Point(-0.66, -0.92), Point(0.66, 0.92), 0.012)
        canvas.cushion(frame, puff: 0.03, .wood) { _ in ink }
        canvas.flat(.box(Point(-0.61, -0.87), Point(0.61, 0.87), 0.004)) { spot in
            print(spot.place)
        }
    }

    private func print(_ place: Point) -> Light {
        if length(place - Point(0.1, -0.18)) < 0.26 { return accent }
        let hill = place.y - 0.24 - 0.08 * sinf(place.x * 7 + 1)
        guard abs(place.x) < 0.46, hill > 0, place.y < 0.64 else { return rgb(0xFFFFFF) }
        return hill.truncatingRemainder(dividingBy: 0.09) < 0.05 ? ink : rgb(0xFFFFFF)
    }
}

/// A white plate with a dark rim.
struct Plate: Sendable {
    var rim = rgb(0x223A66)

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.04, 0.06), Point(0.80, 0.80), 0.26)
        canvas.cushion(.ellipse(.zero, Point(0.88, 0.88)), puff: 0.05, .enamel) { _ in rim }
        canvas.flat(.ellipse(.zero, Point(0.80, 0.80))) { spot in
            let away = length(spot.place)
            let well = smoothstep(0.02, 0, abs(away - 0.55))
            let wave = abs(away - 0.68 - 0.02 * sinf(atan2f(spot.place.y, spot.place.x) * 24))
            if wave < 0.012 { return rim }
            return rgb(0xFFFFFF) * (1 - 0.14 * well * (0.5 + spot.place.x + spot.place.y))
        }
    }
}

/// A sticker of a panda: white inside black.
struct Panda: Sendable {
    func draw(on canvas: inout Canvas) {
        let (black, white) = (rgb(0x151517), rgb(0xFFFFFF))
        for side in [Float(-1), 1] {
            canvas.flat(.ellipse(Point(0.56 * side, -0.62), Point(0.25, 0.25))) { _ in black }
        }
        canvas.flat(.ellipse(Point(0, 0.04), Point(0.88, 0.80))) { _ in black }
        canvas.flat(.ellipse(Point(0, 0.04), Point(0.82, 0.74))) { _ in white }
        for side in [Float(-1), 1] {
            canvas.flat(.ellipse(Point(0.34 * side, -0.02), Point(0.18, 0.24), turn: 0.4 * side)) {
                _ in black
            }
            canvas.flat(.ellipse(Point(0.32 * side, -0.04), Point(0.06, 0.07))) { _ in white }
        }
        canvas.flat(.ellipse(Point(0, 0.28), Point(0.11, 0.08))) { _ in black }
        let smile = Outline.path([
            Point(-0.22, 0.46), Point(-0.10, 0.52), Point(0, 0.42), Point(0.10, 0.52),
            Point(0.22, 0.46),
        ])
        canvas.stroke(smile, 0.035, black, round: false)
    }
}

/// A cushion for a sofa.
struct Pillow: Sendable {
    var cloth = Cloth(kind: .linen, color: rgb(0x3C6E8F))

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.02, 0.83), Point(0.70, 0.05), 0.35)
        let shape = Outline.smooth([
            Point(-0.82, -0.80), Point(-0.82, -0.80), Point(0, -0.70), Point(0.82, -0.80),
            Point(0.82, -0.80), Point(0.74, 0), Point(0.82, 0.80), Point(0.82, 0.80),
            Point(0, 0.74), Point(-0.82, 0.80), Point(-0.82, 0.80), Point(-0.74, 0),
        ])
        canvas.cushion(shape, puff: 0.45, cloth.finish, bump: { cloth.relief($0 * 0.6) }) { spot in
            cloth.light(spot.place) * (0.8 + 0.2 * smoothstep(0, 0.02, spot.depth))
        }
    }
}

/// Towels on a pile.
struct Towels: Sendable {
    var cloths = [
        Cloth(kind: .knit, color: rgb(0x8FA6A0)), Cloth(kind: .knit, color: rgb(0xB06A4A)),
    ]

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.03, 0.66), Point(0.85, 0.05), 0.42)
        canvas.shadow(Point(0, 0.64), Point(0.72, 0.022), 0.5)
        for number in 0..<4 {
            let cloth = cloths[number % cloths.count]
            let y = 0.63 - 0.30 * Float(number)
            let lean = 0.02 * sinf(Float(number) * 5)
            let roll = Outline.smooth([
                Point(-0.76, y - 0.27), Point(0.70, y - 0.28), Point(0.80, y - 0.15),
                Point(0.70, y), Point(-0.76, y), Point(-0.80, y - 0.12),
            ])
            canvas.crease(roll.moved(Point(lean, 0)), width: 0.02, 0.35)
            canvas.cushion(roll.moved(Point(lean, 0)), puff: 0.5, .cloth) { place in
                0.5 * cloth.relief(place)
            } color: {
                cloth.light($0.place * 1.1)
            }
            canvas.stroke(
                [Point(-0.74 + lean, y - 0.14), Point(0.74 + lean, y - 0.135)], 0.012,
                cloth.color * 0.5)
        }
    }
}
