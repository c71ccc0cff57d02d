import Foundation

/// One big master full of detail: nothing in it compresses or scales cheaply.
enum Bench {
    static func draw(into path: String, size: Int) throws {
        var canvas = Canvas(size, size, background: rgb(0xFFFFFF))
        Scene().draw(on: &canvas)
        canvas.each(in: Point(-3, -3), Point(3, 3)) { place in
            let grain = Texture.hash(Int32(place.x * 9000), Int32(place.y * 9000))
            return (Light(repeating: grain), 0.05)
        }
        try canvas.picture().write("jpegsave", path, ["Q": "95"])
    }
}
