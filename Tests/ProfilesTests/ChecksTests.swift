import Foundation
import Model
import Profiles
import Testing

/// A receipt against every kind of demand.
@Suite struct ChecksTests {
    private static let text = """
        channel: shop
        title: Shop
        state: draft
        select: {kind: image, audience: public}
        slots:
          main: {view: front, rendition: hero, name: "{sku}.{ext}"}
        renditions:
          hero:
            size: 500x500..1000x1000
            fit: pad
            fill: 0.85..0.95
            safe: {top: 100}
            background: {color: "#FFFFFF", ring: 1%, tolerance: 2, whiten: 6}
            format: jpeg
            min_bytes: 30kB
            max_bytes: 1MB
            dpi: 300
            keep: [copyright]
            max_shift: 2.5
        rules:
          - {id: floor, of: rendition, min_side: 600, source: "page", seen: 2026-11-21}
          - {id: later, of: rendition, min_side: 800, from: 2027-01-31, source: "page", seen: 2026-11-21}
          - {id: shape, of: rendition, aspect: "1:1", source: "page", seen: 2026-11-21}
          - {id: ground, of: rendition, background: [pure, near], source: "page", seen: 2026-11-21}
          - {id: kinds, of: rendition, formats: [jpeg, png], source: "page", seen: 2026-11-21}
          - {id: ai, of: rendition, keeps: [digital-source-type], source: "page", seen: 2026-11-21}
        """

    private let profile: Profile
    private let now = Date(timeIntervalSince1970: 1_790_000_000)

    init() throws {
        profile = try Loader.load(text: Self.text, file: "shop.yaml", vocabulary: .sample).get()
    }

    private static let white = Color(red: 255, green: 255, blue: 255)

    private func receipt(_ edit: (inout Receipt) -> Void = { _ in }) -> Receipt {
        let size = PixelSize(width: 700, height: 700)
        var receipt = Receipt(
            sha256: ContentHash.of(Data()), bytes: 100_000, format: .jpeg, size: size, bands: 3,
            hasAlpha: false, space: "srgb",
            rings: [.init(share: 0.01, worst: 0, at: Point(x: 0, y: 0), color: Self.white)],
            renderer: [:])
        receipt.measurement = PictureMeasurement(
            size: size, product: Box(left: 35, top: 71, width: 400, height: 620), extent: nil,
            unsure: nil,
            background: .init(
                kind: .pure, color: Self.white, worst: 0, at: Point(x: 0, y: 0),
                worstColor: Self.white), mean: [], clipped: [])
        receipt.density = 300
        receipt.metadata = ["copyright"]
        receipt.colorShift = .init(mean: 0.6, worst: 3)
        edit(&receipt)
        return receipt
    }

    private func failed(
        _ receipt: Receipt, at date: Date? = nil, master: Inspection? = nil
    ) -> [String] {
        profile.checks(on: receipt, rendition: "hero", at: date ?? now, master: master)
            .filter { !$0.passed }.map(\.rule)
    }

