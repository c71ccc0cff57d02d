import Foundation

extension Canvas {
    /// What a painted place knows of itself.
    struct Spot {
        let place: Point
        /// Distance to the edge of its shape, positive inside.
        let depth: Float
    }

    /// Paints an outline as a cushion.
    /// - Parameters:
    ///   - puff: 0 is flat, 1 as high as wide.
    ///   - bump: height of a relief on it, in units; its slopes catch the light.
    mutating func cushion(
        _ outline: Outline, puff: Float, _ finish: Finish,
        bump: ((Point) -> Float)? = nil, color: (Spot) -> Light
    ) {
        let relief = Relief(outline, cell: outline.cell)
        let edge = edge
        let step: Float = max(1 / unit, 0.0015)
        each(in: outline.low, outline.high) { place in
            let cell = relief.sample(place)
            let alpha = edge.coverage(cell.w)
            guard alpha > 0 else { return (.zero, 0) }
            var normal = Light(
                -cell.x * puff, -cell.y * puff, max(cell.z, 1e-6).squareRoot() + 1e-4)
            normal = normalized(normal)
            if let bump {
                let here = bump(place)
                normal.x -= (bump(place + Point(step, 0)) - here) / step
                normal.y -= (bump(place + Point(0, step)) - here) / step
                normal = normalized(normal)
            }
            let albedo = color(Spot(place: place, depth: -cell.w))
            return (Self.shade(albedo, normal, finish), alpha)
        }
    }

    /// Paints an outline without shading.
    mutating func flat(_ outline: Outline, opacity: Float = 1, color: (Spot) -> Light) {
        veil(outline) { (color($0), opacity) }
    }

    /// Paints an outline that is not everywhere as opaque: glass, lace.
    mutating func veil(_ outline: Outline, paint: (Spot) -> (color: Light, alpha: Float)) {
        let relief = Relief(outline, cell: outline.cell)
        let edge = edge
        each(in: outline.low, outline.high) { place in
            let distance = relief.sample(place).w
            let coverage = edge.coverage(distance)
            guard coverage > 0 else { return (.zero, 0) }
            let (color, alpha) = paint(Spot(place: place, depth: -distance))
            return (color, alpha * coverage)
        }
    }

    /// Darkens along the inside of an outline's edge: where one part lies on another.
    mutating func crease(_ outline: Outline, width: Float, _ strength: Float) {
        let relief = Relief(outline, cell: outline.cell)
        each(in: outline.low - width, outline.high + width, atop: true) { place in
            let distance = relief.sample(place).w
            return (.zero, strength * smoothstep(width, 0, abs(distance)))
        }
    }
}

/// A body turned on a lathe, seen from slightly above.
struct Turned {
    /// Height (y, downwards growing) and radius, top to bottom.
    var profile: [(y: Float, radius: Float)]
    var axis: Float = 0
    /// How much a circle around the axis is seen from above: 0 is a line, 1 a circle.
    var tilt: Float = 0.2

    /// Straight between the points when false.
    var soft = true

    func radius(_ y: Float) -> Float {
        guard y > profile[0].y else { return profile[0].radius }
        for index in 1..<profile.count where y <= profile[index].y {
            let (from, to) = (profile[index - 1], profile[index])
            let span = max(to.y - from.y, 1e-6)
            let t = (y - from.y) / span
            guard soft else { return from.radius + (to.radius - from.radius) * t }
            // Hermite's curve: no step where two pieces meet.
            let (t2, t3) = (t * t, t * t * t)
            return from.radius * (2 * t3 - 3 * t2 + 1) + to.radius * (3 * t2 - 2 * t3)
                + span * (slope(index - 1) * (t3 - 2 * t2 + t) + slope(index) * (t3 - t2))
        }
        return profile[profile.count - 1].radius
    }

    private func slope(_ index: Int) -> Float {
        let before = profile[max(index - 1, 0)]
        let after = profile[min(index + 1, profile.count - 1)]
        return (after.radius - before.radius) / max(after.y - before.y, 1e-6)
    }

    var top: Float { profile[0].y }
    var bottom: Float { profile[profile.count - 1].y }
    var widest: Float { profile.reduce(0) { max($0, $1.radius) } }

    /// The circle at a height, as it is seen.
    func ring(_ y: Float, scale: Float = 1) -> Outline {
        let radius = radius(y) * scale
        return .ellipse(Point(axis, y), Point(radius, radius * tilt))
    }
}

extension Canvas {
    /// Where on a turned body a place lies.
    struct Turn {
        /// Height on the body.
        let y: Float
        /// Angle around the axis, -π/2 at the left edge to π/2 at the right one.
        let angle: Float
        let radius: Float
    }

    mutating func turned(_ body: Turned, _ finish: Finish, color: (Turn) -> Light) {
        let sag = body.widest * body.tilt
        let low = Point(body.axis - body.widest, body.top - sag)
        let high = Point(body.axis + body.widest, body.bottom + sag)
        let edge = edge
        each(in: low, high) { place in
            let x = place.x - body.axis
            // The front of a circle hangs below its middle: find the height whose circle passes
            // here.
            var y = place.y
            var radius = body.radius(y)
            for _ in 0..<3 {
                let across = clamp(abs(x) / max(radius, 1e-5))
                y = place.y - body.tilt * radius * (1 - across * across).squareRoot()
                radius = body.radius(y)
            }
            let slope = (body.radius(y + 0.004) - body.radius(y - 0.004)) / 0.008
            let side = (abs(x) - radius) / (1 + slope * slope).squareRoot()
            let alpha = edge.coverage(max(side, body.top - y, y - body.bottom))
            guard alpha > 0 else { return (.zero, 0) }
            let across = clamp(x / max(radius, 1e-5), -0.999, 0.999)
            let depth = (1 - across * across).squareRoot()
            let normal = normalized(Light(across, -slope * 0.8 - 0.05, depth))
            let albedo = color(Turn(y: y, angle: asinf(across), radius: radius))
            return (Self.shade(albedo, normal, finish), alpha)
        }
    }
}
