import Model
import Testing

/// A product that the picture cuts off stands at the same edges of the frame.
@Suite("Flush")
struct FlushTests {
    let source = PixelSize(width: 1200, height: 1500)

    private func frame(
        _ recipe: Recipe, _ product: Box, _ cut: [PictureMeasurement.Edge]
    ) throws(Refusal) -> Frame {
        try Frame.choose(
            source: source, measured: .of(source, product: product, cut: cut), recipe: recipe)
    }

    private func recipe(_ fill: ClosedRange<Double>?, fit: Fit = .pad) -> Recipe {
        var recipe = Recipe.product(
            fill ?? 0.5...0.6, SizeRange(min: PixelSize((500, 500)), max: PixelSize((2000, 2000))))
        if fill == nil { recipe.fill = nil }
        recipe.fit = fit
        recipe.cropped = .flush
        return recipe
    }

    @Test(
        "one crossed edge: against the frame's, in the middle of the other axis, as large as asked")
    func oneEdge() throws {
        let product = Box(left: 300, top: 100, width: 600, height: 1400)
        let frame = try frame(recipe(0.75...0.85), product, [.bottom])
        let box = frame.place(product, of: source)
        #expect(box.bottom == frame.size.height)
        #expect(abs(Double(box.height) / Double(frame.size.height) - 0.8) < 0.01)
        #expect(abs(box.left - (frame.size.width - box.right)) <= 1)
    }

    @Test("both ends of an axis: as long as the frame, and the other axis is what it is")
    func bothEnds() throws {
        let product = Box(left: 400, top: 0, width: 400, height: 1500)
        for fill in [0.75...0.85, nil] {
            let frame = try frame(recipe(fill), product, [.top, .bottom])
            #expect(frame.size == PixelSize((1500, 1500)))
            #expect(frame.picture == source && frame.origin == Point(x: 150, y: 0))
        }
        // Three edges: against the third as well.
        let beside = Box(left: 0, top: 0, width: 700, height: 1500)
        #expect(
            try self.frame(recipe(0.75...0.85), beside, [.top, .bottom, .left]).origin
                == Point(x: 0, y: 0))
    }

    @Test("what cannot stand so is held, and says why")
    func held() throws {
        let wide = Box(left: 20, top: 0, width: 1150, height: 1500)
        var refusal = #expect(throws: Refusal.self) {
            try self.frame(recipe(0.6...0.7), wide, [.top, .bottom])
        }
        #expect(refusal?.message.contains("crosses the top and the bottom") == true)
        let all = Box(left: 0, top: 0, width: 1200, height: 1500)
        refusal = #expect(throws: Refusal.self) {
            try self.frame(recipe(0.75...0.85), all, PictureMeasurement.Edge.allCases)
        }
        #expect(refusal?.code == .unsure && refusal?.message.contains("all four edges") == true)
        var small = recipe(0.75...0.85)
        small.size.min = PixelSize((1600, 1600))
        refusal = #expect(throws: Refusal.self) {
            try self.frame(
                small, Box(left: 400, top: 0, width: 400, height: 1500), [.top, .bottom])
        }
        #expect(refusal?.code == .tooSmall)
    }

    @Test("trimmed to the product, nothing is around it where it is crossed")
    func inside() throws {
        let product = Box(left: 400, top: 0, width: 400, height: 1500)
        let frame = try frame(recipe(0.9...0.96, fit: .inside), product, [.top, .bottom])
        #expect(frame.size.height == 1500 && frame.origin.y == 0)
        #expect(abs(Double(frame.size.width) - 400 / 0.93) <= 1)
        let one = Box(left: 300, top: 100, width: 600, height: 1400)
        let below = try self.frame(recipe(0.9...0.96, fit: .inside), one, [.bottom])
        #expect(below.place(one, of: source).bottom == below.size.height)
    }

    @Test("a safe zone ends where the product crosses the edge")
    func safe() throws {
        var recipe = recipe(0.5...0.8)
        recipe.safe = Insets(top: 200, right: 100, bottom: 200, left: 100)
        let product = Box(left: 300, top: 100, width: 600, height: 1400)
        let frame = try frame(recipe, product, [.bottom])
        let box = frame.place(product, of: source)
        #expect(box.bottom == frame.size.height && box.top >= frame.size.height / 10)
        let area = Frame.safeArea(of: frame.size, recipe: recipe, crossed: [.bottom])
        #expect(area.bottom == frame.size.height && area.top > 0)
        recipe.cropped = .hold
        #expect(
            Frame.safeArea(of: frame.size, recipe: recipe, crossed: [.bottom]).bottom
                < frame.size.height)
    }

    @Test("refused where the channel takes none, whatever is asked of its size")
    func refused() throws {
        var recipe = recipe(nil)
        recipe.cropped = .refuse
        let refusal = #expect(throws: Refusal.self) {
            try self.frame(recipe, Box(left: 0, top: 0, width: 9, height: 9), [.left])
        }
        #expect(refusal?.code == .cropped && refusal?.message.contains("left edge") == true)
    }

    @Test("a line along the edges is refused, or cut off exactly")
    func framed() throws {
        let inner = Box(left: 10, top: 10, width: 1180, height: 1480)
        var measured = PictureMeasurement.of(
            source, product: Box(left: 300, top: 300, width: 600, height: 900))
        measured.framed = inner
        var recipe = recipe(0.75...0.85)
        let refusal = #expect(throws: Refusal.self) {
            try Frame.choose(source: source, measured: measured, recipe: recipe)
        }
        #expect(refusal?.code == .framed && refusal?.message.contains("frame: cut") == true)
        recipe.framed = .cut
        let frame = try Frame.choose(source: source, measured: measured, recipe: recipe)
        let shown = try #require(frame.shown)
        #expect(frame.place(inner, of: source).cut(to: Box(frame.size)) == shown)
        // Nothing is asked of the background or the size: a picture with a border is one.
        recipe.fill = nil
        recipe.framed = nil
        #expect(throws: Never.self) {
            try Frame.choose(source: source, measured: measured, recipe: recipe)
        }
    }
}
