import CPixels
import Foundation
import Model
import PictureSupport
import Testing

@testable import Imaging

@Suite("Whitening")
struct WhiteningTests {
    @Test("makes the background the colour and leaves the product alone", arguments: Sheet.colors)
    func exact(color: [UInt8]) {
        // Noise around a background 4 off, a dark product with a highlight of the background's own.
        let sheet = Sheet(120, 90, color) { x, y in
            if (45..<55).contains(x) && (35..<45).contains(y) { return 3 }
            if (30..<80).contains(x) && (20..<70).contains(y) { return 120 }
            return (x * 7 + y * 13) % 5 + 2
        }
        let white = sheet.whitened(6)
        for y in 0..<90 {
            for x in 0..<120 {
                let inside = (30..<80).contains(x) && (20..<70).contains(y)
                #expect(white[x, y] == (inside ? sheet[x, y] : color), "\(x) \(y)")
            }
        }
        #expect(sheet.whitened(0) == sheet)
    }

    @Test("a shadow fades into the colour without a contour")
    func noContour() {
        let shadow = Sheet.shadow()
        let white = shadow.whitened(6)
        #expect(white[0, 60] == [255, 255, 255] && white[80, 60] == shadow[80, 60])
        var largest = 0
        for x in 1..<160 {
            let (now, before) = (Int(white[x, 60][0]), Int(white[x - 1, 60][0]))
            largest = max(largest, abs(now - before))
            if x <= 80 { #expect(now <= before, "at \(x)") }
        }
        // The shadow's own steepest step is 2; cut off at the bound it would be 7.
        #expect(largest <= 3)
    }

    @Test("a shadow goes where it is to go, the product in it stays")
    func shadowRemoved() {
        let product = (70..<90)
        let sheet = Sheet.shadow { x, y in
            product.contains(x) && (30..<90).contains(y) ? 200 : nil
        }
        let bare = sheet.whitened(6, removingShadow: true)
        for y in 0..<120 {
            for x in 0..<160 {
                let inside = product.contains(x) && (30..<90).contains(y)
                #expect(bare[x, y] == (inside ? sheet[x, y] : [255, 255, 255]), "\(x) \(y)")
            }
        }
        // A reddish one is no shadow: no more goes than for one that is kept.
        let tinted = Sheet.shadow(tint: 0.4)
        let kept = tinted.whitened(6, removingShadow: true)
        #expect(kept[80, 60] == tinted[80, 60])
    }

    @Test("does not leak far through a gap in a pale outline")
    func gap() {
        let sheet = Sheet(200, 200) { x, y in
            let depth = [x - 40, 159 - x, y - 40, 159 - y].min() ?? 0
            if (0..<3).contains(depth) { return x < 60 && (99...100).contains(y) ? 3 : 40 }
            return 3
        }
        let white = sheet.whitened(6)
        #expect(white[20, 100] == [255, 255, 255])
        for y in 43..<157 {
            for x in 43..<157 where x > 52 || abs(y - 100) > 12 {
                #expect(white[x, y] == sheet[x, y], "\(x) \(y)")
            }
        }
    }

    @Test("touches nothing beyond three times the bound, nor lines and edges beyond the bound")
    func bounded() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<60 {
            let (width, height) = (
                Int.random(in: 1...90, using: &random), Int.random(in: 1...90, using: &random)
            )
            let bound = Int.random(in: 1...12, using: &random)
            let step = Int.random(in: 1...40, using: &random)
            let sheet = Sheet(width, height) { x, y in
                (x / step + y / step) % 3 * bound * 2
                    + Int.random(in: 0...bound, using: &random)
            }
            let white = sheet.whitened(UInt8(bound))
            for y in 0..<height {
                for x in 0..<width {
                    let (before, after) = (Int(sheet[x, y][0]), Int(white[x, y][0]))
                    #expect(after >= before)
                    if 255 - before >= 3 * bound { #expect(after == before) }
                }
            }
        }
        // A line within three times the bound, but not smooth.
        let line = Sheet(100, 100) { x, y in x == 50 && (20..<80).contains(y) ? 12 : 2 }
        let white = line.whitened(6)
        for y in 22..<78 { #expect(white[50, y] == line[50, y]) }
    }

    @Test("reaches the strip between a product and the frame's edge")
    func strip() {
        let sheet = Sheet(60, 60) { x, y in (2..<57).contains(x) && (1..<59).contains(y) ? 90 : 4 }
        let white = sheet.whitened(6)
        for i in 0..<60 {
            for (x, y) in [(0, i), (1, i), (59, i), (58, i), (57, i), (i, 0), (i, 59)] {
                #expect(white[x, y] == [255, 255, 255], "\(x) \(y)")
            }
        }
    }
}

/// A drawn picture: how far each pixel is from the wanted colour.
private struct Sheet: Equatable {
    static let colors: [[UInt8]] = [[255, 255, 255], [245, 245, 245], [240, 220, 180]]

    let width: Int
    let height: Int
    let color: [UInt8]
    private var pixels: [UInt8]

    init(_ width: Int, _ height: Int, _ color: [UInt8] = [255, 255, 255], _ far: (Int, Int) -> Int)
    {
        (self.width, self.height, self.color) = (width, height, color)
        pixels = []
        for y in 0..<height {
            for x in 0..<width {
                let distance = far(x, y)
                pixels += color.map { UInt8(max(0, Int($0) - distance)) }
            }
        }
    }

    /// A soft round shadow in the middle, 60 levels deep, on a background 3 off.
    static func shadow(
        tint: Double = 0, _ product: (Int, Int) -> Int? = { _, _ in nil }
    ) -> Sheet {
        var sheet = Sheet(160, 120) { x, y in
            if let product = product(x, y) { return product }
            let away = Double((x - 80) * (x - 80) + (y - 60) * (y - 60))
            return 3 + Int((60 * exp(-away / 800)).rounded())
        }
        for i in 0..<sheet.width * sheet.height where tint > 0 {
            let off = Double(255 - sheet.pixels[3 * i])
            sheet.pixels[3 * i] = UInt8(255 - off * tint)
        }
        return sheet
    }

    subscript(x: Int, y: Int) -> [UInt8] {
        Array(pixels[(y * width + x) * 3..<(y * width + x) * 3 + 3])
    }

    func whitened(_ bound: UInt8, removingShadow: Bool = false) -> Sheet {
        var made = self
        let wanted = sluice_whitening(
            color: (color[0], color[1], color[2]), bound: bound, removes_shadow: removingShadow)
        let size = PixelSize(width: width, height: height)
        let result = made.pixels.withUnsafeMutableBufferPointer { pixels in
            var raster = sluice_raster(pixels.baseAddress, size, bands: 3, hasAlpha: false)
            return sluice_whiten(&raster, wanted, nil)
        }
        #expect(result == sluice_done)
        return made
    }
}

extension Pictures {
    @Suite("Whitened renditions")
    struct WhitenedTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        @Test(
            "no seam between the painted frame and the picture",
            arguments: [ImageFormat.png, .jpeg])
        func seam(format: ImageFormat) throws {
            try Drawing(120, 80) { x, y in
                (40..<80).contains(x) && (20..<60).contains(y)
                    ? [20, 40, 200] : Array(repeating: UInt8(250 + (x + y) % 3), count: 3)
            }.save("pngsave", to: studio.masters["a.png"])
            var recipe = Recipe.frame(100, format: format)
            recipe.whiten = Whitening(bound: 6)
            let made = try studio.render("a.png", .png, recipe)
            for y in 0..<100 {
                // A block's width beside the product, where jpeg rings.
                for x in 0..<100 where !(24..<76).contains(x) || !(24..<76).contains(y) {
                    #expect(made[x, y] == [255, 255, 255], "\(x) \(y)")
                }
            }
            #expect(made.shows([20, 40, 200], at: 50, 50))
            recipe.whiten = nil
            let plain = try studio.render("a.png", .png, recipe)
            #expect(plain[5, 50] != [255, 255, 255])
        }

        @Test("a painted grey decodes to itself at any quality from 77 on, a colour to within one")
        func exactInJPEG() throws {
            try Drawing(40, 10, color: [0, 0, 0]).save("pngsave", to: studio.masters["a.png"])
            for quality in [77, 82, 88, 90, 95] {
                for hex in ["#FFFFFF", "#F5F5F5", "#FAFAFA", "#EEEEEE", "#F0DCB4", "#E8F0FF"] {
                    let color = try #require(Color(hex: hex))
                    let made = try studio.render(
                        "a.png", .png, .frame(40, background: color, quality: quality...quality))
                    let wanted = [color.red, color.green, color.blue].map(Int.init)
                    let gray = Set(wanted).count == 1
                    for (x, y) in [(0, 0), (20, 2), (39, 7), (5, 39)] {
                        #expect(
                            made.shows(wanted, at: x, y, within: gray ? 0 : 1),
                            "\(hex) at \(quality): \(made[x, y])")
                    }
                }
            }
        }
    }
}
