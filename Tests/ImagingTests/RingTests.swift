import Foundation
import Model
import PictureSupport
import Testing

@testable import Imaging

extension Pictures {
    /// How near to a product each format keeps a white background exactly white.
    @Suite("Rings")
    struct RingTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        /// A product of strong colours and grain that leaves `margin` pixels free all around.
        private func draw(_ size: PixelSize, margin: Int) throws {
            let box = Box(
                left: margin, top: margin, width: size.width - 2 * margin,
                height: size.height - 2 * margin)
            try Drawing(size.width, size.height) { x, y in
                guard (box.left..<box.right).contains(x), (box.top..<box.bottom).contains(y) else {
                    return [255, 255, 255]
                }
                switch (x / 37 + y / 53) % 5 {
                case 0: return [200, 10, 20]
                case 1: return [10, 20, 160]
                case 2: return [20, 20, 20]
                case 3: return [250, 220, 10]
                default:
                    return [UInt8(truncatingIfNeeded: (x &* 7919) ^ (y &* 104_729)), 90, 30]
                }
            }.save("pngsave", to: studio.masters["a.png"], ["compression": "1"])
        }

        private func rings(
            _ size: PixelSize, _ format: ImageFormat, _ quality: Int
        ) throws -> [Receipt.Ring] {
            var recipe = Recipe.frame(1, format: format, quality: quality...quality)
            recipe.size = SizeRange(min: size, max: size)
            let made = try studio.render("a.png", .png, recipe)
            return try studio.verify(made.file, format, against: .white).rings
        }

        @Test(
            "white is exact from a block's width beside the product on, at any quality",
            arguments: [PixelSize(width: 1001, height: 1333), PixelSize(width: 333, height: 250)])
        func exact(size: PixelSize) throws {
            for share in [0.01, 0.03, 0.1] {
                let margin = Int((Double(size.shortSide) * share).rounded(.up)) + 8
                try draw(size, margin: margin)
                for format in [ImageFormat.jpeg, .webp] {
                    for quality in stride(from: 60, through: 95, by: 5) {
                        for ring in try rings(size, format, quality) where ring.share <= share {
                            #expect(ring.worst == 0, "\(format) \(quality), \(margin): \(ring)")
                        }
                    }
                }
            }
        }

        @Test(
            "lossless files are exact up to the product", arguments: [ImageFormat.png, .tiff, .gif])
        func lossless(format: ImageFormat) throws {
            let size = PixelSize(width: 501, height: 333)
            try draw(size, margin: 10)
            let found = try rings(size, format, 80)
            #expect(found.map(\.worst) == [0, 0, 0, 0, 255])
        }

        @Test("avif is exact farther off", arguments: [60, 80, 95])
        func avif(quality: Int) throws {
            let size = PixelSize(width: 501, height: 333)
            try draw(size, margin: 34)
            #expect(try rings(size, .avif, quality).allSatisfy { $0.worst == 0 })
        }

        @Test("what an encoder leaves in the ring is measured, not overlooked")
        func near() throws {
            let size = PixelSize(width: 333, height: 250)
            try draw(size, margin: 6)
            for format in [ImageFormat.jpeg, .webp, .avif] {
                let ring = try rings(size, format, 60)[2]
                #expect((1...100).contains(ring.worst), "\(format): \(ring)")
            }
        }

        @Test("a webp of white is white, and the product keeps its colours")
        func lifted() throws {
            // Pale all over, and a highlight: nothing of it may turn brighter.
            try Drawing(200, 160) { x, y in
                guard (40..<160).contains(x), (30..<130).contains(y) else {
                    return [255, 255, 255]
                }
                if (90..<110).contains(x), (70..<90).contains(y) { return [255, 255, 255] }
                return x < 100 ? [246, 246, 246] : [252, 250, 240]
            }.save("pngsave", to: studio.masters["a.png"])
            var recipe = Recipe.frame(200, format: .webp, quality: 90...90)
            recipe.size = SizeRange(
                min: PixelSize(width: 200, height: 160), max: PixelSize(width: 200, height: 160))
            let made = try studio.render("a.png", .png, recipe)
            for y in stride(from: 34, to: 66, by: 4) {
                for x in stride(from: 44, to: 96, by: 4) {
                    #expect(made.shows([246, 246, 246], at: x, y, within: 2), "\(made[x, y])")
                }
                for x in stride(from: 104, to: 156, by: 4) {
                    #expect(made.shows([252, 250, 240], at: x, y, within: 3), "\(made[x, y])")
                }
            }
            #expect(made[100, 80] == [255, 255, 255] && made[20, 80] == [255, 255, 255])
        }
    }
}
