import Foundation

/// A closed shape: corners of a polygon, fine enough to look like a curve.
struct Outline {
    var points: [Point]

    init(_ points: [Point]) { self.points = points }

    /// A soft curve through the points; where one stands twice in a row, a sharp corner.
    static func smooth(_ corners: [Point], steps: Int = 8) -> Outline {
        let count = corners.count
        var points: [Point] = []
        for index in 0..<count {
            let (a, b) = (corners[(index + count - 1) % count], corners[index])
            let (c, d) = (corners[(index + 1) % count], corners[(index + 2) % count])
            guard b != c else { continue }
            points += curve(a, b, c, d, steps)
        }
        return Outline(points)
    }

    /// A soft open curve through the points.
    static func path(_ corners: [Point], steps: Int = 10) -> [Point] {
        guard corners.count > 1 else { return corners }
        let padded = [corners[0]] + corners + [corners[corners.count - 1]]
        var points: [Point] = []
        for index in 1..<padded.count - 2 {
            points += curve(
                padded[index - 1], padded[index], padded[index + 1], padded[index + 2], steps)
        }
        return points + [corners[corners.count - 1]]
    }

    /// Catmull and Rom's spline from b to c.
    private static func curve(
        _ a: Point, _ b: Point, _ c: Point, _ d: Point, _ steps: Int
    ) -> [Point] {
        (0..<steps).map { step in
            let t = Float(step) / Float(steps)
            let linear = (c - a) * t
            let square = (a * 2 - b * 5 + c * 4 - d) * (t * t)
            let cube = (b * 3 - a - c * 3 + d) * (t * t * t)
            return (b * 2 + linear + square + cube) / 2
        }
    }

    static func ellipse(_ center: Point, _ radii: Point, turn: Float = 0) -> Outline {
        let count = 72
        return Outline(
            (0..<count).map { step in
                let angle = 2 * Float.pi * Float(step) / Float(count)
                let point = Point(cosf(angle), sinf(angle)) * radii
                return center + rotated(point, turn)
            })
    }

    /// A box with round corners.
    static func box(_ low: Point, _ high: Point, _ radius: Float) -> Outline {
        let corners: [(Point, Float)] = [
            (Point(high.x - radius, high.y - radius), 0),
            (Point(low.x + radius, high.y - radius), 0.5),
            (Point(low.x + radius, low.y + radius), 1),
            (Point(high.x - radius, low.y + radius), 1.5),
        ]
        return Outline(
            corners.flatMap { corner, start in
                (0...8).map { step in
                    let angle = Float.pi * (start + Float(step) / 16)
                    return corner + Point(cosf(angle), sinf(angle)) * radius
                }
            })
    }

    /// A band along a path; `width` is asked for shares 0 to 1 of its points.
    static func ribbon(_ path: [Point], _ width: (Float) -> Float) -> Outline {
        var left: [Point] = []
        var right: [Point] = []
        for index in path.indices {
            let ahead = path[min(index + 1, path.count - 1)] - path[max(index - 1, 0)]
            let side = Point(-ahead.y, ahead.x) / max(length(ahead), 1e-9)
            let half = width(Float(index) / Float(max(path.count - 1, 1))) / 2
            left.append(path[index] + side * half)
            right.append(path[index] - side * half)
        }
        return Outline(left + right.reversed())
    }

    static func ribbon(_ path: [Point], _ width: Float) -> Outline { ribbon(path) { _ in width } }

    func mirrored() -> Outline { Outline(points.map { Point(-$0.x, $0.y) }) }

    func moved(_ by: Point) -> Outline { Outline(points.map { $0 + by }) }

    func scaled(_ by: Float, around middle: Point = .zero) -> Outline {
        Outline(points.map { middle + ($0 - middle) * by })
    }

    static func rotated(_ point: Point, _ turn: Float) -> Point {
        let (sine, cosine) = (sinf(turn), cosf(turn))
        return Point(point.x * cosine - point.y * sine, point.x * sine + point.y * cosine)
    }

    var low: Point { points.dropFirst().reduce(points[0], pointwiseMin) }
    var high: Point { points.dropFirst().reduce(points[0], pointwiseMax) }

    /// A grid fine enough to find its way around in.
    var cell: Float {
        let size = high - low
        return clamp(min(size.x, size.y) / 28, 0.004, 0.013)
    }

    /// Distance to the edge, negative inside.
    func distance(_ place: Point) -> Float {
        var nearest = Float.infinity
        var inside = false
        var previous = points[points.count - 1]
        for point in points {
            let edge = previous - point
            let away = place - point
            let share = clamp((away * edge).sum() / max((edge * edge).sum(), 1e-12))
            let gap = away - edge * share
            nearest = min(nearest, (gap * gap).sum())
            if (point.y > place.y) != (previous.y > place.y),
                place.x < edge.x * (place.y - point.y) / edge.y + point.x
            {
                inside.toggle()
            }
            previous = point
        }
        return (inside ? -1 : 1) * nearest.squareRoot()
    }
}

