import Foundation
import Model
import PictureSupport
import Testing
import Wire

@testable import Imaging

extension Pictures {
    @Suite("Colour")
    struct ColorTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        @Test("refuses CMYK of which nobody knows the inks")
        func cmykWithoutProfile() throws {
            try Drawing.cmyk(60, 60).unprofiled().save(
                "jpegsave", to: studio.masters["a.jpg"])
            #expect(try studio.inspect("a.jpg", .jpeg).space == "cmyk")
            let refusal = studio.refusal("a.jpg", .jpeg)
            #expect(refusal?.code == .color)
            #expect(refusal?.message.contains("without a colour profile") == true)
            #expect(refusal?.blamesMaster == false)
        }

        @Test("takes inks for granted where the recipe says so, and for that recipe alone")
        func assumed() throws {
            try Drawing.cmyk(60, 60).unprofiled().save(
                "jpegsave", to: studio.masters["a.jpg"])
            var trusting = Recipe.frame(40)
            trusting.assume = Assumption(cmyk: "cmyk")
            var naming = Recipe.frame(40)
            naming.assume = Assumption(cmyk: "nobody-has-this.icc")
            let outcomes = studio.outcomes("a.jpg", .jpeg, [.frame(40), trusting, naming])
            guard case .refused(_, let plain) = outcomes[0],
                case .made(_, let file, let quality, _) = outcomes[1],
                case .refused(_, let missing) = outcomes[2]
            else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(plain.code == .color && plain.message.contains("assume"))
            #expect(missing.message.contains("nobody-has-this.icc"))
            let made = try Finished(studio.output, file, .jpeg, quality)
            #expect(made.shows([200, 60, 60], at: 20, 20, within: 40))
            #expect(try studio.inspect("a.jpg", .jpeg).measurement != nil)
        }

        @Test("converts CMYK by its profile")
        func cmykWithProfile() throws {
            try Drawing.cmyk(60, 60).save("jpegsave", to: studio.masters["a.jpg"])
            #expect(try studio.inspect("a.jpg", .jpeg).hasProfile)
            let made = try studio.render("a.jpg", .jpeg, .frame(40))
            // It was 200, 60, 60 before it went to press and back.
            #expect(made.shows([200, 60, 60], at: 20, 20, within: 25))
        }

        @Test("refuses a profile made for other channels")
        func wrongProfile() throws {
            try Drawing.cmyk(60, 60).profiled(Drawing.profile("srgb"))
                .save("tiffsave", to: studio.masters["b.tif"])
            #expect(studio.refusal("b.tif", .tiff)?.code == .color)
            try Drawing(60, 60, color: [200, 0, 0]).save(
                "jpegsave", to: studio.masters["c.jpg"])
            let plain = try studio.masters.read("c.jpg")
            let broken = try Drawing.profile("p3").enumerated().map {
                (128..<400).contains($0.offset) ? 0xFF : $0.element
            }
            for (profile, complaint) in [
                (try Drawing.profile("cmyk").prefix(9000), "is RGB but"),
                (Data("no profile".utf8), "profile is damaged"),
                (Data(broken), "profile is damaged"),
                // Its contents are listed and are not there.
                (try Drawing.profile("p3").prefix(300), "profile is damaged"),
            ] {
                try studio.masters.write(plain.jpeg(embedding: profile), as: "c.jpg")
                #expect(try studio.inspect("c.jpg", .jpeg).hasProfile)
                let refusal = studio.refusal("c.jpg", .jpeg)
                #expect(refusal?.code == .color)
                #expect(refusal?.message.contains(complaint) == true, "\(complaint)")
            }
        }

        @Test(
            "takes a grey picture's RGB profile for what equal red, green and blue look like",
            arguments: ["jpegsave", "pngsave", "webpsave", "tiffsave"], [8, 16])
        func rgbProfileOnGrey(saver: String, bits: Int) throws {
            guard bits == 8 || ["pngsave", "tiffsave"].contains(saver) else { return }
            // Gamma 1.8 with the wide primaries of ROMM: 109 is sRGB's 128.
            let wide = Colorimetry(
                primaries: .init(
                    red: .init(0.7347, 0.2653), green: .init(0.1596, 0.8404),
                    blue: .init(0.0366, 0.0001), white: .init(0.3457, 0.3585)),
                curve: .init(exponent: 1.8))
            let profile = try wide.profile(isGray: false)
            let (name, format): (String, ImageFormat) =
                switch saver {
                case "jpegsave": ("a.jpg", .jpeg)
                case "pngsave": ("a.png", .png)
                case "webpsave": ("a.webp", .webp)
                default: ("a.tif", .tiff)
                }
            let place = "\(UUID().uuidString).icc"
            try studio.masters.write(profile, as: place)
            let options = ["profile": studio.masters[place]]
            let grey =
                bits == 8
                ? try Drawing(60, 60, color: [109]) : try Drawing(deep: 60, 60, color: [109 * 257])
            try grey.save(saver, to: studio.masters[name], saver == "pngsave" ? [:] : options)
            if saver == "pngsave" {
                // libpng does not write it into a grey picture.
                try Drawing(8, 8, color: [9, 9, 9]).save(
                    "pngsave", to: studio.masters["b.png"], options)
                var body: [UInt8] = []
                _ = try studio.masters.read("b.png").png(changing: "iCCP") {
                    body = $0
                    return $0
                }
                try studio.masters.write(
                    studio.masters.read(name).png(adding: "iCCP", body), as: name)
            }
            #expect(try studio.inspect(name, format).profile?.fits == true)
            let made = try studio.render(name, format, .frame(40, format: .png))
            #expect(made.shows([128, 128, 128], at: 20, 20, within: 2), "\(made[20, 20])")
        }

