import Foundation

/// What was made to be taken for something else.
enum Forged {
    static func specimens(of whole: [Specimen]) -> [Specimen] {
        func bytes(_ name: String) -> Data { whole.first { $0.name == name }?.bytes ?? Data() }
        let (jpeg, png) = (bytes("jpeg baseline.jpg"), bytes("png rgb.png"))
        return disguises(jpeg, png) + claims(jpeg, png) + headers(jpeg) + bombs(png)
            + offsets(bytes("tiff strips.tif")) + boxes(bytes("avif.avif"), "avif")
            + boxes(bytes("heic still.heic"), "heic") + grids(bytes("heic tile.heic"))
    }

    private static func disguises(_ jpeg: Data, _ png: Data) -> [Specimen] {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>\n"
        let script = Data("<html><script>alert(1)</script></html>".utf8)
        return [
            Specimen("empty.jpg", Data()), Specimen("zeros.jpg", Data(count: 4096)),
            Specimen("text.jpg", "not a picture\n"), Specimen("svg named.jpg", svg),
            Specimen("svg after a byte order mark.png", "\u{FEFF}" + svg),
            Specimen("postscript named.jpg", "%!PS-Adobe-3.0\n(/etc/passwd) (r) file\nshowpage\n"),
            Specimen("pdf named.jpg", "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"),
            Specimen(
                "mvg named.jpg",
                "push graphic-context\nviewbox 0 0 640 480\nimage over 0,0 0,0 '/etc/passwd'\n"),
            Specimen(
                "msl named.png", "<?xml version=\"1.0\"?><image><read filename=\"/etc\"/></image>"),
            Specimen("netpbm named.jpg", "P3 1 1 255 1 2 3\n"),
            Specimen("vips named.tif", Data([0x08, 0xF2, 0xA6, 0xB6]) + Data(count: 200)),
            Specimen("bmp named.jpg", Data([0x42, 0x4D, 70, 0, 0, 0]) + Data(count: 64)),
            Specimen(
                "heic without a picture.jpg",
                Data([0, 0, 0, 24]) + Data("ftypheic0000mif1heic".utf8)),
            Specimen("psd named.jpg", Data("8BPS".utf8) + Data(count: 100)),
            Specimen("jpeg 2000 named.jpg", Data([0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 0x0D])),
            Specimen("png named.jpg", png), Specimen("jpeg named.png", jpeg),
            Specimen("polyglot html behind.jpg", jpeg + script),
            Specimen("polyglot zip behind.png", png + Data("PK\u{3}\u{4}".utf8) + Data(count: 90)),
            Specimen(
                "polyglot html in a comment.jpg",
                Surgery.jpeg(jpeg, adding: 0xFE, Array(script))),
            Specimen("polyglot two pictures.jpg", jpeg + png + jpeg),
            Specimen("polyglot gif and javascript.gif", "GIF89a=1;alert(1)/*" + svg + "*/"),
        ]
    }

    /// Small files with large claims.
    private static func claims(_ jpeg: Data, _ png: Data) -> [Specimen] {
        let sides = [
            (50_000, 50_000), (787_402, 787_402), (29_000, 29_000), (0, 48), (64, 0),
            (1, 0x7FFF_FFFF), (0x7FFF_FFFF, 1),
        ]
        let pngs = sides.map { width, height in
            Specimen("claim \(width)x\(height).png", header(png, width, height))
        }
        let jpegs = [(65_500, 65_500), (0, 48), (64, 0), (65_535, 1)].map { width, height in
            Specimen(
                "claim \(width)x\(height).jpg",
                Surgery.jpegFrame(jpeg) { bytes, at in
                    bytes.replaceSubrange(
                        at + 5..<at + 9,
                        with: [height, width].flatMap { [UInt8($0 >> 8 & 255), UInt8($0 & 255)] })
                })
        }
        return pngs + jpegs
            + [Specimen("claim interlaced.png", header(png, 20_000, 20_000, interlaced: true))]
    }

