import Foundation
import PictureSupport

/// Every format and every kind of colour, undamaged.
enum Whole {
    static func specimens() throws -> [Specimen] {
        let press = try Press()
        return try jpeg(press) + png(press) + webp(press) + tiff(press) + gif(press)
            + avif(press) + heic(press) + profiles(press) + sizes(press)
    }

    private static func jpeg(_ press: Press) throws -> [Specimen] {
        let (colored, grey, cmyk) = (try Scene.colored(), try Scene.grey(), try Scene.cmyk())
        return [
            Specimen("jpeg baseline.jpg", try press.print(colored, "jpegsave", ["Q": "90"])),
            Specimen(
                "jpeg progressive.jpg",
                try press.print(colored, "jpegsave", ["interlace": "true"])),
            Specimen(
                "jpeg 4-4-4.jpg", try press.print(colored, "jpegsave", ["subsample-mode": "off"])),
            Specimen(
                "jpeg restarts.jpg", try press.print(colored, "jpegsave", ["restart-interval": "2"])
            ),
            Specimen(
                "jpeg optimised.jpg",
                try press.print(colored, "jpegsave", ["optimize-coding": "true"])),
            Specimen("jpeg grey.jpg", try press.print(grey, "jpegsave")),
            Specimen(
                "jpeg progressive grey.jpg",
                try press.print(grey, "jpegsave", ["interlace": "true"])),
            Specimen("jpeg cmyk with profile.jpg", try press.print(cmyk, "jpegsave")),
            Specimen(
                "jpeg cmyk without profile.jpg",
                try press.print(cmyk, "jpegsave", ["strip": "true"])),
            Specimen(
                "jpeg cmyk without adobe's mark.jpg",
                Surgery.jpeg(
                    try press.print(cmyk, "jpegsave", ["strip": "true"]), without: 0xEE)),
            Specimen(
                "jpeg cmyk with an rgb profile.jpg",
                try press.print(cmyk, "jpegsave", profile: Scene.colored().srgbProfile())),
        ]
    }

    private static func png(_ press: Press) throws -> [Specimen] {
        let (colored, grey) = (try Scene.colored(), try Scene.grey())
        var all = [
            Specimen("png rgb.png", try press.print(colored, "pngsave")),
            Specimen("png rgba.png", try press.print(Scene.cutOut(), "pngsave")),
            Specimen("png grey.png", try press.print(grey, "pngsave")),
            Specimen("png grey alpha.png", try press.print(Scene.greyWithAlpha(), "pngsave")),
            Specimen(
                "png interlaced.png", try press.print(colored, "pngsave", ["interlace": "true"])),
            Specimen(
                "png uncompressed.png", try press.print(colored, "pngsave", ["compression": "0"])),
            Specimen(
                "png 16 bit.png",
                try press.print(colored.call("colourspace", ["space": "rgb16"]), "pngsave")),
            Specimen(
                "png 16 bit grey.png",
                try press.print(grey.call("colourspace", ["space": "grey16"]), "pngsave")),
        ]
        for bits in ["1", "2", "4", "8"] {
            let options = ["palette": "true", "bitdepth": bits]
            all.append(
                Specimen(
                    "png palette \(bits) bit.png", try press.print(colored, "pngsave", options)))
            all.append(
                Specimen(
                    "png palette \(bits) bit alpha.png",
                    try press.print(Scene.cutOut(), "pngsave", options)))
        }
        for bits in ["1", "2", "4"] {
            all.append(
                Specimen(
                    "png grey \(bits) bit.png",
                    try press.print(grey, "pngsave", ["bitdepth": bits])))
        }
        return all
    }

    private static func webp(_ press: Press) throws -> [Specimen] {
        let (colored, cutOut) = (try Scene.colored(), try Scene.cutOut())
        return [
            Specimen("webp lossy.webp", try press.print(colored, "webpsave")),
            Specimen(
                "webp lossless.webp", try press.print(colored, "webpsave", ["lossless": "true"])),
            Specimen("webp alpha.webp", try press.print(cutOut, "webpsave")),
            Specimen(
                "webp lossless alpha.webp",
                try press.print(cutOut, "webpsave", ["lossless": "true"])),
            Specimen("webp animated.webp", try press.print(Scene.frames(), "webpsave")),
        ]
    }

