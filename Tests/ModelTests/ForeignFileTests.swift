import Foundation
import Testing

@testable import Model

@Suite("Foreign files")
struct ForeignFileTests {
    private static func ftyp(_ major: String, _ others: String...) -> [UInt8] {
        let brands = Array((major + "\0\0\0\0" + others.joined()).utf8)
        return [0, 0, 0, UInt8(8 + brands.count)] + Array("ftyp".utf8) + brands
    }

    /// With one item of a coding, as ISO/IEC 23008-12 has them.
    private static func meta(_ coding: String) -> [UInt8] {
        func box(_ name: String, _ body: [UInt8]) -> [UInt8] {
            [0, 0, 0, UInt8(8 + body.count)] + Array(name.utf8) + body
        }
        let item = box("infe", [2, 0, 0, 0, 0, 1, 0, 0] + Array(coding.utf8) + [0])
        return box("meta", [0, 0, 0, 0] + box("iinf", [0, 0, 0, 0, 0, 1] + item))
    }

    /// Little-endian, with the directory behind the header.
    private static func tiff(_ tags: [(Int, Int)]) -> [UInt8] {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        return [0x49, 0x49, 42, 0] + number(8, 4) + number(tags.count, 2)
            + tags.flatMap { number($0.0, 2) + number(4, 2) + number(1, 4) + number($0.1, 4) }
    }

    private static let export = "export it as JPEG, PNG"
    private static let named: [(String, [UInt8], String, String)] = [
        ("a.bmp", Array("BM".utf8) + [70, 0, 0, 0, 0, 0, 0, 0, 54, 0], "a BMP", export),
        ("a.tif", [0x49, 0x49, 0x2B, 0, 8, 0, 0, 0], "a BigTIFF", "save it as an ordinary TIFF"),
        ("a.tif", [0x4D, 0x4D, 0, 0x2B, 0, 8, 0, 0], "a BigTIFF", "save it as an ordinary TIFF"),
        ("a.jxl", [0xFF, 0x0A, 1, 2], "a JPEG XL", export),
        ("a.jxl", [0, 0, 0, 12] + "JXL ".utf8, "a JPEG XL", export),
        ("a.jp2", [0, 0, 0, 12] + "jP  ".utf8 + [13, 10, 0x87, 10], "a JPEG 2000", export),
        ("a.j2k", [0xFF, 0x4F, 0xFF, 0x51], "a JPEG 2000", export),
        ("a.psd", Array("8BPS\0\u{1}".utf8), "a Photoshop document (PSD)", export),
        ("a.psb", Array("8BPS\0\u{2}".utf8), "a large Photoshop document (PSB)", export),
        ("a.cr3", ftyp("crx ", "crx ", "isom"), "a camera raw file (CR3)", "develop it"),
        (
            "a.cr2", [0x49, 0x49, 42, 0, 16, 0, 0, 0] + Array("CR\u{2}\0".utf8),
            "a camera raw file", "develop it"
        ),
        ("a.dng", tiff([(254, 1), (50_706, 4)]), "a camera raw file", "develop it"),
        ("a.nef", tiff([(254, 1), (330, 900)]), "a camera raw file", "develop it"),
        ("a.raf", Array("FUJIFILMCCD-RAW 0201".utf8), "a camera raw file (RAF)", "develop it"),
        ("a.orf", Array("IIRO\u{8}\0\0\0".utf8), "a camera raw file (ORF)", "develop it"),
        ("a.rw2", Array("IIU\0\u{18}\0\0\0".utf8), "a camera raw file (RW2)", "develop it"),
        ("a.svg", Array("<svg xmlns=''/>".utf8), "an SVG drawing", export),
        (
            "a.svg", Array("\u{FEFF}<?xml version='1.0'?>\n<!-- drawn -->\n<svg/>".utf8),
            "an SVG drawing", export
        ),
        ("a.pdf", Array("%PDF-1.7".utf8), "a PDF", export),
        ("a.ai", Array("%!PS-Adobe-3.0".utf8), "an EPS or Illustrator drawing", export),
        ("a.eps", [0xC5, 0xD0, 0xD3, 0xC6, 30], "an EPS or Illustrator drawing", export),
        ("a.ico", [0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0], "an ICO", export),
        ("a.ppm", Array("P6 9 9 255 ".utf8), "a Netpbm picture", export),
        ("a.avif", ftyp("avis", "avif", "msf1"), "an animated AVIF", "export one frame"),
        ("a.avif", ftyp("msf1", "avis"), "an animated AVIF", "export one frame"),
        ("a.heics", ftyp("hevc", "msf1"), "an animated HEIC", "export one frame"),
        ("a.heif", ftyp("msf1", "hevc"), "an animated HEIC", "export one frame"),
        ("a.heif", ftyp("mif1") + meta("jpeg"), "a HEIF with neither", export),
        ("a.mp4", ftyp("mp42", "isom"), "an MP4 video", "export one frame"),
        ("a.mov", ftyp("qt  "), "a MOV video", "export one frame"),
        ("a.mov", [0, 0, 1, 0] + "moov".utf8, "a MOV video", "export one frame"),
        ("a.zip", [0x50, 0x4B, 3, 4, 20], "a ZIP", "unpack it"),
        (
            "a.htm", Array("<!DOCTYPE HTML>\n<html><svg/></html>".utf8), "a web page (HTML)",
            "download the picture again"
        ),
        ("a.doc", [0xD0, 0xCF, 0x11, 0xE0], "an Office document", "export"),
        ("a.txt", Array("Größe: 40\n".utf8), "plain text", "deliver the picture itself"),
        ("a.json", Array("{\"error\": 403}".utf8), "JSON", "deliver the picture itself"),
        ("a.bin", [], "empty", "copy the file again"),
        ("a.bin", [UInt8](repeating: 0, count: 600), "nothing but zero", "copy the file again"),
        ("a.bin", [3, 1, 4, 1, 5, 0, 0, 9], "something that is not known here", export),
    ]

