import Foundation

extension Figure {
    func neck(_ canvas: inout Canvas) {
        let shape = Outline.smooth([
            Point(-0.048, -0.82), Point(0.048, -0.82), Point(0.052, -0.745), Point(0.12, -0.70),
            Point(0.0, -0.64), Point(-0.12, -0.70), Point(-0.052, -0.745),
        ])
        canvas.cushion(shape, puff: 0.7, .rubber) { spot in
            // The chin keeps the light off it.
            flesh(spot.place) * (0.62 + 0.38 * smoothstep(-0.79, -0.71, spot.place.y))
        }
    }

    func head(_ canvas: inout Canvas) {
        for side in [Float(-1), 1] {
            canvas.cushion(
                .ellipse(Point(0.087 * side, -0.872), Point(0.012, 0.026)), puff: 0.8, .rubber
            ) { flesh($0.place) * 0.85 }
        }
        let face = Outline.smooth([
            Point(0, -0.995), Point(0.062, -0.975), Point(0.086, -0.91), Point(0.082, -0.84),
            Point(0.058, -0.785), Point(0.022, -0.757), Point(-0.022, -0.757),
            Point(-0.058, -0.785), Point(-0.082, -0.84), Point(-0.086, -0.91),
            Point(-0.062, -0.975),
        ])
        canvas.cushion(face, puff: 0.75, .rubber, bump: { Self.nose($0) }) { spot in
            let cheeks = [Float(-0.045), 0.045].reduce(Float(0)) { sum, x in
                sum
                    + expf(
                        -1800
                            * ((spot.place.x - x) * (spot.place.x - x)
                                + (spot.place.y + 0.835) * (spot.place.y + 0.835)))
            }
            return flesh(spot.place) * mix(Light(1, 1, 1), Light(1.0, 0.82, 0.80), cheeks * 0.6)
        }
        for side in [Float(-1), 1] { eye(&canvas, side) }
        mouth(&canvas)
        hairInFront(&canvas)
    }

    private static func nose(_ place: Point) -> Float {
        let along = smoothstep(-0.90, -0.835, place.y) * smoothstep(-0.822, -0.832, place.y)
        let socket = [Float(-0.036), 0.036].reduce(Float(0)) { sum, x in
            let away = (place - Point(x, -0.888)) / Point(0.022, 0.014)
            return sum + expf(-(away * away).sum())
        }
        return 0.018 * along * expf(-place.x * place.x * 9000) - 0.007 * socket
    }

    private func eye(_ canvas: inout Canvas, _ side: Float) {
        let at = Point(0.036 * side, -0.885)
        let white = Outline.smooth([
            at + Point(-0.017, 0.001), at + Point(0, -0.0075), at + Point(0.017, 0),
            at + Point(0, 0.006),
        ])
        canvas.flat(white) { spot in
            let away = length(spot.place - at)
            if length(spot.place - at - Point(-0.002, -0.002)) < 0.0014 { return rgb(0xF4F4F4) }
            return away < 0.0032 ? rgb(0x0C0A0A) : away < 0.0072 ? rgb(0x4A3626) : rgb(0xD9D2CC)
        }
        let lid = Outline.path([
            at + Point(-0.019, 0.001), at + Point(-0.002, -0.009), at + Point(0.019, -0.001),
        ])
        canvas.stroke(lid, 0.003, rgb(0x1C1412), round: false)
        let brow = Outline.path([
            at + Point(-0.022 * side, -0.019), at + Point(0.004 * side, -0.026),
            at + Point(0.024 * side, -0.019),
        ])
        canvas.flat(.ribbon(brow) { 0.007 - 0.004 * $0 }, opacity: 0.75) { _ in hair * 0.7 }
    }

