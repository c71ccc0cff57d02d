/// Why the worker will not make or accept a picture.
package struct Refusal: Error, Hashable, Codable, Sendable, CustomStringConvertible {
    package enum Code: String, Codable, Sendable {
        /// Not a picture, cut off, or damaged: the master is at fault for every recipe.
        case unreadable
        /// Over the header gate: sides, pixels, pages or bands.
        case oversize
        /// A colour space we cannot bring to sRGB without guessing.
        case color
        /// The master has too few pixels for the smallest frame.
        case tooSmall = "too-small"
        /// No box of the product could be measured, and the profile says to hold.
        case unsure
        /// The picture cuts the product off, and the channel takes none such.
        case cropped
        /// There is a line all along the picture's edges.
        case framed
        /// Whitening would change the product.
        case touched
        /// No quality within the range reaches the byte floor.
        case tooLight = "too-light"
        /// No quality within the range fits the byte ceiling.
        case tooHeavy = "too-heavy"
        /// The recipe asks for what cannot be painted: the profile is at fault.
        case unsupported
        /// The disk or the host: nobody's fault, try again.
        case resources
        /// More memory than a worker may have: another worker may have it, once.
        case memory
        /// The worker died over it.
        case crashed
    }

    package var code: Code
    /// What, why and what would help; lower case, no final stop.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    /// True where every recipe of the master would fail the same way.
    package var blamesMaster: Bool {
        switch code {
        case .unreadable, .oversize: true
        // Another recipe may say what to assume.
        case .color, .tooSmall, .unsure, .cropped, .framed, .touched, .tooLight, .tooHeavy,
            .unsupported, .resources, .memory,
            .crashed:
            false
        }
    }
}
