import Foundation

/// A person in a shop's clothes, from the crown (y -1) to the floor (y 1), seen from the front.
struct Figure: Sendable {
    enum Top: CaseIterable, Sendable { case tee, sweater, dress, coat }

    var skin = rgb(0xE3B08F)
    var hair = rgb(0x4A3020)
    /// 0 ends at the ears, 1 at the chest.
    var hairLength: Float = 0.8
    var top = Top.sweater
    var cloth = Cloth(kind: .knit, color: rgb(0x7A1F2B))
    var trousers = Cloth(kind: .denim, color: rgb(0x2B3F63))
    var shoes = rgb(0x2A2420)
    /// How far the hands are from the body.
    var spread: Float = 0.08
    /// The left hand rests on the hip, the elbow out.
    var isAkimbo = false
    var seed = 1

    static func any(_ dice: inout Dice, pale: Bool = false) -> Figure {
        let skins: [UInt32] = [0xE8BC9C, 0xD8A47F, 0xB77B55, 0x8A5638, 0xF0CBB0, 0x6B4129]
        let hairs: [UInt32] = [0x2A1D16, 0x4A3020, 0x7A5230, 0xB08A56, 0x161214, 0x8C4A2A]
        return Figure(
            skin: rgb(dice.one(of: skins)), hair: rgb(dice.one(of: hairs)),
            hairLength: dice.between(0, 1), top: dice.one(of: Top.allCases),
            cloth: .any(&dice, pale: pale), trousers: .denim(&dice),
            shoes: rgb(dice.one(of: [0x2A2420, 0x8A5630, 0xE4E0D8, 0x5A1E24])),
            spread: dice.between(0.02, 0.16), isAkimbo: dice.between(0, 1) < 0.35,
            seed: Int(dice.next() & 0xFFFF))
    }

    func draw(on canvas: inout Canvas) {
        canvas.shadow(Point(0.05, 0.965), Point(0.36, 0.03), 0.42)
        canvas.shadow(Point(0, 0.955), Point(0.20, 0.014), 0.5)
        hairBehind(&canvas)
        for side in [Float(-1), 1] { leg(&canvas, side) }
        if top != .dress { hips(&canvas) }
        neck(&canvas)
        for side in [Float(-1), 1] { arm(&canvas, side) }
        for side in [Float(-1), 1] { sleeve(&canvas, side) }
        body(&canvas)
        head(&canvas)
    }

    func flesh(_ place: Point) -> Light {
        let blotch = Texture.clouds(place * 14 + Point(Float(seed % 17), 3))
        let pores = 0.97 + 0.06 * Texture.noise(place * 420)
        return skin * Light(1.0 + 0.08 * blotch, 0.97, 0.95 + 0.03 * blotch) * pores
    }

    // MARK: Limbs

    private func armPath(_ side: Float) -> [Point] {
        if isAkimbo, side < 0 {
            return Outline.path(
                [
                    Point(-0.185, -0.645), Point(-0.27, -0.50), Point(-0.36, -0.345),
                    Point(-0.30, -0.225), Point(-0.165, -0.15),
                ], steps: 6)
        }
        return Outline.path(
            [
                Point(0.185, -0.645), Point(0.228 + spread * 0.4, -0.50),
                Point(0.25 + spread, -0.34), Point(0.24 + spread * 1.1, -0.18),
                Point(0.235 + spread * 1.1, -0.05),
            ].map { Point($0.x * side, $0.y) }, steps: 6)
    }

    private func arm(_ canvas: inout Canvas, _ side: Float) {
        let path = armPath(side)
        let wrist = path[path.count - 1]
        for finger in 0..<4 {
            let root = wrist + Point((Float(finger) - 1.5) * 0.016 * side, 0.055)
            let tip = root + Point((Float(finger) - 1.6) * 0.004 * side, finger == 3 ? 0.05 : 0.072)
            canvas.cushion(.ribbon([root, (root + tip) / 2, tip], 0.017), puff: 0.9, .rubber) {
                flesh($0.place) * 0.94
            }
        }
        let palm = Outline.smooth([
            Point(-0.022, 0), Point(0.022, 0), Point(0.036, 0.04), Point(0.032, 0.075),
            Point(-0.032, 0.075), Point(-0.036, 0.03),
        ])
        canvas.cushion(palm.moved(wrist), puff: 0.6, .rubber) { flesh($0.place) }
        canvas.cushion(.ribbon(path) { 0.088 - 0.042 * $0 }, puff: 0.85, .rubber) {
            flesh($0.place)
        }
    }

    private func leg(_ canvas: inout Canvas, _ side: Float) {
        let path = Outline.path(
            [
                Point(0.088, -0.06), Point(0.10, 0.20), Point(0.10, 0.45), Point(0.102, 0.68),
                Point(0.10, 0.90),
            ].map { Point($0.x * side, $0.y) }, steps: 8)
        let bare = Outline.ribbon(path) { share in
            0.17 - 0.105 * share + 0.024 * expf(-60 * (share - 0.68) * (share - 0.68))
        }
        canvas.cushion(bare, puff: 0.85, .rubber) { flesh($0.place) }
        shoe(&canvas, side)
        guard top != .dress else { return }
        let cloth = trousers
        let wide = Outline.ribbon(path) { 0.195 - 0.075 * $0 }
        canvas.crease(wide, width: 0.012, 0.25)
        canvas.cushion(wide, puff: 0.75, cloth.finish, bump: { cloth.relief($0 * 1.3) }) {
            cloth.light($0.place)
        }
        canvas.stroke(path.map { $0 + Point(0.062 * side, 0) }, 0.004, cloth.color * 1.6)
    }

