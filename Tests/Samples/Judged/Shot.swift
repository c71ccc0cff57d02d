import Foundation

/// A product before a wall and a camera: one picture of the judged set, and where in it the product is.
struct Shot {
    enum Format { case jpeg, cutOut, cutOutWithShadow }

    var canvas: Canvas
    var wall: Wall
    var camera: Camera
    var format = Format.jpeg
    var quality: Int

    /// - Parameter height: of the frame in units of the drawing; nil: products fit with air around.
    init(
        _ dice: inout Dice, wall: Wall, size: (Int, Int)? = nil, height: Float? = nil,
        middle: Point? = nil
    ) {
        let (wide, high) = size ?? Self.size(&dice)
        let unit = height.map { Float(high) / $0 }
        let fill = unit.map { 2 * $0 / Float(min(wide, high)) } ?? dice.between(0.74, 0.84)
        canvas = Canvas(
            wide, high, fill: fill,
            center: middle ?? Point(dice.between(-0.05, 0.05), dice.between(-0.04, 0.04)),
            background: nil)
        canvas.separateShadows()
        self.wall = wall
        camera = Camera(
            grain: dice.between(1.2, 2.6), softness: dice.between(0.45, 0.75),
            sharpening: dice.one(of: [0, 0.4, 0.9]), seed: Int(dice.next() & 0xFFFF))
        quality = Int(dice.between(85, 95.9))
    }

    private static func size(_ dice: inout Dice) -> (Int, Int) {
        dice.one(of: [
            (900, 900), (800, 1066), (1000, 1000), (762, 1100), (1200, 900), (780, 780),
            (1300, 1000), (800, 1200), (1100, 1100),
        ])
    }

    var ending: String { format == .jpeg ? "jpg" : "png" }

    func write(_ path: String) throws {
        guard format == .jpeg else {
            let cut = try camera.cutOut(format == .cutOut ? canvas : canvas.withShadows)
            return try cut.write("pngsave", path, [:])
        }
        try camera.photograph(canvas, before: wall).write(
            "jpegsave", path,
            ["Q": "\(quality)", "subsample-mode": quality.isMultiple(of: 2) ? "on" : "off"])
    }

    /// 255 where the product is, 128 where one sees through its shadow or its glass, else 0.
    func writeMask(_ path: String) throws {
        let bytes = canvas.pixels.indices.map { index -> UInt8 in
            let alpha = canvas.pixels[index].w
            return alpha > 0.5 ? 255 : alpha > 0.02 || canvas.shadows[index] > 0.01 ? 128 : 0
        }
        try Picture(bytes, width: canvas.width, height: canvas.height, bands: 1, space: "b-w")
            .write("pngsave", path, [:])
    }
}

extension Canvas {
    /// What one lamp makes: the product's shape again, moved by so many units, with a sharp edge.
    mutating func castShadow(_ by: Point, _ strength: Float) {
        let (right, down) = (Int(by.x * unit), Int(by.y * unit))
        for y in 0..<height {
            for x in 0..<width {
                let (fromX, fromY) = (x - right, y - down)
                guard fromX >= 0, fromY >= 0, fromX < width, fromY < height else { continue }
                darken(y * width + x, pixels[fromY * width + fromX].w * strength)
            }
        }
    }
}
