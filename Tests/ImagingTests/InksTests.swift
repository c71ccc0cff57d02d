import Foundation
import Model
import PictureSupport
import Testing
import Wire

@testable import Imaging

extension Pictures {
    /// Masters for the press.
    @Suite("Inks")
    struct InksTests {
        let studio: Studio
        let profile: Data

        init() throws {
            studio = try Studio()
            profile = try Drawing.profile("cmyk")
        }

        /// The same look by other bytes: a profile that is not the wanted one.
        private var other: Data {
            var bytes = profile
            // The second its maker stood at (ICC.1:2022, 7.2, bytes 24 to 35).
            bytes[bytes.startIndex + 35] ^= 1
            return bytes
        }

        private func print(
            _ side: Int, fit: Fit = .pad, background: Color = .white,
            assuming assume: String? = nil,
            format: ImageFormat = .tiff
        ) -> Recipe {
            var recipe = Recipe.frame(side, fit: fit, background: background, format: format)
            (recipe.color, recipe.inks) = (.cmyk, "cmyk")
            recipe.assume = assume.map { Assumption(cmyk: $0) }
            return recipe
        }

        private func shift(_ name: String, _ format: ImageFormat, _ recipe: Recipe) throws
            -> Receipt.ColorShift
        {
            guard
                case .made(_, let file, _, let expected) = studio.outcomes(
                    name, format, [recipe])[0]
            else { throw Refusal(.unreadable, "not made") }
            let receipt = try Verifier(finished: studio.output.path).verify(
                VerifyRequest(
                    file: file, format: recipe.format, background: nil, expected: expected))
            return try #require(receipt.colorShift)
        }

        private static let numbers: [[UInt8]] = [
            [0, 0, 0, 255], [255, 0, 0, 0], [12, 200, 33, 5], [0, 0, 0, 0], [255, 255, 255, 255],
        ]

        @Test("that are the wanted ones stay, number by number", arguments: numbers)
        func same(numbers: [UInt8]) throws {
            let drawing = try Drawing.inks(60, 40, numbers)
            try drawing.profiled(profile).save("tiffsave", to: studio.masters["a.tif"])
            try drawing.save("tiffsave", to: studio.masters["b.tif"])
            let expected = numbers.map(Int.init)
            for (name, assume) in [("a.tif", nil), ("b.tif", "cmyk")] as [(String, String?)] {
                for side in [60, 30] {
                    let made = try studio.render(name, .tiff, print(side, assuming: assume))
                    #expect(made[side / 2, side / 2] == expected)
                    #expect(made[side / 2, 1] == [0, 0, 0, 0], "paper")
                }
                #expect(try shift(name, .tiff, print(30, assuming: assume)).worst < 0.2)
            }
            let jpeg = try studio.render("a.tif", .tiff, print(60, format: .jpeg))
            #expect(jpeg.shows(expected, at: 30, 30, within: 2), "\(jpeg[30, 30])")
        }

        @Test("of 16 bits stay, and turn as the picture lies")
        func deep() throws {
            try Drawing(deep: 60, 40, color: [257, 2570, 51_400, 30_000])
                .call("copy", ["interpretation": "cmyk"]).profiled(profile).oriented(6)
                .save("tiffsave", to: studio.masters["a.tif"])
            let made = try studio.render("a.tif", .tiff, print(30))
            #expect(made[15, 15] == [1, 10, 200, 117])
            #expect(made[1, 15] == [0, 0, 0, 0])
            #expect(try shift("a.tif", .tiff, print(30)).worst < 1)
        }

        @Test("have paper of the background's colour around them")
        func paper() throws {
            try Drawing.inks(60, 30, [0, 0, 0, 255]).profiled(profile)
                .save("tiffsave", to: studio.masters["a.tif"])
            try Drawing(60, 30, color: [240, 220, 180]).save(
                "pngsave", to: studio.masters["b.png"])
            let sand = try studio.render("b.png", .png, print(60, background: .sand))
            let made = try studio.render("a.tif", .tiff, print(60, background: .sand))
            #expect(zip(made[30, 2], sand[30, 30]).allSatisfy { abs($0 - $1) <= 1 })
            #expect(sand[30, 2] == sand[30, 30] && sand[30, 2] != [0, 0, 0, 0])
        }

        @Test("that are others go there by their profiles, and keep what no screen shows")
        func others() throws {
            try Drawing.inks(60, 60, [255, 0, 0, 0]).profiled(other)
                .save("tiffsave", to: studio.masters["a.tif"])
            let made = try studio.render("a.tif", .tiff, print(30))
            // By way of sRGB it would have lost a third of its cyan's colour.
            #expect(made.shows([255, 0, 0, 0], at: 15, 15, within: 12), "\(made[15, 15])")
            #expect(try shift("a.tif", .tiff, print(30)).mean < 1.5)
        }

        @Test("with transparency are flattened on paper, and what it hides does not shine through")
        func transparent() throws {
            // Every other column hides black.
            let drawing = try Drawing(240, 240) { x, _ in
                x % 2 == 0 ? [0, 0, 0, 255, 0] : [80, 0, 0, 0, 255]
            }.call("copy", ["interpretation": "cmyk"]).profiled(profile)
            try drawing.save("tiffsave", to: studio.masters["a.tif"])
            #expect(try studio.inspect("a.tif", .tiff).hasAlpha)
            for side in [240, 100, 20] {
                let made = try studio.render("a.tif", .tiff, print(side))
                #expect(made.bands == 4 && made[side / 2, side / 2][3] == 0, "\(side)")
            }
            #expect(try studio.render("a.tif", .tiff, print(240))[121, 9] == [80, 0, 0, 0])
        }

