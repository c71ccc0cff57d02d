import Foundation

extension Judged {
    /// White may be behind it, yet the picture as a whole is not for a white channel.
    static var compositions: [Kind] {
        [
            Kind(name: "framed", passes: false, why: "a line runs around the picture") {
                number, dice in framed(number, &dice)
            },
            Kind(name: "collage", passes: false, why: "several pictures in one") { number, dice in
                collage(number, &dice)
            },
            Kind(name: "lettering", passes: false, why: "words are written across the background") {
                number, dice in lettering(number, &dice)
            },
            Kind(name: "clutter", passes: false, why: "a stand, a clamp or tape is at the edge") {
                number, dice in clutter(number, &dice)
            },
            // As plain as a pale part of a product.
            Kind(
                name: "grey-hole", passes: false, why: "the old background is left in its hole",
                isBeyond: true
            ) { number, dice in greyHole(number, &dice) },
            Kind(
                name: "swatch", passes: false, why: "a material that fills the frame, no background"
            ) {
                number, dice in swatch(number, &dice)
            },
        ]
    }

    /// Where the frame's edges are in the drawing.
    private static func corner(_ canvas: Canvas) -> Point {
        Point(Float(canvas.width), Float(canvas.height)) / (2 * canvas.unit)
    }

    private static func framed(_ number: Int, _ dice: inout Dice) -> Shot {
        var shot = product(number, .white, &dice)
        let inset = dice.between(0.0, 0.05)
        let half = corner(shot.canvas) - inset
        let middle = shot.canvas.center
        let thickness = dice.between(0.008, 0.03)
        let color = rgb(dice.one(of: [0x202020, 0x9A9A9A, 0xB8965A, 0xC8C8C8, 0x7A1F2B]))
        let corners = [half, Point(-half.x, half.y), -half, Point(half.x, -half.y), half]
        shot.canvas.stroke(corners.map { $0 + middle }, thickness, color, round: false)
        return shot
    }

    private static func collage(_ number: Int, _ dice: inout Dice) -> Shot {
        let isGrid = number % 2 == 0
        let walls: [Wall] = (0..<4).map { part in
            switch (part + number) % 4 {
            case 0: .white
            case 1: .plain(Light(226, 214, 196))
            case 2: .room(rgb(0xE6DDD0), line: 0.72)
            default: .plain(Light(196, 204, 210))
            }
        }
        let wall = Wall { at in
            let (x, y) = (at.x < 0.5 ? 0 : 1, at.y < 0.5 ? 0 : 1)
            let gap = abs(at.x - 0.5) < 0.005 || isGrid && abs(at.y - 0.5) < 0.005
            if gap { return Light(255, 255, 255) }
            let inner = Point(at.x * 2 - Float(x), isGrid ? at.y * 2 - Float(y) : at.y)
            return walls[isGrid ? 2 * y + x : x].levels(inner)
        }
        var shot = Shot(
            &dice, wall: wall, size: isGrid ? (1000, 1000) : (1200, 900),
            height: 2, middle: .zero)
        let side: Float = isGrid ? 0.5 : 0.667
        for part in 0..<(isGrid ? 4 : 2) {
            let (x, y) = (part & 1 == 0 ? -side : side, part < 2 ? Float(-0.5) : 0.5)
            let subject = Subject.plain[(number * 3 + part * 5) % Subject.plain.count]
            shot.canvas.scene(at: Point(x, isGrid ? y : 0), scale: isGrid ? 0.40 : 0.55) {
                subject.draw(on: &$0, &dice)
            }
        }
        return shot
    }

    private static func lettering(_ number: Int, _ dice: inout Dice) -> Shot {
        let isMark = number % 2 == 0
        var shot = isMark ? product(number, wall(&dice), &dice) : product(number, .white, &dice)
        let (half, middle) = (corner(shot.canvas), shot.canvas.center)
        if isMark {
            for row in -3...3 {
                let at = middle + Point(-half.x * 0.95, Float(row) * half.y * 0.36)
                let words = Letters.lines("SHOP DEMO SHOP DEMO", at: at, height: 0.15, turn: -0.16)
                for line in words {
                    shot.canvas.stroke(line, 0.020, rgb(0xCFCFD2), round: false)
                }
            }
        } else {
            let red = rgb(dice.one(of: [0xC8202A, 0x1A1A1C, 0xE8A020]))
            let low = middle + Point(-half.x - 0.1, half.y * dice.one(of: [-0.98, 0.70]))
            let high = Point(middle.x + half.x + 0.1, low.y + half.y * 0.26)
            shot.canvas.flat(.box(low, high, 0.001)) { _ in red }
            let height = half.y * 0.15
            let words = dice.one(of: ["SALE -50%", "NEW", "SALE"])
            let at = Point(middle.x - half.x * 0.8, low.y + half.y * 0.055)
            for line in Letters.lines(words, at: at, height: height) {
                shot.canvas.stroke(line, height * 0.16, rgb(0xFFFFFF), round: false)
            }
        }
        return shot
    }