    private static func tiff(_ press: Press) throws -> [Specimen] {
        let (colored, grey) = (try Scene.colored(), try Scene.grey())
        func made(
            _ name: String, _ drawing: Drawing, _ options: [String: String] = [:]
        ) throws -> Specimen {
            Specimen("tiff \(name).tif", try press.print(drawing, "tiffsave", options))
        }
        var all = try [
            made("strips", colored), made("grey", grey), made("rgba", Scene.cutOut()),
            made("grey alpha", Scene.greyWithAlpha()),
            made("tiles", colored, ["tile": "true", "tile-width": "32", "tile-height": "32"]),
            made(
                "pyramid", colored,
                [
                    "tile": "true", "pyramid": "true", "tile-width": "16",
                    "tile-height": "16",
                ]),
            made("big", colored, ["bigtiff": "true"]),
            made("16 bit", colored.call("colourspace", ["space": "rgb16"])),
            made("1 bit", grey, ["bitdepth": "1"]),
            made("4 bit", grey, ["bitdepth": "4"]),
            made("lab", colored.call("colourspace", ["space": "lab"])),
            made("labs", colored.call("colourspace", ["space": "labs"])),
            made("xyz float", colored.call("colourspace", ["space": "xyz"])),
            made("scrgb float", colored.call("colourspace", ["space": "scrgb"])),
            made("32 bit", colored.call("cast", ["format": "uint"])),
            made("signed", colored.call("cast", ["format": "short"])),
            made("double", colored.call("cast", ["format": "double"])),
            made("complex", colored.call("cast", ["format": "complex"])),
            made("cmyk with profile", Scene.cmyk()),
            made("cmyk without profile", Scene.cmyk().unprofiled()),
            made("cmyk with an rgb profile", Scene.cmyk().profiled(colored.srgbProfile())),
            made("pages", Scene.frames()),
            made("miniswhite", grey, ["miniswhite": "true"]),
        ]
        for (name, extras) in [
            ("selection", [0]), ("two selections", [0, 0]), ("alpha and selection", [2, 0]),
            ("multiplied alpha", [1]), ("selection unsaid", nil),
        ] {
            let bytes = HandmadeTIFF(extras: extras).bytes { x, y in
                [200, 60, 30] + Array(repeating: x < 30 ? 0 : 255, count: extras?.count ?? 1)
            }
            all.append(Specimen("tiff \(name).tif", bytes))
        }
        for compression in ["lzw", "deflate", "packbits", "jpeg", "ccittfax4", "webp", "zstd"] {
            let drawing = compression == "ccittfax4" ? grey : colored
            var options = ["compression": compression]
            if compression == "ccittfax4" { options["bitdepth"] = "1" }
            guard let specimen = try? made(compression, drawing, options) else { continue }
            all.append(specimen)
        }
        all.append(
            try made("lzw predictor", colored, ["compression": "lzw", "predictor": "horizontal"]))
        return all
    }

    private static func gif(_ press: Press) throws -> [Specimen] {
        [
            Specimen("gif still.gif", try press.print(Scene.colored(), "gifsave")),
            Specimen("gif transparent.gif", try press.print(Scene.cutOut(), "gifsave")),
            Specimen("gif grey.gif", try press.print(Scene.grey(), "gifsave")),
            Specimen("gif animated.gif", try press.print(Scene.frames(), "gifsave")),
        ]
    }

    private static func avif(_ press: Press) throws -> [Specimen] {
        let options = ["compression": "av1", "effort": "0"]
        return [
            Specimen("avif.avif", try press.print(Scene.colored(), "heifsave", options)),
            Specimen("avif alpha.avif", try press.print(Scene.cutOut(), "heifsave", options)),
            Specimen(
                "avif lossless.avif",
                try press.print(
                    Scene.colored(), "heifsave", options.merging(["lossless": "true"]) { $1 })),
            Specimen(
                "avif 12 bit.avif",
                try press.print(
                    Scene.colored().call("colourspace", ["space": "rgb16"]), "heifsave",
                    options.merging(["bitdepth": "12"]) { $1 })),
            Specimen(
                "avif mif1.avif",
                Surgery.brand(
                    try press.print(Scene.colored(), "heifsave", options), "mif1", others: "mif1",
                    "miaf")),
        ]
    }

