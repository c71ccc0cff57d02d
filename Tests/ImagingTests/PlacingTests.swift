import Foundation
import Model
import PictureSupport
import Testing
import Wire

@testable import Imaging

extension Pictures {
    @Suite("Placing")
    struct PlacingTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        @Test("scales the product to its fill and puts it into the middle")
        func fill() throws {
            let box = Box(left: 300, top: 20, width: 80, height: 160)
            try scene(box).save("pngsave", to: studio.masters["a.png"])
            var recipe = Recipe.frame(120, background: .sand, format: .png)
            recipe.fill = Fill(min: 0.75, max: 0.85)
            let made = try studio.make("a.png", recipe, product: box, in: (400, 200))
            // Scaled by 0.6: 48x96.
            for (x, y) in [(38, 14), (82, 104), (60, 60)] {
                #expect(made.shows([200, 0, 0], at: x, y), "\(x) \(y): \(made[x, y])")
            }
            for (x, y) in [(33, 60), (60, 8), (60, 111), (2, 60)] {
                #expect(made.shows([250, 250, 250], at: x, y, within: 2), "\(x) \(y)")
            }
            // The picture ends 12 pixels to the right of the product; the rest is painted.
            #expect(made[99, 60] == [240, 220, 180] && made[119, 119] == [240, 220, 180])
        }

        @Test("trims to the product where there is no frame")
        func inside() throws {
            let box = Box(left: 100, top: 20, width: 80, height: 160)
            try scene(box).save("pngsave", to: studio.masters["a.png"])
            var recipe = Recipe.frame(100, fit: .inside, format: .png)
            recipe.fill = Fill(min: 0.75, max: 0.85)
            let made = try studio.make("a.png", recipe, product: box, in: (400, 200))
            #expect(made.size == PixelSize(width: 50, height: 100))
            #expect(made.shows([200, 0, 0], at: 25, 12) && made.shows([250, 250, 250], at: 25, 7))
            #expect(made.shows([200, 0, 0], at: 7, 50) && made.shows([250, 250, 250], at: 2, 50))
        }

        @Test("holds what is not sure")
        func unsure() throws {
            try scene(Box(left: 100, top: 20, width: 80, height: 160))
                .save("pngsave", to: studio.masters["a.png"])
            var recipe = Recipe.frame(100, format: .png)
            recipe.fill = Fill(min: 0.75, max: 0.85)
            #expect(studio.refusal("a.png", .png, recipe)?.code == .unsure)
            recipe.unsure = .pass
            #expect(try studio.render("a.png", .png, recipe).size.width == 100)
        }

        @Test("cuts around the focus, as seen upright", arguments: [1, 6, 8, 3])
        func focus(orientation: Int) throws {
            // As seen: a red spot at the right end.
            let seen = try scene(Box(left: 340, top: 80, width: 40, height: 40))
            let stored =
                switch orientation {
                case 3: try seen.call("rot", ["angle": "d180"])
                case 6: try seen.call("rot", ["angle": "d270"])
                case 8: try seen.call("rot", ["angle": "d90"])
                default: seen
                }
            try stored.oriented(orientation).save(
                "jpegsave", to: studio.masters["a.jpg"], ["Q": "95", "subsample-mode": "off"])
            var recipe = Recipe.frame(100, fit: .cover, format: .png)
            recipe.anchor = .focus
            let made = try studio.make(
                "a.jpg", recipe, product: nil, in: (400, 200), focus: Focus(x: 0.9, y: 0.5))
            #expect(
                made.shows([200, 0, 0], at: 80, 50) && made.shows([250, 250, 250], at: 20, 50))
            let middle = try studio.make("a.jpg", recipe, product: nil, in: (400, 200))
            for x in 0..<100 { #expect(middle.shows([250, 250, 250], at: x, 50)) }
        }