    private static func header(
        _ png: Data, _ width: Int, _ height: Int, depth: UInt8 = 8, kind: UInt8 = 2,
        interlaced: Bool = false
    ) -> Data {
        let body =
            Surgery.big(width) + Surgery.big(height) + [depth, kind, 0, 0, interlaced ? 1 : 0]
        return png.prefix(8) + Surgery.chunk("IHDR", body) + png.dropFirst(33)
    }

    /// Frame headers that say what the data are not.
    private static func headers(_ jpeg: Data) -> [Specimen] {
        func changed(_ name: String, _ offset: Int, _ value: UInt8) -> Specimen {
            Specimen(
                "header \(name).jpg",
                Surgery.jpegFrame(jpeg) { bytes, at in bytes[at + offset] = value })
        }
        return [
            changed("12 bit", 4, 12), changed("16 bit", 4, 16), changed("lossless", 1, 0xC3),
            changed("arithmetic", 1, 0xC9), changed("progressive in name", 1, 0xC2),
            changed("hierarchical", 1, 0xC5), changed("255 components", 9, 255),
            changed("no component", 9, 0), changed("two components", 9, 2),
            changed("sampling 0", 11, 0), changed("sampling 15", 11, 0xFF),
            changed("table 9", 12, 9),
        ]
    }

    private static func bombs(_ png: Data) -> [Specimen] {
        let name = Array("Raw profile".utf8) + [0, 0]
        let pixels = Surgery.zeros(48 * (1 + 64 * 3))
        let end = Surgery.chunk("IEND", [])
        return [
            Specimen(
                "bomb 8 MB of text.png",
                Surgery.png(png, adding: "zTXt", name + Surgery.zeros(8 << 20))),
            Specimen(
                "bomb 8 MB of profile.png",
                Surgery.png(png, adding: "iCCP", name + Surgery.zeros(8 << 20))),
            Specimen(
                "bomb more pixels than claimed.png",
                png.prefix(33) + Surgery.chunk("IDAT", Surgery.zeros(8 << 20)) + end),
            Specimen(
                "sound though forged.png", png.prefix(33) + Surgery.chunk("IDAT", pixels) + end),
            Specimen(
                "bomb 3000 texts.png",
                (0..<3000).reduce(png) { file, number in
                    Surgery.png(file, adding: "tEXt", Array("k\(number)".utf8) + [0, 65])
                }),
            Specimen("header 16 bit palette.png", header(png, 64, 48, depth: 16, kind: 3)),
            Specimen("header kind 7.png", header(png, 64, 48, kind: 7)),
            Specimen("header depth 3.png", header(png, 64, 48, depth: 3)),
        ]
    }

    /// Directories that lead in circles, outside, or to a great many things.
    private static func offsets(_ tiff: Data) -> [Specimen] {
        func directory(_ entries: [(tag: Int, type: Int, count: Int, value: Int)], next: Int)
            -> Data
        {
            var bytes: [UInt8] = [0x49, 0x49, 42, 0] + Surgery.little(8)
            bytes += Surgery.little(entries.count, bytes: 2)
            for entry in entries {
                bytes += Surgery.little(entry.tag, bytes: 2) + Surgery.little(entry.type, bytes: 2)
                bytes += Surgery.little(entry.count) + Surgery.little(entry.value)
            }
            return Data(bytes + Surgery.little(next))
        }
        let size = [(256, 4, 1, 64), (257, 4, 1, 48), (258, 3, 1, 8), (262, 3, 1, 1)]
        return [
            Specimen("directory leads to itself.tif", directory(size, next: 8)),
            Specimen("directory leads outside.tif", directory(size, next: 0x7FFF_FFFF)),
            Specimen("no directory.tif", Data([0x49, 0x49, 42, 0, 0, 0, 0, 0]) + Data(count: 64)),
            Specimen(
                "strips outside.tif",
                directory(size + [(273, 4, 1, 0x7FFF_0000), (279, 4, 1, 3072)], next: 0)),
            Specimen(
                "a strip of 4 GB.tif",
                directory(size + [(273, 4, 1, 8), (279, 4, 1, 0xFFFF_FFFF)], next: 0)),
            Specimen(
                "a billion strips.tif",
                directory(size + [(273, 4, 1 << 30, 8), (279, 4, 1 << 30, 8)], next: 0)),
            Specimen(
                "claim 2 billion.tif",
                directory(
                    [(256, 4, 1, 0x7FFF_FFFF), (257, 4, 1, 0x7FFF_FFFF)] + size.dropFirst(2),
                    next: 0)),
            Specimen("200 bands.tif", directory(size + [(277, 3, 1, 200)], next: 0)),
            Specimen(
                "extra samples outside.tif",
                directory(
                    [(256, 4, 1, 64), (257, 4, 1, 48), (262, 3, 1, 2), (277, 3, 1, 9)]
                        + [(338, 3, 6, 0x7FFF_0000)], next: 0)),
            Specimen(
                "a billion extra samples.tif",
                directory(
                    [(256, 4, 1, 64), (257, 4, 1, 48), (262, 3, 1, 2), (277, 3, 1, 0xFFFF)]
                        + [(338, 3, 1 << 30, 8)], next: 0)),
            Specimen("the other byte order.tif", Data([0x4D, 0x4D, 0, 42]) + tiff.dropFirst(4)),
        ]
    }

