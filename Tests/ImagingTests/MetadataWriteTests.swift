import Foundation
import Model
import PictureSupport
import Testing

@testable import Imaging

extension Pictures {
    @Suite("Metadata, written")
    struct MetadataWriteTests {
        static let kept = [
            "copyright": "© 2026 Shop & Söhne <all rights>", "credit": "Studio \"A\"",
            "creator": "Anna; Ben", "usage-terms": "Online only, 中文",
            "digital-source-type": MetadataReadTests.algorithmic,
        ]

        @Test("what is written is what is read")
        func roundTrip() throws {
            var found = PictureMetadata()
            try XMPFields.read(try #require(MetadataWriter.packet(for: Self.kept)), into: &found)
            var wanted = PictureMetadata()
            wanted.kept = Self.kept
            #expect(found == wanted)
        }

        @Test(
            "exiftool reads it, and finds nothing else",
            .enabled(if: ExifTool.isThere, "needs exiftool"))
        func reference() throws {
            let folder = try Folder()
            try folder.write(try #require(MetadataWriter.packet(for: Self.kept)), as: "a.xmp")
            #expect(try ExifTool.read(folder["a.xmp"]) == Self.expected)
        }

        @Test(
            "it travels in every format, and is all there is",
            .enabled(if: ExifTool.isThere, "needs exiftool"), arguments: Container.all)
        func formats(_ container: Container) throws {
            let studio = try Studio()
            let packet = try #require(MetadataWriter.packet(for: Self.kept))
            try container.draw(in: studio.masters, packet)
            let path = studio.masters[container.file]
            let found = try ExifTool.read(path).filter { $0.key.hasPrefix("XMP") }
            #expect(found == Self.expected)
            #expect(try studio.inspect(container.file, container.format).metadata.kept == Self.kept)
            let keys = KeptField.allCases.map(\.rawValue)
            #expect(try kinds(path, container.format) == keys)
            // One field more, and it is no longer ours.
            try ExifTool.write(path, ["XMP-dc:Subject=secret"])
            #expect(try kinds(path, container.format) == keys + ["other"])
            try ExifTool.write(path, ["EXIF:GPSLatitude=1", "EXIF:SerialNumber=2"])
            if container.format != .tiff {
                #expect(
                    try kinds(path, container.format) == keys + ["position", "serial", "other"])
            }
        }

        private func kinds(_ path: String, _ format: ImageFormat) throws -> [String] {
            MetadataReader.kinds(in: try Bytes(file: path, format: format).open(format))
        }

        static let expected = [
            "XMP-dc:Rights": "© 2026 Shop & Söhne <all rights>",
            "XMP-dc:Creator": "Anna; Ben",
            "XMP-photoshop:Credit": "Studio \"A\"",
            "XMP-xmpRights:UsageTerms": "Online only, 中文",
            "XMP-iptcExt:DigitalSourceType": MetadataReadTests.algorithmic,
        ]

        @Test("the same texts give the same bytes, no texts give none")
        func bytes() {
            #expect(MetadataWriter.packet(for: Self.kept) == MetadataWriter.packet(for: Self.kept))
            #expect(MetadataWriter.packet(for: [:]) == nil)
            #expect(MetadataWriter.packet(for: ["copyright": " \n", "gps": "52.5"]) == nil)
            let one = MetadataWriter.packet(for: ["copyright": "a"])
            #expect(one == MetadataWriter.packet(for: ["copyright": "a", "gps": "52.5"]))
            #expect(one.map { $0.count < 1000 } == true)
        }

        @Test("the longest texts fit a JPEG's segment", arguments: ["&", "\u{1F600}", "<"])
        func longest(character: String) throws {
            let text = String(repeating: character, count: 3 * PictureMetadata.longest)
            let kept = Dictionary(
                uniqueKeysWithValues: KeptField.allCases.map { ($0.rawValue, text) })
            let packet = try #require(MetadataWriter.packet(for: kept))
            #expect(packet.count <= 65_502)
            var found = PictureMetadata()
            try XMPFields.read(packet, into: &found)
            #expect(found.kept["credit"] == String(text.prefix(PictureMetadata.longest)))
        }
    }
}
