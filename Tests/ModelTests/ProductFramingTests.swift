import Model
import Testing

@Suite("Frame around a product")
struct ProductFramingTests {
    private let square = SizeRange(min: PixelSize((1000, 1000)), max: PixelSize((2000, 2000)))
    private let product = Box(left: 1000, top: 500, width: 2000, height: 3000)
    private let source = PixelSize((4000, 4000))

    @Test("takes the middle of the range, and the product's middle for its own")
    func middle() throws {
        let frame = try frame(.product(0.85...0.95, square), product)
        #expect(frame.size == PixelSize((2000, 2000)))
        #expect(frame.picture == PixelSize((2400, 2400)))
        #expect(frame.origin == Point(x: -200, y: -200))
        let box = Box(left: 400, top: 100, width: 1200, height: 1800)
        #expect(frame.place(product, of: source) == box)
        #expect(frame.shown == Box(frame.size))
    }

    @Test("paints where the picture ends")
    func paints() throws {
        let corner = Box(left: 20, top: 20, width: 3000, height: 3000)
        let frame = try frame(.product(0.8...0.8, square), corner)
        #expect(frame.picture == PixelSize((2133, 2133)))
        #expect(frame.origin == Point(x: 189, y: 189))
        #expect(frame.shown == Box(left: 189, top: 189, width: 1811, height: 1811))
    }

    @Test("shrinks the frame, then the fill, and then refuses with the product's pixels")
    func shrinks() throws {
        let recipe = Recipe.product(0.8...1, square)
        func box(_ side: Int) -> Box { Box(left: 100, top: 100, width: side / 2, height: side) }
        let smaller = try frame(recipe, box(1350))
        #expect(smaller.size == PixelSize((1500, 1500)) && smaller.picture == source)
        let least = try frame(recipe, box(900))
        #expect(least.size == PixelSize((1000, 1000)) && least.picture == source)
        let thin = try frame(recipe, box(800))
        #expect(thin.size == PixelSize((1000, 1000)) && thin.picture == source)
        let refusal = #expect(throws: Refusal.self) { try frame(recipe, box(799)) }
        #expect(refusal?.code == .tooSmall)
        for part in ["399x799", "4000x4000", "80 to 100 %", "1000x1000", "400x800", "upscale"] {
            #expect(refusal?.message.contains(part) == true, "\(part): \(refusal?.message ?? "")")
        }
        var enlarging = recipe
        enlarging.upscale = true
        let enlarged = try frame(enlarging, box(450))
        #expect(enlarged.size == PixelSize((1000, 1000)))
        #expect(enlarged.place(box(450), of: source).height == 900)
    }

    @Test("measures by area, and says where no size can meet it")
    func area() throws {
        var recipe = Recipe.product(0.4...0.6, square)
        recipe.fill?.by = .area
        let frame = try frame(recipe, Box(left: 500, top: 500, width: 3000, height: 3000))
        #expect(frame.picture.width == 1886)
        let long = Box(left: 100, top: 1900, width: 3800, height: 200)
        let refusal = #expect(throws: Refusal.self) { try self.frame(recipe, long) }
        #expect(refusal?.code == .unsupported)
        #expect(refusal?.message.contains("3800x200") == true)
    }

    @Test("keeps the safe area's middle, and inside of it")
    func safe() throws {
        var recipe = Recipe.product(
            0.75...1, SizeRange(min: PixelSize((540, 960)), max: PixelSize((1080, 1920))))
        recipe.safe = Insets(top: 250, bottom: 350)
        let frame = try frame(recipe, product)
        let area = Frame.safeArea(of: frame.size, recipe: recipe)
        #expect(area == Box(left: 0, top: 250, width: 1080, height: 1320))
        let box = frame.place(product, of: source)
        #expect(box.cut(to: area) == box)
        #expect(box.top + box.height / 2 == 910 && (1316...1320).contains(box.height))
        recipe.fill?.min = 0.85
        #expect(throws: Refusal.self) { try self.frame(recipe, product) }
        recipe.fill = nil
        let whole = try self.frame(recipe, product)
        #expect(whole.shown == Box(left: 0, top: 370, width: 1080, height: 1080))
    }

    @Test("a smaller largest frame keeps the safe area in proportion")
    func shrunk() throws {
        var recipe = Recipe.product(
            0.5...0.9, SizeRange(min: PixelSize((540, 960)), max: PixelSize((1080, 1920))))
        recipe.safe = Insets(top: 250, bottom: 350)
        let half = recipe.shrunk(to: PixelSize((540, 960)))
        #expect(half.safe == Insets(top: 125, bottom: 175) && half.size.max.height == 960)
        #expect(try frame(half, product).size == PixelSize((540, 960)))
    }

