import Foundation
import Model
import PictureSupport
import Testing
import Wire

@testable import Imaging

extension Pictures {
    @Suite("Colour shift")
    struct ColorShiftTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        /// Patches of colours in a frame of detail, unlike itself when it is turned or mirrored.
        private static func chart(_ width: Int = 600, _ height: Int = 400) throws -> Drawing {
            let patches: [[UInt8]] = [
                [200, 40, 40], [40, 160, 60], [40, 60, 190], [230, 200, 60], [120, 120, 120],
                [240, 170, 140], [30, 30, 34], [90, 20, 110], [250, 250, 250], [60, 190, 200],
                [150, 90, 40], [220, 90, 170],
            ]
            return try Drawing(width, height) { x, y in
                let index = x * 4 / width + 4 * (y * 3 / height)
                let fine = (x / 3 + y / 5) % 2 == 0 ? 0 : 18
                return patches[index].map { UInt8(max(0, Int($0) - fine)) }
            }
        }

        private func outcome(
            _ name: String, _ format: ImageFormat, _ recipe: Recipe,
            measured: PictureMeasurement? = nil
        ) -> RenderOutcome {
            studio.make(
                RenderRequest(
                    master: name, format: format, measured: measured,
                    items: [.init(key: .of(Data(name.utf8)), recipe: recipe)]))[0]
        }

        private func reference(_ outcome: RenderOutcome) throws -> (ColorReference?, String) {
            switch outcome {
            case .made(_, let file, _, let expected): return (expected?.colors, file)
            case .refused(_, let refusal): throw refusal
            }
        }

        private func shift(
            of file: String, _ format: ImageFormat, _ reference: ColorReference?
        ) throws -> Receipt.ColorShift? {
            try Verifier(finished: studio.output.path).verify(
                VerifyRequest(
                    file: file, format: format, background: nil,
                    expected: Expectation(colors: reference))
            ).colorShift
        }

        /// Of a rendition, as it is made and verified.
        private func shift(
            _ name: String, _ format: ImageFormat, _ recipe: Recipe,
            measured: PictureMeasurement? = nil
        ) throws -> Receipt.ColorShift {
            let outcome = outcome(name, format, recipe, measured: measured)
            let (reference, file) = try reference(outcome)
            #expect(reference != nil)
            let shift = try shift(of: file, recipe.format, reference)
            return try #require(shift)
        }

        private func recipe(
            _ width: Int, _ height: Int, _ fit: Fit, _ format: ImageFormat = .jpeg,
            background: Color? = .white
        ) -> Recipe {
            let size = PixelSize(width: width, height: height)
            return Recipe(
                size: SizeRange(min: size, max: size), fit: fit, background: background,
                format: format, minQuality: 90, maxQuality: 90, maxBytes: nil, upscale: true)
        }

        @Test("is small for what comes out right, however it is framed and written")
        func right() throws {
            try Self.chart().save("pngsave", to: studio.masters["a.png"])
            let recipes = [
                recipe(300, 300, .pad), recipe(300, 300, .cover), recipe(300, 200, .inside),
                recipe(101, 247, .pad, background: .sand), recipe(250, 99, .cover, .webp),
                recipe(60, 40, .inside, .avif), recipe(900, 900, .pad, .tiff),
                recipe(200, 200, .pad, .gif), recipe(40, 40, .cover, .png), recipe(12, 12, .pad),
            ]
            for recipe in recipes {
                let shift = try shift("a.png", .png, recipe)
                #expect(shift.mean < 1.5, "\(recipe.fit) \(recipe.size.max) \(recipe.format)")
            }
        }

        @Test("follows each of the eight ways a picture can lie", arguments: 1...8)
        func oriented(orientation: Int) throws {
            // Odd sides: the copy's last column and row are there in part.
            try Self.chart(613, 1027).oriented(orientation)
                .save("jpegsave", to: studio.masters["a.jpg"], ["Q": "95"])
            for recipe in [recipe(300, 300, .pad), recipe(120, 300, .cover)] {
                let shift = try shift("a.jpg", .jpeg, recipe)
                #expect(shift.mean < 1 && shift.worst < 4, "\(shift)")
            }
        }

