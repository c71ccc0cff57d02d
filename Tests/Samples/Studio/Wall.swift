import Foundation

/// What stands behind a product: levels of sRGB, above 255 where the light is too much for a sensor,
/// at shares of the frame from its upper left.
struct Wall: Sendable {
    var levels: @Sendable (Point) -> Light

    /// In linear light.
    func light(_ at: Point) -> Light {
        let levels = levels(at) / 255
        return Light(powf(levels.x, 2.2), powf(levels.y, 2.2), powf(levels.z, 2.2))
    }

    static let white = plain(Light(255, 255, 255))

    static func plain(_ level: Light) -> Wall { Wall { _ in level } }

    /// Falls off from the top to the bottom; `lean` is darker to the right.
    static func shaded(
        head: Light = Light(259, 258.5, 258), foot: Light, bend: Float = 1.3, lean: Float = 0
    ) -> Wall {
        Wall { at in
            let share = powf(clamp(at.y + lean * (at.x - 0.5)), bend)
            return mix(head, foot, share)
        }
    }

    /// Darker towards the corners.
    static func vignette(corner: Light, middle: Light = Light(257, 257, 256)) -> Wall {
        Wall { at in
            let away = (at - Point(0.5, 0.46)) * Point(1.25, 1.3)
            return mix(middle, corner, clamp((away * away).sum() * 1.25))
        }
    }

    /// Two lamps at the sides, and less between them at the foot.
    static func twoLights(between: Light) -> Wall {
        Wall { at in
            let lit =
                expf(-5 * (at.x + 0.05) * (at.x + 0.05)) + expf(-5 * (at.x - 1.05) * (at.x - 1.05))
            return mix(between, Light(259, 259, 259), clamp(lit + 0.9 * (1 - at.y) * (1 - at.y)))
        }
    }
}
