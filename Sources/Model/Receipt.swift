/// What was measured in the encoded rendition by a process that never saw its master. Verdicts
/// are computed from this, so that a changed rule needs no render.
package struct Receipt: Hashable, Codable, Sendable {
    package var sha256: ContentHash
    package var bytes: Int64
    package var format: ImageFormat
    package var size: PixelSize
    package var bands: Int
    package var hasAlpha: Bool
    /// libvips' name of the interpretation; srgb or b-w for what we send.
    package var space: String
    /// One entry per share in `Ring.shares`, when a background colour was named.
    package var rings: [Ring]
    /// Name → version of the libraries that made and measured it. Never part of a key.
    package var renderer: [String: String]
    /// Encoder quality that was used; nil for lossless.
    package var quality: Int?
    package var measurement: PictureMeasurement?
    /// The background that is seen through the product: the piece whose mean is farthest from the
    /// background's colour; nil where there is none, or no colour was asked for.
    package var enclosed: Enclosed?
    /// Along the picture's own edges inside the frame: the pixel farthest from the background's colour; nil
    /// where the picture reaches the frame all around, or no colour was asked for.
    package var seam: Ring.Spot?
    /// Kinds of metadata that are in the file: `KeptField`s, and `icc`, `position`, `serial`,
    /// `thumbnail` or `other` for what should not be.
    package var metadata: [String] = []
    package var isProgressive = false
    /// Pixels per inch, as the file claims.
    package var density: Double?
    /// Against the master; nil when there was nothing to compare.
    package var colorShift: ColorShift?

    package init(
        sha256: ContentHash, bytes: Int64, format: ImageFormat, size: PixelSize, bands: Int,
        hasAlpha: Bool, space: String, rings: [Ring], renderer: [String: String],
        quality: Int? = nil
    ) {
        self.sha256 = sha256
        self.bytes = bytes
        self.format = format
        self.size = size
        self.bands = bands
        self.hasAlpha = hasAlpha
        self.space = space
        self.rings = rings
        self.renderer = renderer
        self.quality = quality
    }

    /// The border of the frame, `share` of the shorter side wide (at least one pixel), and its
    /// pixel farthest from the background colour.
    package struct Ring: Hashable, Codable, Sendable {
        /// Widths that are measured, as a share of the shorter side. A profile's `ring` names
        /// one of them.
        package static let shares: [Double] = [0.005, 0.01, 0.02, 0.03, 0.05]

        package var share: Double
        /// Largest distance in any channel, 0 to 255.
        package var worst: Int
        package var at: Point
        package var color: Color
        /// The same without what the product crosses, where it crosses anything.
        package var background: Spot?

        package struct Spot: Hashable, Codable, Sendable {
            package var worst: Int
            package var at: Point
            package var color: Color

            package init(worst: Int, at: Point, color: Color) {
                self.worst = worst
                self.at = at
                self.color = color
            }
        }

        package init(
            share: Double, worst: Int, at: Point, color: Color, background: Spot? = nil
        ) {
            self.share = share
            self.worst = worst
            self.at = at
            self.color = color
            self.background = background
        }

        /// - Parameter open: where the product crosses the edge, that counts for nothing.
        package func worstSpot(open: Bool) -> Spot {
            if open, let background { return background }
            return Spot(worst: worst, at: at, color: color)
        }
    }

    package struct Enclosed: Hashable, Codable, Sendable {
        package var pieces: Int
        package var worst: Ring.Spot

        package init(pieces: Int, worst: Ring.Spot) {
            self.pieces = pieces
            self.worst = worst
        }
    }

    /// CIEDE2000 between the master and the rendition, on a small grid of averages over what both
    /// show. 1 is just noticeable.
    package struct ColorShift: Hashable, Codable, Sendable {
        package var mean: Double
        package var worst: Double

        package init(mean: Double, worst: Double) {
            self.mean = mean
            self.worst = worst
        }
    }
}

// Receipts of earlier versions are in the ledger, without the fields that were added.
extension Receipt {
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            sha256: try values.decode(ContentHash.self, forKey: .sha256),
            bytes: try values.decode(Int64.self, forKey: .bytes),
            format: try values.decode(ImageFormat.self, forKey: .format),
            size: try values.decode(PixelSize.self, forKey: .size),
            bands: try values.decode(Int.self, forKey: .bands),
            hasAlpha: try values.decode(Bool.self, forKey: .hasAlpha),
            space: try values.decode(String.self, forKey: .space),
            rings: try values.decode([Ring].self, forKey: .rings),
            renderer: try values.decode([String: String].self, forKey: .renderer),
            quality: try values.decodeIfPresent(Int.self, forKey: .quality))
        measurement = try values.decodeIfPresent(PictureMeasurement.self, forKey: .measurement)
        metadata = try values.decodeIfPresent([String].self, forKey: .metadata) ?? []
        isProgressive = try values.decodeIfPresent(Bool.self, forKey: .isProgressive) ?? false
        density = try values.decodeIfPresent(Double.self, forKey: .density)
        enclosed = try values.decodeIfPresent(Enclosed.self, forKey: .enclosed)
        seam = try values.decodeIfPresent(Ring.Spot.self, forKey: .seam)
        colorShift = try values.decodeIfPresent(ColorShift.self, forKey: .colorShift)
    }
}
