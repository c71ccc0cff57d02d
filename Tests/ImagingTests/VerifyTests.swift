import Foundation
import Model
import PictureSupport
import Testing

@testable import Imaging

extension Pictures {
    @Suite("Verify")
    struct VerifyTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        @Test("measures the bytes it hashed")
        func measures() throws {
            try Drawing(200, 100, color: [200, 0, 0]).save(
                "pngsave", to: studio.masters["a.png"])
            let made = try studio.render("a.png", .png, .frame(100))
            let receipt = try studio.verify(made.file, .jpeg)
            #expect(receipt.sha256 == .of(made.bytes))
            #expect(receipt.bytes == Int64(made.bytes.count))
            #expect(receipt.size == PixelSize(width: 100, height: 100))
            #expect(receipt.bands == 3 && !receipt.hasAlpha && receipt.space == "srgb")
            #expect(receipt.rings.isEmpty && receipt.quality == nil)
            #expect(receipt.renderer["libvips"]?.hasPrefix("8.") == true)
        }

        @Test("finds the worst pixel of each ring, and where it is")
        func rings() throws {
            // 200 wide: rings of 1, 2, 4, 6 and 10 pixels.
            try Drawing(200, 300) { x, y in
                switch (x, y) {
                case (195, 150): [255, 255, 200]
                case (3, 7): [250, 255, 255]
                case (50, 292): [255, 0, 255]
                case (100, 150): [0, 0, 0]
                default: [255, 255, 255]
                }
            }.save("pngsave", to: studio.output["a.png"])
            let rings = try studio.verify("a.png", .png, against: .white).rings
            #expect(rings.map(\.share) == Receipt.Ring.shares)
            #expect(rings.map(\.worst) == [0, 0, 5, 55, 255])
            #expect(rings[2].at == Point(x: 3, y: 7))
            #expect(rings[2].color == Color(red: 250, green: 255, blue: 255))
            #expect(rings[3].at == Point(x: 195, y: 150))
            #expect(rings[4].at == Point(x: 50, y: 292))
            #expect(rings[4].color == Color(red: 255, green: 0, blue: 255))
        }

        @Test("a see-through border is not the background")
        func alphaBorder() throws {
            try Drawing(100, 100) { x, _ in [255, 255, 255, x == 0 ? 55 : 255] }
                .save("pngsave", to: studio.output["a.png"])
            let receipt = try studio.verify("a.png", .png, against: .white)
            #expect(receipt.hasAlpha && receipt.rings[0].worst == 200)
        }

        @Test("measures grey, and pictures of a single pixel")
        func small() throws {
            try Drawing(1, 1, color: [250]).save("pngsave", to: studio.output["a.png"])
            let receipt = try studio.verify("a.png", .png, against: .white)
            #expect(receipt.space == "b-w" && receipt.rings.allSatisfy { $0.worst == 5 })
        }

        @Test("a padded rendition is exactly its background at the edge")
        func padded() throws {
            try Drawing(200, 100, color: [200, 0, 0]).save(
                "pngsave", to: studio.masters["a.png"])
            let made = try studio.render("a.png", .png, .frame(100, quality: 82...82))
            let rings = try studio.verify(made.file, .jpeg, against: .white).rings
            // The sides touch the frame, the top does not.
            #expect(rings[0].worst > 150)
            try Drawing(100, 100) { x, y in
                (30..<70).contains(x) && (30..<70).contains(y) ? [200, 0, 0] : [255, 255, 255]
            }.save("pngsave", to: studio.masters["b.png"])
            let white = try studio.render("b.png", .png, .frame(100, quality: 82...82))
            let clean = try studio.verify(white.file, .jpeg, against: .white).rings
            #expect(clean.allSatisfy { $0.worst == 0 })
        }

        @Test("tells density, interlacing and kinds of metadata from the file")
        func header() throws {
            let plain = try Drawing.noise(64, 48)
            try plain.save("jpegsave", to: studio.output["plain.jpg"])
            let bare = try studio.verify("plain.jpg", .jpeg)
            #expect(!bare.isProgressive && bare.density == nil && bare.metadata.isEmpty)
            try plain.profiled(Drawing.profile("p3")).call("copy", ["xres": "11.811"])
                .save("jpegsave", to: studio.output["a.jpg"], ["interlace": "true"])
            let receipt = try studio.verify("a.jpg", .jpeg)
            #expect(receipt.isProgressive && receipt.metadata == ["icc"])
            #expect(try abs(#require(receipt.density) - 300) < 0.5)
            try plain.save("pngsave", to: studio.output["a.png"], ["interlace": "true"])
            #expect(try studio.verify("a.png", .png).isProgressive)
        }

        @Test("measures printing colours and 16 bits as they look")
        func otherColors() throws {
            try Drawing.cmyk(60, 60).profiled(Drawing.profile("cmyk"))
                .save("tiffsave", to: studio.output["a.tif"])
            let inks = try studio.verify("a.tif", .tiff, against: .white)
            #expect(inks.space == "cmyk" && inks.bands == 4 && inks.metadata.contains("icc"))
            #expect(inks.measurement?.mean.count == 3 && inks.rings.count == 5)
            let box = try Drawing(60, 60) { x, y in
                (20..<40).contains(x) && (10..<50).contains(y) ? [9, 90, 9] : [255, 255, 255]
            }
            try box.call("colourspace", ["space": "rgb16"])
                .save("pngsave", to: studio.output["b.png"])
            let deep = try studio.verify("b.png", .png, against: .white)
            #expect(deep.rings.allSatisfy { $0.worst == 0 })
            #expect(
                deep.measurement?.product == Box(left: 20, top: 10, width: 20, height: 40))
            #expect(deep.measurement?.background.kind == .pure)
        }

        @Test("refuses a rendition cut short")
        func truncated() throws {
            try Drawing.noise(100, 100).save("jpegsave", to: studio.output["a.jpg"])
            let whole = try studio.output.read("a.jpg")
            try studio.output.write(whole.prefix(whole.count / 2), as: "a.jpg")
            let refusal = #expect(throws: Refusal.self) { try studio.verify("a.jpg", .jpeg) }
            #expect(refusal?.code == .unreadable)
        }
    }
}

extension Pictures.VerifyTests {
    @Test("reads back what the file says of itself, in every format that says it")
    func says() throws {
        try Drawing(120, 120, color: [200, 0, 0]).save("pngsave", to: studio.masters["a.png"])
        for format in [ImageFormat.jpeg, .png, .tiff] {
            var recipe = Recipe.frame(100, format: format)
            recipe.density = 300
            recipe.progressive = format != .tiff
            recipe.keep = [.copyright]
            let made = try studio.render("a.png", .png, recipe)
            let receipt = try studio.verify(made.file, format)
            #expect(abs((receipt.density ?? 0) - 300) < 1, "\(format)")
            #expect(receipt.isProgressive == recipe.progressive, "\(format)")
            #expect(receipt.metadata.isEmpty, "\(format) \(receipt.metadata)")
        }
        let gif = try studio.render("a.png", .png, .frame(100, format: .gif))
        #expect(try !studio.verify(gif.file, .gif).hasAlpha)
    }
}
