import Foundation
import Model
import PictureSupport
import Testing

/// However a camera was held, the same picture comes out; what it wrote about itself does not.
@Suite("Orientation", .serialized)
struct OrientationTests {
    /// The upright picture as it is stored under an orientation (EXIF 2.3, 4.6.4).
    private static func stored(_ orientation: Int) throws -> Drawing {
        let (width, height) = (Scene.width, Scene.height)
        let isOnSide = orientation >= 5
        return try Drawing(isOnSide ? height : width, isOnSide ? width : height) { x, y in
            switch orientation {
            case 2: Scene.pixel(width - 1 - x, y)
            case 3: Scene.pixel(width - 1 - x, height - 1 - y)
            case 4: Scene.pixel(x, height - 1 - y)
            case 5: Scene.pixel(y, x)
            case 6: Scene.pixel(width - 1 - y, x)
            case 7: Scene.pixel(width - 1 - y, height - 1 - x)
            case 8: Scene.pixel(y, height - 1 - x)
            default: Scene.pixel(x, y)
            }
        }
    }

    private static func files(_ orientation: Int, _ press: Press) throws -> [Specimen] {
        let stored = try stored(orientation)
        let plain = ["Q": "100", "subsample-mode": "off"]
        // A thumbnail of something else, as editors that forget it leave behind.
        let stale = try press.print(Drawing(16, 12, color: [255, 0, 255]), "jpegsave")
        let block = ExifBlock(orientation: orientation, isPrivate: true, thumbnail: stale)
        let camera = Surgery.jpeg(
            try press.print(stored, "jpegsave", plain), adding: 0xE1,
            Array("Exif\0\0".utf8) + block.bytes)
        return [
            Specimen("camera.jpg", camera),
            Specimen(
                "library.jpg", try press.print(stored.oriented(orientation), "jpegsave", plain)),
            Specimen("library.tif", try press.print(stored.oriented(orientation), "tiffsave")),
            Specimen(
                "library.webp",
                try press.print(stored.oriented(orientation), "webpsave", ["lossless": "true"])),
        ]
    }

    @Test("all eight give the same upright picture, in every format that knows them")
    func upright() async throws {
        let press = try Press()
        let examiner = try Examiner()
        for orientation in 1...8 {
            for file in try Self.files(orientation, press) {
                let verdict = await examiner.verdict(on: file)
                let note = orientation == 1 ? "" : ", orientation \(orientation)"
                #expect(verdict == "made 64x48\(note)", "\(file.name)")
                guard verdict.hasPrefix("made 64x48") else { continue }
                let made = try await examiner.made()
                try #require(made.width == 64 && made.height == 48 && made.bands == 3)
                let worst = Self.difference(made.pixels)
                #expect(
                    worst <= (file.name.hasSuffix(".jpg") ? 4 : 0), "\(file.name) \(orientation)")
                for secret in ["Exif", "eXIf", ExifBlock.serial, "JFIF"] {
                    #expect(made.bytes.range(of: Data(secret.utf8)) == nil, "\(secret)")
                }
            }
        }
        await examiner.end()
    }

    /// Largest in any channel.
    private static func difference(_ pixels: [UInt8]) -> Int {
        var worst = 0
        for y in 0..<Scene.height {
            for x in 0..<Scene.width {
                let wanted = Scene.pixel(x, y)
                for band in 0..<3 {
                    let got = pixels[(y * Scene.width + x) * 3 + band]
                    worst = max(worst, abs(Int(got) - Int(wanted[band])))
                }
            }
        }
        return worst
    }
}