    private func shoe(_ canvas: inout Canvas, _ side: Float) {
        let shape = Outline.smooth(
            [
                Point(0.065, 0.875), Point(0.135, 0.875), Point(0.155, 0.93), Point(0.15, 0.975),
                Point(0.10, 0.985), Point(0.06, 0.975), Point(0.055, 0.92),
            ].map { Point($0.x * side, $0.y) })
        canvas.cushion(shape, puff: 0.8, .leather) { spot in
            shoes * (spot.place.y > 0.965 ? 0.4 : 0.9 + 0.2 * Texture.noise(spot.place * 90))
        }
    }

    private func hips(_ canvas: inout Canvas) {
        let cloth = trousers
        let shape = Outline.smooth([
            Point(-0.135, -0.30), Point(0.135, -0.30), Point(0.178, -0.10), Point(0.186, 0.02),
            Point(0.12, 0.10), Point(0.0, 0.055), Point(-0.12, 0.10), Point(-0.186, 0.02),
            Point(-0.178, -0.10),
        ])
        canvas.cushion(shape, puff: 0.6, cloth.finish, bump: { cloth.relief($0 * 1.3) }) {
            cloth.light($0.place)
        }
        canvas.stroke([Point(0.004, -0.28), Point(0.004, 0.05)], 0.006, cloth.color * 0.4)
    }

    // MARK: Clothes

    private var longSleeved: Bool { top == .sweater || top == .coat }

    private func sleeve(_ canvas: inout Canvas, _ side: Float) {
        let (path, cloth) = (armPath(side), cloth)
        let length = longSleeved ? path.count : top == .tee ? path.count * 2 / 5 : path.count / 4
        let loose: Float = top == .tee ? 0.128 : 0.118
        let shape = Outline.ribbon(Array(path.prefix(length))) {
            (loose - (longSleeved ? 0.045 : 0.006) * $0) * (0.62 + 0.38 * smoothstep(0, 0.3, $0))
        }
        canvas.crease(shape, width: 0.014, 0.3)
        canvas.cushion(shape, puff: 0.8, cloth.finish, bump: { cloth.relief($0 * 1.6) }) {
            cloth.light($0.place)
        }
    }

    private var bodyOutline: Outline {
        var right = [
            Point(0.075, -0.735), Point(0.20, -0.685), Point(0.235, -0.62), Point(0.185, -0.52),
            Point(0.172, -0.42),
        ]
        switch top {
        case .tee: right += [Point(0.152, -0.28), Point(0.178, -0.10), Point(0.182, -0.06)]
        case .sweater: right += [Point(0.165, -0.26), Point(0.192, -0.08), Point(0.172, -0.03)]
        case .dress: right += [Point(0.128, -0.30), Point(0.20, -0.02), Point(0.30, 0.42)]
        case .coat: right += [Point(0.170, -0.28), Point(0.215, 0.02), Point(0.245, 0.34)]
        }
        let foot = right[right.count - 1]
        right.append(foot)
        let left = right.reversed().map { Point(-$0.x, $0.y) }
        return .smooth(right + [Point(0, foot.y + 0.02)] + left + [Point(0, -0.70)])
    }

    private func body(_ canvas: inout Canvas) {
        let (cloth, outline) = (cloth, bodyOutline)
        canvas.crease(outline, width: 0.014, 0.25)
        canvas.cushion(outline, puff: 0.5, cloth.finish, bump: { cloth.relief($0) }) { spot in
            cloth.light(spot.place) * (0.72 + 0.28 * smoothstep(0, 0.012, spot.depth))
        }
        collar(&canvas)
        if top == .coat { buttons(&canvas) }
        if top == .sweater, let low = outline.points.map(\.y).max() {
            canvas.stroke(
                [Point(-0.16, low - 0.05), Point(0.16, low - 0.05)], 0.004, cloth.color / 2)
        }
    }

    private func collar(_ canvas: inout Canvas) {
        let depth: Float = top == .sweater ? 0.045 : top == .dress ? 0.12 : 0.075
        let arc = stride(from: Float(-1), through: 1, by: 0.1).map { share in
            Point(0.082 * share, -0.735 + depth * (1 - share * share))
        }
        canvas.flat(Outline(arc + [Point(0, -0.75)])) { flesh($0.place) * 0.72 }
        let cloth = cloth
        let band = Outline.ribbon(arc, 0.020)
        canvas.crease(band, width: 0.008, 0.25)
        canvas.cushion(band, puff: 0.6, cloth.finish) { cloth.light($0.place) * 0.9 }
    }

    private func buttons(_ canvas: inout Canvas) {
        canvas.stroke([Point(0.012, -0.64), Point(0.016, 0.33)], 0.006, cloth.color * 0.35)
        for row in 0..<5 {
            let at = Point(-0.012, -0.52 + 0.15 * Float(row))
            canvas.cushion(.ellipse(at, Point(0.012, 0.012)), puff: 0.8, .enamel) { _ in
                rgb(0x2A2018)
            }
        }
    }
}
