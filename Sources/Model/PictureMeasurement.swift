/// What was measured in decoded pixels: of a master when it is inspected, of a rendition when it is
/// verified. Upright; in pixels of the whole picture even where a smaller decoding was measured.
package struct PictureMeasurement: Hashable, Codable, Sendable {
    package enum Edge: String, Codable, Sendable, CaseIterable {
        case top, right, bottom, left

        /// Goes from left to right.
        package var isLevel: Bool { self == .top || self == .bottom }
    }

    package struct Background: Hashable, Codable, Sendable {
        package enum Kind: String, Codable, Sendable, CaseIterable {
            /// One colour to the last pixel of the ring.
            case pure
            /// One colour, give or take what a camera or an encoder does.
            case near
            /// A studio's wall: bright, neutral and smooth, and falling off as its lamps do.
            case shaded
            /// A sweep or a vignette: smooth, but neither one colour nor a bright wall.
            case uneven
            /// The ring is see-through.
            case transparent
            /// Something is to be seen there.
            case scene

            /// One colour, or a wall.
            package var isPlain: Bool { [.pure, .near, .shaded, .uneven].contains(self) }
        }

        package var kind: Kind
        /// Median of the ring, 1 % of the shorter side wide, without the product that crosses it.
        package var color: Color
        /// The ring's background pixel farthest from `color`: its largest distance in any channel, 0 to
        /// 255.
        package var worst: Int
        package var at: Point
        package var worstColor: Color
        /// Where a wall is darkest, by the surface that fits it; nil where the background is no wall.
        package var darkest: Color?

        package init(kind: Kind, color: Color, worst: Int, at: Point, worstColor: Color) {
            self.kind = kind
            self.color = color
            self.worst = worst
            self.at = at
            self.worstColor = worstColor
        }
    }

    /// Where the product leaves the picture.
    package struct Crossing: Hashable, Codable, Sendable {
        package var edge: Edge
        /// The first pixel along the edge, from left or from above, and the one after the last.
        package var from: Int
        package var to: Int
        /// Of the edge's pixels, 0 to 1; nil where it is only touched.
        package var share: Double?

        package init(edge: Edge, from: Int, to: Int, share: Double?) {
            self.edge = edge
            self.from = from
            self.to = to
            self.share = share
        }
    }

    /// Shares of the pixels of one channel that are 0 and 255.
    package struct Clipping: Hashable, Codable, Sendable {
        package var low: Double
        package var high: Double

        package init(low: Double, high: Double) {
            self.low = low
            self.high = high
        }
    }

    package var size: PixelSize
    /// The product without its soft shadow; nil when it cannot be told from the background.
    package var product: Box?
    /// Everything that is not background, shadow included.
    package var extent: Box?
    /// Why there is no `product`, for people.
    package var unsure: String?
    /// Edges of the picture that the product touches: it is cut off there.
    package var cut: [Edge]
    /// The same edges, and over what stretch; nil for what was measured before this was asked.
    package var crossings: [Crossing]?
    /// Pieces of the background that are seen through the product: boxes well inside them.
    package var enclosed: [Box]?
    /// There is a line or a bar all along the picture's edges: what is inside it. All else was measured
    /// there.
    package var framed: Box?
    /// Where the product reaches the sides of its box: top, right, bottom, left. For people who want
    /// to see its edge; nil where there is no box.
    package var touches: [Point]?
    package var background: Background
    /// Of red, green and blue, or of grey: 0 to 255; of what is more opaque than see-through.
    package var mean: [Double]
    package var clipped: [Clipping]

    package init(
        size: PixelSize, product: Box?, extent: Box?, unsure: String?, cut: [Edge] = [],
        background: Background, mean: [Double], clipped: [Clipping]
    ) {
        self.size = size
        self.product = product
        self.extent = extent
        self.unsure = unsure
        self.cut = cut
        self.background = background
        self.mean = mean
        self.clipped = clipped
    }

    /// Share of the frame that the product takes; nil when it was not found.
    package func fill(_ measure: Fill.Measure) -> Double? {
        product.map { Fill(by: measure, min: 0, max: 1).share(of: $0.size, in: size) }
    }
}
