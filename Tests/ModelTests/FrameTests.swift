import Model
import Testing

@Suite("Frame")
struct FrameTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var source: PixelSize
        var range: SizeRange
        var fit: Fit
        var frame: PixelSize
        var picture: PixelSize

        var testDescription: String { "\(source) \(fit) \(range.min)..\(range.max)" }

        init(
            _ source: (Int, Int), _ fit: Fit, _ least: (Int, Int), _ most: (Int, Int),
            frame: (Int, Int), picture: (Int, Int)
        ) {
            self.source = PixelSize(source)
            self.fit = fit
            range = SizeRange(min: PixelSize(least), max: PixelSize(most))
            self.frame = PixelSize(frame)
            self.picture = PixelSize(picture)
        }
    }

    static let fitting: [Case] = [
        // Large enough: the largest frame.
        Case(
            (4000, 4000), .pad, (1000, 1000), (2000, 2000),
            frame: (2000, 2000), picture: (2000, 2000)),
        Case(
            (4000, 2000), .pad, (1000, 1000), (2000, 2000),
            frame: (2000, 2000), picture: (2000, 1000)),
        Case(
            (4000, 3000), .cover, (1000, 1000), (2000, 2000),
            frame: (2000, 2000), picture: (2667, 2000)),
        Case(
            (4000, 3000), .inside, (1000, 1000), (2000, 2000),
            frame: (2000, 1500), picture: (2000, 1500)),
        // In between: the frame shrinks, the picture keeps its pixels.
        Case(
            (1500, 1200), .pad, (1000, 1000), (2000, 2000),
            frame: (1500, 1500), picture: (1500, 1200)),
        Case(
            (1500, 1200), .cover, (1000, 1000), (2000, 2000),
            frame: (1200, 1200), picture: (1500, 1200)),
        Case(
            (1500, 1200), .inside, (1000, 1000), (2000, 2000),
            frame: (1500, 1200), picture: (1500, 1200)),
        // Exactly the smallest, whose proportions are the largest's but for rounding.
        Case(
            (762, 1100), .pad, (762, 1100), (1801, 2600),
            frame: (762, 1100), picture: (762, 1100)),
        Case(
            (762, 1100), .cover, (762, 1100), (1801, 2600),
            frame: (762, 1100), picture: (762, 1100)),
        // A landscape picture can never be 960 long inside 480x960 frames: what fits is enough.
        Case(
            (3000, 2000), .inside, (480, 960), (600, 1200),
            frame: (600, 400), picture: (600, 400)),
        Case((9000, 3), .inside, (100, 100), (600, 600), frame: (600, 1), picture: (600, 1)),
        Case((9000, 3), .pad, (100, 100), (600, 600), frame: (600, 600), picture: (600, 1)),
    ]

    @Test("is the largest that needs no enlarging", arguments: fitting)
    func fits(_ example: Case) throws {
        let frame = try choose(
            source: example.source, range: example.range, fit: example.fit, upscale: false)
        #expect(frame == Frame(size: example.frame, picture: example.picture))
    }

    @Test(
        "is refused below the smallest, and enlarged to exactly that where allowed",
        arguments: [
            Case(
                (999, 700), .pad, (1000, 1000), (2000, 2000),
                frame: (1000, 1000), picture: (1000, 701)),
            Case(
                (1500, 999), .cover, (1000, 1000), (2000, 2000),
                frame: (1000, 1000), picture: (1502, 1000)),
            Case(
                (500, 250), .inside, (1000, 1000), (2000, 2000),
                frame: (1000, 500), picture: (1000, 500)),
        ])
    func tooSmall(_ example: Case) throws {
        let refusal = #expect(throws: Refusal.self) {
            try choose(
                source: example.source, range: example.range, fit: example.fit, upscale: false)
        }
        #expect(refusal?.code == .tooSmall)
        #expect(refusal?.message.contains("\(example.source)") == true)
        let frame = try choose(
            source: example.source, range: example.range, fit: example.fit, upscale: true)
        #expect(frame == Frame(size: example.frame, picture: example.picture))
    }

    @Test("keeps its promises for any size", arguments: Fit.allCases)
    func promises(fit: Fit) throws {
        var random = SystemRandomNumberGenerator()
        func size(_ range: ClosedRange<Int>) -> PixelSize {
            PixelSize((.random(in: range, using: &random), .random(in: range, using: &random)))
        }
        for _ in 0..<2000 {
            let most = size(50...3000)
            let least = PixelSize((.random(in: 1...most.width), .random(in: 1...most.height)))
            let source = size(1...6000)
            guard
                let frame = try? choose(
                    source: source, range: SizeRange(min: least, max: most), fit: fit,
                    upscale: false)
            else { continue }
            let told = "\(source) in \(least)..\(most) gave \(frame)"
            #expect(frame.picture.width <= source.width, "\(told)")
            #expect(frame.picture.height <= source.height, "\(told)")
            #expect(frame.size.width <= most.width && frame.size.height <= most.height, "\(told)")
            if fit == .cover {
                #expect(frame.picture.width >= frame.size.width, "\(told)")
                #expect(frame.picture.height >= frame.size.height, "\(told)")
            } else {
                #expect(frame.picture.width <= frame.size.width, "\(told)")
                #expect(frame.picture.height <= frame.size.height, "\(told)")
            }
            if fit != .inside {
                #expect(frame.size.width >= least.width, "\(told)")
                #expect(frame.size.height >= least.height, "\(told)")
            }
        }
    }

    @Test("cover keeps the focus as near the middle as the picture allows")
    func focus() throws {
        let side = PixelSize((100, 100))
        for (x, left) in [(0.0, 0), (0.1, 0), (0.25, -50), (0.5, -150), (0.9, -300), (7, -300)] {
            let frame = try cover(PixelSize((400, 100)), side, focus: Focus(x: x, y: 0.3))
            #expect(
                frame
                    == Frame(
                        size: side, picture: PixelSize((400, 100)), origin: Point(x: left, y: 0)))
        }
        let middle = try cover(PixelSize((400, 100)), side, focus: nil)
        #expect(middle.origin == Point(x: -150, y: 0))
    }

    @Test("cover without a spot keeps what product there is room for")
    func coverKeepsTheProduct() throws {
        let (source, side) = (PixelSize((400, 100)), PixelSize((100, 100)))
        func start(_ product: Box, focus: Focus? = nil) throws -> Int {
            try cover(source, side, focus: focus, product: product).origin.x
        }
        let corner = Box(left: 350, top: 0, width: 40, height: 40)
        #expect(try start(corner) == -290)
        #expect(try start(Box(left: 10, top: 0, width: 40, height: 40)) == -10)
        // What lies in the middle, or has no room, moves nothing; nor does a person's choice.
        #expect(try start(Box(left: 170, top: 20, width: 60, height: 40)) == -150)
        #expect(try start(Box(left: 0, top: 0, width: 300, height: 100)) == -150)
        #expect(try start(corner, focus: Focus(x: 0.1, y: 0.5)) == 0)
    }

    @Test("cover moves no more than it must to bring the product into the safe area")
    func safeCover() throws {
        let (source, side) = (PixelSize((100, 400)), PixelSize((100, 100)))
        let safe = Insets(top: 20, bottom: 10)
        func top(_ product: Box?, focus: Focus? = nil) throws -> Int {
            try cover(source, side, focus: focus, safe: safe, product: product).origin.y
        }
        #expect(try top(nil) == -150)
        #expect(try top(Box(left: 0, top: 180, width: 9, height: 40)) == -150)
        #expect(try top(Box(left: 0, top: 150, width: 9, height: 40)) == -130)
        #expect(try top(Box(left: 0, top: 220, width: 9, height: 40)) == -170)
        #expect(
            try top(Box(left: 0, top: 220, width: 9, height: 40), focus: Focus(x: 0, y: 1)) == -200)
        // The picture does not reach far enough, or the product is too large.
        #expect(try top(Box(left: 0, top: 5, width: 9, height: 40)) == -150)
        #expect(try top(Box(left: 0, top: 100, width: 9, height: 90)) == -150)
    }

    private func cover(
        _ source: PixelSize, _ frame: PixelSize, focus: Focus?, safe: Insets? = nil,
        product: Box? = nil
    ) throws(Refusal) -> Frame {
        var recipe = Recipe(
            size: SizeRange(min: frame, max: frame), fit: .cover, background: nil, format: .png,
            minQuality: 100, maxQuality: 100, maxBytes: nil)
        recipe.anchor = .focus
        recipe.safe = safe
        return try Frame.choose(
            source: source, measured: .of(source, product: product), recipe: recipe, focus: focus)
    }

    @Test("a safe area that leaves nothing, or has no frame, is refused")
    func safeNonsense() throws {
        let range = SizeRange(min: PixelSize((10, 10)), max: PixelSize((100, 100)))
        for (safe, fit) in [
            (Insets(top: 50, bottom: 50), Fit.pad), (Insets(left: -1), .pad),
            (Insets(top: .max, bottom: .max), .cover), (Insets(top: 1), .inside),
        ] {
            var recipe = Recipe(
                size: range, fit: fit, background: nil, format: .png, minQuality: 100,
                maxQuality: 100, maxBytes: nil)
            recipe.safe = safe
            let refusal = #expect(throws: Refusal.self) {
                try Frame.choose(source: PixelSize((500, 500)), measured: nil, recipe: recipe)
            }
            #expect(refusal?.code == .unsupported)
        }
    }

    @Test("does not trap on sizes a broken worker might claim")
    func insane() {
        let range = SizeRange(min: PixelSize((1, 1)), max: PixelSize((2000, 2000)))
        for claim in [(0, 10), (10, -1), (Int.max, Int.max), (Int.min, 5)] {
            #expect(throws: Refusal.self) {
                try choose(
                    source: PixelSize(claim), range: range, fit: .cover, upscale: true)
            }
        }
    }
}

private func choose(
    source: PixelSize, range: SizeRange, fit: Fit, upscale: Bool
) throws(Refusal) -> Frame {
    let recipe = Recipe(
        size: range, fit: fit, background: nil, format: .png, minQuality: 100, maxQuality: 100,
        maxBytes: nil, upscale: upscale)
    return try Frame.choose(source: source, measured: nil, recipe: recipe)
}
