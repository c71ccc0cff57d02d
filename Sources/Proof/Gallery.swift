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

    /// - Parameter size: of the picture that `picture` shows, in whose pixels overlays are drawn.
    /// - Returns: the id to refer to it by.
    mutating func hang(_ picture: ProofSheet.Picture, size: PixelSize) -> String {
        let hash = ContentHash.of(picture.bytes + Data(size.description.utf8))
        let number = numbers[hash] ?? entries.count
        if number == entries.count {
            entries.append(Entry(picture: picture, size: size))
            numbers[hash] = number
        }
        return "p\(number)"
    }

    func draw(into page: inout Markup) {
        page.element("svg", ["class": "gallery", "aria-hidden": "true"]) { page in
            page.element("defs") { page in
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
}
