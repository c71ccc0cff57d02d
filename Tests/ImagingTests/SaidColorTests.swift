import Foundation
import Model
import PictureSupport
import Testing
import Wire

@testable import Imaging

extension Pictures {
    /// Colours that a file says outside of an ICC profile.
    @Suite("Said colours")
    struct SaidColorTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        private static let srgbPoints = [
            31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6000,
        ]
        private static let p3Points = [
            31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6000,
        ]
        private static let swapped = [31_270, 32_900, 30_000, 60_000, 64_000, 33_000, 15_000, 6000]

        private static func gamma(_ gamma: Int) -> (String, [UInt8]) { ("gAMA", Data.big(gamma)) }

        private static func points(_ points: [Int]) -> (String, [UInt8]) {
            ("cHRM", points.flatMap(Data.big))
        }

        /// A colour of so many bits, and chunks that say what it means.
        struct Case: Sendable, CustomTestStringConvertible {
            var what: String
            var numbers: [Int]
            var bits = 8
            var chunks: [(String, [UInt8])]
            var said: String
            var shows = [200, 30, 40]

            var testDescription: String { what }

            func write(_ folder: Folder, interlaced: Bool = false) throws {
                let drawing =
                    bits == 8
                    ? try Drawing(60, 60, color: numbers.map(UInt8.init))
                    : try Drawing(deep: 60, 60, color: numbers)
                try drawing.save(
                    "pngsave", to: folder["a.png"], ["interlace": interlaced ? "true" : "false"])
                let file = try folder.read("a.png")
                try folder.write(
                    chunks.reduce(file) { $0.png(adding: $1.0, $1.1) }, as: "a.png")
            }
        }

        /// The numbers were calculated apart from this program, from (200, 30, 40) in sRGB.
        private static let cases = [
            Case(
                what: "P3 by code", numbers: [184, 50, 48], chunks: [("cICP", [12, 13, 0, 1])],
                said: "Display P3 (cICP)"),
            Case(
                what: "BT.2020 by code", numbers: [153, 49, 32], chunks: [("cICP", [9, 1, 0, 1])],
                said: "BT.2020, curve 1 (cICP)"),
            Case(
                what: "BT.2020 by code, 16 bit", numbers: [39_411, 12_553, 8275], bits: 16,
                chunks: [("cICP", [9, 14, 0, 1])], said: "BT.2020, curve 14 (cICP)"),
            Case(
                what: "linear by code, 16 bit", numbers: [24_089, 3414, 1941], bits: 16,
                chunks: [("cICP", [9, 8, 0, 1])], said: "BT.2020, linear (cICP)"),
            Case(
                what: "gamma 1.8", numbers: [188, 23, 30], chunks: [gamma(55_556)],
                said: "gamma 1.8 (gAMA)"),
            Case(
                what: "linear, 16 bit", numbers: [37_852, 851, 1391], bits: 16,
                chunks: [gamma(100_000), points(srgbPoints)], said: "gamma 1.0 (gAMA, cHRM)"),
            Case(
                what: "dark linear, 16 bit", numbers: [851, 761, 1101], bits: 16,
                chunks: [gamma(100_000)], said: "gamma 1.0 (gAMA)", shows: [30, 28, 35]),
            Case(
                what: "P3 by its points", numbers: [182, 53, 52],
                chunks: [gamma(45_455), points(p3Points)],
                said: "primaries 0.68 0.32, 0.265 0.69, 0.15 0.06 (gAMA, cHRM)"),
            Case(
                what: "points without a gamma", numbers: [184, 50, 48], chunks: [points(p3Points)],
                said: "primaries 0.68 0.32, 0.265 0.69, 0.15 0.06 (cHRM)"),
            Case(
                what: "swapped points", numbers: [30, 200, 40], chunks: [points(swapped)],
                said: "primaries 0.3 0.6, 0.64 0.33, 0.15 0.06 (cHRM)"),
            Case(
                what: "grey of gamma 1.8", numbers: [109], chunks: [gamma(55_556)],
                said: "gamma 1.8 (gAMA)", shows: [128, 128, 128]),
            Case(
                what: "linear grey, 16 bit", numbers: [14_146], bits: 16, chunks: [gamma(100_000)],
                said: "gamma 1.0 (gAMA)", shows: [128, 128, 128]),
            Case(
                what: "with transparency", numbers: [184, 50, 48, 255],
                chunks: [("cICP", [12, 13, 0, 1])], said: "Display P3 (cICP)"),
            Case(
                what: "a code before the points", numbers: [184, 50, 48],
                chunks: [
                    gamma(100_000), points(swapped), ("sRGB", [0]), ("cICP", [12, 13, 0, 1]),
                ],
                said: "Display P3 (cICP)"),
            Case(
                what: "sRGB before the points", numbers: [200, 30, 40],
                chunks: [gamma(100_000), points(swapped), ("sRGB", [0])], said: "sRGB (sRGB)"),
            Case(
                what: "sRGB in other words", numbers: [200, 30, 40],
                chunks: [gamma(45_000), points(srgbPoints)], said: "sRGB (gAMA, cHRM)"),
        ]