    @Test func allThatIsDemandedIsSaidAndMet() {
        let checks = profile.checks(on: receipt(), rendition: "hero", at: now)
        #expect(
            checks.map(\.rule) == [
                "format", "size", "color", "background.color", "max_bytes", "min_bytes",
                "background.ring", "fill", "safe", "max_shift", "keep", "dpi", "floor",
                "shape", "ground", "kinds",
            ])
        #expect(checks.allSatisfy { $0.passed && $0.place != nil && !$0.measured.isEmpty })
        #expect(profile.verdict(on: receipt(), rendition: "hero", at: now).isEmpty)
    }

    @Test func eachIsMissedByItself() throws {
        let misses: [(String, (inout Receipt) -> Void)] = [
            ("min_bytes", { $0.bytes = 29_999 }), ("max_bytes", { $0.bytes = 1_000_001 }),
            ("background.ring", { $0.rings[0].worst = 3 }),
            (
                "fill",
                { $0.measurement?.product = Box(left: 200, top: 100, width: 300, height: 300) }
            ),
            ("fill", { $0.measurement?.product = Box(left: 0, top: 80, width: 680, height: 300) }),
            ("safe", { $0.measurement?.product = Box(left: 35, top: 60, width: 400, height: 620) }),
            ("keep", { $0.metadata = ["copyright", "position"] }), ("dpi", { $0.density = 72 }),
            ("dpi", { $0.density = nil }), ("max_shift", { $0.colorShift?.mean = 2.6 }),
            ("ground", { $0.measurement?.background.kind = .uneven }),
            ("color", { $0.space = "cmyk" }), ("background.color", { $0.hasAlpha = true }),
        ]
        for (rule, edit) in misses {
            let odd = receipt(edit)
            #expect(failed(odd) == [rule])
            let gate = try #require(profile.verdict(on: odd, rendition: "hero", at: now).first)
            #expect(gate.place?.file == "shop.yaml" && gate.next != nil)
        }
    }

    @Test func aBorderThatIsNotCleanSaysWhatHelps() throws {
        /// With whose turn it is.
        func gate(_ worst: Int, at point: Point, format: String = "jpeg") throws -> Gate {
            let text = Self.text.replacing("format: jpeg", with: "format: \(format)")
                .replacing("[jpeg, png]", with: "[jpeg, png, webp, avif]")
            let profile = try Loader.load(text: text, file: "shop.yaml", vocabulary: .sample).get()
            let odd = receipt {
                $0.format = ImageFormat(rawValue: format) ?? .jpeg
                $0.rings[0].worst = worst
                $0.rings[0].at = point
            }
            let gate = profile.verdict(on: odd, rendition: "hero", at: now)
                .first { $0.rule == nil && $0.message.contains("border") }
            return try #require(gate)
        }
        func fix(_ worst: Int, at point: Point, format: String = "jpeg") throws -> String {
            try #require(try gate(worst, at: point, format: format).next)
        }
        let (far, beside) = (Point(x: 690, y: 690), Point(x: 30, y: 300))
        // Whitened, so it was exact before encoding; and ringing, however strong.
        for format in ["jpeg", "webp", "avif"] {
            #expect(try fix(3, at: far, format: format).contains("'background: {tolerance: 3}'"))
            let text = try fix(40, at: beside, format: format)
            #expect(text.contains("'format: png': \(format) leaves traces"))
        }
        #expect(
            try fix(9, at: far)
                == "say 'background: {whiten: 9}', or deliver it on a clean background")
        #expect(try fix(40, at: far) == "deliver the picture on a clean background")
        // Whose turn it is follows from what helps.
        #expect(try gate(9, at: far).turn == "ops")
        #expect(try gate(40, at: far).turn == "studio")
        #expect(try gate(40, at: beside).turn == "ops")
        // The product itself is in the ring.
        #expect(
            try fix(40, at: Point(x: 36, y: 300))
                == "the product reaches into the border: lower 'fill', or narrow 'ring'")
    }

    @Test func aProductThatIsNotKnownIsNotInPlace() {
        let odd = receipt {
            $0.measurement?.product = nil
            $0.measurement?.unsure = "nothing differs from the background"
        }
        #expect(failed(odd) == ["fill", "safe"])
    }

    @Test func whatWasNotMeasuredIsNotMet() {
        #expect(failed(receipt { $0.measurement = nil }) == ["fill", "safe", "ground"])
    }

    @Test func rulesToleratePicturesThatMayPassUnsure() throws {
        let rule = #"- {id: big, of: rendition, fill: 80%..100%, source: "page", seen: 2026-11-21}"#
        func failed(_ unsure: String) throws -> [String] {
            let text = Self.text.replacing("fill: 0.85..0.95", with: "unsure: \(unsure)")
                .replacing("rules:\n", with: "rules:\n  \(rule)\n")
            let profile = try Loader.load(text: text, file: "shop.yaml", vocabulary: .sample).get()
            let odd = receipt { $0.measurement?.product = nil }
            return profile.verdict(on: odd, rendition: "hero", at: now).compactMap(\.rule)
        }
        #expect(try failed("hold") == ["big"])
        #expect(try failed("pass") == [])
    }

    @Test func whatTheMasterHadMustArrive() {
        var master = Inspection(
            format: .jpeg, size: PixelSize(width: 2000, height: 2000), orientation: 1, pages: 1,
            bands: 3, bitsPerBand: 8, hasAlpha: false, space: "srgb", hasProfile: true)
        #expect(failed(receipt(), master: master) == [])
        master.metadata.kept["digital-source-type"] = "trainedAlgorithmicMedia"
        #expect(failed(receipt(), master: master) == ["ai"])
    }

    @Test func rulesBeginOnTheirDay() throws {
        let later = now.addingTimeInterval(200 * 86_400)
        #expect(failed(receipt(), at: later) == ["later"])
        let coming = profile.rules(beginningAfter: now, through: later)
        #expect(coming.map(\.id) == ["later"])
        #expect(profile.rules(beginningAfter: later, through: .distantFuture).isEmpty)
    }

    @Test func anUnknownRenditionIsRefused() {
        let checks = profile.checks(on: receipt(), rendition: "hreo", at: now)
        #expect(checks.map(\.passed) == [false])
    }
}
