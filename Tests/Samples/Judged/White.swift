import Foundation

/// White things, lit so well that their edges melt into a white wall here and there.
struct WhiteShirt: Sendable {
    var cloth: Cloth

    func draw(on canvas: inout Canvas) {
        let body = Outline.smooth([
            Point(-0.22, -0.76), Point(-0.22, -0.76), Point(0, -0.66), Point(0.22, -0.76),
            Point(0.22, -0.76), Point(0.52, -0.62), Point(0.84, -0.10), Point(0.84, -0.10),
            Point(0.60, 0.03), Point(0.60, 0.03), Point(0.47, -0.20), Point(0.49, 0.80),
            Point(0.49, 0.80), Point(0, 0.83), Point(-0.49, 0.80), Point(-0.49, 0.80),
            Point(-0.47, -0.20), Point(-0.60, 0.03), Point(-0.60, 0.03), Point(-0.84, -0.10),
            Point(-0.84, -0.10), Point(-0.52, -0.62),
        ])
        canvas.melting(body, cloth)
        for side in [Float(-1), 1] {
            canvas.seam([Point(0.43 * side, -0.66), Point(0.46 * side, -0.2)])
            canvas.seam([Point(0.82 * side, -0.13), Point(0.61 * side, -0.01)])
        }
        canvas.seam([Point(-0.48, 0.76), Point(0, 0.785), Point(0.48, 0.76)])
        let collar = [
            Point(-0.22, -0.75), Point(-0.12, -0.66), Point(0, -0.63), Point(0.12, -0.66),
        ]
        canvas.seam(collar + [Point(0.22, -0.75)])
    }
}

struct WhiteDress: Sendable {
    var cloth: Cloth

    func draw(on canvas: inout Canvas) {
        let shape = Outline.smooth([
            Point(-0.26, -0.88), Point(-0.18, -0.90), Point(0, -0.68), Point(0.18, -0.90),
            Point(0.26, -0.88), Point(0.30, -0.55), Point(0.22, -0.18), Point(0.40, 0.30),
            Point(0.58, 0.90), Point(0.58, 0.90), Point(0, 0.93), Point(-0.58, 0.90),
            Point(-0.58, 0.90), Point(-0.40, 0.30), Point(-0.22, -0.18), Point(-0.30, -0.55),
        ])
        canvas.melting(shape, cloth)
        canvas.seam([Point(-0.22, -0.18), Point(0, -0.15), Point(0.22, -0.18)])
        for x in [Float(-0.12), 0.02, 0.14] {
            canvas.seam([Point(x, -0.14), Point(x * 1.8, 0.3), Point(x * 2.6, 0.7)])
        }
    }
}

struct WhiteTowel: Sendable {
    var cloth: Cloth

    func draw(on canvas: inout Canvas) {
        for (low, high) in [
            (Point(-0.74, 0.20), Point(0.76, 0.66)), (Point(-0.72, -0.22), Point(0.72, 0.24)),
            (Point(-0.75, -0.62), Point(0.70, -0.18)),
        ] { canvas.melting(.box(low, high, 0.16), cloth) }
        for y in [Float(0.22), -0.20] {
            canvas.seam([Point(-0.68, y), Point(0, y + 0.01), Point(0.68, y)])
        }
    }
}

extension Canvas {
    /// Cloth so bright that most of it is as white as what is behind.
    fileprivate mutating func melting(_ outline: Outline, _ cloth: Cloth) {
        cushion(outline, puff: 0.06, .cloth, bump: { 0.22 * cloth.relief($0) }) {
            max(cloth.light($0.place), Light(repeating: 1.08))
        }
    }

    fileprivate mutating func seam(_ points: [Point]) {
        stroke(Outline.path(points), 0.006, rgb(0xE9E9E8), round: false)
    }
}

private func max(_ a: Light, _ b: Light) -> Light { pointwiseMax(a, b) }
