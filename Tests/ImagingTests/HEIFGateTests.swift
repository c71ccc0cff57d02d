import Foundation
import Model
import PictureSupport
import Testing

@testable import Imaging

extension Pictures {
    /// What is coded is as large as the header says, before anybody decodes it.
    @Suite("HEIF gate")
    struct HEIFGateTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        @Test(
            "a small header does not hide a large picture",
            arguments: [("hevc", ImageFormat.heic), ("av1", .avif)])
        func lie(compression: String, format: ImageFormat) throws {
            var file = try studio.drawHEIF(
                "a", Drawing(512, 512, color: [9, 99, 9]), ["compression": compression])
            let box = try #require(file.range(of: Data("ispe".utf8)))
            let place = box.upperBound + 4
            #expect(file[place..<place + 8].elementsEqual([0, 0, 2, 0, 0, 0, 2, 0]))
            #expect(try studio.inspect("a", format).size.width == 512)
            file.replaceSubrange(place..<place + 8, with: [0, 0, 0, 64, 0, 0, 0, 48])
            try studio.masters.write(file, as: "a")
            let refusal = studio.refusal("a", format)
            #expect(refusal?.code == .unreadable)
            #expect(
                refusal?.message.contains("64x48 for a picture of 512x512") == true,
                "\(String(describing: refusal))")
        }

        /// As x265 and libaom write them, with what it takes to get to the size.
        @Test("sizes are found in coded pictures", arguments: [(64, 64), (200, 130), (1030, 514)])
        func sizes(width: Int, height: Int) throws {
            let drawing = try Drawing(width, height, color: [9, 99, 200])
            // libaom's encoder ends the process over ten bits of unthinned colour.
            for (compression, bits) in [("hevc", "8"), ("hevc", "10"), ("av1", "8")] {
                _ = try studio.drawHEIF(
                    "a", drawing, ["compression": compression, "bitdepth": bits])
                #expect(throws: Never.self) { try HEIFGate.check(studio.masters["a"]) }
            }
        }

        @Test("a gate that reads foreign boxes never ends in a trap")
        func hostile() throws {
            let drawing = try Drawing(64, 64, color: [9, 99, 9])
            var dice = SystemRandomNumberGenerator()
            for compression in ["hevc", "av1"] {
                let file = try studio.drawHEIF("a", drawing, ["compression": compression])
                for _ in 0..<400 {
                    var bytes = Array(file)
                    for _ in 0..<Int.random(in: 1...6, using: &dice) {
                        let place = Int.random(in: 0..<bytes.count, using: &dice)
                        bytes[place] = [0, 0x7F, 0xFF, .random(in: 0...255)].randomElement() ?? 0
                    }
                    let count = Int.random(in: 0...bytes.count, using: &dice)
                    try studio.masters.write(Data(bytes.prefix(count)), as: "b")
                    try? HEIFGate.check(studio.masters["b"])
                }
            }
        }
    }
}
