import Foundation

extension Judged {
    /// What a shop's studio delivers every day.
    static var studio: [Kind] {
        [
            Kind(name: "pure-white", passes: true, why: "the background is pure white") {
                number, dice in product(number, .white, &dice)
            },
            Kind(
                name: "near-white", passes: true, why: "the background is white but for its grain"
            ) { number, dice in
                let level = dice.between(248, 252)
                let wall = Wall.plain(Light(level, level - dice.between(0, 1.5), level - 1))
                return product(number + 3, wall, &dice)
            },
            Kind(
                name: "shaded-wall", passes: true, why: "a white wall that is less lit at its foot",
                count: 18
            ) { number, dice in product(number, wall(&dice), &dice) },
            Kind(
                name: "vignette", passes: true, why: "a white wall, a little darker in the corners"
            ) { number, dice in
                let low = dice.between(230, 243)
                return product(
                    number + 6, .vignette(corner: Light(low + 3, low + 2, low)), &dice)
            },
            Kind(name: "two-lights", passes: true, why: "a white wall lit from both sides") {
                number, dice in
                let low = dice.between(231, 244)
                return product(number + 9, .twoLights(between: Light(low, low + 1, low + 3)), &dice)
            },
            Kind(
                name: "contact-shadow", passes: true, why: "a soft shadow under it, all else white"
            ) { number, dice in contactShadow(number, &dice) },
            Kind(name: "dark-product", passes: true, why: "a dark product, clear of the white wall")
            {
                number, dice in dark(number, &dice)
            },
            Kind(name: "grain", passes: true, why: "a white wall with strong grain, nothing else") {
                number, dice in
                var shot = product(number, wall(&dice, foot: 236...248), &dice)
                shot.camera.grain = dice.between(4, 5)
                return shot
            },
        ]
    }

    static func product(_ number: Int, _ wall: Wall, _ dice: inout Dice) -> Shot {
        var shot = Shot(&dice, wall: wall)
        Subject.plain[number % Subject.plain.count].draw(on: &shot.canvas, &dice)
        return shot
    }

    private static func contactShadow(_ number: Int, _ dice: inout Dice) -> Shot {
        let standing: [(Subject, Float)] = [
            (.mug, 0.68), (.bottle, 0.96), (.handbag, 0.84), (.boot, 0.78), (.lamp, 0.92),
            (.sneaker, 0.46), (.towels, 0.64),
        ]
        let (subject, foot) = standing[number % standing.count]
        var shot = Shot(&dice, wall: dice.heads() ? .white : wall(&dice, foot: 240...248))
        shot.canvas.scene(at: Point(0, -0.06), scale: 0.92) { canvas in
            let wide = dice.between(0.6, 0.8)
            let side = dice.between(-0.22, 0.22)
            canvas.shadow(Point(side, foot + 0.02), Point(wide, 0.10), dice.between(0.2, 0.36))
            subject.draw(on: &canvas, &dice)
        }
        return shot
    }

    private static func dark(_ number: Int, _ dice: inout Dice) -> Shot {
        var shot = Shot(&dice, wall: wall(&dice))
        let black = Cloth(
            kind: dice.one(of: [.jersey, .leather, .knit, .denim]),
            color: rgb(dice.one(of: [0x141416, 0x1B1A22, 0x20160F])))
        switch number % 6 {
        case 0: Handbag(cloth: black).draw(on: &shot.canvas)
        case 1: Shirt(color: black.color, back: true).draw(on: &shot.canvas)
        case 2: Boot(cloth: black).draw(on: &shot.canvas)
        case 3: Jeans(cloth: black).draw(on: &shot.canvas)
        case 4: Headphones(color: black.color).draw(on: &shot.canvas)
        default: Backpack(color: black.color).draw(on: &shot.canvas)
        }
        return shot
    }
}
