import Foundation
import Model
import PictureSupport
import Testing

@testable import Imaging

extension Pictures {
    @Suite("Encoder")
    struct EncoderTests {
        let picture: Picture

        init() throws {
            _ = try ImageLibrary.start()
            let folder = try Folder()
            try Drawing.noise(120, 120).call("gaussblur", ["sigma": "1.5"])
                .save("pngsave", to: folder["a.png"])
            picture = try Bytes(file: folder["a.png"], format: .png).open(.png).inMemory()
        }

        private func recipe(
            _ format: ImageFormat, _ quality: ClosedRange<Int>, least: Int = 120
        ) -> Recipe {
            var recipe = Recipe.frame(120, fit: .cover, format: format, quality: quality)
            recipe.size.min = PixelSize(width: least, height: least)
            return recipe
        }

        private func encode(_ recipe: Recipe) throws -> (Encoder.Encoded, [PixelSize?]) {
            var asked: [PixelSize?] = []
            let encoded = try Encoder(recipe).encode { (largest) throws(Refusal) in
                asked.append(largest)
                return try largest.map { (size) throws(Refusal) in
                    try picture.resized(to: size)
                } ?? picture
            }
            return (encoded, asked)
        }

        @Test(
            "finds the very highest quality that fits, in few encodings",
            arguments: [ImageFormat.jpeg, .webp])
        func search(format: ImageFormat) throws {
            let sizes = try (1...100).map {
                Int64(try encode(recipe(format, $0...$0)).0.bytes.count)
            }
            var attempts: [Int] = []
            for wanted in stride(from: 5, through: 99, by: 3) {
                var recipe = recipe(format, 1...100)
                recipe.maxBytes = sizes[wanted - 1]
                let found = try encode(recipe).0
                let quality = try #require(found.quality)
                #expect(Int64(found.bytes.count) <= sizes[wanted - 1])
                // Sizes need not rise with every step; none better may have been passed over nearby.
                #expect(quality == 100 || sizes[quality] > sizes[wanted - 1])
                attempts.append(found.attempts)
            }
            let mean = Double(attempts.reduce(0, +)) / Double(attempts.count)
            print("\(format): \(mean) encodings in the mean, \(attempts.max() ?? 0) at most")
            #expect(attempts.allSatisfy { $0 <= QualitySearch.attempts } && mean < 7)
        }

        @Test("makes the frame smaller when no quality fits, within the range")
        func smaller() throws {
            let heavy = Int64(try encode(recipe(.jpeg, 80...80)).0.bytes.count)
            var wide = recipe(.jpeg, 80...92, least: 60)
            wide.maxBytes = heavy / 2
            let (encoded, asked) = try encode(wide)
            #expect(Int64(encoded.bytes.count) <= heavy / 2)
            let last = try #require(asked.last ?? nil)
            #expect((60..<120).contains(last.width) && asked.count <= 5)
            // Not much smaller than needed.
            #expect(Int64(encoded.bytes.count) > heavy / 3)
            wide.maxBytes = heavy / 20
            let refusal = #expect(throws: Refusal.self) { try encode(wide) }
            #expect(refusal?.code == .tooHeavy)
            #expect(refusal?.message.contains("60x60") == true)
            #expect(refusal?.message.contains("at quality 80") == true)
        }

        @Test("a lossless file only gets a smaller frame", arguments: [ImageFormat.png, .tiff])
        func lossless(format: ImageFormat) throws {
            let heavy = Int64(try encode(recipe(format, 80...92)).0.bytes.count)
            var fixed = recipe(format, 80...92)
            fixed.maxBytes = heavy - 1
            #expect(throws: Refusal.self) { try encode(fixed) }
            var wide = recipe(format, 80...92, least: 40)
            wide.maxBytes = heavy / 2
            let (encoded, asked) = try encode(wide)
            #expect(encoded.quality == nil && Int64(encoded.bytes.count) <= heavy / 2)
            #expect(asked.count > 1)
        }

        @Test("reaches the floor with plain codes, or says what is missing")
        func floor() throws {
            let light = Int64(try encode(recipe(.jpeg, 90...90)).0.bytes.count)
            var lifted = recipe(.jpeg, 90...90)
            lifted.minBytes = light + 1
            let plain = try encode(lifted).0
            #expect(Int64(plain.bytes.count) > light && plain.quality == 90)
            lifted.minBytes = light * 3
            let refusal = #expect(throws: Refusal.self) { try encode(lifted) }
            #expect(refusal?.code == .tooLight)
            #expect(refusal?.message.contains("a quality above 90") == true)
        }
    }
}
