import Foundation
import Model
import PictureSupport
import Testing
import Wire

@testable import Imaging

extension Pictures {
    @Suite("Formats")
    struct FormatTests {
        let studio: Studio

        init() throws {
            studio = try Studio()
            // A soft red disc on white: what a product rendition is made of.
            try Drawing(160, 160) { x, y in
                let far = Double((x - 80) * (x - 80) + (y - 80) * (y - 80)).squareRoot()
                return far < 50 ? [200, UInt8(far * 2), 40] : [255, 255, 255]
            }.save("pngsave", to: studio.masters["a.png"])
        }

        private func outcome(_ recipe: Recipe, kept: [String: String] = [:]) -> RenderOutcome {
            studio.make(
                RenderRequest(
                    master: "a.png", format: .png, measured: nil,
                    items: [
                        .init(
                            key: .of(Data("a".utf8)), recipe: recipe,
                            particulars: RenditionInputs(kept: kept))
                    ]))[0]
        }

        private func made(_ recipe: Recipe, kept: [String: String] = [:]) throws -> Finished {
            switch outcome(recipe, kept: kept) {
            case .made(_, let file, let quality, _):
                try Finished(studio.output, file, recipe.format, quality)
            case .refused(_, let refusal): throw refusal
            }
        }

        @Test(
            "writes every format, twice the same, with the colours that were painted",
            arguments: ImageFormat.written)
        func all(format: ImageFormat) throws {
            let recipe = Recipe.frame(80, format: format)
            let first = try made(recipe)
            #expect(ImageFormat.recognise(first.bytes) == format)
            #expect(first.size == PixelSize(width: 80, height: 80))
            #expect((first.quality == nil) == [.png, .tiff, .gif].contains(format))
            #expect(
                Array(first[40, 40].prefix(3)).elementsEqual([200, 0, 40]) { abs($0 - $1) < 14 })
            for place in [(0, 0), (79, 0), (0, 79), (79, 79), (40, 1)] {
                #expect(first[place.0, place.1].prefix(3).allSatisfy { $0 == 255 }, "\(format)")
            }
            #expect(try made(recipe).bytes == first.bytes)
        }

        @Test("carries nothing that was not asked for", arguments: ImageFormat.written)
        func bare(format: ImageFormat) throws {
            let bytes = try made(.frame(80, format: format)).bytes
            for stray in ["Exif", "EXIF", "ICC", "http", "xmp", "XMP", "pHYs", "vips", "Software"] {
                #expect(bytes.range(of: Data(stray.utf8)) == nil, "\(format) has \(stray)")
            }
        }

        @Test(
            "carries what is to be kept", arguments: [ImageFormat.jpeg, .png, .webp, .tiff, .avif])
        func keeps(format: ImageFormat) throws {
            let kept = ["copyright": "© Müller & Söhne"]
            let made = try made(.frame(80, format: format), kept: kept)
            let packet = try #require(MetadataWriter.packet(for: kept))
            #expect(made.bytes.range(of: packet) != nil)
            #expect(made.shows([200, 0, 40], at: 40, 40, within: 14))
            let loaded = try Bytes(file: studio.output[made.file], format: format).open(format)
            #expect(loaded.size == made.size)
        }

        @Test("writes the density where there is a place for it")
        func density() throws {
            for format in ImageFormat.written {
                var recipe = Recipe.frame(80, format: format)
                recipe.density = 300
                guard [.jpeg, .png, .tiff].contains(format) else {
                    guard case .refused(_, let refusal) = outcome(recipe) else {
                        Issue.record("\(format) was made")
                        continue
                    }
                    #expect(refusal.code == .unsupported && refusal.message.contains("density"))
                    continue
                }
                let file = try made(recipe).file
                let header = try Bytes(file: studio.output[file], format: format).open(format)
                #expect(abs((header.density ?? 0) - 300) < 0.1, "\(format)")
            }
        }

        @Test("writes progressive files", arguments: [ImageFormat.jpeg, .png])
        func progressive(format: ImageFormat) throws {
            var recipe = Recipe.frame(80, format: format)
            for isProgressive in [false, true] {
                recipe.progressive = isProgressive
                let file = try made(recipe).file
                let header = try Bytes(file: studio.output[file], format: format).open(format)
                #expect(header.isInterlaced == isProgressive)
            }
            recipe.format = .tiff
            guard case .refused(_, let refusal) = outcome(recipe) else {
                Issue.record("a progressive tiff was made")
                return
            }
            #expect(refusal.code == .unsupported)
        }

        @Test(
            "keeps transparency where the format has it",
            arguments: [ImageFormat.png, .webp, .avif, .tiff, .gif])
        func alpha(format: ImageFormat) throws {
            try Drawing(160, 160) { x, _ in x < 80 ? [200, 100, 0, 255] : [0, 0, 255, 0] }
                .save("pngsave", to: studio.masters["a.png"])
            let made = try made(.frame(80, fit: .inside, background: nil, format: format))
            #expect(made.bands == 4)
            #expect(made[10, 40][3] == 255 && made[70, 40][3] == 0)
            #expect(made.shows([200, 100, 0, 255], at: 10, 40, within: 14), "\(made[10, 40])")
        }

        @Test("grey leaves as one channel")
        func gray() throws {
            for format in [ImageFormat.jpeg, .png, .tiff] {
                var recipe = Recipe.frame(80, format: format)
                recipe.color = .gray
                let made = try made(recipe)
                #expect(made.bands == 1 && made[1, 1] == [255], "\(format)")
            }
        }

        @Test("printing colours leave with their profile, for tiff and jpeg only")
        func inks() throws {
            for format in ImageFormat.written {
                var recipe = Recipe.frame(80, format: format)
                (recipe.color, recipe.inks) = (.cmyk, "cmyk")
                switch outcome(recipe) {
                case .refused(_, let refusal):
                    #expect(![.jpeg, .tiff].contains(format) && refusal.code == .unsupported)
                case .made(_, let file, _, _):
                    #expect([.jpeg, .tiff].contains(format))
                    let header = try Bytes(file: studio.output[file], format: format).open(format)
                    #expect(try header.bands == 4 && header.profile == Drawing.profile("cmyk"))
                    let back = try SRGB.convert(header, said: .nothing).inMemory()
                    let white = try back.withPixels { Array($0.prefix(3)) }
                    #expect(white.allSatisfy { $0 >= 254 }, "\(format): \(white)")
                }
            }
            var nameless = Recipe.frame(80)
            nameless.color = .cmyk
            guard case .refused(_, let refusal) = outcome(nameless) else {
                Issue.record("inks without a name were made")
                return
            }
            #expect(refusal.message.contains("inks"))
        }
    }
}
