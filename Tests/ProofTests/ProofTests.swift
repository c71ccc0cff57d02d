import Foundation
import Model
import Testing

@testable import Proof

/// The page as text: what it says, and that nothing foreign becomes anything but text.
@Suite("Proof sheet") struct ProofTests {
    private static let hostile = "\"><img src=x onerror=alert(1)>&amp;'\u{202E}\u{0}\u{1B}[31m"

    private static func recipe(_ side: Int = 100) -> Recipe {
        let size = PixelSize(width: side, height: side)
        return Recipe(
            size: SizeRange(min: size, max: size), fit: .pad,
            background: Color(red: 255, green: 255, blue: 255), format: .jpeg, minQuality: 80,
            maxQuality: 92, maxBytes: 1_000_000)
    }

    private static func receipt(_ side: Int = 100) -> Receipt {
        Receipt(
            sha256: ContentHash.of(Data()), bytes: 1234, format: .jpeg,
            size: PixelSize(width: side, height: side), bands: 3, hasAlpha: false, space: "srgb",
            rings: [], renderer: ["libvips": "8.14.1"], quality: 90)
    }

    private static func sheet(_ renditions: [ProofSheet.Rendition]) -> ProofSheet {
        ProofSheet(
            subject: "A1", madeAt: Date(timeIntervalSince1970: 0), program: "sluice",
            masters: [
                ProofSheet.Master(
                    name: "a.jpg",
                    channels: [
                        ProofSheet.Channel(
                            name: "shop", title: "Shop", state: "draft", file: "shop.yaml",
                            revision: ContentHash.of(Data()), renditions: renditions)
                    ])
            ])
    }

    @Test("foreign text stays text wherever it stands")
    func escaping() throws {
        let evil = Self.hostile
        var receipt = Self.receipt()
        receipt.renderer = [evil: evil]
        receipt.metadata = [evil]
        var recipe = Self.recipe()
        recipe.inks = evil
        var inspection = Inspection(
            format: .jpeg, size: PixelSize(width: 9, height: 9), orientation: 1, pages: 1,
            bands: 3, bitsPerBand: 8, hasAlpha: false, space: evil, hasProfile: true)
        inspection.profile = .init(name: evil, space: evil, fits: false)
        inspection.metadata.kept = [evil: evil]
        inspection.metadata.problems = [evil]
        inspection.metadata.title = evil
        let place = Place(file: evil, line: 1, column: 1)
        let check = Check(
            evil, demand: evil, measured: evil, passed: false, place: place, source: evil,
            fix: evil)
        var sheet = Self.sheet([
            ProofSheet.Rendition(
                name: evil, placements: [.init(slot: evil, name: evil)],
                now: .init(
                    recipe: recipe,
                    picture: .init(
                        mediaType: evil, bytes: Data([1]), size: PixelSize(width: 1, height: 1),
                        note: evil), receipt: receipt, checks: [check]),
                before: .init(recipe: recipe, refusal: evil))
        ])
        sheet.subject = evil
        sheet.program = evil
        sheet.notes = [evil]
        sheet.masters[0].name = evil
        sheet.masters[0].asset = evil
        sheet.masters[0].refusal = evil
        sheet.masters[0].inspection = inspection
        sheet.masters[0].channels[0].name = evil
        sheet.masters[0].channels[0].title = evil
        sheet.masters[0].channels[0].state = evil
        sheet.masters[0].channels[0].market = [evil]
        sheet.masters[0].channels[0].file = evil
        sheet.masters[0].channels[0].against = evil
        sheet.masters[0].channels[0].changes = [evil]
        sheet.masters[0].channels[0].gates = [
            Gate(.rights, evil, place: place, turn: evil, next: evil)
        ]
        let html = sheet.html()
        #expect(!html.contains("<img") && !html.contains("<script"))
        #expect(!html.contains(evil))
        for scalar in ["\u{202E}", "\u{0}", "\u{1B}"] {
            #expect(!html.unicodeScalars.contains(Unicode.Scalar(scalar)!))
        }
        let shown = "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&amp;amp;&#39;⟨202E⟩⟨0⟩⟨1B⟩[31m"
        // Everything above is there, as text.
        #expect(html.components(separatedBy: shown).count > 30)
    }

