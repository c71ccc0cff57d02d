import Foundation
import Model

/// Every picture of a sheet once: shown small, large and enlarged by reference to one copy.
struct Gallery {
    private struct Entry {
        var picture: ProofSheet.Picture
        /// What it is drawn as; a preview stands for a larger picture.
        var size: PixelSize
    }

    private var entries: [Entry] = []
    private var numbers: [ContentHash: Int] = [:]
    private var backgrounds: Set<Color> = []

    /// - Parameters:
    ///   - size: of the picture that `picture` shows, in whose pixels overlays are drawn.
    ///   - faint: what its background should be.
    /// - Returns: the id to refer to it by.
    mutating func hang(
        _ picture: ProofSheet.Picture, size: PixelSize, faint: Color? = nil
    ) -> String {
        if let faint { backgrounds.insert(faint) }
        let hash = ContentHash.of(picture.bytes + Data(size.description.utf8))
        let number = numbers[hash] ?? entries.count
        if number == entries.count {
            entries.append(Entry(picture: picture, size: size))
            numbers[hash] = number
        }
        return "p\(number)"
    }

    /// The picture, and over it what is hardly to be seen, for when somebody asks for that.
    static func show(_ picture: String, faint: Color?, in page: inout Markup) {
        page.leaf("use", ["href": "#\(picture)"])
        if let faint { magnify(picture, faint: faint, in: &page, as: "faint") }
    }

    static func magnify(
        _ picture: String, faint: Color, in page: inout Markup, as kind: String = "magnified"
    ) {
        page.leaf(
            "use", ["href": "#\(picture)", "class": kind, "filter": "url(#\(filter(faint)))"])
    }

    func draw(into page: inout Markup) {
        page.element("svg", ["class": "gallery", "aria-hidden": "true"]) { page in
            page.element("defs") { page in
                for color in backgrounds.sorted(by: { $0.description < $1.description }) {
                    Self.draw(color, &page)
                }
                for (number, entry) in entries.enumerated() {
                    let bytes = entry.picture.bytes.base64EncodedString()
                    page.leaf(
                        "image",
                        [
                            "id": "p\(number)", "width": "\(entry.size.width)",
                            "height": "\(entry.size.height)", "preserveAspectRatio": "none",
                            "href": "data:\(entry.picture.mediaType);base64,\(bytes)",
                        ])
                }
            }
        }
    }

    private static func filter(_ background: Color) -> String {
        "faint-\(background.description.dropFirst())"
    }

    /// Every channel's distance from the background times sixteen, on white: one level in 255 can
    /// be seen, sixteen are black.
    private static func draw(_ background: Color, _ page: inout Markup) {
        page.element(
            "filter",
            [
                "id": filter(background), "color-interpolation-filters": "sRGB", "x": "0",
                "y": "0", "width": "1", "height": "1",
            ]
        ) { page in
            page.leaf("feFlood", ["flood-color": background.description, "result": "wanted"])
            page.leaf("feBlend", ["in": "SourceGraphic", "in2": "wanted", "mode": "difference"])
            page.element("feComponentTransfer") { page in
                page.leaf("feFuncR", ["type": "linear", "slope": "-16", "intercept": "1"])
                page.leaf("feFuncG", ["type": "linear", "slope": "-16", "intercept": "1"])
                page.leaf("feFuncB", ["type": "linear", "slope": "-16", "intercept": "1"])
            }
        }
    }
}
