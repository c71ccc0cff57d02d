import Foundation
import Model
import PictureSupport
import Testing

@testable import Imaging

extension Pictures {
    @Suite("ProductContacts")
    struct ProductContactsTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        /// A diamond: its box is empty along its sides, but for four points.
        private static func isInside(_ x: Int, _ y: Int) -> Bool {
            abs(x - 110) * 70 + abs(y - 100) * 80 <= 5600
        }

        @Test("are where the product reaches its box's sides", arguments: [false, true])
        func diamond(isCutOut: Bool) throws {
            try Drawing(220, 200) { x, y in
                let inside = Self.isInside(x, y)
                let color: [UInt8] = inside ? [40, 60, 120] : [255, 255, 255]
                return color + (isCutOut ? [inside ? 255 : 0] : [])
            }.save("pngsave", to: studio.masters["a.png"])
            let measured = try #require(try studio.inspect("a.png", .png).measurement)
            #expect(measured.product != nil)
            let touches = try #require(measured.touches)
            let tips = [
                Point(x: 110, y: 30), Point(x: 190, y: 100), Point(x: 110, y: 170),
                Point(x: 30, y: 100),
            ]
            for (found, tip) in zip(touches, tips) {
                #expect(abs(found.x - tip.x) <= 4 && abs(found.y - tip.y) <= 4, "\(found) \(tip)")
            }
        }

        @Test("are not told where there is no box")
        func nothing() throws {
            try Drawing(60, 60, color: [255, 255, 255]).save(
                "pngsave", to: studio.masters["a.png"])
            #expect(try studio.inspect("a.png", .png).measurement?.touches == nil)
        }
    }
}