/// An outline blown up like a cushion: solves for the height of a membrane under even pressure,
/// whose square root is a half sphere over a circle and something as round over anything else.
struct Relief {
    private let origin: Point
    private let cell: Float
    private let columns: Int
    private let rows: Int
    /// Slope of the membrane in x and y, its height, and the distance to the edge.
    private var grid: [SIMD4<Float>]

    init(_ outline: Outline, cell: Float) {
        self.cell = cell
        origin = outline.low - cell * 2.5
        let size = outline.high + cell * 2.5 - origin
        columns = Int(size.x / cell) + 2
        rows = Int(size.y / cell) + 2
        var distance = [Float](repeating: 0, count: columns * rows)
        for index in distance.indices {
            let place = Point(Float(index % columns), Float(index / columns)) * cell
            distance[index] = outline.distance(origin + place)
        }
        let height = Self.membrane(distance, columns, rows, cell)
        grid = Self.slopes(height, distance, columns, rows, cell)
    }

    /// Interpolated between the four cells around.
    func sample(_ place: Point) -> SIMD4<Float> {
        let at = (place - origin) / cell
        let x = clamp(at.x, 0, Float(columns) - 1.01)
        let y = clamp(at.y, 0, Float(rows) - 1.01)
        let (column, row) = (Int(x), Int(y))
        let (right, down) = (x - Float(column), y - Float(row))
        let index = row * columns + column
        return grid.withUnsafeBufferPointer { grid in
            let upper = mix(grid[index], grid[index + 1], right)
            let lower = mix(grid[index + columns], grid[index + columns + 1], right)
            return mix(upper, lower, down)
        }
    }

    private static func membrane(
        _ distance: [Float], _ columns: Int, _ rows: Int, _ cell: Float
    ) -> [Float] {
        var height = [Float](repeating: 0, count: distance.count)
        let inside = distance.indices.filter { distance[$0] < 0 }
        let around = [-1, 1, -columns, columns]
        // The edge runs between cells: a neighbour outside counts by how far off the edge is.
        let weight = inside.map { index in
            around.reduce(Float(0)) { sum, step in
                let (mine, other) = (distance[index], distance[index + step])
                return sum + (other < 0 ? 1 : 1 / max(mine / (mine - other), 0.25))
            }
        }
        let relax = 2 / (1 + sinf(.pi / Float(max(columns, rows))))
        height.withUnsafeMutableBufferPointer { height in
            for _ in 0..<max(columns, rows) + 20 {
                for (number, index) in inside.enumerated() {
                    let sum =
                        max(height[index - 1], 0) + max(height[index + 1], 0)
                        + max(height[index - columns], 0) + max(height[index + columns], 0)
                    let aim = (sum + cell * cell) / weight[number]
                    height[index] += relax * (aim - height[index])
                }
            }
        }
        return height
    }

    private static func slopes(
        _ inner: [Float], _ distance: [Float], _ columns: Int, _ rows: Int, _ cell: Float
    ) -> [SIMD4<Float>] {
        let height = extended(inner, distance, columns, rows)
        var grid = [SIMD4<Float>](repeating: .zero, count: inner.count)
        for row in 1..<rows - 1 {
            for column in 1..<columns - 1 {
                let index = row * columns + column
                let x = (height[index + 1] - height[index - 1]) / (2 * cell)
                let y = (height[index + columns] - height[index - columns]) / (2 * cell)
                grid[index] = SIMD4(x, y, height[index], distance[index])
            }
        }
        for index in grid.indices where grid[index].w == 0 { grid[index].w = distance[index] }
        return grid
    }

    /// Goes on below zero for two cells outside, so that slopes at the edge are those of the inside.
    private static func extended(
        _ height: [Float], _ distance: [Float], _ columns: Int, _ rows: Int
    ) -> [Float] {
        var height = height
        var known = distance.map { $0 < 0 }
        for _ in 0..<2 {
            let (before, were) = (height, known)
            for row in 2..<rows - 2 {
                for column in 2..<columns - 2 where !were[row * columns + column] {
                    let index = row * columns + column
                    var (sum, count) = (Float(0), Float(0))
                    for step in [-1, 1, -columns, columns] where were[index + step] {
                        let further = were[index + 2 * step]
                        sum +=
                            further
                            ? 2 * before[index + step] - before[index + 2 * step]
                            : before[index + step]
                        count += 1
                    }
                    guard count > 0 else { continue }
                    height[index] = sum / count
                    known[index] = true
                }
            }
        }
        return height
    }
}