    private static func clutter(_ number: Int, _ dice: inout Dice) -> Shot {
        var shot = product(number, wall(&dice, foot: 238...250), &dice)
        let (half, middle) = (corner(shot.canvas), shot.canvas.center)
        let side: Float = dice.heads() ? 1 : -1
        let edge = middle + Point(half.x * side, 0)
        switch number % 3 {
        case 0:
            let rod = [
                edge + Point(-0.10 * side, -half.y - 0.1), edge + Point(-0.11 * side, half.y + 0.1),
            ]
            shot.canvas.stroke(rod, 0.05, rgb(0x2A2C30))
            let clamp = Outline.box(edge + Point(-0.20, -0.30), edge + Point(0.20, -0.18), 0.02)
            shot.canvas.cushion(clamp, puff: 0.6, .metal) { _ in rgb(0x50545A) }
        case 1:
            for (x, turn) in [(side, Float(0.7)), (-side, -0.6)] {
                let at = middle + Point(half.x * x, -half.y) + Point(-0.10 * x, 0.10)
                let along = Outline.rotated(Point(0.24, 0), turn * side)
                shot.canvas.flat(.ribbon([at - along, at, at + along], 0.13), opacity: 0.85) {
                    spot in
                    rgb(0xD9C48E) * (0.9 + 0.2 * Texture.noise(spot.place * Point(60, 8)))
                }
            }
        default:
            let paper = Outline([
                edge + Point(0.1 * side, -half.y - 0.1), edge + Point(-0.16 * side, -half.y - 0.1),
                edge + Point(-0.08 * side, half.y + 0.1), edge + Point(0.1 * side, half.y + 0.1),
            ])
            shot.canvas.flat(paper) { spot in
                rgb(0x6A5A4A) * (0.6 + 0.6 * Texture.clouds(spot.place * 5))
            }
        }
        return shot
    }

    private static func greyHole(_ number: Int, _ dice: inout Dice) -> Shot {
        var shot = Shot(&dice, wall: .white)
        let grey = rgb(dice.one(of: [0xCACACC, 0xB9C4CE, 0xD6CCBC, 0xA9A9AA]))
        let shade: (Canvas.Spot) -> Light = { grey * (1.04 - 0.12 * $0.place.y) }
        switch number % 3 {
        case 0:
            shot.canvas.flat(
                Outline(
                    Outline.path([
                        Point(-0.36, -0.12), Point(-0.38, -0.45), Point(-0.24, -0.82),
                        Point(0, -0.93), Point(0.24, -0.82), Point(0.38, -0.45), Point(0.36, -0.12),
                    ])), color: shade)
            Subject.handbag.draw(on: &shot.canvas, &dice)
        case 1:
            let hole = [
                Point(0.38, -0.42), Point(0.60, -0.46), Point(0.82, -0.36), Point(0.87, -0.05),
                Point(0.74, 0.24), Point(0.36, 0.40),
            ]
            shot.canvas.flat(Outline(Outline.path(hole)), color: shade)
            Subject.mug.draw(on: &shot.canvas, &dice)
        default:
            shot = Shot(
                &dice, wall: .white, size: (900, 1000), height: 1.2, middle: Point(0, -0.5))
            for side in [Float(-1), 1] {
                let gap = [
                    Point(0.15, -0.52), Point(0.24, -0.52), Point(0.34, -0.34), Point(0.345, -0.10),
                    Point(0.17, -0.06), Point(0.12, -0.30),
                ].map { Point($0.x * side, $0.y) }
                shot.canvas.flat(Outline(gap), color: shade)
            }
            var figure = Figure.any(&dice)
            (figure.top, figure.spread, figure.isAkimbo) = (.sweater, 0.12, false)
            figure.draw(on: &shot.canvas)
        }
        return shot
    }

    private static func swatch(_ number: Int, _ dice: inout Dice) -> Shot {
        var shot = Shot(&dice, wall: .white)
        var cloth = Cloth.any(&dice, pale: number % 3 == 0)
        cloth.kind = Cloth.Kind.allCases[number % Cloth.Kind.allCases.count]
        let scale = dice.between(0.4, 0.9)
        shot.canvas.cushion(.box(Point(-3, -3), Point(3, 3), 0.1), puff: 0, cloth.finish) { place in
            2 * cloth.relief(place * 0.6)
        } color: {
            cloth.light($0.place * scale)
        }
        return shot
    }
}