    @Test("the page asks nobody for anything")
    func selfContained() throws {
        let html = Self.sheet([
            ProofSheet.Rendition(name: "r", now: .init(recipe: Self.recipe()))
        ]).html()
        #expect(
            html.hasPrefix("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"))
        #expect(html.contains("default-src &#39;none&#39;; img-src data:; style-src &#39;sha256-"))
        for word in ["http:", "https:", "src=", "@import", "<link", "<script", "onload"] {
            #expect(!html.contains(word), "\(word)")
        }
    }

    @Test(
        "measurements from a worker gone mad draw nothing outside and end nothing",
        arguments: [
            Box(left: .max, top: .max, width: .max, height: .max),
            Box(left: .min, top: .min, width: .max, height: .max),
            Box(left: -5, top: -5, width: 3, height: 3), Box(left: 0, top: 0, width: 0, height: 0),
            Box(left: 0, top: 0, width: -9, height: .min),
        ])
    func hostileNumbers(box: Box) throws {
        let far = Point(x: .min, y: .max)
        let white = Color(red: 255, green: 255, blue: 255)
        for size in [
            PixelSize(width: 100, height: 100), PixelSize(width: 0, height: -1),
            PixelSize(width: .max, height: .min),
        ] {
            var receipt = Self.receipt()
            receipt.size = size
            receipt.bytes = .min
            receipt.density = .infinity
            receipt.colorShift = .init(mean: .nan, worst: -.infinity)
            receipt.rings = [.init(share: 0.01, worst: .max, at: far, color: white)]
            receipt.measurement = PictureMeasurement(
                size: size, product: box, extent: box, unsure: nil,
                background: .init(
                    kind: .scene, color: white, worst: .min, at: far, worstColor: white),
                mean: [.nan], clipped: [.init(low: .infinity, high: .nan)])
            receipt.measurement?.touches = [far, far, far, Point(x: .max, y: .min)]
            var recipe = Self.recipe()
            recipe.safe = Insets(top: .max, right: .min, bottom: .max, left: 7)
            let picture = ProofSheet.Picture(
                mediaType: "image/png", bytes: Data([1]), size: size)
            let html = Self.sheet([
                ProofSheet.Rendition(
                    name: "r",
                    now: .init(recipe: recipe, picture: picture, receipt: receipt))
            ]).html()
            #expect(html.hasSuffix("</html>\n"))
            #expect(box.clipped(to: size) == nil || size.width == 100)
        }
    }

    @Test("a box is drawn as far as it lies in the picture")
    func clipping() {
        let size = PixelSize(width: 10, height: 20)
        #expect(
            Box(left: -3, top: 5, width: 8, height: 90).clipped(to: size)
                == Box(left: 0, top: 5, width: 5, height: 15))
        #expect(Point(x: 10, y: -1).inside(size) == Point(x: 9, y: 0))
    }

    @Test("one picture is in the page once, however often it is shown")
    func gallery() throws {
        let picture = ProofSheet.Picture(
            mediaType: "image/png", bytes: Data("the picture".utf8),
            size: PixelSize(width: 100, height: 100))
        let outcome = ProofSheet.Outcome(
            recipe: Self.recipe(), picture: picture, receipt: Self.receipt())
        let html = Self.sheet([
            ProofSheet.Rendition(name: "a", now: outcome, before: outcome),
            ProofSheet.Rendition(name: "b", now: outcome),
        ]).html()
        let bytes = picture.bytes.base64EncodedString()
        #expect(html.components(separatedBy: bytes).count == 2)
        #expect(html.components(separatedBy: "href=\"#p0\"").count > 6)
    }

    @Test("a comparison names what differs and nothing else")
    func comparison() {
        let before = ProofSheet.Outcome(
            recipe: Self.recipe(), receipt: Self.receipt(),
            checks: [
                Check("size", demand: "d", measured: "100", passed: true),
                Check("ring", demand: "d", measured: "254", passed: false),
            ])
        var now = before
        now.recipe.whiten = Whitening(bound: 6)
        now.receipt?.bytes = 2345
        now.checks[1] = Check("ring", demand: "d", measured: "255", passed: true)
        let rows = ComparisonTable(before: before, now: now).rows
        #expect(rows.map(\.what) == ["whiten", "bytes", "verdict", "rule ring"])
        #expect(rows[0].before == "–" && rows[0].now == "6, shadow: keep")
        #expect(rows[1].now == "2\u{202F}345")
        #expect(rows[2].before == "1 of 2 demands broken" && rows[2].now == "2 demands met")
        #expect(rows[3].before == "✗ 254" && rows[3].now == "✓ 255")
        #expect(ComparisonTable(before: now, now: now).rows.isEmpty)
    }

    @Test("a recipe is told key by key, and only as far as it asks")
    func asked() {
        var recipe = Self.recipe()
        #expect(
            recipe.lines.map(\.key) == [
                "size", "fit", "format", "background", "upscale", "quality", "max_bytes", "color",
            ])
        recipe.safe = Insets(top: 250, bottom: 250)
        recipe.fill = Fill(by: .area, min: 0.6, max: 0.8)
        let words = Dictionary(uniqueKeysWithValues: recipe.lines.map { ($0.key, $0.words) })
        #expect(words["safe"] == "top 250 px, bottom 250 px")
        #expect(words["fill"] == "60 %..80 % by area")
        #expect(words["unsure"] == "hold")
    }

    @Test("insets shrink with the frame")
    func insets() {
        let scaled = Insets(top: 250, left: 9).scaled(
            from: PixelSize(width: 1080, height: 1920), to: PixelSize(width: 540, height: 960))
        #expect(scaled == Insets(top: 125, left: 5))
    }

    @Test("an outcome without a file never passes")
    func passing() {
        var outcome = ProofSheet.Outcome(recipe: Self.recipe())
        #expect(!outcome.passes)
        outcome.receipt = Self.receipt()
        #expect(outcome.passes)
        outcome.checks = [Check("r", demand: "", measured: "", passed: false)]
        #expect(!outcome.passes)
    }
}
