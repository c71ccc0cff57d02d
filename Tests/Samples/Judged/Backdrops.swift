import Foundation

/// Walls that no whitening should touch.
extension Wall {
    /// A wall that ends in a floor, `line` down the frame.
    static func floor(wall: Light, floor: Light, line: Float, blur: Float) -> Wall {
        Wall { at in
            let share = smoothstep(line - blur, line + blur, at.y)
            return mix(wall, floor * (0.96 + 0.08 * at.y), share)
        }
    }

    static func gradient(_ above: Light, _ below: Light, turn: Float) -> Wall {
        Wall { at in
            let along = Outline.rotated(at - 0.5, turn).y + 0.5
            return mix(above, below, smoothstep(0, 1, along))
        }
    }

    static func marble(_ shift: Point, _ scale: Float) -> Wall {
        Wall { at in
            let place = at * scale + shift
            let bent = place + 0.5 * Point(Texture.clouds(place * 2), Texture.clouds(place * 2 + 9))
            let vein = abs(Texture.clouds(bent * Point(2.2, 1.3), octaves: 5) - 0.5)
            let fine = abs(Texture.clouds(bent * 4 + 3, octaves: 5) - 0.5)
            let dark = 70 * expf(-vein * 42) + 26 * expf(-fine * 60)
            let cloud = 14 * Texture.clouds(place * 1.2 + 5)
            return Light(247, 246, 244) - Light(dark, dark * 0.97, dark * 0.92) - cloud
        }
    }

    static func linen(_ color: Light, _ shift: Point) -> Wall {
        let cloth = Cloth(kind: .linen, color: color, shift: shift)
        return Wall { at in
            let fold = 1 + 0.5 * (cloth.relief(at + 0.01) - cloth.relief(at - 0.01)) / 0.02
            return level(cloth.light(at * 0.8) * fold)
        }
    }

    static func bricks(_ mortar: Light, _ brick: Light, rows: Float) -> Wall {
        Wall { at in
            let row = (at.y * rows).rounded(.down)
            let x = at.x * rows * 0.42 + (Int(row) & 1 == 0 ? 0 : 0.5)
            let (right, down) = (x - x.rounded(.down), at.y * rows - row)
            let inside =
                smoothstep(0.02, 0.05, min(right, 1 - right))
                * smoothstep(0.05, 0.12, min(down, 1 - down))
            let tone = 0.75 + 0.5 * Texture.hash(Int32(x.rounded(.down)), Int32(row))
            let rough = 0.8 + 0.4 * Texture.clouds(at * 60)
            return level(mix(mortar, brick * tone, inside) * rough)
        }
    }

    /// A room: plaster, a window's light, boards to stand on.
    static func room(_ plaster: Light, line: Float) -> Wall {
        Wall { at in
            if at.y > line {
                let far = (at.y - line) * 1.8 + 0.30
                let board = Point((at.x - 0.5) / far, 1 / far + 3)
                let seam = abs(board.x * 4 - (board.x * 4).rounded()) < 0.02 ? Float(0.55) : 1
                let wood = Texture.wood(
                    Point(board.y, board.x) * 1.1, rgb(0xB98A5E), rgb(0x7C5433))
                return level(wood * seam * (0.6 + 0.5 * far))
            }
            if at.y > line - 0.035 { return Light(236, 233, 228) - 90 * (line - at.y) }
            let window = expf(-5 * length(at - Point(0.1, 0.2)))
            let frame = abs(at.x - 0.86) < 0.11 && abs(at.y - 0.24) < 0.15
            if frame {
                let border = abs(at.x - 0.86) > 0.10 || abs(at.y - 0.24) > 0.14
                return border
                    ? Light(60, 44, 32) : level(rgb(0x7A9A8A) + at.y * 0.8 * Light(1, 0.6, 0.3))
            }
            return level(plaster * (0.75 + 0.5 * window + 0.06 * Texture.clouds(at * 9)))
        }
    }

    /// Rough, under a light from the side.
    static func plaster(_ shift: Point) -> Wall {
        Wall { at in
            func height(_ place: Point) -> Float {
                Texture.clouds(place * Point(34, 26) + shift * 20, octaves: 5)
            }
            let slope = height(at) - height(at + Point(0.006, 0.004))
            let lit = 232 + 150 * slope - 16 * Texture.clouds(at * 3 + shift)
            return Light(lit, lit - 2, lit - 7)
        }
    }

    static func grass(_ shift: Point) -> Wall {
        Wall { at in
            let place = at * Point(1, 1) + shift
            let blades = Texture.noise(
                Point(place.x * 150 + 9 * Texture.noise(place * 20), place.y * 26))
            let patches = Texture.clouds(place * 5)
            return level(mix(rgb(0x28481C), rgb(0x9CB85A), blades * 0.75 + patches * 0.3))
        }
    }

    /// Houses and lamps far behind, out of focus, above a pavement.
    static func street(_ seed: Int) -> Wall {
        var dice = Dice(seed)
        let lamps = (0..<26).map { _ in
            (
                Point(dice.between(0, 1), dice.between(0, 0.7)), dice.between(0.02, 0.07),
                Light(dice.between(0.6, 1), dice.between(0.4, 0.9), dice.between(0.2, 0.7))
            )
        }
        return Wall { at in
            let houses = 0.25 + 0.5 * Texture.noise(Point(at.x * 5 + Float(seed), at.y * 1.5))
            var light = mix(rgb(0x5A6470), rgb(0xB8A896), houses)
            if at.y > 0.74 { light = rgb(0x8A8580) * (0.8 + 0.3 * Texture.clouds(at * 40)) }
            for (place, size, color) in lamps {
                let away = length((at - place) * Point(1, 1.2))
                light = mix(light, color, 0.5 * smoothstep(size, size * 0.85, away))
            }
            return level(light)
        }
    }

    static func level(_ light: Light) -> Light {
        255 * Light(powf(light.x, 1 / 2.2), powf(light.y, 1 / 2.2), powf(light.z, 1 / 2.2))
    }
}
