import Foundation

/// What a shop sells, in colours by chance.
enum Subject: CaseIterable, Sendable {
    case shirt, sneaker, backpack, handbag, jeans, boot, headphones, lamp, stool, mug, bottle
    case perfume, wineGlass, sunglasses, watch, necklace, lace, fur, scarf, pillow, towels, board
    case poster, plate, panda, person

    /// Nothing pale, nothing to see through.
    static let plain: [Subject] = [
        .shirt, .sneaker, .backpack, .handbag, .jeans, .boot, .headphones, .lamp, .stool, .mug,
        .bottle, .scarf, .pillow, .towels, .board, .person,
    ]

    func draw(on canvas: inout Canvas, _ dice: inout Dice, pale: Bool = false) {
        let cloth = Cloth.any(&dice, pale: pale)
        switch self {
        case .shirt: Shirt(color: cloth.color, back: dice.heads()).draw(on: &canvas)
        case .sneaker:
            let upper = pale ? cloth.color : rgb(dice.one(of: [0xE8E4DA, 0x2E3340, 0x7C8C6A]))
            let accent = rgb(dice.one(of: [0xD9532C, 0x2F6FB0, 0x2E7A56, 0xC9A02B]))
            Sneaker(upper: upper, accent: pale ? cloth.color * 0.9 : accent).draw(on: &canvas)
        case .backpack: Backpack(color: cloth.color).draw(on: &canvas)
        case .handbag: Handbag(cloth: with(cloth, .leather)).draw(on: &canvas)
        case .jeans: Jeans(cloth: pale ? cloth : .denim(&dice)).draw(on: &canvas)
        case .boot: Boot(cloth: with(cloth, .leather)).draw(on: &canvas)
        case .scarf: Scarf(cloth: with(cloth, .knit), seed: seed(&dice)).draw(on: &canvas)
        case .pillow: Pillow(cloth: cloth).draw(on: &canvas)
        case .towels:
            let other = Cloth.any(&dice, pale: pale)
            Towels(cloths: [with(cloth, .knit), with(other, .knit)]).draw(on: &canvas)
        case .person: Figure.any(&dice, pale: pale).draw(on: &canvas)
        default: drawHard(on: &canvas, &dice, cloth.color)
        }
    }

    private func drawHard(on canvas: inout Canvas, _ dice: inout Dice, _ color: Light) {
        switch self {
        case .headphones: Headphones(color: color * 0.6).draw(on: &canvas)
        case .lamp: Lamp().draw(on: &canvas)
        case .stool: Stool().draw(on: &canvas)
        case .board: Board().draw(on: &canvas)
        case .mug: Mug(color: color, back: dice.heads()).draw(on: &canvas)
        case .bottle: Bottle(color: color).draw(on: &canvas)
        case .perfume:
            let liquids: [UInt32] = [0xD9A05A, 0xC87A8A, 0x6A9AB0, 0x8AA05A]
            Perfume(liquid: rgb(dice.one(of: liquids))).draw(on: &canvas)
        case .wineGlass:
            WineGlass(wine: dice.one(of: [nil, rgb(0x5A0E1E), rgb(0xD9B45A)])).draw(on: &canvas)
        case .sunglasses: Sunglasses().draw(on: &canvas)
        case .watch:
            let dial = rgb(dice.one(of: [0x1C2A3C, 0x101214, 0xE9E6DE, 0x2E4A3A]))
            Watch(dial: dial, strap: Cloth(kind: .leather, color: color)).draw(on: &canvas)
        case .necklace:
            let metal = rgb(dice.one(of: [0xC9A14A, 0xB8BCC0, 0xC98A6A]))
            Necklace(metal: metal, stone: color).draw(on: &canvas)
        case .lace: Lace(color: color * 0.5).draw(on: &canvas)
        case .fur:
            let furs: [UInt32] = [0x8A6A4A, 0xB89A78, 0x4A3A30, 0x9A948C, 0xCDB79A, 0x2A2422]
            Fur(color: rgb(dice.one(of: furs)), seed: seed(&dice)).draw(on: &canvas)
        case .poster: Poster(ink: color * 0.5).draw(on: &canvas)
        case .plate: Plate(rim: color).draw(on: &canvas)
        case .panda: Panda().draw(on: &canvas)
        default: break
        }
    }

    private func seed(_ dice: inout Dice) -> Int { Int(dice.next() & 0xFFFF) }

    private func with(_ cloth: Cloth, _ kind: Cloth.Kind) -> Cloth {
        var cloth = cloth
        cloth.kind = kind
        return cloth
    }
}
