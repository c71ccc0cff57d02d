import Foundation
import Model
import PictureSupport
import Proof
import Testing

/// The sheet in a real browser: that it shows what it claims, where it claims it.
@Suite("Proof page", .enabled(if: Browser.isInstalled, "chromium is not installed"))
struct ProofPageTests {
    let folder: Folder
    let browser: Browser

    init() throws {
        folder = try Folder()
        browser = Browser(home: folder)
    }

    private func write(_ html: String) throws -> String {
        try folder.write(Data(html.utf8), as: "sheet.html")
        return folder["sheet.html"]
    }

    private func look(_ html: String, as name: String, dark: Bool = false) throws -> Shot {
        let drawing = try browser.screenshot(
            of: write(html), as: name, width: 1360, height: 1250, dark: dark)
        return Shot(pixels: try drawing.pixels(), width: drawing.width, bands: drawing.bands)
    }

    @Test("the picture is drawn, and the box lies on the product's edges")
    func box() throws {
        let shot = try look(SampleSheet.one(in: folder).html(), as: "proof-box")
        // 400 pixels are shown 460 wide; the box is 140 × 320.
        let lines = shot.verticals(of: Shot.product, longerThan: 300)
        try #require(lines.count >= 2, "the box's sides: \(lines)")
        let (left, right) = (lines[0], lines[lines.count - 1])
        #expect(abs(right.x - left.x - 161) <= 3, "\(left) to \(right)")
        #expect(abs(left.length - 368) <= 4)
        let middle = (left.x + right.x) / 2
        // The label of the bottle: cream, two thirds down.
        let label = shot[middle - 20, left.y + left.length * 2 / 3]
        #expect(label[0] > 180 && label[0] > label[2] + 15, "\(label)")
        #expect(shot[left.x - 30, left.y + left.length / 4] == [255, 255, 255])
        #expect(shot[left.x + 6, left.y + left.length / 2][0] < 250)
        // The page's own style sheet passes its policy.
        #expect(shot[4, 1240] == [0xF6, 0xF6, 0xF4])
    }

    @Test("what is drawn on the pictures can be switched off without a script")
    func toggles() throws {
        let html = try SampleSheet.one(in: folder).html()
        let off = html.replacing(
            #"id="t-product" class="unseen" aria-label="show product" checked=""#,
            with: #"id="t-product" class="unseen" aria-label="show product" data-x=""#)
        try #require(off != html)
        let shot = try look(off, as: "proof-box-off")
        #expect(shot.verticals(of: Shot.product, longerThan: 60).isEmpty)
    }

    @Test("one level off white can be made visible")
    func faint() throws {
        var sheet = try SampleSheet.one(in: folder)
        let scene = Scene(folder: folder)
        // The left half of the background is 254.
        let drawn = try Drawing(400, 400) { x, _ in x < 200 ? [254, 254, 254] : [255, 255, 255] }
        sheet.masters[0].channels[0].renditions[0].now?.picture =
            try scene.picture(drawn, Scene.square.size)
        let html = sheet.html()
        let on = html.replacing("data-off=", with: "checked=")
        try #require(on != html)
        let (plain, magnified) = (try look(html, as: "a"), try look(on, as: "proof-faint"))
        let line = try #require(plain.verticals(of: Shot.product, longerThan: 300).first)
        // The box begins 130 of 400 pixels from the left, shown 1.15 times as large.
        let (near, far) = (line.x - 60, line.x + 240)
        #expect(plain[near, line.y + 200] == [254, 254, 254])
        #expect(magnified[near, line.y + 200] == [239, 239, 239])
        #expect(magnified[far, line.y + 200] == [255, 255, 255])
    }

    @Test("a sheet with one of everything, by day and by night")
    func everything() throws {
        let html = try SampleSheet.make(in: folder).html()
        let day = try browser.screenshot(
            of: write(html), as: "proof-sheet", width: 1360, height: 3900)
        #expect(day.width == 1360)
        let night = try look(html, as: "proof-sheet-dark", dark: true)
        #expect(night[4, 1240] == [0x16, 0x16, 0x15])
        let text = try browser.dump(folder["sheet.html"])
        for words in [
            "SKU12345 front", "B00EXAMPLE.PT01.png", "#E2DED6 at (2, 301), 41 away",
            "clean the background", "deliver a larger original", "not approved yet",
            "amazon.yaml:26", "preview: converted from CMYK TIFF", "last-week/webshop.yaml",
            "⟨202E⟩Marktplatz",
        ] { #expect(text.contains(words), "\(words)") }
        #expect(!text.contains("<script"))
    }
}

/// The pixels of a screenshot.
struct Shot {
    let pixels: [UInt8]
    let width: Int
    let bands: Int

    static let product: [UInt8] = [0x16, 0x68, 0xDC]

    subscript(x: Int, y: Int) -> [UInt8] {
        let start = (y * width + x) * bands
        return Array(pixels[start..<start + 3])
    }

    struct Line {
        var x: Int
        var y: Int
        var length: Int
    }

    /// Upright runs of a colour, give or take what smoothing does, from left to right; only the
    /// longest of each column.
    func verticals(of color: [UInt8], longerThan least: Int) -> [Line] {
        let height = pixels.count / width / bands
        return (0..<width).compactMap { x in
            var best = Line(x: x, y: 0, length: 0)
            var run = 0
            for y in 0..<height {
                let start = (y * width + x) * bands
                let isNear = (0..<3).allSatisfy {
                    abs(Int(pixels[start + $0]) - Int(color[$0])) <= 40
                }
                run = isNear ? run + 1 : 0
                if run > best.length { best = Line(x: x, y: y - run + 1, length: run) }
            }
            return best.length > least ? best : nil
        }
    }
}
