import Foundation
import Model
import PictureSupport
import Testing

@testable import Imaging

extension Pictures {
    /// Whitened backgrounds have no grain, the shadows that are kept still have the camera's.
    @Suite("Grain")
    struct GrainTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        /// Grain of a camera, the same every time: a sum of four even numbers is near enough to normal.
        private struct Grain {
            var state: UInt32 = 1

            mutating func next(_ deviation: Double) -> Double {
                var sum = 0.0
                for _ in 0..<4 {
                    state = state &* 1_664_525 &+ 1_013_904_223
                    sum += Double(state >> 8) / Double(1 << 24) - 0.5
                }
                return sum * deviation * 3.0.squareRoot()
            }
        }

        private func draw(
            _ side: Int, deviation: Double, _ color: (_ u: Double, _ v: Double) -> [Double]?
        ) throws {
            var grain = Grain()
            try Drawing(side, side) { x, y in
                let place = (Double(x) / Double(side), Double(y) / Double(side))
                guard let color = color(place.0, place.1) else { return [255, 255, 255] }
                return color.map { UInt8(max(0, min(255, $0 + grain.next(deviation) + 0.5))) }
            }.save("pngsave", to: studio.masters["a.png"])
        }

        private func measured(
            _ side: Int, _ format: ImageFormat, whiten: Int
        ) throws -> PictureMeasurement {
            var recipe = Recipe.frame(side, format: format, quality: 85...85)
            recipe.whiten = Whitening(bound: whiten)
            let made = try studio.render("a.png", .png, recipe)
            return try #require(try studio.verify(made.file, format, against: .white).measurement)
        }

        /// At 600 the strongest grain is beyond a bound of 12 and leaves specks in the background.
        @Test(
            "a kept shadow with grain is no product",
            arguments: [
                (250, 1.0), (250, 2), (250, 3), (400, 1), (400, 2), (400, 3), (600, 1), (600, 2),
            ])
        func shadow(side: Int, deviation: Double) throws {
            try draw(side, deviation: deviation) { u, v in
                if (0.25..<0.75).contains(u), (0.2..<0.7).contains(v) { return [140, 60, 40] }
                let (across, down) = ((u - 0.5) / 0.38, (v - 0.71) / 0.16)
                let away = min(1, (across * across + down * down).squareRoot())
                return Array(repeating: 252 - 70 * (1 - away) * (1 - away), count: 3)
            }
            for format in [ImageFormat.png, .jpeg] {
                let found = try measured(side, format, whiten: 12)
                let box = try #require(found.product, "\(format): \(found)")
                let wanted = [0.25, 0.2, 0.75, 0.7].map { $0 * Double(side) }
                for (edge, wanted) in zip([box.left, box.top, box.right, box.bottom], wanted) {
                    #expect(abs(Double(edge) - wanted) <= 6, "\(format): \(box)")
                }
            }
        }

        @Test(
            "a pale product with grain is whole or unsure, never its dark part alone",
            arguments: [250, 400], [1.0, 3])
        func pale(side: Int, deviation: Double) throws {
            for distance in [5.0, 12] {
                // A logo, a print, a collar; flat, and shaded towards the middle.
                for (left, top, right, bottom) in [
                    (0.4, 0.3, 0.5, 0.38), (0.3, 0.3, 0.7, 0.7), (0.35, 0.2, 0.65, 0.3),
                ] {
                    for shade in [0.0, 20] {
                        try draw(side, deviation: deviation) { u, v in
                            let edge = min(min(u - 0.2, 0.8 - u), min(v - 0.2, 0.8 - v))
                            guard edge >= 0 else { return nil }
                            let isDark = (left..<right).contains(u) && (top..<bottom).contains(v)
                            let light = 255 - distance - shade * min(1, edge / 0.15)
                            return Array(repeating: isDark ? 40 : light, count: 3)
                        }
                        let found = try #require(try studio.inspect("a.png", .png).measurement)
                        guard let box = found.product else { continue }
                        #expect(
                            Double(box.width) > 0.54 * Double(side)
                                && Double(box.height) > 0.54 * Double(side), "\(distance) \(box)")
                    }
                }
            }
        }
    }
}
