import Foundation

/// Masters as cameras write them: noise everywhere, the wall behind included, so that no place of
/// them is cheap to encode. Eight of equal weight: four pictures, each beside its mirror image.
enum Photographs {
    private struct Photograph: Sendable {
        /// 3:2, as most sensors are.
        var isWide = false
        /// Stored lying down, with an orientation that puts it right.
        var isSideways = false
        var quality: Int
        /// Whether colours have half the places, as in most cameras.
        var halvesColors: Bool
        var camera: Camera
        var wall = Wall.shaded(head: Light(250, 249, 246), foot: Light(234, 230, 222))
        var draw: @Sendable (inout Canvas) -> Void
    }

    /// - Parameter size: side of the square that has as many pixels.
    static func draw(into directory: String, size: Int) throws {
        try Disk.makeDirectory(directory)
        for (number, photograph) in photographs.enumerated() {
            let picture = try developed(photograph, size)
            let mirrored = try picture.applying("flip", ["direction": "horizontal"])
            try write(picture, "\(directory)/\(2 * number).jpg", photograph)
            try write(mirrored, "\(directory)/\(2 * number + 1).jpg", photograph)
        }
    }

    private static func developed(_ photograph: Photograph, _ size: Int) throws -> Picture {
        let width = photograph.isWide ? Int(Float(size) * 1.2247) / 16 * 16 : size
        let height = photograph.isWide ? size * size / width : size
        var canvas =
            photograph.isSideways
            ? Canvas(height, width, background: nil) : Canvas(width, height, background: nil)
        photograph.draw(&canvas)
        let picture = try photograph.camera.photograph(canvas, before: photograph.wall)
        return photograph.isSideways
            ? try picture.applying("rot", ["angle": "d270"]) : picture
    }

    private static func write(_ picture: Picture, _ path: String, _ photograph: Photograph) throws {
        if photograph.isSideways { picture.setOrientation(6) }
        picture.setExif("exif-ifd0-Model", "Field Camera 8")
        let subsampling = photograph.halvesColors ? "on" : "off"
        try picture.write(
            "jpegsave", path, ["Q": "\(photograph.quality)", "subsample-mode": subsampling])
    }

    private static let photographs = [
        Photograph(quality: 95, halvesColors: false, camera: Camera(grain: 3, seed: 1), draw: knit),
        Photograph(
            isWide: true, isSideways: true, quality: 93, halvesColors: true,
            camera: Camera(grain: 2.2, seed: 2), draw: portrait),
        Photograph(
            isWide: true, quality: 94, halvesColors: true, camera: Camera(grain: 4, seed: 3),
            draw: leather),
        Photograph(
            quality: 92, halvesColors: true, camera: Camera(grain: 5, softness: 0.8, seed: 4),
            draw: street),
    ]

    /// Nothing but fabric, in folds.
    private static let knit: @Sendable (inout Canvas) -> Void = { canvas in
        let cloth = Cloth(kind: .check, color: rgb(0x8C5A3C), second: rgb(0xE6DCC8))
        canvas.cushion(.box(Point(-3, -3), Point(3, 3), 0.1), puff: 0, .cloth) { place in
            6 * cloth.relief(place * 0.5)
        } color: { spot in
            cloth.light(spot.place) * (0.9 + 0.2 * Texture.noise(spot.place * 900))
        }
    }

    private static let portrait: @Sendable (inout Canvas) -> Void = { canvas in
        canvas.scene(at: Point(0, 2.3), scale: 3.2) { canvas in
            Figure(hairLength: 0.9, cloth: Cloth(kind: .knit, color: rgb(0x3C6E8F)), spread: 0.02)
                .draw(on: &canvas)
        }
    }

    private static let leather: @Sendable (inout Canvas) -> Void = { canvas in
        canvas.scene(at: Point(-0.55, 0), scale: 0.95) {
            Backpack(color: rgb(0x7C4A2A)).draw(on: &$0)
        }
        canvas.scene(at: Point(0.62, 0.45), scale: 0.5) { Sneaker().draw(on: &$0) }
    }

    /// Lamps far behind, out of focus, and one thing that is sharp.
    private static let street: @Sendable (inout Canvas) -> Void = { canvas in
        canvas.each(in: Point(-3, -3), Point(3, 3)) { place in
            (mix(rgb(0x30384A), rgb(0x8A7560), smoothstep(-1, 1, place.y)), 1)
        }
        var dice = Dice(9)
        for _ in 0..<60 {
            let (at, size) = (
                Point(dice.between(-1.3, 1.3), dice.between(-1.3, 0.4)), dice.between(0.04, 0.16)
            )
            let light = Light(dice.between(0.5, 1), dice.between(0.3, 0.8), dice.between(0.1, 0.6))
            canvas.each(in: at - size, at + size) { place in
                (light, 0.45 * smoothstep(size, size * 0.88, length(place - at)))
            }
        }
        canvas.scene(at: Point(0, 0.25), scale: 0.9) { Headphones().draw(on: &$0) }
    }
}
