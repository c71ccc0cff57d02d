import Model

/// A few pixels, enlarged until each can be told from its neighbour.
struct Zoom {
    var picture: String
    /// Of the whole picture.
    var size: PixelSize
    var title: String
    var words: String
    var center: Point
    /// What the background should be.
    var faint: Color?
    /// Shown with differences from the background magnified, whatever is switched on.
    var isMagnified = false
    /// One pixel to point at.
    var pixel: Point?
    var isBroken = false
    /// Drawn where it passes through.
    var box: Box?

    /// Side of the tile in pixels of the picture: an odd number has a middle.
    static let side = 25

    func draw(into page: inout Markup) {
        let frame = window
        page.element("figure", ["class": "zoom"]) { page in
            page.element(
                "svg",
                [
                    "role": "img", "aria-label": "\(title), enlarged",
                    "viewBox": "\(frame.left) \(frame.top) \(frame.width) \(frame.height)",
                    "width": "118", "height": "118",
                ]
            ) { page in
                if isMagnified, let faint {
                    Gallery.magnify(picture, faint: faint, in: &page)
                } else {
                    Gallery.show(picture, faint: faint, in: &page)
                }
                drawBox(&page)
                drawPixel(&page)
            }
            page.element("figcaption") { page in
                page.element("b", title)
                page.element("span", words)
            }
        }
    }

    /// Shifted into the picture where its centre is near an edge.
    private var window: Box {
        let middle = center.inside(size)
        let (width, height) = (min(Self.side, size.width), min(Self.side, size.height))
        return Box(
            left: min(max(0, middle.x - width / 2), size.width - width),
            top: min(max(0, middle.y - height / 2), size.height - height),
            width: width, height: height)
    }

    private func drawBox(_ page: inout Markup) {
        guard let box = box?.clipped(to: size) else { return }
        page.element("g", ["class": "mark product"]) { page in
            for layer in ["under", "over"] { page.outline(box, layer) }
        }
    }

    private func drawPixel(_ page: inout Markup) {
        guard let pixel = pixel?.inside(size) else { return }
        page.element("g", ["class": "mark ring"]) { page in
            for layer in ["under", "over"] {
                page.outline(
                    Box(left: pixel.x, top: pixel.y, width: 1, height: 1),
                    isBroken ? "\(layer) broken" : layer)
            }
        }
    }
}

extension Zoom {
    /// The worst pixel of the border, and the four sides of the product where halos show.
    static func tiles(
        of picture: String, _ measured: PictureMeasurement?, ring: Receipt.Ring?, isBroken: Bool,
        size: PixelSize, faint: Color?
    ) -> [Zoom] {
        var tiles = edges(of: picture, measured, size)
        if let ring {
            let worst = Zoom(
                picture: picture, size: size, title: "worst border pixel",
                words: "\(ring.color) at \(ring.at.x), \(ring.at.y)", center: ring.at,
                pixel: ring.at, isBroken: isBroken)
            var magnified = worst
            (magnified.title, magnified.isMagnified) = ("the same × 16", true)
            magnified.words = "\(ring.worst) away"
            tiles.insert(contentsOf: faint == nil ? [worst] : [worst, magnified], at: 0)
        }
        for index in tiles.indices { tiles[index].faint = faint }
        return tiles
    }

    /// Where the product reaches the sides of its box; without that their middles.
    private static func edges(
        of picture: String, _ measured: PictureMeasurement?, _ size: PixelSize
    ) -> [Zoom] {
        guard let box = measured?.product?.clipped(to: size) else { return [] }
        let middle = Point(x: box.left + box.width / 2, y: box.top + box.height / 2)
        let middles = [
            Point(x: middle.x, y: box.top), Point(x: box.right, y: middle.y),
            Point(x: middle.x, y: box.bottom), Point(x: box.left, y: middle.y),
        ]
        let found = measured?.touches ?? []
        let titles = ["top edge", "right edge", "bottom edge", "left edge"]
        return zip(titles, found.count == titles.count ? found : middles).map { title, center in
            Zoom(
                picture: picture, size: size, title: title, words: "\(center.x), \(center.y)",
                center: center, box: box)
        }
    }
}