        @Test(
            "is small through any profile",
            arguments: ["p3", "cmyk", "cmyk-alpha", "p3-16", "p3-alpha", "grey"])
        func profiled(kind: String) throws {
            let pale = try Self.chart().call("linear", ["a": "0.4", "b": "100", "uchar": "true"])
                .call("copy", ["interpretation": "srgb"])
            var drawing = try pale.call(
                "icc_transform",
                [
                    "output-profile": kind.hasPrefix("cmyk") ? "cmyk" : "p3",
                    "input-profile": "srgb",
                    "depth": kind == "p3-16" ? "16" : "8",
                ])
            if kind == "grey" { drawing = try pale.call("colourspace", ["space": "b-w"]) }
            if kind == "cmyk-alpha" {
                let profile = drawing.profileBytes
                drawing = try drawing.call("bandjoin_const", ["c": "255"]).profiled(profile)
            }
            if kind == "p3-alpha" {
                let profile = drawing.profileBytes
                let (width, pixels) = (drawing.width, try drawing.pixels())
                drawing = try Drawing(width, drawing.height) { x, y in
                    let at = 3 * (y * width + x)
                    return Array(pixels[at..<at + 3]) + [x > y ? 255 : 90]
                }.profiled(profile)
            }
            try drawing.save("tiffsave", to: studio.masters["a.tif"])
            let shift = try shift("a.tif", .tiff, recipe(300, 200, .inside))
            #expect(shift.mean < 1, "\(shift)")
        }

        /// Half of its pixels black and half of them bright: their mean in light is far from the mean
        /// of what a screen is told.
        @Test(
            "is small for numbers of light itself, whatever says so, detail or not",
            arguments: ["gAMA", "profile", "grey profile"])
        func light(kind: String) throws {
            let isGray = kind == "grey profile"
            let fine = try Drawing(600, 400) { x, y in
                let color: [UInt8] =
                    (x + y) % 2 == 0 ? [0, 0, 0] : y < 200 ? [240, 200, 170] : [60, 30, 40]
                return isGray ? [color[0]] : color
            }
            let linear = try fine.call("colourspace", ["space": "scrgb"])
                .call("linear", ["a": "65535", "b": "0"]).call("cast", ["format": "ushort"])
            var deep = try linear.call("copy", ["interpretation": "rgb16"])
            if isGray {
                deep = try linear.call("extract_band", ["band": "0"])
                    .call("copy", ["interpretation": "grey16"])
            }
            let said = Colorimetry(primaries: .srgb, curve: .init(exponent: 1))
            if kind != "gAMA" { deep = try deep.profiled(said.profile(isGray: isGray)) }
            try deep.save("pngsave", to: studio.masters["a.png"])
            if kind == "gAMA" {
                let file = try studio.masters.read("a.png")
                try studio.masters.write(
                    file.png(adding: "gAMA", Data.big(100_000)), as: "a.png")
            }
            let shift = try shift("a.png", .png, recipe(300, 200, .inside, .png))
            #expect(shift.mean < 1 && shift.worst < 2, "\(shift)")
        }

        @Test("tells colours that no screen has from those that went wrong")
        func outOfGamut() throws {
            let profile = try Drawing.profile("p3")
            try Drawing(80, 80, color: [0, 255, 0]).profiled(profile)
                .save("pngsave", to: studio.masters["a.png"])
            let shift = try shift("a.png", .png, recipe(40, 40, .inside))
            // P3's green against sRGB's: what no pipeline can avoid.
            #expect((3.5...8).contains(shift.mean), "\(shift)")
        }

        @Test("names what went wrong: a lost profile, changed channels, a turn, another place")
        func wrong() throws {
            let numbers = try Self.chart()
            try numbers.profiled(Drawing.profile("p3"))
                .save("pngsave", to: studio.masters["a.png"])
            let made = outcome("a.png", .png, recipe(300, 200, .inside))
            let (reference, file) = try reference(made)
            let right = try #require(try shift(of: file, .jpeg, reference)).mean
            let small = try numbers.call("resize", ["scale": "0.5"])
            func wrong(_ drawing: Drawing) throws -> Double {
                try drawing.save("pngsave", to: studio.output["w.png"])
                return try #require(try shift(of: "w.png", .png, reference)).mean
            }
            let (width, pixels) = (small.width, try small.pixels())
            let swapped = try Drawing(width, small.height) { x, y in
                Array(pixels[3 * (y * width + x)..<3 * (y * width + x) + 3].reversed())
            }
            let found = try [
                "profile": wrong(small),
                "swapped": wrong(swapped),
                "turned": wrong(small.call("rot", ["angle": "d180"])),
                "mirrored": wrong(small.call("flip", ["direction": "horizontal"])),
            ]
            for (name, mean) in found { #expect(mean > 2 * right && mean > 1.5, "\(name)") }
        }
    }
}
