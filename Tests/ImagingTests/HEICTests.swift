import Foundation
import Model
import PictureSupport
import Testing

@testable import Imaging

extension Pictures {
    /// As phones deliver it. Sizes are odd, grids and damage are the corpus's.
    @Suite("HEIC")
    struct HEICTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        @Test("comes out as it was taken, with eight bits and with ten")
        func colors() throws {
            let drawing = try Drawing(100, 60) { x, _ in x < 50 ? [200, 60, 30] : [30, 90, 200] }
            let deep = try drawing.call("colourspace", ["space": "rgb16"])
            _ = try studio.drawHEIF("8.heic", drawing)
            _ = try studio.drawHEIF("10.heic", deep, ["bitdepth": "10"])
            for (name, bits) in [("8.heic", 8), ("10.heic", 16)] {
                let inspection = try studio.inspect(name, .heic)
                #expect(inspection.size == PixelSize(width: 100, height: 60))
                #expect(inspection.bitsPerBand == bits && inspection.pages == 1)
                #expect(inspection.orientation == 1 && !inspection.hasAlpha)
                let made = try studio.render(name, .heic, .frame(100, format: .png))
                #expect(made.shows([200, 60, 30], at: 20, 50), "\(made[20, 50])")
                #expect(made.shows([30, 90, 200], at: 80, 50), "\(made[80, 50])")
            }
        }

        @Test("transparency is kept")
        func alpha() throws {
            let drawing = try Drawing(128, 128) { x, _ in [200, 60, 30, x < 64 ? 255 : 0] }
            _ = try studio.drawHEIF("a.heic", drawing)
            #expect(try studio.inspect("a.heic", .heic).hasAlpha)
            let made = try studio.render("a.heic", .heic, .frame(64, format: .png))
            #expect(made.shows([200, 60, 30], at: 10, 30))
            #expect(made.shows([255, 255, 255], at: 54, 30, within: 0))
        }

        @Test("of a collection it is the one that is shown first")
        func collection() throws {
            let pages = try Drawing(64, 192) { _, y in
                y < 64 ? [200, 0, 0] : y < 128 ? [0, 200, 0] : [0, 0, 200]
            }.paged(height: 64)
            let file = try studio.drawHEIF("a.heic", pages)
            #expect(try studio.inspect("a.heic", .heic).pages == 3)
            let made = try studio.render("a.heic", .heic, .frame(64, format: .png))
            #expect(made.shows([200, 0, 0], at: 30, 30))
            // Another one, as its `pitm` says: the identifiers count up.
            let box = try #require(file.range(of: Data("pitm".utf8)))
            let first = Int(file[box.upperBound + 5])
            let last = try #require(
                (first + 1...first + 20).last { id in
                    var other = file
                    other[box.upperBound + 5] = UInt8(id)
                    try? studio.masters.write(other, as: "b.heic")
                    return (try? studio.render("b.heic", .heic, .frame(64, format: .png))) != nil
                })
            #expect(last > first)
            var other = file
            other[box.upperBound + 5] = UInt8(last)
            try studio.masters.write(other, as: "b.heic")
            let shown = try studio.render("b.heic", .heic, .frame(64, format: .png))
            #expect(shown.shows([0, 0, 200], at: 30, 30))
        }

        @Test("is never written")
        func output() throws {
            try Drawing(60, 60, color: [1, 2, 3]).save("pngsave", to: studio.masters["a.png"])
            let refusal = studio.refusal("a.png", .png, .frame(40, format: .heic))
            #expect(refusal?.code == .unsupported)
            #expect(!ImageFormat.written.contains(.heic))
        }
    }
}