    private static func heic(_ press: Press) throws -> [Specimen] {
        let options = ["compression": "hevc", "bitdepth": "8", "effort": "0", "Q": "90"]
        func made(
            _ name: String, _ drawing: Drawing, _ more: [String: String] = [:]
        ) throws -> Specimen {
            Specimen(
                "heic \(name).heic",
                try press.print(drawing, "heifsave", options.merging(more) { $1 }))
        }
        let plain = try made("still", Scene.colored())
        // As large as it is coded, and nothing else is in its file.
        let tile = try made("tile", Drawing(64, 64, Scene.pixel), ["strip": "true"])
        return [
            plain, tile, try made("alpha", Scene.cutOut()), try made("grey", Scene.grey()),
            try made(
                "10 bit", Scene.colored().call("colourspace", ["space": "rgb16"]),
                ["bitdepth": "10"]),
            try made("4-4-4", Scene.colored(), ["subsample-mode": "off"]),
            try made("lossless", Scene.colored(), ["lossless": "true"]),
            try made("collection", Scene.frames()),
            Specimen("heic mif1.heif", Surgery.brand(plain.bytes, "mif1", others: "mif1", "miaf")),
            Specimen("heic heix.heic", Surgery.brand(plain.bytes, "heix", others: "mif1", "heix")),
            Specimen("heic sequence.heic", Surgery.brand(plain.bytes, "hevc", others: "msf1")),
            Specimen("heic sequence.heif", Surgery.brand(plain.bytes, "msf1", others: "heic")),
            Specimen("heic grid.heic", Surgery.grid(tile.bytes, columns: 2, rows: 3)),
        ]
    }

    private static func profiles(_ press: Press) throws -> [Specimen] {
        let colored = try Scene.colored()
        let options = ["output-profile": "p3", "input-profile": "srgb"]
        let wide = try colored.call("icc_transform", options)
        return [
            Specimen("profile p3.jpg", try press.print(wide, "jpegsave")),
            Specimen("profile p3.png", try press.print(wide, "pngsave")),
            Specimen("profile p3.webp", try press.print(wide, "webpsave")),
            Specimen("profile p3.tif", try press.print(wide, "tiffsave")),
            Specimen(
                "profile cmyk on rgb.jpg",
                try press.print(colored, "jpegsave", profile: Scene.cmyk().profileBytes)),
            Specimen(
                "profile rgb on grey.jpg",
                try press.print(Scene.grey(), "jpegsave", profile: colored.srgbProfile())),
            Specimen(
                "profile cmyk on rgb.tif",
                try press.print(colored, "tiffsave", profile: Scene.cmyk().profileBytes)),
            Specimen(
                "profile rgb on cmyk.tif",
                try press.print(Scene.cmyk(), "tiffsave", profile: colored.srgbProfile())),
        ]
    }

    private static func sizes(_ press: Press) throws -> [Specimen] {
        try [(1, 1), (1, 400), (400, 1), (3, 900), (7, 1500), (2, 3), (17, 31)].flatMap {
            width, height in
            let drawing = try Drawing(width, height) { x, y in [UInt8(x & 255), UInt8(y & 255), 9] }
            return [
                Specimen("size \(width)x\(height).png", try press.print(drawing, "pngsave")),
                Specimen("size \(width)x\(height).jpg", try press.print(drawing, "jpegsave")),
                Specimen("size \(width)x\(height).webp", try press.print(drawing, "webpsave")),
            ]
        }
    }
}

extension Drawing {
    /// The profile that libvips itself carries for sRGB.
    func srgbProfile() throws -> Data {
        try call("icc_transform", ["output-profile": "srgb", "input-profile": "srgb"]).profileBytes
    }
}