    @Test("inside crops to the product with a margin, as far as the picture goes")
    func inside() throws {
        var recipe = Recipe.product(0.85...0.95, square, fit: .inside)
        let frame = try frame(recipe, product)
        #expect(frame.size == PixelSize((1333, 2000)))
        #expect(
            frame.place(product, of: source) == Box(left: 66, top: 100, width: 1200, height: 1800))
        recipe.background = nil
        let edge = Box(left: 0, top: 500, width: 2000, height: 3000)
        let cut = try self.frame(recipe, edge)
        #expect(cut.size == PixelSize((1266, 2000)) && cut.shown == Box(cut.size))
        #expect(cut.place(edge, of: source).left == 0)
        let whole = Box(PixelSize((3990, 3990)))
        #expect(throws: Refusal.self) { try self.frame(recipe, whole) }
        let small = Box(left: 100, top: 100, width: 300, height: 860)
        #expect(try self.frame(recipe, small).size == PixelSize((349, 1000)))
        let smaller = Box(left: 100, top: 100, width: 300, height: 840)
        #expect(throws: Refusal.self) { try self.frame(recipe, smaller) }
    }

    @Test("a product that is not sure is held, or passes as it is")
    func unsure() throws {
        var recipe = Recipe.product(0.85...0.95, square)
        let doubts: [(PictureMeasurement?, String)] = [
            (nil, "not measured"), (.of(source, product: nil), "white on white"),
            (
                .of(source, product: product, cut: [.top, .left]),
                "cut off at the top edge and left edge"
            ),
            (.of(source, product: Box(left: 3000, top: 0, width: 2000, height: 9)), "not in the"),
            (.of(source, product: Box(left: .max, top: .max, width: .max, height: .max)), "not in"),
        ]
        for (measured, words) in doubts {
            recipe.unsure = .hold
            let refusal = #expect(throws: Refusal.self) {
                try Frame.choose(source: source, measured: measured, recipe: recipe)
            }
            #expect(refusal?.code == .unsure)
            #expect(refusal?.message.contains(words) == true, "\(refusal?.message ?? "")")
            let way = words.contains("cut off") ? "cropped: flush" : "unsure: pass"
            #expect(refusal?.message.contains(way) == true)
            recipe.unsure = .pass
            let frame = try Frame.choose(source: source, measured: measured, recipe: recipe)
            #expect(frame == Frame(size: PixelSize((2000, 2000)), picture: PixelSize((2000, 2000))))
        }
    }

    @Test("the share that is measured lies in the range, and nothing of the product is lost")
    func promises() throws {
        var random = SystemRandomNumberGenerator()
        var made = 0
        for _ in 0..<20_000 {
            let (source, box, recipe) = Self.random(&random)
            guard let fill = recipe.fill,
                let frame = try? Frame.choose(
                    source: source, measured: .of(source, product: box), recipe: recipe)
            else { continue }
            // A tenth of a few pixels is no range that whole pixels can meet.
            guard frame.size.shortSide >= 40 else { continue }
            made += 1
            let told = "\(box) of \(source), \(recipe): \(frame)"
            let placed = frame.place(box, of: source)
            let share = fill.share(of: placed.size, in: frame.size)
            #expect(share >= fill.min && share <= fill.max, "\(share) \(told)")
            #expect(placed.cut(to: Box(frame.size)) == placed, "\(told)")
            let range = recipe.size
            #expect(range.max.width >= frame.size.width, "\(told)")
            #expect(range.max.height >= frame.size.height, "\(told)")
            if !recipe.upscale { #expect(frame.picture.width <= source.width, "\(told)") }
            if recipe.fit == .pad {
                #expect(frame.size.width >= range.min.width, "\(told)")
                #expect(frame.size.height >= range.min.height, "\(told)")
            }
            let area = Frame.safeArea(of: frame.size, recipe: recipe)
            #expect(placed.cut(to: area) == placed, "\(told)")
            if recipe.fit == .pad || recipe.background != nil {
                let off = 2 * placed.left + placed.width - area.left - area.right
                let down = 2 * placed.top + placed.height - area.top - area.bottom
                #expect(abs(off) <= 3 && abs(down) <= 3, "\(off) \(down) \(told)")
            }
        }
        #expect(made > 2000)
    }

    private static func random(
        _ random: inout SystemRandomNumberGenerator
    ) -> (PixelSize, Box, Recipe) {
        func pick(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
        let source = PixelSize((pick(100...6000), pick(100...6000)))
        let size = PixelSize((pick(60...source.width), pick(60...source.height)))
        let box = Box(
            left: pick(0...source.width - size.width), top: pick(0...source.height - size.height),
            width: size.width, height: size.height)
        let most = PixelSize((pick(200...3000), pick(200...3000)))
        let least = PixelSize((pick(100...most.width), pick(100...most.height)))
        let low = Double(pick(10...90)) / 100
        var recipe = Recipe.product(
            low...min(1, low + 0.1), SizeRange(min: least, max: most),
            fit: pick(0...2) > 0 ? .pad : .inside)
        recipe.fill?.by = pick(0...1) > 0 ? .side : .area
        recipe.upscale = pick(0...3) == 0
        if recipe.fit == .inside && pick(0...1) > 0 { recipe.background = nil }
        if recipe.fit == .pad && pick(0...2) == 0 {
            recipe.safe = Insets(top: pick(0...most.height / 3), left: pick(0...most.width / 3))
        }
        return (source, box, recipe)
    }

    private func frame(_ recipe: Recipe, _ product: Box) throws(Refusal) -> Frame {
        try Frame.choose(
            source: source, measured: .of(source, product: product), recipe: recipe)
    }
}

extension Recipe {
    static func product(
        _ fill: ClosedRange<Double>, _ range: SizeRange, fit: Fit = .pad
    ) -> Recipe {
        var recipe = Recipe(
            size: range, fit: fit, background: Color(red: 255, green: 255, blue: 255),
            format: .png, minQuality: 100, maxQuality: 100, maxBytes: nil)
        recipe.fill = Fill(min: fill.lowerBound, max: fill.upperBound)
        return recipe
    }
}

extension PictureMeasurement {
    static func of(_ size: PixelSize, product: Box?, cut: [Edge] = []) -> PictureMeasurement {
        let white = Color(red: 255, green: 255, blue: 255)
        return PictureMeasurement(
            size: size, product: product, extent: product,
            unsure: product == nil ? "white on white" : nil, cut: cut,
            background: Background(
                kind: .pure, color: white, worst: 0, at: Point(x: 0, y: 0), worstColor: white),
            mean: [0, 0, 0], clipped: [])
    }
}

extension PixelSize {
    init(_ sides: (Int, Int)) { self.init(width: sides.0, height: sides.1) }
}