        @Test("of wide colours do not come by way of sRGB, those of a screen come as before")
        func wide() throws {
            try Drawing(60, 60, color: [0, 170, 160]).profiled(Drawing.profile("p3"))
                .save("pngsave", to: studio.masters["a.png"])
            #expect(try shift("a.png", .png, print(30)).mean < 4)
            try Drawing(60, 60, color: [200, 60, 60]).save(
                "pngsave", to: studio.masters["b.png"])
            let made = try studio.render("b.png", .png, print(30))
            let pressed = try Drawing(8, 8, color: [200, 60, 60]).call(
                "icc_transform",
                [
                    "output-profile": "cmyk", "input-profile": "srgb", "intent": "relative",
                    "black-point-compensation": "true",
                ]
            ).pixels().prefix(4).map(Int.init)
            #expect(made[15, 15] == pressed)
        }

        @Test(
            "take grey, Lab and 16 bits",
            arguments: ["grey", "grey16", "grey profile", "lab", "labs", "rgb16"])
        func kinds(kind: String) throws {
            let grey = try Drawing(60, 60, color: [90])
            let color = try Drawing(60, 60, color: [150, 120, 100])
            let drawing =
                switch kind {
                case "grey": grey
                case "grey16": try grey.call("colourspace", ["space": kind])
                case "grey profile":
                    try grey.profiled(
                        Colorimetry(primaries: .srgb, curve: .srgb).profile(isGray: true))
                default: try color.call("colourspace", ["space": kind])
                }
            try drawing.save("tiffsave", to: studio.masters["a.tif"])
            let expected = kind.hasPrefix("grey") ? [90, 90, 90] : [150, 120, 100]
            try Drawing(60, 60, color: expected.map(UInt8.init))
                .save("pngsave", to: studio.masters["b.png"])
            let made = try studio.render("a.tif", .tiff, print(30))
            let plain = try studio.render("b.png", .png, print(30))
            #expect(zip(made[15, 15], plain[15, 15]).allSatisfy { abs($0 - $1) <= 3 })
            #expect(try shift("a.tif", .tiff, print(30)).mean < 2.5)
        }

        @Test("that are to be whitened are separated anew")
        func whitened() throws {
            try Drawing.inks(60, 60, [0, 0, 0, 255]).profiled(profile)
                .save("tiffsave", to: studio.masters["a.tif"])
            var recipe = print(30)
            recipe.whiten = Whitening(bound: 6)
            let made = try studio.render("a.tif", .tiff, recipe)
            #expect(made[15, 15][0] > 50)
        }

        /// What `channels/print.yaml` leans on: its 5 lies between the two.
        @Test("shift what a screen alone can show, and little else")
        func gamut() throws {
            let muted = try Drawing(120, 120) { x, y in
                let (turn, depth) = (Double(x) / 19, Double(y) / 2)
                return [0.0, 2.1, 4.2].map { UInt8(150 + depth * cos(turn + $0)) }
            }
            try muted.save("pngsave", to: studio.masters["a.png"])
            let screen = try Drawing(120, 120, color: [20, 60, 220])
            try screen.save("pngsave", to: studio.masters["b.png"])
            let (near, far) = (
                try shift("a.png", .png, print(60)).mean, try shift("b.png", .png, print(60)).mean
            )
            #expect(near < 2.5 && far > 7.5, "\(near), \(far)")
        }

        @Test("are compared as they are printed", arguments: ["turned", "brighter"])
        func compared(kind: String) throws {
            let drawing = try Drawing(60, 60) { x, y in
                y < 30 ? [200, 30, 20, 10] : [10, 30, 180, x < 30 ? 90 : 0]
            }.call("copy", ["interpretation": "cmyk"]).profiled(profile)
            try drawing.save("tiffsave", to: studio.masters["a.tif"])
            guard
                case .made(_, let file, _, let expected) = studio.outcomes(
                    "a.tif", .tiff, [print(60)])[0]
            else { throw Refusal(.unreadable, "not made") }
            func shift(_ file: String) throws -> Double {
                let receipt = try Verifier(finished: studio.output.path).verify(
                    VerifyRequest(
                        file: file, format: .tiff, background: nil, expected: expected))
                return try #require(receipt.colorShift).mean
            }
            #expect(try shift(file) < 0.3)
            let wrong =
                kind == "turned"
                ? try drawing.call("rot", ["angle": "d180"])
                : try drawing.call("linear", ["a": "0.7", "b": "0", "uchar": "true"])
                    .call("copy", ["interpretation": "cmyk"]).profiled(profile)
            try wrong.save("tiffsave", to: studio.output["w.tif"])
            #expect(try shift("w.tif") > 4)
        }
    }
}

extension Drawing {
    /// One mixture of inks all over, without a profile.
    static func inks(_ width: Int, _ height: Int, _ numbers: [UInt8]) throws -> Drawing {
        try Drawing(width, height, color: numbers).call("copy", ["interpretation": "cmyk"])
    }
}