        @Test(
            "are brought to sRGB as they are said, and compared on a way of their own",
            arguments: cases)
        func converted(this: Case) throws {
            for interlaced in [false, true] {
                try this.write(studio.masters, interlaced: interlaced)
                let inspection = try studio.inspect("a.png", .png)
                #expect(inspection.colors == this.said)
                #expect(!inspection.hasProfile && inspection.measurement != nil)
                let shift = try shift("a.png", .png)
                #expect(shift.mean < 1, "\(shift)")
                let made = try studio.render("a.png", .png, .frame(40, format: .png))
                #expect(made.shows(this.shows, at: 20, 20, within: 1), "\(made[20, 20])")
            }
        }

        @Test("of what says sRGB stay the numbers they are, to the last one")
        func untouched() throws {
            let drawing = try Drawing.noise(64, 64)
            try drawing.save("pngsave", to: studio.masters["a.png"])
            let plain = try studio.masters.read("a.png")
            let pixels = try drawing.pixels()
            for chunks in [
                [Self.gamma(45_455)], [Self.gamma(45_455), Self.points(Self.srgbPoints)],
                [("cICP", [1, 13, 0, 1])], [("cICP", [1, 1, 0, 1])], [("cICP", [2, 2, 0, 1])],
                [("sRGB", [1])], [Self.gamma(0)], [("gAMA", [1])], [Self.points([0, 0, 0, 0])],
                [Self.points([Int](repeating: 30_000, count: 8))],
            ] as [[(String, [UInt8])]] {
                try studio.masters.write(
                    chunks.reduce(plain) { $0.png(adding: $1.0, $1.1) }, as: "a.png")
                let made = try studio.render(
                    "a.png", .png, .frame(64, background: nil, format: .png))
                #expect(
                    (0..<64).allSatisfy { x in
                        (0..<64).allSatisfy { y in
                            made[x, y] == (0..<3).map { Int(pixels[3 * (y * 64 + x) + $0]) }
                        }
                    }, "\(chunks)")
            }
        }

        @Test("count before a profile that lies beside them only where they are a code")
        func precedence() throws {
            let wide = try Drawing(60, 60, color: [184, 50, 48]).profiled(Drawing.profile("p3"))
            try wide.save("pngsave", to: studio.masters["a.png"])
            let file = try studio.masters.read("a.png")
            for (chunk, shows) in [
                (("cICP", [1, 13, 0, 1]), [184, 50, 48]), (Self.gamma(100_000), [200, 30, 40]),
                (("sRGB", [0]), [200, 30, 40]), (("cICP", [2, 2, 0, 1]), [200, 30, 40]),
                (("cICP", [77, 13, 0, 1]), [200, 30, 40]),
            ] as [((String, [UInt8]), [Int])] {
                try studio.masters.write(file.png(adding: chunk.0, chunk.1), as: "a.png")
                let made = try studio.render("a.png", .png, .frame(40, format: .png))
                #expect(made.shows(shows, at: 20, 20, within: 1), "\(chunk) \(made[20, 20])")
            }
        }

        @Test("of HDR, and by codes that nobody knows, are refused with what would help")
        func refused() throws {
            try Drawing(60, 60, color: [184, 50, 48]).save("pngsave", to: studio.masters["a.png"])
            let file = try studio.masters.read("a.png")
            for (codes, words) in [
                ([9, 16, 0, 1], "HDR (PQ, BT.2020)"), ([9, 18, 0, 1], "HDR (HLG, BT.2020)"),
                ([2, 16, 0, 1], "HDR (PQ)"), ([12, 16, 0, 1], "HDR (PQ, Display P3)"),
                ([77, 13, 0, 1], "cICP: 77, 13"), ([1, 13, 1, 1], "not RGB"),
                ([1, 13, 0, 0], "not RGB"),
            ] as [([UInt8], String)] {
                try studio.masters.write(file.png(adding: "cICP", codes), as: "a.png")
                let refusal = studio.refusal("a.png", .png)
                #expect(refusal?.code == .color)
                #expect(refusal?.message.contains(words) == true, "\(refusal as Any)")
                #expect(refusal?.message.contains("export it as") == true)
                #expect(try studio.inspect("a.png", .png).measurement == nil)
            }
        }

        @Test("of HDR in a profile's own tag are refused, those of SDR are not")
        func inProfile() throws {
            let wide = Colorimetry(primaries: .srgb, curve: .srgb)
            for (codes, isHDR) in [([9, 16, 0, 1], true), ([1, 13, 0, 1], false)]
                as [([UInt8], Bool)]
            {
                var profile = [UInt8](try wide.profile(isGray: false))
                // Another tag becomes `cicp`: its name in the table, then what it points to.
                let table = try #require(Data(profile).range(of: Data("cprt".utf8))).lowerBound
                profile.replaceSubrange(table..<table + 4, with: Array("cicp".utf8))
                let place = profile[table + 4..<table + 8].reduce(0) { $0 << 8 | Int($1) }
                profile.replaceSubrange(place + 8..<place + 12, with: codes)
                try Drawing(60, 60, color: [184, 50, 48]).profiled(Data(profile))
                    .save("jpegsave", to: studio.masters["a.jpg"])
                let refusal = studio.refusal("a.jpg", .jpeg)
                #expect((refusal?.message.contains("HDR (PQ, BT.2020)") == true) == isHDR)
                #expect((refusal == nil) == !isHDR)
            }
        }

        /// Of 10 bits libheif 1.15 ends the process that writes them.
        @Test("of an AVIF are its primaries and its curve", arguments: [8, 12])
        func boxes(bits: Int) throws {
            try Drawing(deep: 64, 64, color: [184, 50, 48].map { $0 * 257 }).save(
                "heifsave", to: studio.masters["a.avif"],
                ["compression": "av1", "Q": "85", "bitdepth": "\(bits)"])
            let file = try studio.masters.read("a.avif")
            for (primaries, transfer, shows, said) in [
                (2, 2, [184, 50, 48], nil), (1, 13, [184, 50, 48], "sRGB (nclx)"),
                (12, 13, [200, 30, 40], "Display P3 (nclx)"),
                (12, 2, [200, 30, 40], "Display P3 (nclx)"),
            ] as [(UInt8, UInt8, [Int], String?)] {
                try studio.masters.write(
                    file.avif(primaries: primaries, transfer: transfer), as: "a.avif")
                #expect(try studio.inspect("a.avif", .avif).colors == said)
                let made = try studio.render("a.avif", .avif, .frame(40, format: .png))
                #expect(made.shows(shows, at: 20, 20, within: 3), "\(made[20, 20])")
                #expect(try shift("a.avif", .avif).mean < 1)
            }
            try studio.masters.write(file.avif(primaries: 9, transfer: 16), as: "a.avif")
            #expect(studio.refusal("a.avif", .avif)?.message.contains("HDR (PQ, BT.2020)") == true)
        }

        private func shift(_ name: String, _ format: ImageFormat) throws -> Receipt.ColorShift {
            let recipe = Recipe.frame(40, fit: .inside, format: .png)
            guard
                case .made(_, let file, _, let expected) = studio.outcomes(name, format, [recipe])[
                    0]
            else { throw Refusal(.unreadable, "not made") }
            let receipt = try Verifier(finished: studio.output.path).verify(
                VerifyRequest(file: file, format: .png, background: nil, expected: expected))
            return try #require(receipt.colorShift)
        }
    }
}

extension Drawing {
    /// One colour of 16 bits all over.
    convenience init(deep width: Int, _ height: Int, color: [Int]) throws {
        let zeros = [UInt8](repeating: 0, count: color.count)
        try self.init(
            copying: Drawing(width, height, color: zeros)
                .call(
                    "linear",
                    [
                        "a": color.map { _ in "1" }.joined(separator: " "),
                        "b": color.map(String.init).joined(separator: " "),
                    ]
                )
                .call("cast", ["format": "ushort"])
                .call("copy", ["interpretation": color.count < 3 ? "grey16" : "rgb16"]))
    }
}