        @Test("refuses Adobe RGB that only EXIF speaks of, unless it is told what to take it for")
        func claimed() throws {
            try Drawing(60, 60, color: [100, 180, 100]).save(
                "jpegsave", to: studio.masters["a.jpg"])
            guard ExifTool.isThere else { return }
            try ExifTool.write(studio.masters["a.jpg"], ["InteropIndex=R03", "ColorSpace#=65535"])
            let refusal = studio.refusal("a.jpg", .jpeg)
            #expect(refusal?.code == .color)
            #expect(refusal?.message.contains("Adobe RGB") == true)
            var recipe = Recipe.frame(40, format: .png)
            recipe.assume = Assumption(rgb: "p3")
            #expect(throws: Never.self) { try studio.render("a.jpg", .jpeg, recipe) }
            #expect(try studio.inspect("a.jpg", .jpeg).measurement != nil)
        }

        @Test("converts a wide space to sRGB")
        func wideSpace() throws {
            try Drawing(60, 60, color: [100, 180, 100])
                .call("icc_transform", ["output-profile": "p3", "input-profile": "srgb"])
                .save("pngsave", to: studio.masters["a.png"])
            let made = try studio.render("a.png", .png, .frame(40, format: .png))
            #expect(made.shows([100, 180, 100], at: 20, 20, within: 2))
        }

        @Test(
            "brings 16 bits, grey, grey with transparency and Lab to sRGB",
            arguments: ["16", "grey", "grey16", "greyalpha", "rgba16", "greyalpha16", "lab"])
        func others(kind: String) throws {
            let gray = try Drawing(60, 60, color: [90])
            let color = try Drawing(60, 60, color: [200, 100, 50])
            let (drawing, saver): (Drawing, String) =
                switch kind {
                case "16": (try color.call("colourspace", ["space": "rgb16"]), "pngsave")
                case "grey": (gray, "pngsave")
                case "grey16": (try gray.call("colourspace", ["space": "grey16"]), "pngsave")
                case "greyalpha": (try Drawing(60, 60, color: [90, 255]), "pngsave")
                case "greyalpha16":
                    (
                        try Drawing(60, 60, color: [90, 255])
                            .call("colourspace", ["space": "grey16"]), "pngsave"
                    )
                case "rgba16":
                    (
                        try Drawing(60, 60, color: [200, 100, 50, 255])
                            .call("colourspace", ["space": "rgb16"]), "pngsave"
                    )
                default: (try color.call("colourspace", ["space": "lab"]), "tiffsave")
                }
            let (name, format): (String, ImageFormat) =
                saver == "pngsave" ? ("a.png", .png) : ("a.tif", .tiff)
            try drawing.save(saver, to: studio.masters[name])
            let made = try studio.render(name, format, .frame(40))
            #expect(made.bands == 3)
            let expected = kind.hasPrefix("grey") ? [90, 90, 90] : [200, 100, 50]
            #expect(made.shows(expected, at: 20, 20), "\(made[20, 20])")
        }

        @Test("half transparent 16 bits stay half transparent")
        func halfAlpha() throws {
            try Drawing(60, 60, color: [200, 100, 50, 128])
                .call("colourspace", ["space": "rgb16"])
                .profiled(Drawing.profile("srgb"))
                .save("pngsave", to: studio.masters["a.png"])
            #expect(try studio.inspect("a.png", .png).bitsPerBand == 16)
            let made = try studio.render(
                "a.png", .png, .frame(40, fit: .inside, background: nil, format: .png))
            #expect(made.shows([200, 100, 50, 128], at: 20, 20, within: 2), "\(made[20, 20])")
        }
    }
}

extension Drawing {
    /// A red as the press would print it, with the profile that says so.
    static func cmyk(_ width: Int, _ height: Int) throws -> Drawing {
        try Drawing(width, height, color: [200, 60, 60])
            .call("icc_transform", ["output-profile": "cmyk", "input-profile": "srgb"])
    }

    /// One of the profiles libvips carries: srgb, cmyk or p3.
    static func profile(_ name: String) throws -> Data {
        try Drawing(8, 8, color: [200, 60, 60])
            .call("icc_transform", ["output-profile": name, "input-profile": "srgb"])
            .profileBytes
    }
}

extension Data {
    /// As a careless program would put it there: libvips keeps what does not fit out.
    fileprivate func jpeg(embedding profile: Data) -> Data {
        let segment = Data("ICC_PROFILE\0".utf8) + [1, 1] + profile
        let length = segment.count + 2
        let head: [UInt8] = [0xFF, 0xE2, UInt8(length >> 8), UInt8(length & 255)]
        return prefix(2) + head + segment + dropFirst(2)
    }
}
