import Foundation
import Model
import PictureSupport
import Testing
import Wire

@testable import Imaging

extension Pictures {
    @Suite("Said colours, read and reckoned")
    struct SaidColorReferenceTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        @Test("are told by calculation as Little CMS tells them, and a rendition that missed them")
        func independent() throws {
            let all = [(1, 13), (9, 1), (12, 13), (4, 4), (5, 5), (7, 7), (11, 8), (22, 2)]
            let means: [Float] = [200, 30, 40, 12, 200, 80, 90, 90, 90, 255, 255, 255, 0, 0, 0]
            for (primaries, transfer) in all {
                let said = try #require(
                    CodePoints(primaries: primaries, transfer: transfer).colorimetry)
                let built = try #require(LabTransform(said.profile(isGray: false)))
                let ours = CalculatedLab(said.primaries, said.curve).lab(of: means, bands: 3)
                for (one, other) in zip(ours, built.lab(of: means, bands: 3) ?? []) {
                    #expect(one.difference(to: other) < 0.2, "\(primaries), \(transfer)")
                }
            }
            try Drawing(60, 60, color: [184, 50, 48]).save("pngsave", to: studio.masters["a.png"])
            let plain = try studio.masters.read("a.png")
            try studio.masters.write(plain.png(adding: "cICP", [12, 13, 0, 1]), as: "a.png")
            guard
                case .made(_, _, _, let expected) = studio.outcomes(
                    "a.png", .png, [.frame(60, fit: .inside, format: .png)])[0]
            else { throw Refusal(.unreadable, "not made") }
            try studio.output.write(plain, as: "wrong.png")
            let receipt = try Verifier(finished: studio.output.path).verify(
                VerifyRequest(
                    file: "wrong.png", format: .png, background: nil, expected: expected))
            #expect(try #require(receipt.colorShift).mean > 3)
        }

        @Test("are read from any bytes, and never trap")
        func fuzzed() throws {
            let drawing = try Drawing(40, 40, color: [184, 50, 48]).profiled(Drawing.profile("p3"))
            let savers: [(String, ImageFormat, [String: String])] = [
                ("pngsave", .png, [:]), ("heifsave", .avif, ["compression": "av1"]),
                ("webpsave", .webp, [:]), ("tiffsave", .tiff, [:]), ("jpegsave", .jpeg, [:]),
                ("tiffsave", .tiff, ["bigtiff": "true"]),
            ]
            var dice = Dice(seed: 11)
            for (saver, format, options) in savers {
                try drawing.save(saver, to: studio.masters["a"], options)
                var whole = try studio.masters.read("a")
                guard case .profile = ColorStatement.read(whole, format) else {
                    Issue.record("\(saver): no profile")
                    continue
                }
                if format == .png {
                    whole = whole.png(
                        adding: "cHRM",
                        [31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6000].flatMap(
                            Data.big)
                    )
                    .png(adding: "gAMA", Data.big(45_455)).png(adding: "cICP", [12, 13, 0, 1])
                }
                for _ in 0..<500 {
                    _ = ColorStatement.read(dice.broken(whole.prefix(800)), format).inWords
                }
                for count in 0..<200 { _ = ColorStatement.read(whole.prefix(count), format) }
            }
        }
    }
}
