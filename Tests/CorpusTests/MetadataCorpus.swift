import Foundation
import PictureSupport

/// Metadata: too much, too private, stale, or meant to break whoever reads it.
enum MetadataCorpus {
    static func specimens(of whole: [Specimen]) throws -> [Specimen] {
        func bytes(_ name: String) -> Data { whole.first { $0.name == name }?.bytes ?? Data() }
        let (jpeg, png) = (bytes("jpeg baseline.jpg"), bytes("png rgb.png"))
        let packets = hostile.map { (name: $0.0, bytes: Array($0.1.utf8)) }
        var all: [Specimen] = []
        for (name, packet) in packets {
            all.append(
                Specimen("xmp \(name).jpg", Surgery.jpeg(jpeg, adding: 0xE1, xmpMark + packet)))
            all.append(
                Specimen("xmp \(name).png", Surgery.png(png, adding: "iTXt", pngMark + packet)))
        }
        for (name, block) in exif {
            all.append(
                Specimen("exif \(name).jpg", Surgery.jpeg(jpeg, adding: 0xE1, exifMark + block)))
            all.append(Specimen("exif \(name).png", Surgery.png(png, adding: "eXIf", block)))
        }
        for (name, block) in profiles {
            all.append(
                Specimen("icc \(name).jpg", Surgery.jpeg(jpeg, adding: 0xE2, iccMark + block)))
        }
        for (name, block) in iptc {
            all.append(
                Specimen("iptc \(name).jpg", Surgery.jpeg(jpeg, adding: 0xED, iptcMark + block)))
        }
        return all + heaps(jpeg)
    }

    private static let xmpMark = Array("http://ns.adobe.com/xap/1.0/\0".utf8)
    private static let pngMark = Array("XML:com.adobe.xmp\0\0\0\0\0".utf8)
    private static let exifMark = Array("Exif\0\0".utf8)
    private static let iccMark = Array("ICC_PROFILE\0".utf8) + [1, 1]
    private static let iptcMark = Array("Photoshop 3.0\0".utf8)

    private static func packet(_ body: String) -> String {
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf"
            + "-syntax-ns#\"><rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/"
            + "1.1/\">\(body)</rdf:Description></rdf:RDF></x:xmpmeta>"
    }

    private static let hostile: [(String, String)] = [
        ("fair", packet("<dc:title>a bottle</dc:title>")),
        ("not closed", "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF>"), ("empty", ""),
        ("zeros", String(repeating: "\0", count: 500)), ("no xml", "\u{FF}\u{FE}<<<>>>&&&"),
        (
            "entities",
            "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">"
                + "<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;\">]>"
                + packet("<dc:title>&e;&e;&e;</dc:title>")
        ),
        (
            "file outside",
            "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>"
                + packet("<dc:title>&b;</dc:title>")
        ),
        ("deep", packet(String(repeating: "<dc:a>", count: 5000))),
        ("long name", packet("<dc:\(String(repeating: "n", count: 40_000))/>")),
        ("control characters", packet("<dc:title>a\u{1}b\u{7}\u{202E}</dc:title>")),
        ("long text", packet("<dc:title>\(String(repeating: "é", count: 20_000))</dc:title>")),
        ("bad dates", packet("<dc:date>99999-99-99T99:99:99Z</dc:date>")),
    ]

    private static var exif: [(String, [UInt8])] {
        let position = ExifBlock(orientation: 1, isPrivate: true, thumbnail: nil).bytes
        var circle = ExifBlock(orientation: 1, isPrivate: false, thumbnail: nil).bytes
        circle.replaceSubrange(circle.count - 4..<circle.count, with: Surgery.little(8))
        return [
            ("with position and serial", position), ("circle", circle), ("empty", []),
            ("head only", Array(position.prefix(8))), ("cut off", Array(position.prefix(30))),
            ("directory outside", [0x49, 0x49, 42, 0] + Surgery.little(0x7FFF_FFFF)),
            (
                "65535 entries",
                [0x49, 0x49, 42, 0, 8, 0, 0, 0, 0xFF, 0xFF] + [UInt8](repeating: 7, count: 600)
            ),
            ("orientation 0", ExifBlock(orientation: 0, isPrivate: false, thumbnail: nil).bytes),
            ("orientation 9", ExifBlock(orientation: 9, isPrivate: false, thumbnail: nil).bytes),
            (
                "orientation 65535",
                ExifBlock(orientation: 65_535, isPrivate: false, thumbnail: nil).bytes
            ),
        ]
    }

    private static var profiles: [(String, [UInt8])] {
        var head = [UInt8](repeating: 0, count: 128)
        head.replaceSubrange(36..<40, with: Array("acsp".utf8))
        head.replaceSubrange(12..<24, with: Array("mntrRGB XYZ ".utf8))
        let sized = Surgery.big(400) + head[4...]
        let tag = Array("desc".utf8) + Surgery.big(0x7FFF_FFF0) + Surgery.big(0x7FFF_FFF0)
        return [
            ("empty", []), ("zeros", [UInt8](repeating: 0, count: 300)), ("head only", head),
            ("a billion tags", sized + Surgery.big(1 << 30) + [UInt8](repeating: 9, count: 300)),
            ("tag outside", sized + Surgery.big(1) + tag + [UInt8](repeating: 0, count: 256)),
        ]
    }

    private static var iptc: [(String, [UInt8])] {
        let resource = Array("8BIM".utf8) + [4, 4, 0, 0]
        return [
            ("empty", []), ("resource outside", resource + Surgery.big(0x7FFF_FFFF) + [28, 2, 5]),
            (
                "length of 4 GB",
                resource + Surgery.big(9) + [28, 2, 116, 0x80, 4, 0xFF, 0xFF, 0xFF, 0xFF]
            ),
        ]
    }

    private static func heaps(_ jpeg: Data) -> [Specimen] {
        let comment = [UInt8](repeating: 0x20, count: 65_000)
        return [
            Specimen(
                "2 MB of comments.jpg",
                (0..<32).reduce(jpeg) { file, _ in Surgery.jpeg(file, adding: 0xFE, comment) }),
            Specimen(
                "1000 empty segments.jpg",
                (0..<1000).reduce(jpeg) { file, number in
                    Surgery.jpeg(file, adding: 0xE0 + UInt8(number % 16), [])
                }),
            Specimen(
                "profile in 255 pieces, half of them missing.jpg",
                (1...120).reduce(jpeg) { file, number in
                    Surgery.jpeg(
                        file, adding: 0xE2,
                        Array("ICC_PROFILE\0".utf8) + [UInt8(number), 255] + [1, 2, 3, 4])
                }),
        ]
    }
}
