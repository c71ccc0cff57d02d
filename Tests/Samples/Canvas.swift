import Foundation

/// A place on the drawing: x to the right, y down; products live between -1 and 1.
typealias Point = SIMD2<Float>
/// Red, green, blue in linear light.
typealias Light = SIMD3<Float>

/// `0xRRGGBB` of sRGB as linear light.
func rgb(_ hex: UInt32) -> Light {
    func linear(_ shift: UInt32) -> Float { powf(Float(hex >> shift & 255) / 255, 2.2) }
    return Light(linear(16), linear(8), linear(0))
}

// Not one generic function: in a debug build no other file could specialise it, and pictures took ten
// times as long.
func mix(_ from: Light, _ to: Light, _ share: Float) -> Light { from + (to - from) * share }
func mix(_ from: SIMD4<Float>, _ to: SIMD4<Float>, _ share: Float) -> SIMD4<Float> {
    from + (to - from) * share
}
func mix(_ from: Float, _ to: Float, _ share: Float) -> Float { from + (to - from) * share }
func mix(_ from: Point, _ to: Point, _ share: Float) -> Point { from + (to - from) * share }

func clamp(_ value: Float, _ low: Float = 0, _ high: Float = 1) -> Float {
    min(max(value, low), high)
}

func smoothstep(_ low: Float, _ high: Float, _ value: Float) -> Float {
    let t = clamp((value - low) / (high - low))
    return t * t * (3 - 2 * t)
}

func length(_ v: Point) -> Float { (v * v).sum().squareRoot() }

func normalized(_ v: Light) -> Light { v / max((v * v).sum().squareRoot(), 1e-9) }

/// How a surface answers to the studio's lamps.
struct Finish {
    /// Strength of the highlight, 0 to 1.
    var shine: Float = 0.08
    /// Sharpness of the highlight.
    var gloss: Float = 12
    /// Strength of tall soft boxes mirrored in it: enamel, steel, glass.
    var boxes: Float = 0

    static let cloth = Finish(shine: 0.02, gloss: 4)
    static let rubber = Finish(shine: 0.10, gloss: 10)
    static let leather = Finish(shine: 0.16, gloss: 18)
    static let wood = Finish(shine: 0.08, gloss: 20)
    static let enamel = Finish(shine: 0.5, gloss: 90, boxes: 0.35)
    static let metal = Finish(shine: 0.6, gloss: 50, boxes: 0.55)
}

/// A picture in linear light with premultiplied transparency, and the camera before it.
struct Canvas {
    let width: Int
    let height: Int
    /// Pixels per unit of the drawing.
    private(set) var unit: Float
    /// The drawing's point in the middle of the picture.
    private(set) var center: Point
    private(set) var pixels: [SIMD4<Float>]
    /// How dark shadows make each place, 0 to 1; empty where they are drawn among the pixels.
    private(set) var shadows: [Float] = []

    /// - Parameters:
    ///   - fill: share of the shorter side that two units take.
    ///   - background: nil leaves the picture transparent.
    init(
        _ width: Int, _ height: Int, fill: Float = 0.84, center: Point = .zero, background: Light?
    ) {
        self.width = width
        self.height = height
        self.center = center
        unit = Float(min(width, height)) * fill / 2
        let empty = background.map { SIMD4($0, 1) } ?? .zero
        pixels = Array(repeating: empty, count: width * height)
    }

    func point(_ x: Int, _ y: Int) -> Point {
        Point(Float(x) + 0.5 - Float(width) / 2, Float(y) + 0.5 - Float(height) / 2) / unit + center
    }

    /// Calls `paint` for every pixel within the box; it answers with a colour and a coverage.
    /// - Parameter atop: true paints only on what is there, and leaves the transparent so.
    mutating func each(
        in low: Point, _ high: Point, atop: Bool = false,
        _ paint: (Point) -> (color: Light, alpha: Float)
    ) {
        let (columns, rows) = cells(low, high)
        let middle = Point(Float(width), Float(height)) / 2
        let (center, unit, width) = (center, unit, width)
        pixels.withUnsafeMutableBufferPointer { pixels in
            for y in rows {
                for x in columns {
                    let place = (Point(Float(x) + 0.5, Float(y) + 0.5) - middle) / unit + center
                    let index = y * width + x
                    let (color, share) = paint(place)
                    let alpha = atop ? share * pixels[index].w : share
                    guard alpha > 0.002 else { continue }
                    pixels[index] = pixels[index] * (1 - alpha) + SIMD4(color * alpha, alpha)
                }
            }
        }
    }

    private func cells(_ low: Point, _ high: Point) -> (columns: Range<Int>, rows: Range<Int>) {
        let size = Point(Float(width), Float(height))
        let from = ((low - center) * unit + size / 2 - 1).clamped(
            lowerBound: .zero, upperBound: size)
        let to = ((high - center) * unit + size / 2 + 2).clamped(
            lowerBound: .zero, upperBound: size)
        return (Int(from.x)..<Int(to.x), Int(from.y)..<Int(to.y))
    }

