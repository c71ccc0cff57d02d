import Foundation
import Model
import Testing

@Suite struct PictureHeadTests {
    /// A comment of 60 kB, a table whose number is among those of frame headers, then 640 by 480.
    private static let jpeg =
        Data([0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFE, 0xEA, 0x60]) + Data(count: 59_998)
        + Data([0xFF, 0xC4, 0, 3, 9, 0xFF, 0xFF, 0xC2, 0, 11, 8, 1, 0xE0, 2, 0x80, 1, 0, 0, 0])
    private static let png =
        Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]) + Data("IHDR".utf8)
        + Data([0, 0, 2, 0x80, 0, 0, 1, 0xE0, 8, 2])

    private static func webp(_ kind: String, _ rest: [UInt8]) -> Data {
        Data("RIFF....WEBP\(kind)....".utf8) + Data(rest)
    }

    /// Each as libvips' writers begin them (`vips black`, `xxd`).
    @Test(arguments: [
        (jpeg, ImageFormat.jpeg), (png, .png),
        (Data("GIF89a".utf8) + Data([0x80, 2, 0xE0, 1, 0]), .gif),
        (webp("VP8 ", [0x30, 1, 0, 0x9D, 1, 0x2A, 0x80, 2, 0xE0, 1]), .webp),
        (webp("VP8L", [0x2F, 0x7F, 0xC2, 0x77, 0]), .webp),
        (webp("VP8X", [0x10, 0, 0, 0, 0x7F, 2, 0, 0xDF, 1, 0]), .webp),
    ])
    func sizes(data: Data, format: ImageFormat) throws {
        let head = try #require(PictureHead(data))
        #expect(head.format == format)
        #expect(head.size == PixelSize(width: 640, height: 480))
    }

    @Test func whatIsCutOffHasNoSizeAndIsNoTrap() {
        for data in [Self.jpeg, Self.png, Self.webp("VP8L", [0x2F, 0x7F, 0xC2, 0x77, 0])] {
            for count in stride(from: 0, to: data.count - 8, by: max(1, data.count / 500)) {
                #expect(PictureHead(data.prefix(count))?.size == nil)
            }
        }
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var data = [Self.jpeg, Self.png].randomElement(using: &generator)!
            for _ in 0..<8 {
                let at = Int.random(in: 3..<min(data.count, 100), using: &generator)
                data[at] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = PictureHead(data)
        }
        #expect(PictureHead(Data("<html>not found</html>".utf8)) == nil)
    }

    @Test func whatAChannelMakesIsCompared() {
        let made = Transformation(within: PixelSize(width: 1000, height: 1000), format: .webp)
        func fault(_ format: ImageFormat, _ width: Int, _ height: Int, of sent: PixelSize?)
            -> String?
        {
            var head = PictureHead(Self.png)!
            head.format = format
            head.size = PixelSize(width: width, height: height)
            return made.fault(in: head, of: sent)
        }
        let sent = PixelSize(width: 3000, height: 2000)
        #expect(fault(.webp, 1000, 667, of: sent) == nil)
        #expect(fault(.webp, 1000, 666, of: sent) == nil)
        #expect(fault(.webp, 3, 2, of: nil) == nil)
        #expect(
            fault(.jpeg, 1000, 667, of: sent) == "it is jpeg, where 'transforms' says webp")
        #expect(
            fault(.webp, 1000, 1000, of: sent)
                == "it is 1000x1000, where 'transforms' makes 1000x667 of 3000x2000")
        // Nothing is made larger.
        #expect(fault(.webp, 300, 200, of: PixelSize(width: 300, height: 200)) == nil)
        #expect(fault(.webp, 1000, 667, of: PixelSize(width: 300, height: 200)) != nil)
    }
}
