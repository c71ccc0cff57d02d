import Foundation
import Model
import PictureSupport
import Testing
import Wire

@testable import Imaging

extension Pictures {
    /// Whitening by the light that falls on a wall.
    @Suite("Whitening by field")
    struct LightTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        private func rendered(
            _ pixel: (Int, Int) -> [UInt8]?, shadow: Whitening.Shadow = .keep, touch: Int = 2
        ) throws -> Finished {
            typealias Wall = PartingTests
            try Drawing(Wall.width, Wall.height) { pixel($0, $1) ?? Wall.wall($0, $1) }
                .save("pngsave", to: studio.masters["a"])
            let inspection = try studio.inspect("a", .png)
            var recipe = Recipe.frame(400, format: .png)
            recipe.cropped = .flush
            recipe.whiten = Whitening(bound: 30, shadow: shadow, smooth: .init(touch: touch))
            let item = RenderRequest.Item(key: .of(Data("a".utf8)), recipe: recipe)
            let made = studio.make(
                RenderRequest(
                    master: "a", format: .png, measured: inspection.measurement, items: [item]))
            switch made[0] {
            case .made(_, let file, let quality, _):
                return try Finished(studio.output, file, .png, quality)
            case .refused(_, let refusal): throw refusal
            }
        }

        @Test("the wall becomes exactly the colour, and the product keeps its own pixels")
        func exact() throws {
            let made = try rendered(PartingTests.figure)
            var worst = 0
            for y in stride(from: 0, to: 400, by: 3) {
                // The picture begins at 40.
                for x in [42, 60, 100, 140, 265, 320, 357] {
                    #expect(made[x, y] == [255, 255, 255], "\(x), \(y)")
                }
                // The frame is 400 wide: the figure begins at 150.
                for x in 165..<235 {
                    let own = PartingTests.figure(x - 40, y)?.map(Int.init) ?? []
                    worst = max(worst, zip(own, made[x, y]).map { abs($0 - $1) }.max() ?? 255)
                }
            }
            #expect(worst <= 2)
        }

        @Test("the wall behind a handle becomes the colour as well")
        func handle() throws {
            let made = try rendered { x, y in
                let (u, v) = (x - 160, y - 260)
                return (1600...6400).contains(u * u + v * v) ? [30, 40, 90] : nil
            }
            #expect(made[200, 260] == [255, 255, 255])
            #expect(made[200, 290] == [255, 255, 255])
        }

        @Test("a soft shadow stays, by its own gradient, and fades before the picture's edge")
        func shadow() throws {
            func drawn(_ x: Int, _ y: Int) -> [UInt8]? {
                if (100..<220).contains(x), (150..<360).contains(y) { return [40, 60, 90] }
                let (u, v) = (Double(x - 160) / 110, Double(y - 362) / 34)
                let depth = max(0, 1 - u * u - v * v)
                return PartingTests.wall(x, y).map { UInt8(Double($0) * (1 - 0.35 * depth)) }
            }
            let made = try rendered(drawn)
            let under = [365, 372, 380, 388].map { made[200, $0][0] }
            #expect(under[0] < 235 && zip(under, under.dropFirst()).allSatisfy { $0 <= $1 + 1 })
            #expect(made[200, 399] == [255, 255, 255])
            let without = try rendered(drawn, shadow: .remove)
            #expect(without[200, 388] == [255, 255, 255])
        }

        @Test("a wall darker than is allowed stays what it is, so that it is held")
        func tooDark() throws {
            let made = try rendered { x, y in
                PartingTests.figure(x, y)
                    ?? PartingTests.wall(x, y).map { $0 - UInt8(40 * y / 400) }
            }
            #expect(made[60, 20] == [255, 255, 255])
            #expect(made[60, 397] != [255, 255, 255])
        }

        @Test("a pale part of the product in nearly the wall's own tone keeps its pixels")
        func paleParts() throws {
            func drawn(_ x: Int, _ y: Int) -> [UInt8]? {
                guard (90..<230).contains(x), (80..<330).contains(y) else { return nil }
                // A panel that is open to the wall at the side, with folds.
                guard (120..<230).contains(x), (150..<260).contains(y) else { return [40, 60, 90] }
                let fold = UInt8(x / 7 % 2 * 4)
                return PartingTests.wall(x, y).map { $0 - 9 - fold }
            }
            let made = try rendered(drawn)
            for (x, y) in [(150, 180), (170, 200), (200, 220)] {
                let own = drawn(x, y)?.map(Int.init) ?? []
                #expect(zip(own, made[x + 40, y]).allSatisfy { abs($0 - $1) <= 2 }, "\(x), \(y)")
            }
        }

        @Test("a cut-out in pale colours keeps them: there is no wall to be divided by")
        func cutOut() throws {
            try Drawing(300, 300) { x, y in
                let (u, v) = (x - 150, y - 150)
                guard u * u + v * v < 10_000 else { return [0, 0, 0, 0] }
                let shade = UInt8(226 + (x + y) / 25)
                return [shade, shade, shade - 6, 255]
            }.save("pngsave", to: studio.masters["a"])
            var recipe = Recipe.frame(300, format: .png)
            recipe.whiten = Whitening(bound: 30, smooth: .init())
            let made = try studio.render("a", .png, recipe)
            #expect(made[150, 100] == [236, 236, 230])
            #expect(made[100, 150] == [236, 236, 230])
            #expect(made[2, 2] == [255, 255, 255])
        }

        @Test("a channel for transparency that says nothing is no cut-out")
        func opaqueAlpha() throws {
            try Drawing(200, 200) { x, y in
                (60..<140).contains(x) && (60..<140).contains(y)
                    ? [40, 60, 90, 255] : [250, 250, 249, 255]
            }.save("pngsave", to: studio.masters["a"])
            var recipe = Recipe.frame(200, format: .png)
            recipe.whiten = Whitening(bound: 30, smooth: .init())
            let item = RenderRequest.Item(key: .of(Data("a".utf8)), recipe: recipe)
            let measured = try studio.inspect("a", .png).measurement
            let made = studio.make(
                RenderRequest(master: "a", format: .png, measured: measured, items: [item]))
            guard case .made(_, let file, let quality, let expected) = made[0] else {
                Issue.record("\(made)")
                return
            }
            let finished = try Finished(studio.output, file, .png, quality)
            #expect(finished[10, 10] == [255, 255, 255] && finished[190, 100] == [255, 255, 255])
            #expect(finished[100, 100] == [40, 60, 90])
            #expect(expected?.seams == [])
        }
    }
}