    /// Boxes that claim more than there is.
    private static func boxes(_ picture: Data, _ ending: String) -> [Specimen] {
        func changed(_ name: String, _ box: String, _ bytes: [UInt8], at offset: Int) -> Specimen {
            var file = picture
            if let found = file.range(of: Data(box.utf8)) {
                let start = found.upperBound + offset
                file.replaceSubrange(start..<start + bytes.count, with: bytes)
            }
            return Specimen("\(name).\(ending)", file)
        }
        return [
            changed("claim 50000x50000", "ispe", Surgery.big(50_000) + Surgery.big(50_000), at: 4),
            changed("claim 0x0", "ispe", Surgery.big(0) + Surgery.big(0), at: 4),
            changed("item of 4 GB", "iloc", [0xFF, 0xFF, 0xFF, 0xFF], at: 14),
            changed("box of no size", "meta", Surgery.big(0), at: -8),
            changed("box of 4 GB", "meta", [0xFF, 0xFF, 0xFF, 0xFF], at: -8),
            changed("brand of another", "ftyp", Array("avis".utf8), at: 0),
            changed("claim 8x8", "ispe", Surgery.big(8) + Surgery.big(8), at: 4),
            changed("65535 items", "iinf", [0xFF, 0xFF], at: 4),
            changed("65535 places", "iloc", [0xFF, 0xFF], at: 6),
            changed("places of 15 bytes", "iloc", [0xFF, 0xFF], at: 4),
            changed("item of no kind", "infe", Array("\0\0\0\0".utf8), at: 8),
            changed("another primary", "pitm", [0x7F, 0xFF], at: 4),
            changed("properties outside", "ipma", [0x7F], at: 11),
            changed("no properties", "ipco", Surgery.big(8), at: -8),
        ]
    }

    /// Pictures of pictures.
    private static func grids(_ heic: Data) -> [Specimen] {
        [
            Specimen(
                "grid of 65536 tiles.heic", Surgery.grid(heic, columns: 256, rows: 256)),
            Specimen(
                "grid claims 30000x30000.heic",
                Surgery.grid(heic, columns: 2, rows: 2, canvas: (30_000, 30_000))),
            Specimen(
                "grid claims 1x1.heic", Surgery.grid(heic, columns: 2, rows: 2, canvas: (1, 1))),
            Specimen("grid of itself.heic", Surgery.grid(heic, columns: 2, rows: 2, tile: 2)),
            Specimen("grid of nothing.heic", Surgery.grid(heic, columns: 2, rows: 2, tile: 9)),
            Specimen(
                "overlay of itself.heic",
                Surgery.grid(heic, columns: 1, rows: 1, tile: 2, type: "iovl")),
            Specimen(
                "identity of itself.heic",
                Surgery.grid(heic, columns: 1, rows: 1, tile: 2, type: "iden")),
        ]
    }
}
