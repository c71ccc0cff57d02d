import Foundation

extension Judged {
    /// What is hard to tell from a background, and yet anybody can.
    static var special: [Kind] {
        [
            Kind(
                name: "pale-product", passes: true, why: "pale, but each edge of it is plain to see"
            ) {
                number, dice in
                let goods: [Subject] = [
                    .shirt, .sneaker, .handbag, .scarf, .pillow, .towels, .jeans, .backpack,
                ]
                var shot = Shot(&dice, wall: wall(&dice, foot: 236...248))
                goods[number % goods.count].draw(on: &shot.canvas, &dice, pale: true)
                return shot
            },
            Kind(
                name: "fine-edges", passes: true, why: "hairs and threads on a white wall",
                count: 15
            ) { number, dice in fineEdges(number, &dice) },
            Kind(name: "glass-and-chrome", passes: true, why: "see-through or mirroring, on white")
            {
                number, dice in
                let goods: [Subject] = [.wineGlass, .perfume, .sunglasses, .watch]
                var shot = Shot(&dice, wall: number % 3 == 0 ? .white : wall(&dice))
                goods[number % goods.count].draw(on: &shot.canvas, &dice)
                return shot
            },
            Kind(name: "hole", passes: true, why: "the same white wall is seen through it") {
                number, dice in
                let goods: [Subject] = [.handbag, .mug, .headphones, .necklace, .stool]
                var shot = Shot(&dice, wall: wall(&dice))
                goods[number % goods.count].draw(on: &shot.canvas, &dice)
                return shot
            },
            Kind(name: "several-parts", passes: true, why: "one product in parts, on a white wall")
            {
                number, dice in severalParts(number, &dice)
            },
            Kind(
                name: "white-print", passes: true, why: "its white parts lie within a dark outline"
            ) {
                number, dice in
                let goods: [Subject] = [.poster, .plate, .panda]
                var shot = Shot(&dice, wall: dice.heads() ? .white : wall(&dice, foot: 238...250))
                goods[number % goods.count].draw(on: &shot.canvas, &dice)
                return shot
            },
            Kind(name: "cut-out", passes: true, why: "nothing but the product, cut out") {
                number, dice in cutOut(number, .cutOut, &dice)
            },
            Kind(name: "cut-out-shadow", passes: true, why: "cut out, with a soft shadow") {
                number, dice in cutOut(number + 5, .cutOutWithShadow, &dice)
            },
        ]
    }

    private static func cutOut(
        _ number: Int, _ format: Shot.Format, _ dice: inout Dice
    ) -> Shot {
        var shot = product(number, .white, &dice)
        shot.format = format
        return shot
    }

    private static func fineEdges(_ number: Int, _ dice: inout Dice) -> Shot {
        let back = wall(&dice)
        guard number % 3 != 0 else {
            var shot = Shot(
                &dice, wall: back, size: (900, 1000), height: 0.72, middle: Point(0, -0.76))
            var figure = Figure.any(&dice)
            figure.hairLength = dice.between(0.5, 1)
            figure.draw(on: &shot.canvas)
            return shot
        }
        let goods: [Subject] = [.lace, .fur, .scarf]
        var shot = Shot(&dice, wall: back)
        goods[number / 3 % goods.count].draw(on: &shot.canvas, &dice)
        return shot
    }

    private static func severalParts(_ number: Int, _ dice: inout Dice) -> Shot {
        var shot = Shot(&dice, wall: wall(&dice))
        let seed = Int(dice.next() & 0xFFFF)
        let sets: [[(Subject, Point, Float)]] = [
            [(.boot, Point(-0.36, -0.10), 0.62), (.boot, Point(0.34, 0.14), 0.62)],
            [(.sneaker, Point(-0.06, -0.40), 0.80), (.sneaker, Point(0.06, 0.42), 0.80)],
            [
                (.mug, Point(-0.46, 0.2), 0.46), (.mug, Point(0.52, 0.2), 0.46),
                (.plate, Point(0, -0.5), 0.42),
            ],
            [(.shirt, Point(-0.42, -0.2), 0.56), (.jeans, Point(0.52, 0.1), 0.70)],
            [(.pillow, Point(-0.46, 0), 0.46), (.pillow, Point(0.50, 0), 0.46)],
            [
                (.bottle, Point(-0.5, 0), 0.7), (.bottle, Point(0.5, 0), 0.7),
                (.bottle, Point(0, 0), 0.7),
            ],
        ]
        for (subject, place, scale) in sets[number % sets.count] {
            // The parts of a set are alike.
            var same = Dice(seed)
            shot.canvas.scene(at: place, scale: scale) { subject.draw(on: &$0, &same) }
        }
        return shot
    }
}
