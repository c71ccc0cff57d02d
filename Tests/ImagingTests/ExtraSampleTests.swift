import Foundation
import Model
import PictureSupport
import Testing

@testable import Imaging

extension Pictures {
    /// TIFF 6.0, section 18: 0 says nothing of transparency, 1 is transparency that the colours were
    /// multiplied by, 2 is plain transparency.
    @Suite("Extra samples")
    struct ExtraSampleTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        struct Layout: CustomTestStringConvertible {
            var photometric: Int
            var bits = 8
            var isPlanar = false
            var isBigEndian = false

            var testDescription: String {
                "\(photometric), \(bits) bit" + (isPlanar ? ", planar" : "")
                    + (isBigEndian ? ", big-endian" : "")
            }

            /// The colour of the product, as numbers of this kind, and as it is to be seen.
            var color: [Int] {
                switch photometric {
                case 0: [155]
                case 1: [100]
                case 3: [200]
                case 5: [0, 180, 180, 40]
                default: [200, 60, 30]
                }
            }
            var shown: [Int] {
                switch photometric {
                case 0, 1: [100, 100, 100]
                case 3: [200, 55, 200]
                case 5: [200, 60, 50]
                default: [200, 60, 30]
                }
            }

            /// The whole picture one colour, with `extras` behind it.
            func file(_ tags: [Int]?, _ extras: (_ x: Int) -> [Int], color: [Int]? = nil) -> Data {
                var tiff = HandmadeTIFF(photometric: photometric, extras: tags)
                tiff.bits = bits
                tiff.isPlanar = isPlanar
                tiff.isBigEndian = isBigEndian
                return tiff.bytes { x, _ in (color ?? self.color) + extras(x) }
            }
        }

        static let layouts: [Layout] =
            [0, 1, 2, 5].flatMap { photometric in
                [8, 16].flatMap { bits in
                    [false, true].map { isPlanar in
                        Layout(photometric: photometric, bits: bits, isPlanar: isPlanar)
                    }
                }
            } + [Layout(photometric: 3), Layout(photometric: 2, bits: 16, isBigEndian: true)]

        private var recipe: Recipe {
            var recipe = Recipe.frame(60, format: .png)
            recipe.assume = Assumption(cmyk: "cmyk")
            return recipe
        }

        private func inspected(_ file: Data) throws -> Inspection {
            try studio.masters.write(file, as: "a.tif")
            return try studio.inspect("a.tif", .tiff)
        }

        @Test("what says nothing of transparency erases nothing", arguments: layouts)
        func unspecified(layout: Layout) throws {
            // Half of the picture was selected.
            let files = [
                layout.file([0]) { [$0 < 30 ? 0 : 255] },
                layout.file(nil) { [$0 < 30 ? 0 : 255] },
                layout.file([0, 0]) { [$0 < 30 ? 0 : 255, 9] },
                layout.file(nil) { [$0 < 30 ? 0 : 255, 9] },
                layout.file([0, 0, 0, 0, 0, 0, 0]) { [$0 < 30 ? 0 : 255, 1, 2, 3, 4, 5, 6] },
                // Of the two, only the second is spoken of.
                layout.file([0]) { [$0 < 30 ? 0 : 255, 9] },
            ]
            for (index, file) in files.enumerated() {
                let inspection = try inspected(file)
                #expect(!inspection.hasAlpha)
                #expect(inspection.bands == (layout.photometric == 3 ? 3 : layout.color.count))
                #expect(inspection.ignoredChannels == [1, 1, 2, 2, 7, 2][index])
                let made = try studio.render("a.tif", .tiff, recipe)
                #expect(made.shows(layout.shown, at: 10, 30, within: tolerance(layout)))
                #expect(made.shows(layout.shown, at: 50, 30, within: tolerance(layout)))
            }
        }

        @Test("plain transparency is believed, wherever it stands", arguments: layouts)
        func unassociated(layout: Layout) throws {
            let files = [
                layout.file([2]) { [$0 < 30 ? 0 : 255] },
                layout.file([2, 0]) { [$0 < 30 ? 0 : 255, 128] },
                layout.file([0, 2]) { [128, $0 < 30 ? 0 : 255] },
                // As CorelDRAW writes it.
                layout.file([999]) { [$0 < 30 ? 0 : 255] },
                // The first is the picture's, whatever the second is.
                layout.file([2, 1]) { [$0 < 30 ? 0 : 255, 128] },
            ]
            for (index, file) in files.enumerated() {
                let inspection = try inspected(file)
                #expect(inspection.hasAlpha)
                #expect(inspection.ignoredChannels == [nil, 1, 1, nil, 1][index])
                let made = try studio.render("a.tif", .tiff, recipe)
                #expect(made.shows([255, 255, 255], at: 10, 30, within: 0), "\(index)")
                #expect(
                    made.shows(layout.shown, at: 50, 30, within: tolerance(layout)), "\(index)")
            }
        }

        @Test("colours multiplied by their transparency are divided again", arguments: layouts)
        func associated(layout: Layout) throws {
            let multiplied = layout.color.map { ($0 * 128 + 127) / 255 }
            let files = [
                layout.file([1], { _ in [128] }, color: multiplied),
                layout.file([1, 0], { _ in [128, 7] }, color: multiplied),
                layout.file([0, 1], { _ in [7, 128] }, color: multiplied),
                layout.file([1, 1], { _ in [128, 7] }, color: multiplied),
            ]
            for (index, file) in files.enumerated() {
                try studio.masters.write(file, as: "a.tif")
                guard layout.photometric != 3 else {
                    // The number of a colour cannot be multiplied.
                    #expect(
                        studio.refusal("a.tif", .tiff)?.message.contains("unassociated") == true)
                    continue
                }
                guard layout.photometric != 0 else { continue }
                #expect(try studio.inspect("a.tif", .tiff).hasAlpha)
                let made = try studio.render("a.tif", .tiff, recipe)
                // Half of it over white.
                let wanted = layout.shown.map { ($0 * 128 + 255 * 127) / 255 }
                #expect(made.shows(wanted, at: 30, 30, within: tolerance(layout)), "\(index)")
            }
        }

        /// Inks are brought to sRGB by a profile: only whether they are there is asked.
        private func tolerance(_ layout: Layout) -> Int { layout.photometric == 5 ? 25 : 1 }

        @Test("more channels than any program writes are refused")
        func tooMany() throws {
            let file = Layout(photometric: 2).file(nil) { _ in Array(repeating: 9, count: 90) }
            try studio.masters.write(file, as: "a.tif")
            #expect(studio.refusal("a.tif", .tiff)?.code == .oversize)
        }

        @Test("channels that are left out count towards what is decoded")
        func gate() throws {
            var tiff = HandmadeTIFF()
            (tiff.width, tiff.height) = (8000, 1)
            var file = tiff.bytes { _, _ in Array(repeating: 9, count: 43) }
            // Row count and rows in a strip: 8000 × 8000 × 43 channels.
            let directory = 8 + 8000 * 43
            for place in [directory + 2 + 12 + 8, directory + 2 + 7 * 12 + 8] {
                file.replaceSubrange(place..<place + 2, with: [0x40, 0x1F])
            }
            try studio.masters.write(file, as: "a.tif")
            let refusal = studio.refusal("a.tif", .tiff)
            #expect(refusal?.code == .oversize, "\(String(describing: refusal))")
            #expect(refusal?.message.contains("43 channels") == true)
        }
    }
}
