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
    /// For people who hear the page.
    var label: String

    struct Ring {
        /// Pixels.
        var width: Int
        var worst: Point
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

    /// The long side of what is shown, over which lines and letters are sized.
    private var unit: Double { Double(max(size.longSide, 1)) / 100 }

    func draw(into page: inout Markup, room: Room) {
        let shown = shown(in: room)
        page.element(
            "svg",
            [
                "class": "shot", "role": "img", "aria-label": label,
                "viewBox": "0 0 \(size.width) \(size.height)", "width": shown.width,
                "height": shown.height,
            ]
        ) { page in
            if let picture { page.leaf("use", ["href": "#\(picture)"]) }
            drawSafe(&page)
            drawRing(&page)
            drawBox(extent, "extent", &page)
            drawBox(product, "product", &page)
        }
    }

    /// Without anything drawn on it.
    func drawPlain(into page: inout Markup, room: Room) {
        var plain = self
        (plain.product, plain.extent, plain.ring, plain.safe) = (nil, nil, nil, nil)
        plain.draw(into: &page, room: room)
    }

    /// Small pictures are shown at most twice their size.
    private func shown(in room: Room) -> (width: String, height: String) {
        let (width, height) = (Double(max(size.width, 1)), Double(max(size.height, 1)))
        let scale = min(room.width / width, room.height / height, 2)
        return (
            Wording.decimal(max(1, width * scale), 0), Wording.decimal(max(1, height * scale), 0)
        )
    }

    private func drawBox(_ box: Box?, _ kind: String, _ page: inout Markup) {
        guard let box = box?.clipped(to: size) else { return }
        page.element("g", ["class": "mark \(kind)"]) { page in
            for layer in ["under", "over"] {
                page.leaf(
                    "rect",
                    [
                        "class": layer, "x": "\(box.left)", "y": "\(box.top)",
                        "width": "\(box.width)", "height": "\(box.height)",
                    ])
            }
            label("\(kind) \(box.width) × \(box.height)", at: box, kind, &page)
        }
    }

    /// Inside the box at the top left for the product, at the bottom left for the extent: they
    /// often share their corners.
    private func label(_ words: String, at box: Box, _ kind: String, _ page: inout Markup) {
        let y =
            kind == "product"
            ? Double(box.top) + 3.2 * unit : Double(box.bottom) - 1.4 * unit
        page.element(
            "text",
            [
                "x": Wording.decimal(Double(box.left) + 1.2 * unit, 1),
                "y": Wording.decimal(y, 1), "font-size": Wording.decimal(2.4 * unit, 1),
                "stroke-width": Wording.decimal(0.6 * unit, 2),
            ], words)
    }

    private func drawRing(_ page: inout Markup) {
        guard let ring else { return }
        let width = min(max(ring.width, 1), size.shortSide / 2)
        let (right, bottom) = (size.width - width, size.height - width)
        page.element("g", ["class": "mark ring"]) { page in
            if right > width, bottom > width {
                let outer = "M0 0H\(size.width)V\(size.height)H0Z"
                let inner = "M\(width) \(width)V\(bottom)H\(right)V\(width)Z"
                page.leaf("path", ["class": "band", "d": outer + inner])
            }
            drawWorst(ring, &page)
        }
    }

    private func drawWorst(_ ring: Ring, _ page: inout Markup) {
        let at = ring.worst.inside(size)
        let radius = Wording.decimal(max(1.8 * unit, 2), 1)
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
            for layer in ["under", "over"] {
                page.leaf(
                    "rect",
                    [
                        "class": layer, "x": "\(clear.left)", "y": "\(clear.top)",
                        "width": "\(clear.width)", "height": "\(clear.height)",
                    ])
            }
        }
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
