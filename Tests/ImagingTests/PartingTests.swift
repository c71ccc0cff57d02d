import Model
import PictureSupport
import Testing

@testable import Imaging

extension Pictures {
    /// Studio walls, and what stands before them.
    @Suite("Parting")
    struct PartingTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        static let (width, height) = (320, 400)

        /// 255 above, 236 and slightly warm at the foot, with a camera's noise.
        static func wall(_ x: Int, _ y: Int, warm: Int = 4) -> [UInt8] {
            let fall = 19.0 * Double(y * y) / Double(height * height)
            let noise = (x &* 7919 &+ y &* 104_729) % 5 - 2
            return [0, warm / 2, warm].map { tint in
                let value = 255 - fall - Double(tint) * Double(y) / Double(height)
                return UInt8(min(255, max(0, Int(value.rounded()) + (fall > 2 ? noise : 0))))
            }
        }

        private func measured(
            _ pixel: (Int, Int) -> [UInt8]?, saver: String = "pngsave"
        ) throws -> PictureMeasurement {
            let drawing = try Drawing(Self.width, Self.height) {
                pixel($0, $1) ?? Self.wall($0, $1)
            }
            try drawing.save("pngsave", to: studio.masters["a"])
            return try #require(try studio.inspect("a", .png).measurement)
        }

        /// A figure cut off above and below.
        static func figure(_ x: Int, _ y: Int) -> [UInt8]? {
            (110..<210).contains(x) ? [UInt8(60 + (x ^ y) % 20), 70, 110] : nil
        }

        @Test("a wall that falls off is told from what crosses it, and is measured by itself")
        func crosses() throws {
            let found = try measured(Self.figure)
            #expect(found.background.kind == .shaded)
            #expect(found.product == Box(left: 110, top: 0, width: 100, height: 400))
            #expect(found.cut == [.top, .bottom])
            let top = try #require(found.crossings?.first)
            #expect(abs(top.from - 110) <= 2 && abs(top.to - 210) <= 2)
            #expect(abs((top.share ?? 0) - 0.3125) < 0.01)
            // The worst pixel of the wall, not of the figure.
            #expect((8...24).contains(found.background.worst), "\(found.background)")
            let darkest = try #require(found.background.darkest)
            #expect(abs(Int(darkest.red) - 236) <= 2 && abs(Int(darkest.blue) - 232) <= 2)
        }

        @Test("a pale garment that fills an edge is no wall, however smooth")
        func garment() throws {
            let found = try measured { x, y in
                guard y >= 200 - abs(x - 160) / 4 else { return nil }
                if y < 206 - abs(x - 160) / 4 { return [90, 80, 90] }
                return [208, 205, 207]
            }
            #expect(found.unsure?.contains("fills the picture's whole foot") == true, "\(found)")
            let half = try measured { x, y in
                guard y >= 200, x >= 60, x < 260 else { return nil }
                return y < 206 || x < 66 || x >= 254 ? [90, 80, 90] : [208, 205, 207]
            }
            #expect(half.cut == [.bottom])
            #expect(half.product?.top == 200, "\(half)")
        }

        @Test("what stands at an edge besides the product is told")
        func stranger() throws {
            let found = try measured { x, y in
                if (100..<220).contains(x), (80..<300).contains(y) { return [40, 60, 40] }
                return x < 14 && (150..<190).contains(y) ? [120, 30, 30] : nil
            }
            #expect(found.product == nil)
            #expect(found.unsure == "something besides the product reaches the left edge")
        }

        @Test("the wall behind a handle is the wall; a print of its colour is none")
        func handle() throws {
            let found = try measured { x, y in
                let (u, v) = (x - 160, y - 200)
                let far = u * u + v * v
                return (1600...6400).contains(far) ? [30, 40, 90] : nil
            }
            let piece = try #require(found.enclosed?.first, "\(found)")
            #expect(found.enclosed?.count == 1 && piece.width >= 30)
            #expect(Box(left: 120, top: 160, width: 80, height: 80).cut(to: piece) == piece)
            let print = try measured { x, y in
                guard (80..<240).contains(x), (100..<300).contains(y) else { return nil }
                return (130..<190).contains(x) && (150..<250).contains(y)
                    ? [222, 220, 218] : [30, 40, 90]
            }
            #expect(print.enclosed == [])
        }

        @Test("a line along the edges is no product")
        func line() throws {
            let found = try measured { x, y in
                let edge = min(x, y, Self.width - 1 - x, Self.height - 1 - y)
                if edge < 3 { return [20, 20, 20] }
                return (100..<220).contains(x) && (80..<300).contains(y) ? [200, 40, 40] : nil
            }
            let inner = try #require(found.framed, "\(found)")
            #expect(inner.left >= 3 && inner.left <= 5 && inner.right <= 317)
            #expect(found.product == Box(left: 100, top: 80, width: 120, height: 220))
            #expect(found.cut.isEmpty)
            // A line on three sides is none.
            let open = try measured { x, y in
                min(x, y, Self.width - 1 - x) < 3 ? [20, 20, 20] : nil
            }
            #expect(open.framed == nil)
        }

        @Test("the world behind a product is no wall")
        func scene() throws {
            // Bright, and full of things.
            let found = try measured { x, y in
                if (110..<210).contains(x) { return [60, 70, 110] }
                let value = 195 + (x / 24 + y / 30) % 3 * 25
                return [UInt8(value), UInt8(value - 4), UInt8(value - 9)]
            }
            #expect(found.product == nil, "\(found)")
        }
    }
}
