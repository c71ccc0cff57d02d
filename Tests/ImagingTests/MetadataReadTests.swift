import Foundation
import Model
import PictureSupport
import Testing
import Wire

@testable import Imaging

extension Pictures {
    @Suite("Metadata, read")
    struct MetadataReadTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        static let written = [
            "XMP-dc:Rights=© 2026 Shop & Söhne", "XMP-photoshop:Credit=Studio <A>",
            "XMP-dc:Creator=Anna", "XMP-dc:Creator=Ben", "XMP-xmpRights:UsageTerms=Online only",
            "XMP-iptcExt:DigitalSourceType=\(algorithmic)", "XMP-dc:Title=Pen",
            "XMP-plus:LicenseStartDate=2026:01:01",
            "XMP-plus:LicenseEndDate=2026:03:31 12:00:00+02:00",
            "XMP-pur:EmbargoDate=2026:02:01", "XMP-pur:ExpirationDate=2026:04:30",
            "XMP-plus:ImageAlterationConstraints=No Cropping",
            "XMP-plus:ImageAlterationConstraints=No Retouching",
            "XMP-iptcExt:ProductInImage=[{ProductGTIN=04006381333931,ProductName=Pen},{ProductGTIN=4006381333931}]",
        ]
        static let algorithmic =
            "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
        static let older = [
            "CodedCharacterSet=UTF8", "IPTC:CopyrightNotice=IIM ©", "IPTC:Credit=IIM credit",
            "IPTC:By-line=Ida", "IPTC:ObjectName=IIM title", "IPTC:ReleaseDate=2026:01:15",
            "IPTC:ExpirationDate=2026:05:01", "IPTC:ExpirationTime=10:00:00+01:00",
            "EXIF:Copyright=EXIF (c)", "EXIF:Artist=Emil",
        ]
        static let secrets = [
            "EXIF:GPSLatitude=52.5", "EXIF:GPSLatitudeRef=N", "EXIF:SerialNumber=12345",
        ]

        @Test(
            "XMP of every format", .enabled(if: ExifTool.isThere, "needs exiftool"),
            arguments: Container.all)
        func embedded(_ container: Container) throws {
            try container.draw(in: studio.masters)
            try ExifTool.write(studio.masters[container.file], Self.written)
            let found = try studio.inspect(container.file, container.format).metadata
            #expect(found.kept["copyright"] == "© 2026 Shop & Söhne")
            #expect(found.kept["credit"] == "Studio <A>")
            #expect(found.kept["creator"] == "Anna; Ben")
            #expect(found.kept["usage-terms"] == "Online only")
            #expect(found.kept["digital-source-type"] == Self.algorithmic)
            #expect(found.title == "Pen")
            #expect(found.usableFrom == ["2026-01-01", "2026-02-01"])
            #expect(found.usableUntil == ["2026-03-31T12:00:00+02:00", "2026-04-30"])
            #expect(found.constraints == ["AL-CRP", "AL-RET"])
            #expect(found.gtins == ["04006381333931", "4006381333931"])
            #expect(!found.hasPosition && !found.hasSerialNumber && !found.hasThumbnail)
            #expect(found.problems == [])
        }