    private func mouth(_ canvas: inout Canvas) {
        let lips = Outline.smooth([
            Point(-0.027, -0.798), Point(-0.007, -0.806), Point(0, -0.804), Point(0.007, -0.806),
            Point(0.027, -0.798), Point(0.012, -0.787), Point(-0.012, -0.787),
        ])
        canvas.cushion(lips, puff: 0.5, .rubber) { _ in skin * Light(0.82, 0.48, 0.48) }
        canvas.stroke(
            [Point(-0.026, -0.798), Point(0.026, -0.798)], 0.0022, skin * 0.25, round: false)
        for x in [Float(-0.008), 0.008] {
            canvas.flat(.ellipse(Point(x, -0.827), Point(0.004, 0.002)), opacity: 0.7) { _ in
                skin * 0.25
            }
        }
    }

    // MARK: Hair

    private var ends: Float { -0.86 + 0.42 * hairLength }

    func hairBehind(_ canvas: inout Canvas) {
        guard hairLength > 0.25 else { return }
        let shape = Outline.smooth([
            Point(0, -1.02), Point(0.10, -0.96), Point(0.125, -0.85), Point(0.13, ends - 0.06),
            Point(0.07, ends), Point(-0.07, ends), Point(-0.13, ends - 0.06),
            Point(-0.125, -0.85), Point(-0.10, -0.96),
        ])
        canvas.cushion(shape, puff: 0.5, .cloth) { spot in strand(spot.place) * 0.6 }
        var dice = Dice(seed + 1)
        for _ in 0..<90 {
            let side: Float = dice.heads() ? 1 : -1
            lock(
                &canvas, &dice, from: Point(dice.between(0.04, 0.10) * side, -0.98),
                to: Point(dice.between(0.03, 0.15) * side, ends + dice.between(-0.06, 0.03)))
        }
    }

    func hairInFront(_ canvas: inout Canvas) {
        let long = hairLength > 0.25
        let low: Float = long ? -0.80 : -0.90
        let cap = Outline.smooth([
            Point(0.005, -1.025), Point(0.075, -1.0), Point(0.108, -0.92), Point(0.108, low),
            Point(0.086, low), Point(0.076, -0.93), Point(0.02, -0.968), Point(-0.05, -0.94),
            Point(-0.080, -0.90), Point(-0.088, low), Point(-0.110, low), Point(-0.108, -0.92),
            Point(-0.075, -1.0),
        ])
        canvas.crease(cap, width: 0.012, 0.3)
        canvas.cushion(cap, puff: 0.6, .cloth) { strand($0.place) }
        var dice = Dice(seed)
        for number in 0..<170 {
            let side: Float = number % 2 == 0 ? 1 : -1
            let from = Point(dice.between(-0.01, 0.07) * side, -1.018 + dice.between(0, 0.03))
            let foot = long ? dice.between(-0.86, -0.78) : dice.between(-0.93, -0.88)
            lock(&canvas, &dice, from: from, to: Point(dice.between(0.088, 0.115) * side, foot))
        }
        for _ in 0..<26 { flying(&canvas, &dice) }
    }

    private func strand(_ place: Point) -> Light {
        let streak = Texture.noise(Point(place.x * 330 + 14 * sinf(place.y * 9), place.y * 9))
        let gleam = expf(-300 * (place.y + 0.965) * (place.y + 0.965))
        return hair * (0.6 + 0.8 * streak + 0.9 * gleam * streak)
    }

    private func lock(_ canvas: inout Canvas, _ dice: inout Dice, from: Point, to: Point) {
        let out: Float = to.x > 0 ? 1 : -1
        let path = Outline.path(
            [from, Point(max(abs(from.x), abs(to.x)) * out, from.y * 0.6 + to.y * 0.4), to],
            steps: 7)
        canvas.stroke(path, dice.between(0.0016, 0.0034), hair * dice.between(0.45, 1.7))
    }

    /// Single hairs against the light.
    private func flying(_ canvas: inout Canvas, _ dice: inout Dice) {
        let angle = dice.between(-3.0, -0.15)
        let root = Point(0.1 * cosf(angle), -0.92 + 0.095 * sinf(angle))
        let out = Point(cosf(angle), sinf(angle)) * dice.between(0.008, 0.03)
        let bend = Point(-out.y, out.x) * dice.between(-0.6, 0.6)
        canvas.stroke(
            Outline.path([root, root + out * 0.6, root + out + bend], steps: 5), 0.0011,
            hair * dice.between(0.7, 1.8))
    }
}
