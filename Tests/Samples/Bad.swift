import Foundation

/// What nobody should send, and somebody will. Names say what each file is; `good.jpg` and its
/// sidecar are fine, so that a test can see that the others did not hold it up.
enum Bad {
    static func draw(into directory: String) throws {
        try Disk.makeDirectory(directory)
        let good = try jpeg(directory)
        let place = { (name: String) in "\(directory)/\(name)" }
        try Disk.write(good, place("good.jpg"))
        try Disk.write(sidecar("GOOD-1").text(sha256: Disk.sha256(good)), place("good.jpg.yaml"))
        try damaged(good, place)
        try bombs(place)
        try disguises(good, place)
        try spaces(place)
        try orientations(place)
        try names(good, directory)
        try kinds(good, place)
        try nameAll(in: directory)
        try words(good, place)
    }

    /// Says of every file what it shows, so that nothing but its real fault stands in its way.
    private static func nameAll(in directory: String) throws {
        guard let stream = opendir(directory) else { throw Disk.Failure("list", directory) }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            guard entry.pointee.d_type != UInt8(DT_DIR) else { continue }
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    bytes.prefix { $0 != 0 }.map(\.self)
                })
        }
        for name in names where name.count <= 250 && !name.suffix(5).elementsEqual(".yaml".utf8) {
            // Bytes that are safe anywhere: the name's own would need quoting.
            let sku = "BAD-" + Disk.sha256(name).prefix(8).uppercased()
            let path = Array((directory + "/").utf8) + name + Array(".yaml".utf8)
            let isGood = name.elementsEqual("good.jpg".utf8)
            if !isGood { try Disk.write(sidecar(sku).text(sha256: nil).utf8, name: path) }
        }
    }

    private static func sidecar(_ sku: String, _ view: String = "front") -> Sidecar {
        Sidecar(skus: [sku], view: view)
    }

    /// A small picture with an arrow in it, so that its orientation can be seen.
    private static func arrow(_ size: Int = 320) throws -> Picture {
        var canvas = Canvas(size, size * 3 / 4, background: rgb(0xFFFFFF))
        let head = Outline([
            Point(0, -0.8), Point(0.6, -0.1), Point(0.25, -0.1), Point(0.25, 0.8),
            Point(-0.25, 0.8), Point(-0.25, -0.1), Point(-0.6, -0.1),
        ])
        canvas.cushion(head, puff: 0.4, .leather) { spot in
            rgb(0xB0412E) * (0.8 + 0.4 * Texture.clouds(spot.place * 8))
        }
        return try canvas.picture()
    }

    private static func jpeg(_ directory: String) throws -> [UInt8] {
        let path = "\(directory)/.drawing.jpg"
        try arrow().write("jpegsave", path, ["Q": "90"])
        let bytes = try Disk.read(path)
        unlink(path)
        return bytes
    }

    private static func damaged(_ good: [UInt8], _ place: (String) -> String) throws {
        try Disk.write([], place("empty.jpg"))
        try Disk.write(good.prefix(good.count / 2), place("truncated.jpg"))
        try Disk.write(good.prefix(20), place("head-only.jpg"))
        // Decoders take flipped bytes for pixels: only the manifest's hash tells.
        try Disk.makeDirectory(place("batch"))
        var flipped = good
        for index in good.count / 2..<good.count / 2 + 16 { flipped[index] ^= 0x55 }
        try Disk.write(flipped, place("batch/flipped.jpg"))
        try Disk.write(good, place("batch/whole.jpg"))
        let manifest =
            "files:\n" + sidecar("FLIP-1").entry(file: "flipped.jpg", bytes: good)
            + sidecar("FLIP-2").entry(file: "whole.jpg", bytes: good)
        try Disk.write(manifest, place("batch/manifest.yaml"))
    }

    /// Small files with large claims, alone.
    static func drawBombs(into directory: String) throws {
        try Disk.makeDirectory(directory)
        try bombs { "\(directory)/\($0)" }
    }

    private static func bombs(_ place: (String) -> String) throws {
        try Disk.write(Claims.png(50_000, 50_000), place("bomb-50000.png"))
        try Disk.write(Claims.png(787_402, 787_402), place("bomb-787402.png"))
        try Disk.write(Claims.png(20_000, 20_000, interlaced: true), place("interlaced-20000.png"))
        try Disk.write(Claims.gif(frames: 100_000), place("frames-100000.gif"))
        try Disk.write(Claims.webp(frames: 100_000), place("frames-100000.webp"))
        try Disk.write(Claims.tiff(pages: 10_000), place("pages-10000.tif"))
        let avif = place("claim-50000.avif")
        let small = [UInt8](repeating: 200, count: 64 * 64 * 3)
        try Picture(small, width: 64, height: 64, bands: 3)
            .write("heifsave", avif, ["compression": "av1"])
        try Disk.write(Claims.avif(50_000, 50_000, in: Disk.read(avif)), avif)
    }

    private static func disguises(_ good: [UInt8], _ place: (String) -> String) throws {
        try arrow().write("pngsave", place("png.png"), [:])
        guard rename(place("png.png"), place("png-named.jpg")) == 0 else {
            throw Disk.Failure("rename", place("png.png"))
        }
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>\n"
        try Disk.write(svg, place("svg-named.jpg"))
        try Disk.write("%!PS-Adobe-3.0\n(/etc/passwd) (r) file\nshowpage\n", place("ps-named.jpg"))
        let mvg = "push graphic-context\nviewbox 0 0 640 480\nimage over 0,0 0,0 '/etc/passwd'\n"
        try Disk.write(mvg, place("mvg-named.jpg"))
        try Disk.write("not a picture\n", place("text-named.jpg"))
        let page = "<html><script>alert(1)</script></html>"
        try Disk.write(good + Array(page.utf8), place("polyglot.jpg"))
    }

    private static func spaces(_ place: (String) -> String) throws {
        let profiles = ["output-profile": "cmyk", "input-profile": "srgb"]
        let cmyk = try arrow().applying("icc_transform", profiles)
        try cmyk.write("jpegsave", place("cmyk-without-profile.jpg"), ["strip": "true"])
        try cmyk.write("tiffsave", place("cmyk-with-profile.tif"), [:])
        try arrow().applying("colourspace", ["space": "rgb16"])
            .write("pngsave", place("sixteen-bit.png"), [:])
        try arrow().applying("colourspace", ["space": "lab"])
            .write("tiffsave", place("lab.tif"), [:])
        var grey = [UInt8]()
        for y in 0..<240 { for x in 0..<320 { grey += [UInt8(x * 255 / 320), UInt8(y)] } }
        try Picture(grey, width: 320, height: 240, bands: 2, space: "b-w")
            .write("pngsave", place("grey-alpha.png"), [:])
    }

    private static func orientations(_ place: (String) -> String) throws {
        for orientation in 1...8 {
            let picture = try arrow()
            picture.setOrientation(orientation)
            try picture.write("jpegsave", place("orientation-\(orientation).jpg"), ["Q": "90"])
        }
    }

    private static func names(_ good: [UInt8], _ directory: String) throws {
        let names: [[UInt8]] = [
            Array("-x.jpg".utf8), Array("new\nline.jpg".utf8), Array("tab\there.jpg".utf8),
            Array("bad-".utf8) + [0xFF, 0xC0, 0x80] + Array(".jpg".utf8),
            [UInt8](repeating: UInt8(ascii: "a"), count: 251) + Array(".jpg".utf8),
            Array("right-\u{202E}gpj.exe.jpg".utf8), Array("Twin.jpg".utf8),
            Array("twin.jpg".utf8), Array("caf\u{E9}.jpg".utf8), Array("cafe\u{301}.jpg".utf8),
            Array("options[page=2].jpg".utf8), Array("$(touch x);`id`.jpg".utf8),
            Array("%2e%2e%2fx.jpg".utf8), Array(" blank .jpg".utf8),
        ]
        for (number, name) in names.enumerated() {
            // Bytes of its own, so that none hides behind another's hash.
            let path = Array((directory + "/").utf8) + name
            try Disk.write(good + [UInt8(number)], name: path)
        }
    }

    private static func kinds(_ good: [UInt8], _ place: (String) -> String) throws {
        func check(_ result: Int32, _ call: String, _ name: String) throws {
            guard result == 0 || errno == EEXIST else { throw Disk.Failure(call, place(name)) }
        }
        try check(symlink("good.jpg", place("symlink.jpg")), "link", "symlink.jpg")
        try check(symlink("/etc/passwd", place("outside.jpg")), "link", "outside.jpg")
        try check(mkfifo(place("fifo.jpg"), 0o600), "make", "fifo.jpg")
        try Disk.write(good + [0x01, 0x02], place("hard-1.jpg"))
        try check(link(place("hard-1.jpg"), place("hard-2.jpg")), "link", "hard-2.jpg")
    }

    private static func words(_ good: [UInt8], _ place: (String) -> String) throws {
        func pair(_ name: String, _ text: String, _ mark: UInt8) throws {
            try Disk.write(good + [0xAA, mark], place(name))
            try Disk.write(text, place(name + ".yaml"))
        }
        try pair("sidecar-broken.jpg", "sku: [A1\nview: front\n  approval: {\n", 1)
        try pair("sidecar-misspelt.jpg", "sku: MISS-1\nveiw: front\n", 2)
        let levels = "bcdefghi".reduce(into: "a: &a [x, x, x, x]\n") { text, letter in
            let before = text.split(separator: "&").last?.first ?? "a"
            text += "\(letter): &\(letter) [*\(before), *\(before), *\(before), *\(before)]\n"
        }
        try pair("sidecar-alias-bomb.jpg", "sku: BOMB-1\nview: front\n" + levels, 3)
        try pair(
            "sidecar-too-big.jpg", "sku: BIG-1\n" + String(repeating: "# x\n", count: 20_000), 4)
        // Equal order, other bytes: which is the newer one, nobody can say.
        let twice = sidecar("SAME-1").text(sha256: nil)
        try pair("same-1.jpg", twice, 5)
        try pair("same-2.jpg", twice, 6)
    }
}
