import Foundation
import Model

/// A picture with what was measured drawn on it, in its own pixels. Measurements come from a
/// process that has read foreign bytes: nothing is drawn outside the picture, whatever they say.
struct Figure {
    /// Id in the gallery; nil: there is nothing to show but the frame.
    var picture: String?
    var size: PixelSize
    var product: Box?
    var extent: Box?
    var ring: Ring?
    /// Kept clear of the product.
    var safe: Insets?
    /// What the background should be: differences from it can be shown magnified.
    var faint: Color?
    /// For people who hear the page.
    var label: String

    struct Ring {
        /// Pixels.
        var width: Int
        /// Nil where no pixel differs.
        var worst: Point?
        var isBroken: Bool
    }

    /// Largest size on the page, in CSS pixels.
    struct Room {
        var width: Double
        var height: Double

        static let card = Room(width: 460, height: 520)
        static let pair = Room(width: 340, height: 420)
        static let master = Room(width: 560, height: 560)
        static let thumb = Room(width: 104, height: 104)
    }

    func draw(into page: inout Markup, room: Room) {
        let scale = scale(in: room)
        drawPicture(&page, scale) { page in
            drawSafe(&page)
            drawRing(&page, pixel: 1 / scale)
            drawBox(extent, "extent", &page) { _ in }
            drawBox(product, "product", &page) { drawLabel(of: product, &$0, pixel: 1 / scale) }
        }
    }

    /// Without anything drawn on it.
    func drawPlain(into page: inout Markup, room: Room) {
        drawPicture(&page, scale(in: room)) { _ in }
    }

    private func drawPicture(
        _ page: inout Markup, _ scale: Double, _ marks: (inout Markup) -> Void
    ) {
        page.element(
            "svg",
            [
                "class": "shot", "role": "img", "aria-label": label,
                "viewBox": "0 0 \(size.width) \(size.height)",
                "width": Wording.decimal(max(1, Double(size.width) * scale), 0),
                "height": Wording.decimal(max(1, Double(size.height) * scale), 0),
            ]
        ) { page in
            if let picture { Gallery.show(picture, faint: faint, in: &page) }
            marks(&page)
        }
    }

    /// CSS pixels for each of the picture's. Small pictures are shown at most twice their size.
    private func scale(in room: Room) -> Double {
        min(room.width / Double(size.width), room.height / Double(size.height), 2)
    }

    private func drawBox(
        _ box: Box?, _ kind: String, _ page: inout Markup, _ more: (inout Markup) -> Void
    ) {
        guard let box = box?.clipped(to: size) else { return }
        page.element("g", ["class": "mark \(kind)"]) { page in
            for layer in ["under", "over"] { page.outline(box, layer) }
            more(&page)
        }
    }

    /// Above the box where there is room.
    /// - Parameter pixel: a CSS pixel in the picture's.
    private func drawLabel(of box: Box?, _ page: inout Markup, pixel: Double) {
        guard let box = box?.clipped(to: size) else { return }
        let above = Double(box.top) > 16 * pixel
        page.element(
            "text",
            [
                "x": Wording.decimal(Double(box.left) + (above ? 0 : 4) * pixel, 1),
                "y": Wording.decimal(Double(box.top) + (above ? -5 : 14) * pixel, 1),
                "font-size": Wording.decimal(11 * pixel, 2),
                "stroke-width": Wording.decimal(3 * pixel, 2),
            ], "\(box.width) × \(box.height)")
    }

    private func drawRing(_ page: inout Markup, pixel: Double) {
        guard let ring else { return }
        let width = min(max(ring.width, 1), size.shortSide / 2)
        let (right, bottom) = (size.width - width, size.height - width)
        page.element("g", ["class": "mark ring"]) { page in
            if right > width, bottom > width {
                let outer = "M0 0H\(size.width)V\(size.height)H0Z"
                let inner = "M\(width) \(width)V\(bottom)H\(right)V\(width)Z"
                page.leaf("path", ["class": "band", "d": outer + inner])
            }
            if let worst = ring.worst { drawWorst(worst, ring, &page, pixel: pixel) }
        }
    }

    private func drawWorst(
        _ worst: Point, _ ring: Ring, _ page: inout Markup, pixel: Double
    ) {
        let at = worst.inside(size)
        let radius = Wording.decimal(7 * pixel, 1)
        for layer in ["under", "over"] {
            page.leaf(
                "circle",
                [
                    "class": ring.isBroken ? "\(layer) broken" : layer, "cx": "\(at.x).5",
                    "cy": "\(at.y).5", "r": radius,
                ])
        }
    }

    private func drawSafe(_ page: inout Markup) {
        guard let clear = safe?.clear(of: size) else { return }
        let (right, bottom) = (clear.right, clear.bottom)
        let outer = "M0 0H\(size.width)V\(size.height)H0Z"
        let inner = "M\(clear.left) \(clear.top)V\(bottom)H\(right)V\(clear.top)Z"
        page.element("g", ["class": "mark safe"]) { page in
            page.leaf("path", ["class": "band", "d": outer + inner])
            for layer in ["under", "over"] { page.outline(clear, layer) }
        }
    }
}

extension Markup {
    /// A rectangle's line; its fill is the style sheet's business.
    mutating func outline(_ box: Box, _ kind: String) {
        leaf(
            "rect",
            [
                "class": kind, "x": "\(box.left)", "y": "\(box.top)", "width": "\(box.width)",
                "height": "\(box.height)",
            ])
    }
}

extension Point {
    /// The nearest pixel of the picture.
    func inside(_ size: PixelSize) -> Point {
        Point(
            x: min(max(x, 0), max(size.width - 1, 0)), y: min(max(y, 0), max(size.height - 1, 0)))
    }
}

extension Box {
    /// What of it lies in the picture; nil when nothing does.
    func clipped(to size: PixelSize) -> Box? {
        let (right, farRight) = left.addingReportingOverflow(width)
        let (bottom, farDown) = top.addingReportingOverflow(height)
        guard width > 0, height > 0, !farRight, !farDown else { return nil }
        let start = Point(x: max(left, 0), y: max(top, 0))
        let end = Point(x: min(right, size.width), y: min(bottom, size.height))
        guard end.x > start.x, end.y > start.y else { return nil }
        return Box(
            left: start.x, top: start.y, width: end.x - start.x, height: end.y - start.y)
    }
}

extension Insets {
    /// The part of a frame that they leave; nil when they leave nothing.
    fileprivate func clear(of size: PixelSize) -> Box? {
        let sides = [top, right, bottom, left]
        guard sides.allSatisfy({ (0...1_000_000).contains($0) }) else { return nil }
        return Box(
            left: left, top: top, width: size.width - left - right,
            height: size.height - top - bottom
        ).clipped(to: size)
    }

    /// As they are in a frame that is smaller than the largest one.
    func scaled(from largest: PixelSize, to size: PixelSize) -> Insets {
        let across = Double(size.width) / Double(max(largest.width, 1))
        let down = Double(size.height) / Double(max(largest.height, 1))
        func scale(_ inset: Int, _ share: Double) -> Int {
            Int(exactly: (Double(inset) * share).rounded()) ?? 0
        }
        return Insets(
            top: scale(top, down), right: scale(right, across), bottom: scale(bottom, down),
            left: scale(left, across))
    }
}
