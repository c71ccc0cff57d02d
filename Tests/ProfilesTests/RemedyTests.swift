import Foundation
import Model
import Testing

@testable import Profiles

/// What would let a held picture pass, and what is let off where the product crosses the frame.
@Suite struct RemedyTests {
    private func profile(_ keys: String) throws -> Profile {
        let text = """
            channel: shop
            title: Shop
            state: draft
            select: {kind: image, audience: public}
            slots: {main: {view: front, rendition: hero, name: "{sku}.{ext}"}}
            renditions:
              hero: {size: 500x500, fit: pad, format: jpeg, quality: 80..92, \(keys)}
            """
        return try Loader.load(text: text, file: "shop.yaml", vocabulary: .sample).get()
    }

    private func measured(_ edit: (inout PictureMeasurement) -> Void) -> PictureMeasurement {
        let white = Color(red: 255, green: 255, blue: 255)
        var measured = PictureMeasurement(
            size: PixelSize(width: 500, height: 500),
            product: Box(left: 100, top: 50, width: 200, height: 400), extent: nil, unsure: nil,
            background: .init(
                kind: .pure, color: white, worst: 0, at: Point(x: 0, y: 0), worstColor: white),
            mean: [200, 200, 200], clipped: [])
        edit(&measured)
        return measured
    }

    private func words(_ keys: String, _ edit: (inout PictureMeasurement) -> Void) throws
        -> [String]
    {
        let hero = try #require(try profile(keys).renditions["hero"])
        return hero.altered(for: measured(edit)).map(\.words)
    }

    @Test func tryWhatFitsThePicture() throws {
        let white = "background: {color: \"#FFFFFF\", ring: 1%}"
        #expect(try words(white) { _ in } == [])
        #expect(try words(white) { $0.cut = [.top] } == ["cropped: flush"])
        #expect(try words(white + ", cropped: flush") { $0.cut = [.top] } == [])
        #expect(
            try words(white) { $0.framed = Box(left: 3, top: 3, width: 494, height: 494) }
                == ["frame: cut"])
        let shaded = try words(white) {
            $0.cut = [.top]
            $0.background.kind = .shaded
            $0.background.darkest = Color(red: 239, green: 238, blue: 236)
        }
        #expect(
            shaded == [
                "cropped: flush", "background: {whiten: 21}",
                "background: {whiten: {up_to: 21, smooth: true}}",
                "background: {whiten: {up_to: 21, smooth: true}, shadow: remove}",
                "cropped: flush, background: {whiten: 21}",
                "cropped: flush, background: {whiten: {up_to: 21, smooth: true}}",
                "cropped: flush, background: {whiten: {up_to: 21, smooth: true}, shadow: remove}",
            ])
        // Too dark to be made white.
        let dark = try words(white) {
            $0.background.kind = .shaded
            $0.background.darkest = Color(red: 180, green: 180, blue: 180)
        }
        #expect(dark == [])
        #expect(
            try words(white) { $0.background.kind = .transparent }
                == ["background: {whiten: {up_to: 6, smooth: true}, shadow: remove}"])
    }

    /// A file whose product crosses the bottom, and a border that is clean but for it.
    private func receipt(_ edge: PictureMeasurement.Edge) -> Receipt {
        let black = Color(red: 0, green: 0, blue: 0)
        let white = Color(red: 255, green: 255, blue: 255)
        let spot = Receipt.Ring.Spot(worst: 0, at: Point(x: 0, y: 0), color: white)
        var receipt = Receipt(
            sha256: .of(Data()), bytes: 90_000, format: .jpeg,
            size: PixelSize(width: 500, height: 500), bands: 3, hasAlpha: false, space: "srgb",
            rings: Receipt.Ring.shares.map {
                .init(
                    share: $0, worst: 255, at: Point(x: 200, y: 499), color: black, background: spot
                )
            }, renderer: [:])
        receipt.measurement = measured {
            $0.cut = [edge]
            $0.crossings = [.init(edge: edge, from: 100, to: 300, share: 0.4)]
        }
        return receipt
    }

    private func border(
        _ keys: String, _ edge: PictureMeasurement.Edge, master: PictureMeasurement.Edge?
    ) throws -> Check {
        var inspection = Inspection(
            format: .jpeg, size: PixelSize(width: 500, height: 500), orientation: 1, pages: 1,
            bands: 3, bitsPerBand: 8, hasAlpha: false, space: "srgb", hasProfile: false)
        inspection.measurement = measured { $0.cut = [master].compactMap(\.self) }
        let checks = try profile(keys).checks(
            on: receipt(edge), rendition: "hero", at: Date(), master: inspection)
        return try #require(checks.first { $0.rule == "background.ring" })
    }

    @Test func theBorderIsLetOffWhereTheMasterCrossesItToo() throws {
        let white = "background: {color: \"#FFFFFF\", ring: 1%}"
        let flush = white + ", cropped: flush"
        let spared = try border(flush, .bottom, master: .bottom)
        #expect(spared.passed)
        #expect(
            spared.measured
                == "the border is #FFFFFF all along; the product crosses the bottom (40 %)")
        #expect(!(try border(flush, .bottom, master: .top).passed))
        #expect(!(try border(flush, .bottom, master: nil).passed))
        let held = try border(white, .bottom, master: .bottom)
        #expect(!held.passed && held.fix?.contains("cropped: flush") == true)
    }

    @Test func anEdgeOfThePictureInsideTheFrameIsSeen() throws {
        let profile = try profile("background: {color: \"#FFFFFF\", ring: 1%}")
        var odd = receipt(.bottom)
        let grey = Color(red: 200, green: 200, blue: 200)
        odd.seam = .init(worst: 55, at: Point(x: 40, y: 40), color: grey)
        let failed = profile.checks(on: odd, rendition: "hero", at: Date()).filter { !$0.passed }
        #expect(failed.contains { $0.measured == "it shows: #C8C8C8 beside #FFFFFF at (40, 40)" })
        odd.seam?.worst = 20
        let checks = profile.checks(on: odd, rendition: "hero", at: Date())
        #expect(checks.contains { $0.measured == "none shows" && $0.passed })
    }
}
