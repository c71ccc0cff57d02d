import Foundation
import Model
import PictureSupport
import Testing

@testable import Imaging

extension Pictures {
    /// Whatever the bytes are: an answer or a refusal, never a trap, and nothing longer than is
    /// promised.
    @Suite("Metadata, broken")
    struct MetadataFuzzTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        /// One block of each kind, as exiftool writes them, taken out of a JPEG.
        private func blocks() throws -> (xmp: Data, iim: Data, exif: Data) {
            let container = Container.all[0]
            try container.draw(in: studio.masters)
            try Drawing(16, 12, color: [1, 2, 3]).save("jpegsave", to: studio.masters["t.jpg"])
            let path = studio.masters[container.file]
            try ExifTool.write(
                path,
                MetadataReadTests.written + MetadataReadTests.older + MetadataReadTests.secrets
                    + ["ThumbnailImage<=\(studio.masters["t.jpg"])"])
            let bytes = try studio.masters.read(container.file)
            func segment(_ marker: UInt8, _ start: String) throws -> Data {
                let head = Data([0xFF, marker])
                var at = bytes.startIndex
                while let found = bytes[at...].range(of: head) {
                    let length =
                        Int(bytes[found.upperBound]) << 8 | Int(bytes[found.upperBound + 1])
                    let body = bytes[found.upperBound + 2..<found.upperBound + length]
                    if body.starts(with: Data(start.utf8)) { return Data(body) }
                    at = found.upperBound
                }
                throw ExifTool.Failure(output: "no segment \(start)")
            }
            let mark = "http://ns.adobe.com/xap/1.0/\0"
            return (
                try segment(0xE1, mark).dropFirst(mark.utf8.count),
                try segment(0xED, "Photoshop"), try segment(0xE1, "Exif")
            )
        }

        @Test("mutated and cut blocks", .enabled(if: ExifTool.isThere, "needs exiftool"))
        func mutated() throws {
            let (xmp, iim, exif) = try blocks()
            var dice = Dice(seed: 7)
            var readable = 0
            for _ in 0..<1500 {
                for (block, kind) in [(Data(xmp), 0), (iim, 1), (exif, 2)] {
                    var found = PictureMetadata()
                    do throws(MetadataReader.Unreadable) {
                        switch kind {
                        case 0: try XMPFields.read(dice.broken(block), into: &found)
                        case 1: try IIM.read(dice.broken(block), into: &found)
                        default: EXIF(block: dice.broken(block))?.read(into: &found)
                        }
                        if !found.kept.isEmpty { readable += 1 }
                    } catch {
                        // A refusal is an answer.
                        #expect(!error.why.isEmpty)
                    }
                    check(found)
                }
            }
            // Else the dice break everything at its first byte, and nothing was tried.
            #expect(readable > 500, "\(readable)")
        }

        @Test(
            "mutated files of every format", .enabled(if: ExifTool.isThere, "needs exiftool"),
            arguments: Container.all)
        func files(_ container: Container) throws {
            try container.draw(in: studio.masters)
            try ExifTool.write(
                studio.masters[container.file],
                MetadataReadTests.written + MetadataReadTests.older + MetadataReadTests.secrets)
            let whole = try studio.masters.read(container.file)
            var dice = Dice(seed: 11)
            for _ in 0..<120 {
                try studio.masters.write(dice.broken(whole, keeping: 16), as: "broken")
                let inspection = try? studio.inspect("broken", container.format)
                inspection.map { check($0.metadata) }
            }
        }

        @Test("directories that lead nowhere, in circles, or claim too much")
        func directories() {
            let head: [UInt8] = [0x49, 0x49, 42, 0, 8, 0, 0, 0]
            func entry(_ tag: Int, _ type: UInt8, _ count: UInt32, _ value: UInt32) -> [UInt8] {
                [UInt8(tag & 255), UInt8(tag >> 8), type, 0]
                    + [count, value].flatMap { number in
                        (0..<4).map { UInt8(number >> (8 * $0) & 255) }
                    }
            }
            for entries in [
                [entry(0x8298, 2, .max, 0)], [entry(0x8298, 2, 10, .max)],
                [entry(0x8769, 4, 1, 8), entry(0x8825, 4, 1, 8)],
                [entry(0x8769, 4, 1, .max)], [entry(0x8298, 9, 4, 4)],
            ] {
                var found = PictureMetadata()
                let body = [UInt8(entries.count), 0] + entries.flatMap(\.self) + [8, 0, 0, 0]
                EXIF(block: Data(head + body))?.read(into: &found)
                check(found)
                #expect(found == PictureMetadata())
            }
            var found = PictureMetadata()
            EXIF(block: Data(head + [0xFF, 0xFF]))?.read(into: &found)
            #expect(found == PictureMetadata())
        }

        /// What the daemon holds against a worker's answer as well.
        private func check(_ found: PictureMetadata) {
            #expect(found.isBounded, "\(found)")
        }
    }
}

/// The same damage every time.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(_ below: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % max(1, below)
    }

    /// A few bytes changed, doubled or taken away, or the end cut off.
    mutating func broken(_ whole: Data, keeping head: Int = 0) -> Data {
        var bytes = Array(whole)
        for _ in 0..<1 + next(4) where bytes.count > head + 1 {
            let at = head + next(bytes.count - head)
            switch next(5) {
            case 0: bytes[at] = UInt8(next(256))
            case 1: bytes[at] ^= UInt8(1 << next(8))
            case 2: bytes.removeSubrange(at..<min(bytes.count, at + 1 + next(40)))
            case 3: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + next(60))], at: at)
            default: if next(4) == 0 { bytes.removeLast(next(bytes.count - head)) }
            }
        }
        return Data(bytes)
    }
}