        @Test(
            "IIM where XMP is silent, EXIF where both are",
            .enabled(if: ExifTool.isThere, "needs exiftool"), arguments: Container.all)
        func precedence(_ container: Container) throws {
            try container.draw(in: studio.masters)
            let path = studio.masters[container.file]
            // WebP, AVIF and HEIC know no IIM.
            let knowsIIM = ![.webp, .avif, .heic].contains(container.format)
            try ExifTool.write(path, Self.older + Self.secrets)
            var found = try studio.inspect(container.file, container.format).metadata
            #expect(found.kept["copyright"] == (knowsIIM ? "IIM ©" : "EXIF (c)"))
            #expect(found.kept["creator"] == (knowsIIM ? "Ida" : "Emil"))
            #expect(found.kept["credit"] == (knowsIIM ? "IIM credit" : nil))
            #expect(found.title == (knowsIIM ? "IIM title" : nil))
            #expect(found.usableFrom == (knowsIIM ? ["2026-01-15"] : []))
            #expect(found.usableUntil == (knowsIIM ? ["2026-05-01T10:00:00+01:00"] : []))
            #expect(found.hasPosition && found.hasSerialNumber)
            try ExifTool.write(
                path, ["XMP-dc:Rights=XMP wins", "XMP-plus:LicenseEndDate=2026:01:31"])
            found = try studio.inspect(container.file, container.format).metadata
            #expect(found.kept["copyright"] == "XMP wins")
            #expect(
                found.usableUntil == ["2026-01-31"]
                    + (knowsIIM ? ["2026-05-01T10:00:00+01:00"] : []))
            #expect(found.problems == [])
        }

        @Test("an old thumbnail, and the density", .enabled(if: ExifTool.isThere, "needs exiftool"))
        func thumbnail() throws {
            try Drawing(16, 12, color: [1, 2, 3]).save("jpegsave", to: studio.masters["t.jpg"])
            try Container.all[0].draw(in: studio.masters)
            #expect(try studio.inspect("a.jpg", .jpeg).metadata.density == nil)
            try ExifTool.write(
                studio.masters["a.jpg"],
                [
                    "ThumbnailImage<=\(studio.masters["t.jpg"])", "XResolution=300",
                    "YResolution=300",
                ])
            let found = try studio.inspect("a.jpg", .jpeg).metadata
            #expect(found.hasThumbnail)
            #expect(found.density == 300)
        }

        @Test(
            "an .xmp beside the picture",
            arguments: [String.Encoding.utf8, .utf16, .utf16BigEndian])
        func sidecar(_ encoding: String.Encoding) throws {
            let text = String(
                decoding: packet("<dc:rights>© Söhne</dc:rights>", before: "<?xpacket begin=''?>"),
                as: UTF8.self)
            try studio.masters.write(try #require(text.data(using: encoding)), as: "a.xmp")
            let found = try studio.renderer.readXMP(ReadXMPRequest(file: "a.xmp"))
            #expect(found.kept == ["copyright": "© Söhne"])
        }

        @Test("lists and single values, attributes and elements, and lists that should be none")
        func shapes() throws {
            let found = try read(
                """
                <pur:expirationDate><rdf:Bag><rdf:li>2026-05</rdf:li><rdf:li>2026-04-01</rdf:li>\
                </rdf:Bag></pur:expirationDate>
                <plus:ImageAlterationConstraints>al-clr</plus:ImageAlterationConstraints>
                <dc:rights><rdf:Alt><rdf:li xml:lang="de">alle</rdf:li>\
                <rdf:li xml:lang="x-default">all</rdf:li></rdf:Alt></dc:rights>
                <dc:title><rdf:Alt><rdf:li xml:lang="de">Stift</rdf:li></rdf:Alt></dc:title>
                """, namespaces: "photoshop:Credit='C' plus:LicenseEndDate='soon'")
            #expect(found.usableUntil == ["soon", "2026-05", "2026-04-01"])
            #expect(found.constraints == ["AL-CLR"])
            #expect(found.kept == ["copyright": "all", "credit": "C"])
            #expect(found.title == "Stift")
        }

        @Test("foreign prefixes do not fool it")
        func prefixes() throws {
            let found = try read(
                "<y:rights>mine</y:rights><plus2:LicenseEndDate>2026</plus2:LicenseEndDate>",
                namespaces: """
                    xmlns:y="http://purl.org/dc/elements/1.1/" \
                    xmlns:plus2="http://ns.useplus.org/ldf/xmp/1.0/" \
                    xmlns:xmpRights="urn:not/that/"
                    """)
            #expect(found.kept == ["copyright": "mine"])
            #expect(found.usableUntil == ["2026"])
        }

        @Test("texts are one line, without control characters, and end")
        func texts() throws {
            let found = try read(
                "<dc:rights> a\n\tb\u{202E}c\u{200B}d </dc:rights>"
                    + "<photoshop:Credit>\(String(repeating: "ä", count: 9000))</photoshop:Credit>")
            #expect(found.kept["copyright"] == "a bcd")
            #expect(found.kept["credit"]?.count == PictureMetadata.longest)
        }

        @Test(
            "what is no XMP says so",
            arguments: [
                ("", "it is empty"), ("   ", "it is empty"), ("hello", "it holds no XMP"),
                ("<a>\0</a>", "it holds zero bytes"), ("<a><b></a>", "no well-formed XML"),
                ("<!DOCTYPE a><a/>", "document type"),
                ("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "document type"),
            ])
        func noXMP(text: String, reason: String) throws {
            try studio.masters.write(Data(text.utf8), as: "a.xmp")
            let refusal = #expect(throws: Refusal.self) {
                try studio.renderer.readXMP(ReadXMPRequest(file: "a.xmp"))
            }
            #expect(refusal?.code == .unreadable)
            #expect(refusal?.message.contains(reason) == true, "\(refusal?.message ?? "")")
        }

        @Test("refuses laughter, depth and breadth before the parser sees them")
        func bombs() throws {
            let laughs =
                "<!DOCTYPE l [<!ENTITY a 'ha'>"
                + (1...9).map {
                    "<!ENTITY a\($0) '&a\($0 - 1);&a\($0 - 1);'>"
                }.joined() + "]>"
            for bomb in [
                packet("<dc:rights>&a9;</dc:rights>", before: laughs),
                packet(String(repeating: "<dc:a><rdf:Bag><rdf:li>", count: 100_000)),
                packet((0..<20_000).map { "<dc:p\($0)>x</dc:p\($0)>" }.joined()),
                packet("", namespaces: (0..<20_000).map { "dc:p\($0)='x'" }.joined(separator: " ")),
            ] {
                #expect(throws: MetadataReader.Unreadable.self) { try XMPScan.checked(bomb) }
                var found = PictureMetadata()
                #expect(throws: MetadataReader.Unreadable.self) {
                    try XMPFields.read(bomb, into: &found)
                }
            }
            try studio.masters.write(Data(count: 2 << 20), as: "a.xmp")
            let refusal = #expect(throws: Refusal.self) {
                try studio.renderer.readXMP(ReadXMPRequest(file: "a.xmp"))
            }
            #expect(refusal?.message.contains("larger than 1 MiB") == true)
        }

        @Test("IIM of old programs, and what they do to dates")
        func oldIIM() throws {
            var found = PictureMetadata()
            try IIM.read(
                datasets([
                    (116, Array("Caf\u{E9}".unicodeScalars.map { UInt8($0.value) })),
                    (30, Array("20260300".utf8)), (37, Array("00000000".utf8)),
                ]), into: &found)
            #expect(found.kept["copyright"] == "Café")
            #expect(found.usableFrom == ["2026-03"])
            #expect(found.usableUntil == [])
            // As a TIFF of the other byte order keeps it.
            let straight = datasets([(116, Array("abc".utf8))])
            let turned = Data(
                stride(from: 0, to: 8, by: 4).flatMap { start in
                    straight[start..<start + 4].reversed()
                })
            found = PictureMetadata()
            try IIM.read(turned, into: &found)
            #expect(found.kept["copyright"] == "abc")
        }

        private func datasets(_ values: [(UInt8, [UInt8])]) -> Data {
            values.reduce(into: Data()) { data, value in
                data += [0x1C, 2, value.0, 0, UInt8(value.1.count)] + value.1
            }
        }

        private func read(_ fields: String, namespaces: String = "") throws -> PictureMetadata {
            var found = PictureMetadata()
            try XMPFields.read(packet(fields, namespaces: namespaces), into: &found)
            return found
        }
    }
}
