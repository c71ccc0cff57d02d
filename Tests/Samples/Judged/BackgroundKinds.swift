import Foundation

extension Judged {
    /// No white studio, or not quite: a person decides.
    static var backgrounds: [Kind] {
        [
            Kind(
                name: "lifestyle", passes: false, why: "a scene, not a product on white", count: 18
            ) { number, dice in lifestyle(number, &dice) },
            Kind(name: "coloured-wall", passes: false, why: "the background is plainly not white") {
                number, dice in
                let colors = [
                    Light(180, 180, 180), Light(122, 150, 190), Light(220, 205, 180),
                    Light(205, 170, 175), Light(150, 170, 140), Light(208, 209, 211),
                ]
                let color = colors[number % colors.count] + dice.between(-6, 6)
                return product(
                    number, .shaded(head: color + 5, foot: color - dice.between(0, 14)), &dice)
            },
            Kind(
                name: "horizon", passes: false,
                why: "one sees where the wall ends and a floor begins"
            ) { number, dice in
                let low = dice.between(196, 222)
                let wall = Wall.floor(
                    wall: Light(250, 249, 248), floor: Light(low, low - 2, low - 6),
                    line: dice.between(0.64, 0.78), blur: dice.between(0.002, 0.012))
                return product(number, wall, &dice)
            },
            Kind(name: "coloured-gradient", passes: false, why: "the backdrop fades into a colour")
            {
                number, dice in
                let colors = [
                    Light(236, 190, 200), Light(180, 208, 236), Light(240, 218, 170),
                    Light(196, 224, 200), Light(206, 190, 232),
                ]
                let wall = Wall.gradient(
                    Light(250, 250, 251), colors[number % colors.count],
                    turn: dice.between(-0.8, 0.8))
                return product(number + 4, wall, &dice)
            },
            Kind(name: "dark-wall", passes: false, why: "the wall becomes far too dark for white") {
                number, dice in product(number + 8, wall(&dice, foot: 172...192), &dice)
            },
            Kind(name: "flat-lay", passes: false, why: "it lies on marble or linen, not on white") {
                number, dice in flatLay(number, &dice)
            },
            Kind(
                name: "white-on-white", passes: false,
                why: "nobody can tell where the white product ends"
            ) { number, dice in whiteOnWhite(number, &dice) },
            // As neutral and as even as a grey part of a product.
            Kind(
                name: "hard-shadow", passes: false, why: "a hard shadow of it stands on the wall",
                isBeyond: true
            ) { number, dice in
                var shot = product(number + 2, wall(&dice, foot: 238...250), &dice)
                shot.canvas.castShadow(
                    Point(
                        dice.between(0.10, 0.17) * (dice.heads() ? 1 : -1), dice.between(0.03, 0.08)
                    ),
                    dice.between(0.38, 0.52))
                return shot
            },
        ]
    }

    private static func lifestyle(_ number: Int, _ dice: inout Dice) -> Shot {
        let shift = Point(dice.between(0, 9), dice.between(0, 9))
        let wall: Wall =
            switch number % 6 {
            case 0: .room(rgb(dice.one(of: [0xE6DDD0, 0xC9D4D6, 0xE9E4E0])), line: 0.72)
            case 1: .street(Int(dice.next() & 0xFF))
            case 2: .bricks(rgb(0xCFC8BE), rgb(dice.one(of: [0x9A4E36, 0xE6E2DC])), rows: 16)
            case 3: .grass(shift)
            case 4: .plaster(shift)
            default:
                Wall { at in
                    let place = (at + shift) * Point(1.2, 2)
                    return Wall.level(Texture.wood(place, rgb(0xD9B88A), rgb(0x9A6E44)))
                }
            }
        let goods: [Subject] = [
            .person, .person, .handbag, .sneaker, .mug, .backpack, .stool, .boot,
        ]
        var shot = Shot(&dice, wall: wall)
        goods[number % goods.count].draw(on: &shot.canvas, &dice)
        return shot
    }

    private static func flatLay(_ number: Int, _ dice: inout Dice) -> Shot {
        let shift = Point(dice.between(0, 9), dice.between(0, 9))
        let linen = rgb(dice.one(of: [0xF0EBE2, 0xE2DCD0, 0xD8D4CE]))
        let wall: Wall =
            number % 2 == 0 ? .marble(shift, dice.between(0.8, 1.6)) : .linen(linen, shift)
        let goods: [Subject] = [.watch, .sunglasses, .necklace, .perfume, .shirt, .scarf, .board]
        var shot = Shot(&dice, wall: wall)
        shot.canvas.shadow(Point(0.04, 0.06), Point(0.5, 0.5), 0.2)
        goods[number % goods.count].draw(on: &shot.canvas, &dice)
        return shot
    }

    private static func whiteOnWhite(_ number: Int, _ dice: inout Dice) -> Shot {
        let level = dice.between(249, 255)
        var shot = Shot(&dice, wall: .plain(Light(level, level, level - 1)))
        let white = Light(1.30, 1.30, 1.28) * dice.between(0.92, 1)
        let cloth = Cloth(
            kind: dice.one(of: [.jersey, .satin, .linen]), color: white,
            shift: Point(dice.between(0, 9), dice.between(0, 9)))
        switch number % 3 {
        case 0: WhiteShirt(cloth: cloth).draw(on: &shot.canvas)
        case 1: WhiteDress(cloth: cloth).draw(on: &shot.canvas)
        default: WhiteTowel(cloth: cloth).draw(on: &shot.canvas)
        }
        return shot
    }
}
