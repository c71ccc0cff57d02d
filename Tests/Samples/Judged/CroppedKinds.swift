import Foundation

extension Judged {
    /// People and products that the frame cuts.
    static var cropped: [Kind] {
        [
            Kind(name: "model", passes: true, why: "a model from head to foot, on a white wall") {
                _, dice in
                person(
                    &dice, size: (780, 1170), height: dice.between(2.3, 2.45), middle: Point(0, 0),
                    spread: 0.02...0.12)
            },
            Kind(
                name: "head-and-hips", passes: true,
                why: "a model cut by the frame above and below, on a white wall"
            ) { _, dice in
                person(
                    &dice, size: (900, 1000), height: dice.between(0.86, 0.96),
                    middle: Point(dice.between(-0.03, 0.03), -0.43), spread: 0.0...0.05)
            },
            Kind(
                name: "cut-at-feet", passes: true, why: "a model cut at the shins, on a white wall"
            ) {
                _, dice in
                person(
                    &dice, size: (762, 1100), height: dice.between(1.68, 1.80),
                    middle: Point(dice.between(-0.03, 0.03), -0.24), spread: 0.02...0.12)
            },
            Kind(name: "cut-at-waist", passes: true, why: "legs cut at the waist, on a white wall")
            {
                _, dice in
                person(
                    &dice, size: (800, 1066), height: dice.between(1.22, 1.32),
                    middle: Point(0, 0.52), spread: -0.01...0.02, isDressed: false)
            },
            Kind(name: "one-side", passes: true, why: "a model cut by one side of the frame") {
                number, dice in
                let side: Float = number % 2 == 0 ? 1 : -1
                return person(
                    &dice, size: (680, 1100), height: 2.3,
                    middle: Point(dice.between(0.46, 0.53) * side, 0.02), spread: 0.02...0.12)
            },
            Kind(
                name: "three-sides", passes: true,
                why: "a model cut above, below and at one side, on a white wall"
            ) { number, dice in
                let side: Float = number % 2 == 0 ? 1 : -1
                return person(
                    &dice, size: (900, 1100), height: dice.between(0.62, 0.74),
                    middle: Point(dice.between(0.15, 0.19) * side, -0.42), spread: 0.0...0.05)
            },
            Kind(
                name: "cut-at-bottom", passes: true,
                why: "a product that goes on below the frame, on a white wall"
            ) { number, dice in
                let goods: [Subject] = [.shirt, .jeans, .handbag, .backpack, .scarf, .pillow]
                var shot = Shot(
                    &dice, wall: wall(&dice), size: (900, 1000), height: dice.between(1.9, 2.1),
                    middle: Point(0, dice.between(-0.50, -0.38)))
                goods[number % goods.count].draw(on: &shot.canvas, &dice)
                return shot
            },
        ]
    }

    private static func person(
        _ dice: inout Dice, size: (Int, Int), height: Float, middle: Point,
        spread: ClosedRange<Float>, isDressed: Bool = true
    ) -> Shot {
        var shot = Shot(&dice, wall: wall(&dice), size: size, height: height, middle: middle)
        var figure = Figure.any(&dice)
        figure.spread = dice.between(spread.lowerBound, spread.upperBound)
        if !isDressed { figure.isAkimbo = false }
        if !isDressed, figure.top == .dress || figure.top == .coat { figure.top = .tee }
        figure.draw(on: &shot.canvas)
        return shot
    }
}