    @Test("each is named, with what a person does about it", arguments: named)
    func names(path: String, head: [UInt8], name: String, next: String) {
        #expect(ImageFormat.recognise(head) == nil)
        let file = ForeignFile(head)
        #expect(file.told(of: path).hasPrefix("'\(path)' is \(name)"), "\(file.told(of: path))")
        #expect(file.next.hasPrefix(next), "\(file.next)")
    }

    @Test("a name that says otherwise is spoken of")
    func misnamed() {
        let bmp = ForeignFile(Array("BM".utf8) + [70, 0, 0, 0, 0, 0, 0, 0])
        #expect(
            bmp.what(of: "a.jpg")
                == "'a.jpg' is a BMP whatever its name says, which is not read here"
        )
        #expect(bmp.what(of: "a.bmp") == "'a.bmp' is a BMP, which is not read here")
        #expect(bmp.told.hasPrefix("this is a BMP, which is not read here: export it as JPEG"))
        #expect(ForeignFile([]).what(of: "a.jpg") == "'a.jpg' is empty")
    }

    @Test("an AVIF may say so in its compatible brands or by its items alone")
    func avif() {
        #expect(ImageFormat.recognise(Self.ftyp("avif", "mif1")) == .avif)
        #expect(ImageFormat.recognise(Self.ftyp("mif1", "avif", "miaf")) == .avif)
        #expect(ImageFormat.recognise(Self.ftyp("mif1", "miaf") + Self.meta("av01")) == .avif)
    }

    @Test("a HEIC may, too", arguments: ["heic", "heix", "heim", "heis"])
    func heic(brand: String) {
        #expect(ImageFormat.recognise(Self.ftyp(brand, "mif1")) == .heic)
        #expect(ImageFormat.recognise(Self.ftyp("mif1", "miaf", brand)) == .heic)
        #expect(ImageFormat.recognise(Self.ftyp("mif1", "miaf") + Self.meta("hvc1")) == .heic)
        #expect(ImageFormat.heic.extensions == ["heic", "heif", "hif"])
    }

    @Test("a picture's first numbers make no raw file of it")
    func ordinaryTIFF() {
        let pixels = Array("CR\u{2}\0CR\u{2}\0".utf8)
        #expect(ImageFormat.recognise([0x49, 0x49, 42, 0, 80, 0, 0, 0] + pixels) == .tiff)
        #expect(ImageFormat.recognise(Self.tiff([(254, 0), (330, 900)])) == .tiff)
        #expect(ImageFormat.recognise(Self.tiff([(254, 1)])) == .tiff)
    }

    @Test("hostile beginnings are read within their bounds")
    func bounds() {
        var dice = SystemRandomNumberGenerator()
        let seeds = Self.named.map(\.1) + [Self.ftyp("mif1") + Self.meta("av01")]
        for seed in seeds where !seed.isEmpty {
            for _ in 0..<200 {
                var bytes = seed
                for _ in 0..<3 {
                    bytes[Int.random(in: 0..<bytes.count, using: &dice)] = .random(in: 0...255)
                }
                let cut = bytes.prefix(Int.random(in: 0...bytes.count, using: &dice))
                _ = ImageFormat.recognise(cut)
                #expect(!ForeignFile(cut).told.isEmpty)
            }
        }
    }
}
