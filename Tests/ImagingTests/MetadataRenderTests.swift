import Foundation
import Model
import PictureSupport
import Testing
import Wire

@testable import Imaging

extension Pictures {
    /// The whole way: from a master full of metadata into a finished file.
    @Suite("Metadata, through a rendering")
    struct MetadataRenderTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        private static let inert = [
            "ExifVersion": "0210", "FlashpixVersion": "0100", "ComponentsConfiguration": "1 2 3 0",
            "ColorSpace": "1", "ExifImageWidth": "40", "ExifImageHeight": "40",
        ]

        @Test(
            "what is kept is in the file, and nothing else",
            .enabled(if: ExifTool.isThere, "needs exiftool"),
            arguments: [ImageFormat.jpeg, .png, .webp, .tiff, .avif])
        func kept(format: ImageFormat) throws {
            let master = Container.all[0]
            try master.draw(in: studio.masters)
            try Drawing(16, 12, color: [1, 2, 3]).save("jpegsave", to: studio.masters["t.jpg"])
            try ExifTool.write(
                studio.masters[master.file],
                MetadataReadTests.written + MetadataReadTests.older + MetadataReadTests.secrets
                    + ["ThumbnailImage<=\(studio.masters["t.jpg"])"])
            for kept in [MetadataWriteTests.kept, [:]] {
                let key = ContentHash.of(Data("\(format) \(kept.count)".utf8))
                let outcomes = studio.make(
                    RenderRequest(
                        master: master.file, format: .jpeg, measured: nil,
                        items: [
                            .init(
                                key: key, recipe: .frame(40, format: format),
                                particulars: RenditionInputs(kept: kept))
                        ]))
                guard case .made(_, let file, _, _) = outcomes[0] else {
                    Issue.record("\(outcomes[0])")
                    continue
                }
                var found = try ExifTool.read(studio.output[file])
                if format == .avif, !kept.isEmpty {
                    // What libvips writes beside any packet, and says no more than the file does.
                    for (name, value) in Self.inert {
                        #expect(found.removeValue(forKey: "ExifIFD:\(name)") == value, "\(name)")
                    }
                }
                #expect(found == (kept.isEmpty ? [:] : MetadataWriteTests.expected))
                let picture = try Bytes(file: studio.output[file], format: format).open(format)
                let keys = KeptField.allCases.map(\.rawValue)
                #expect(MetadataReader.kinds(in: picture) == (kept.isEmpty ? [] : keys))
            }
        }
    }
}
