import Foundation
import Model
import PictureSupport
import Testing
import Wire

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

    /// HEIF has its own words for how a picture lies (`irot`, by quarters anticlockwise, and `imir`);
    /// what EXIF says beside them is for information only (ISO/IEC 23008-12, annex A).
    @Test("a phone's picture is turned once")
    func phone() async throws {
        let press = try Press()
        let examiner = try Examiner()
        let options = ["compression": "hevc", "bitdepth": "8", "effort": "0", "Q": "90"]
        let tile = try press.print(
            Drawing(64, 64, Scene.pixel), "heifsave", options.merging(["strip": "true"]) { $1 })
        func made(_ more: [UInt8]) async throws -> Examiner.Made {
            let file = Surgery.grid(tile, columns: 2, rows: 1, more: more)
            let verdict = await examiner.verdict(on: Specimen("phone.heic", file))
            #expect(verdict.hasPrefix("made "), "\(verdict)")
            return try await examiner.made()
        }
        func pixel(_ made: Examiner.Made, _ x: Int, _ y: Int) -> [Int] {
            let start = (y * made.width + x) * 3
            return made.pixels[start..<start + 3].map(Int.init)
        }
        let plain = try await made([])
        try #require(plain.width == 80 && plain.height == 40)
        let half = try await made(Surgery.box("irot", [2]))
        let quarter = try await made(Surgery.box("irot", [1]))
        try #require(half.width == 80 && quarter.width == 40 && quarter.height == 80)
        // In the middle of the blocks, where nothing is smoothed.
        for (x, y) in [(7, 7), (12, 22), (22, 12), (27, 32), (62, 17)] {
            let wanted = pixel(plain, x, y)
            for found in [pixel(half, 79 - x, 39 - y), pixel(quarter, y, 79 - x)] {
                #expect(zip(wanted, found).allSatisfy { abs($0 - $1) < 30 }, "\(x), \(y)")
            }
        }
        // By EXIF alone it lies as it is.
        let told = try press.print(
            Drawing(128, 64, Scene.pixel).oriented(6), "heifsave", options)
        #expect(told.range(of: Data("Exif".utf8)) != nil)
        let verdict = await examiner.verdict(on: Specimen("told.heic", told))
        #expect(verdict == "made 80x40")
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