    /// Its shadows among its pixels, black and see-through.
    var withShadows: Canvas {
        var canvas = self
        for index in pixels.indices {
            canvas.pixels[index].w += shadows[index] * (1 - pixels[index].w)
        }
        return canvas
    }

    /// Keeps shadows apart from what casts them from now on.
    mutating func separateShadows() { shadows = Array(repeating: 0, count: width * height) }

    /// Draws something smaller or larger, its middle at `middle`.
    mutating func scene(at middle: Point, scale: Float, _ draw: (inout Canvas) -> Void) {
        let (unit, center) = (unit, center)
        self.unit = unit * scale
        self.center = (center - middle) / scale
        draw(&self)
        (self.unit, self.center) = (unit, center)
    }

    /// Tells how much of a pixel lies within a shape.
    var edge: Edge { Edge(unit: unit) }

    /// Apart from the canvas, so that a closure may keep one without keeping all pixels.
    struct Edge {
        let unit: Float

        /// - Parameter distance: of the pixel's middle from the edge, in units, negative inside.
        func coverage(_ distance: Float) -> Float { clamp(0.5 - distance * unit) }
    }

    /// Darkens what lies below, strongest in the middle: the soft shadow under a product.
    mutating func shadow(_ center: Point, _ radii: Point, _ strength: Float) {
        let (low, high) = (center - radii * 2.2, center + radii * 2.2)
        func darkness(_ place: Point) -> Float {
            let away = (place - center) / radii
            return strength * expf(-1.8 * (away * away).sum())
        }
        guard !shadows.isEmpty else { return each(in: low, high) { (.zero, darkness($0)) } }
        let (columns, rows) = cells(low, high)
        for y in rows {
            for x in columns {
                // Nothing sees the end of the box.
                darken(y * width + x, max(0, darkness(point(x, y)) - 0.002))
            }
        }
    }

    mutating func darken(_ index: Int, _ strength: Float) {
        shadows[index] = 1 - (1 - shadows[index]) * (1 - strength)
    }

    /// A line through `points`, drawn piece by piece: stitches, laces, cords.
    mutating func stroke(
        _ points: [Point], _ thickness: Float, _ color: Light, dash: Float = 0, round: Bool = true
    ) {
        let pieces = dash > 0 ? Self.dashes(points, dash) : Array(zip(points, points.dropFirst()))
        let half = thickness / 2
        for (start, end) in pieces {
            let (low, high) = (pointwiseMin(start, end) - half, pointwiseMax(start, end) + half)
            let edge = edge
            each(in: low, high) { place in
                let along = end - start
                let share = clamp(
                    ((place - start) * along).sum() / max((along * along).sum(), 1e-9))
                let distance = length(place - start - along * share)
                // A thread is round: darker towards its sides.
                let lit = round ? 1.05 - 0.45 * (distance / half) * (distance / half) : 1
                return (color * lit, edge.coverage(distance - half))
            }
        }
    }

    private static func dashes(_ points: [Point], _ dash: Float) -> [(Point, Point)] {
        var pieces: [(Point, Point)] = []
        var walked: Float = 0
        for (start, end) in zip(points, points.dropFirst()) {
            let span = length(end - start)
            var at: Float = 0
            while at < span {
                let phase = (walked + at).truncatingRemainder(dividingBy: dash)
                let rest = min((phase < dash * 0.6 ? dash * 0.6 : dash) - phase + 1e-5, span - at)
                if phase < dash * 0.6 {
                    pieces.append(
                        (
                            start + (end - start) * (at / span),
                            start + (end - start) * ((at + rest) / span)
                        ))
                }
                at += rest
            }
            walked += span
        }
        return pieces
    }

    /// The studio: a big lamp at the upper left, a weak one at the right, bounce from the table.
    static func shade(_ color: Light, _ normal: Light, _ finish: Finish) -> Light {
        let key = max(0, (normal * Light(-0.42, -0.60, 0.68)).sum())
        let fill = max(0, (normal * Light(0.80, -0.15, 0.58)).sum())
        let sky = 0.5 - 0.5 * normal.y
        let diffuse = 0.16 + 0.16 * sky + 0.72 * key + 0.20 * fill
        let half = max(0, (normal * Light(-0.23, -0.33, 0.916)).sum())
        var light = color * diffuse + Light(repeating: finish.shine * powf(half, finish.gloss))
        if finish.boxes > 0 {
            let tall = smoothstep(0.14, 0.05, abs(normal.x + 0.62)) * 0.9
            let thin = smoothstep(0.07, 0.03, abs(normal.x - 0.74)) * 0.6
            let edge = powf(1 - clamp(normal.z), 3) * 0.25
            light += Light(repeating: finish.boxes * (tall + thin + edge))
        }
        return light
    }
}