        @Test("cuts around what draws the eye, alike at every size", arguments: [200, 100, 40])
        func attention(side: Int) throws {
            try scene(Box(left: 330, top: 70, width: 50, height: 60))
                .save("pngsave", to: studio.masters["a.png"])
            var recipe = Recipe.frame(side, fit: .cover, format: .png)
            recipe.anchor = .attention
            let made = try studio.render("a.png", .png, recipe)
            var found = 0
            for x in 0..<side where made.shows([200, 0, 0], at: x, side / 2) { found += 1 }
            #expect(abs(found - side / 4) <= 2, "\(found)")
        }

        @Test("keeps the product out of what is not safe")
        func safe() throws {
            let box = Box(left: 0, top: 0, width: 400, height: 200)
            try scene(box).save("pngsave", to: studio.masters["a.png"])
            var recipe = Recipe.frame(100, background: .sand, format: .png)
            recipe.safe = Insets(top: 40, bottom: 10)
            let made = try studio.render("a.png", .png, recipe)
            #expect(made[50, 38] == [240, 220, 180] && made[50, 92] == [240, 220, 180])
            #expect(made.shows([200, 0, 0], at: 1, 65) && made.shows([200, 0, 0], at: 98, 65))
        }

        @Test(
            "what verifying measures is what the profile asked for",
            arguments: [
                Box(left: 500, top: 300, width: 300, height: 200),
                Box(left: 40, top: 100, width: 260, height: 560),
                Box(left: 700, top: 500, width: 480, height: 250),
            ])
        func measured(box: Box) throws {
            // A soft shadow below.
            try Drawing(1200, 800) { x, y in
                if x >= box.left, x < box.right, y >= box.top, y < box.bottom {
                    return [30, 60, 160]
                }
                let across = Double(x - box.left) / Double(box.width) - 0.5
                let shadow = 50 * exp(-across * across * 10 - pow(Double(y - box.bottom), 2) / 500)
                return Array(repeating: UInt8(251 - shadow), count: 3)
            }.save("jpegsave", to: studio.masters["a.jpg"], ["Q": "92"])
            let inspection = try studio.inspect("a.jpg", .jpeg)
            for (format, side) in [(ImageFormat.jpeg, 500), (.png, 300)] {
                var recipe = Recipe.frame(side, format: format, upscale: true)
                recipe.fill = Fill(min: 0.8, max: 0.9)
                recipe.whiten = Whitening(bound: 8)
                let made = try studio.make("a.jpg", recipe, measured: inspection.measurement)
                let receipt = try studio.verify(made.file, format, against: .white)
                let fill = try #require(receipt.measurement?.fill(.side))
                #expect(fill >= 0.8 && fill <= 0.9, "\(format): \(fill)")
                #expect(receipt.rings[1].worst == 0, "\(format)")
            }
        }

        /// A red product on nearly white.
        private func scene(_ box: Box) throws -> Drawing {
            try Drawing(400, 200) { x, y in
                x >= box.left && x < box.right && y >= box.top && y < box.bottom
                    ? [200, 0, 0] : [250, 250, 250]
            }
        }
    }
}

extension Studio {
    fileprivate func make(
        _ name: String, _ recipe: Recipe, product: Box?, in size: (Int, Int), focus: Focus? = nil
    ) throws -> Finished {
        let white = Color.white
        let measured = PictureMeasurement(
            size: PixelSize(width: size.0, height: size.1), product: product, extent: product,
            unsure: nil,
            background: .init(
                kind: .near, color: white, worst: 5, at: Point(x: 0, y: 0), worstColor: white),
            mean: [0, 0, 0], clipped: [])
        return try make(name, recipe, measured: measured, focus: focus)
    }

    fileprivate func make(
        _ name: String, _ recipe: Recipe, measured: PictureMeasurement?, focus: Focus? = nil
    ) throws -> Finished {
        let item = RenderRequest.Item(
            key: .of(Data(name.utf8)), recipe: recipe, particulars: RenditionInputs(focus: focus))
        let format: ImageFormat = name.hasSuffix("jpg") ? .jpeg : .png
        let request = RenderRequest(master: name, format: format, measured: measured, items: [item])
        switch make(request)[0] {
        case .made(_, let file, let quality, _):
            return try Finished(output, file, recipe.format, quality)
        case .refused(_, let refusal): throw refusal
        }
    }
}
