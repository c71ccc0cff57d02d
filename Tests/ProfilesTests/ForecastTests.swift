import Foundation
import Model
import Profiles
import Testing

/// What is told of a rendition before anybody has made it.
@Suite struct ForecastTests {
    private static let text = """
        channel: shop
        state: live
        slots:
          main: {view: front, rendition: story, name: "{sku}.{ext}"}
          more: {view: back, rendition: plain, name: "{sku}-b.{ext}"}
        renditions:
          story:
            size: 100x200
            fit: cover
            background: {color: "#FFFFFF"}
            safe: {top: 50, bottom: 50}
            format: jpeg
          plain: {like: story, fit: pad, safe: any, size: 100x100}
        rules:
          - {id: large, of: rendition, for: plain, fill: 80%..100%, source: "page", seen: 2026-01-01}
          - {id: kinds, of: rendition, from: 2026-01-01, for: [plain], formats: [png, jpeg], source: "page", seen: 2026-01-01}
          - {id: ai, of: rendition, keeps: [digital-source-type], source: "page", seen: 2026-01-01}
          - {id: owner, of: master, has: [copyright], source: "page", seen: 2026-01-01}
          - {id: solid, of: master, no_alpha: true, source: "page", seen: 2026-01-01}
        deliver: {to: file:///srv/shop/}
        """

    private func profile(_ edits: (String, String)...) throws -> Profile {
        let text = edits.reduce(Self.text) { $0.replacing($1.0, with: $1.1) }
        return try Loader.load(text: text, file: "shop.yaml", vocabulary: .sample).get()
    }

    /// A picture of 400 x 400 whose only fault is what the edit makes of it.
    private func rules(
        _ view: String, box: Box?, _ profile: Profile,
        _ edit: (inout Version, inout Inspection) -> Void = { _, _ in }
    ) -> [String] {
        var version = Shop.version(1, view)
        var master = Shop.inspection(400, 400)
        let white = Color(red: 255, green: 255, blue: 255)
        master.metadata.kept["copyright"] = "Shop"
        master.measurement = PictureMeasurement(
            size: master.size, product: box, extent: nil, unsure: box == nil ? "white" : nil,
            background: .init(
                kind: .pure, color: white, worst: 0, at: Point(x: 0, y: 0), worstColor: white),
            mean: [], clipped: [])
        edit(&version, &master)
        var state = Shop.state(version)
        state.inspections[version.master] = master
        let closed = profile.want(state, at: Shop.now).first?.closed ?? []
        return closed.map { "\($0.kind.rawValue) \($0.rule ?? "\($0.place?.line ?? 0)")" }
    }

    private func box(_ side: Int) -> Box {
        Box(left: (400 - side) / 2, top: (400 - side) / 2, width: side, height: side)
    }

    @Test func aProductThatCannotComeIntoTheSafeZone() throws {
        let profile = try profile()
        #expect(rules("front", box: box(180), profile) == [])
        // The frame is 200 high, and so is the picture: the product keeps its place.
        #expect(rules("front", box: box(300), profile) == ["compliance 11"])
        // Where it is not known, the pixels of the rendition decide.
        #expect(rules("front", box: nil, profile) == [])
        let attentive = try self.profile(
            ("fit: cover", "fit: cover\n    anchor: attention"),
            ("fit: pad", "fit: pad, anchor: center"))
        #expect(rules("front", box: box(300), attentive) == [])
    }

    @Test func aRuleCountsForTheRenditionsItNames() throws {
        let profile = try profile()
        #expect(rules("back", box: box(200), profile) == ["compliance large"])
        #expect(rules("back", box: box(340), profile) == [])
        // A near miss is left to the measuring of the file itself.
        #expect(rules("back", box: box(314), profile) == [])
        let webp = try self.profile(
            ("format: jpeg", "format: webp"), ("{like: story,", "{like: story, format: webp,"))
        #expect(rules("back", box: box(340), webp) == ["compliance kinds"])
        #expect(rules("front", box: box(180), webp) == [])
    }

    @Test func whatTheMasterSaysMustNotGetLost() throws {
        let profile = try profile()
        let field = "digital-source-type"
        #expect(
            rules("front", box: box(180), profile) { _, master in
                master.metadata.kept[field] = "trainedAlgorithmicMedia"
            } == ["compliance ai"])
        // The .xmp beside the picture says it as well as the picture.
        #expect(
            rules("front", box: box(180), profile) { version, _ in
                version.xmpMetadata = PictureMetadata()
                version.xmpMetadata?.kept[field] = "trainedAlgorithmicMedia"
            } == ["compliance ai"])
        let keeping = try self.profile(("format: jpeg", "format: jpeg\n    keep: \(field)"))
        #expect(
            rules("front", box: box(180), keeping) { _, master in
                master.metadata.kept[field] = "trainedAlgorithmicMedia"
            } == [])
    }

    @Test func aMasterMustHaveWhatIsDemandedOfIt() throws {
        let profile = try profile()
        #expect(
            rules("front", box: box(180), profile) { _, master in
                master.metadata.kept = [:]
                master.hasAlpha = true
            } == ["source owner", "source solid"])
        #expect(
            rules("front", box: box(180), profile) { version, master in
                master.metadata.kept = [:]
                version.xmpMetadata = PictureMetadata()
                version.xmpMetadata?.kept["copyright"] = "Shop"
            } == [])
    }

    @Test func aPictureWithoutAFrameIsNotBlamedForItsFill() throws {
        let profile = try profile(("size: 100x100", "size: 900x900"))
        #expect(rules("back", box: box(100), profile) == ["source 13"])
    }
}
