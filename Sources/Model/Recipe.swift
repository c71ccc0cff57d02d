package enum Fit: String, Codable, Sendable, CaseIterable {
    /// The whole picture inside the frame, the rest painted in the background colour.
    case pad
    /// The frame filled, what is over cut off evenly.
    case cover
    /// The whole picture, no frame: the result has the picture's own proportions.
    case inside
}

/// Which part of a picture stays when a frame is filled by cutting.
package enum Anchor: String, Codable, Sendable, CaseIterable {
    case center
    /// Where the eye is drawn to, as libvips' smartcrop sees it.
    case attention
    /// The spot that the sidecar names; the centre where it names none.
    case focus
}

/// How much of the frame the product takes.
package struct Fill: Hashable, Codable, Sendable {
    package enum Measure: String, Codable, Sendable, CaseIterable {
        /// The larger of (box width / frame width) and (box height / frame height).
        case side
        /// Box area / frame area.
        case area
    }

    package var by: Measure
    /// Shares, 0 to 1.
    package var min: Double
    package var max: Double

    package init(by: Measure = .side, min: Double, max: Double) {
        self.by = by
        self.min = min
        self.max = max
    }

    package func share(of box: PixelSize, in frame: PixelSize) -> Double {
        let across = Double(box.width) / Double(frame.width)
        let down = Double(box.height) / Double(frame.height)
        return by == .side ? Swift.max(across, down) : across * down
    }
}

/// What to do with a picture whose product cannot be told from its background.
package enum Unsure: String, Codable, Sendable, CaseIterable {
    case hold
    /// Painted as it is; the fill is not demanded.
    case pass
}

/// What to do with a picture whose product is cut off at its edges.
package enum Cropped: String, Codable, Sendable, CaseIterable {
    /// Where the product has to be known whole, a person decides.
    case hold
    /// It stands at the same edges of the frame; only free sides are padded.
    case flush
    /// The channel takes none.
    case refuse
}

/// What to do with a line or a bar all along a picture's edges.
package enum Framed: String, Codable, Sendable, CaseIterable {
    case cut, refuse
}

/// Turns a nearly right background into exactly the right one.
package struct Whitening: Hashable, Codable, Sendable {
    package enum Shadow: String, Codable, Sendable, CaseIterable {
        case keep, remove
    }

    /// More than a quarter of the way to black is no nearly right background any more.
    package static let most = 64

    /// Largest distance in any channel, up to `most`, that counts as background.
    package var bound: Int
    package var shadow: Shadow
    /// The background may fall off by so much, as a smooth surface: the picture is divided by that. Nil: it
    /// is one colour, give or take.
    package var smooth: Smooth?

    package struct Smooth: Hashable, Codable, Sendable {
        /// Levels by which a small square of the product (2 % of the long side) may change all over.
        package var touch: Int
        /// For people: what would change by more is painted red, rather than refused. No profile can say it.
        package var marks: Bool?

        package init(touch: Int = 2) { self.touch = touch }
    }

    package init(bound: Int, shadow: Shadow = .keep, smooth: Smooth? = nil) {
        self.bound = bound
        self.shadow = shadow
        self.smooth = smooth
    }
}

/// What the numbers in the finished file mean.
package enum OutputColor: String, Codable, Sendable, CaseIterable {
    case srgb, gray
    /// By `Recipe.inks`, which is embedded.
    case cmyk
}

/// For masters that do not say what their numbers mean: names of colour profiles, either built into
/// libvips (`srgb`, `p3`, `cmyk`) or of a file installed below /usr/share/color/icc. Untagged RGB
/// and grey are sRGB unless said otherwise; untagged CMYK is refused unless something is said.
package struct Assumption: Hashable, Codable, Sendable {
    package var rgb: String?
    package var cmyk: String?

    package init(rgb: String? = nil, cmyk: String? = nil) {
        self.rgb = rgb
        self.cmyk = cmyk
    }
}

/// Metadata that a rendition may carry on; everything else is stripped.
package enum KeptField: String, Codable, Sendable, CaseIterable {
    case copyright, credit, creator
    case usageTerms = "usage-terms"
    case digitalSourceType = "digital-source-type"
}

/// Everything the worker needs to know to paint one rendition: resolved, nothing inherited. Part
/// of the rendition key, so only what changes pixels or bytes belongs here. A field that is added
/// must have a default that means what was done before: defaults stay out of the key.
package struct Recipe: Hashable, Codable, Sendable {
    package var size: SizeRange
    package var fit: Fit
    /// Painted behind transparency and around a padded picture; nil only where neither is
    /// possible to need (the profile's loader sees to that).
    package var background: Color?
    package var format: ImageFormat
    /// Encoder quality, 1 to 100: the highest that fits `maxBytes`, never below `minQuality`.
    package var minQuality: Int
    package var maxQuality: Int
    /// Ceiling of the encoded file in bytes.
    package var maxBytes: Int64?
    /// False: the picture is never enlarged.
    package var upscale: Bool

    /// Floor of the encoded file in bytes.
    package var minBytes: Int64?
    /// Trimmed to the product and scaled so that it fills so much; nil: the picture as it is.
    package var fill: Fill?
    package var unsure = Unsure.hold
    package var cropped = Cropped.hold
    /// Nil: refused where the background or the product's size is asked for.
    package var framed: Framed?
    /// For `cover`.
    package var anchor = Anchor.center
    /// Kept clear of the product.
    package var safe: Insets?
    package var whiten: Whitening?
    package var color = OutputColor.srgb
    /// Name of the colour profile for `cmyk` output; see `Assumption`.
    package var inks: String?
    package var assume: Assumption?
    package var progressive = false
    /// Pixels per inch, written into the file.
    package var density: Int?
    package var keep: [KeptField] = []

    package init(
        size: SizeRange, fit: Fit, background: Color?, format: ImageFormat, minQuality: Int,
        maxQuality: Int, maxBytes: Int64?, upscale: Bool = false
    ) {
        self.size = size
        self.fit = fit
        self.background = background
        self.format = format
        self.minQuality = minQuality
        self.maxQuality = maxQuality
        self.maxBytes = maxBytes
        self.upscale = upscale
    }
}

/// What of one picture, besides its bytes and a recipe, decides a rendition of it.
package struct RenditionInputs: Hashable, Codable, Sendable {
    /// For recipes whose anchor is `focus`.
    package var focus: Focus?
    /// `KeptField` → the text to write.
    package var kept: [String: String]

    package init(focus: Focus? = nil, kept: [String: String] = [:]) {
        self.focus = focus
        self.kept = kept
    }

    package static let none = RenditionInputs()
}

// The ledger's rows and the rendition keys are this text: a field that was added later is written
// only where it differs from its default, and may be missing.
extension Recipe {
    private enum CodingKeys: String, CodingKey {
        case size, fit, background, format, minQuality, maxQuality, maxBytes, upscale
        case minBytes, fill, unsure, anchor, safe, whiten, color, inks, assume, progressive, density
        case keep, cropped, framed
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func added<Value: Decodable>(_ key: CodingKeys, or usual: Value) throws -> Value {
            try values.decodeIfPresent(Value.self, forKey: key) ?? usual
        }
        self.init(
            size: try values.decode(SizeRange.self, forKey: .size),
            fit: try values.decode(Fit.self, forKey: .fit),
            background: try values.decodeIfPresent(Color.self, forKey: .background),
            format: try values.decode(ImageFormat.self, forKey: .format),
            minQuality: try values.decode(Int.self, forKey: .minQuality),
            maxQuality: try values.decode(Int.self, forKey: .maxQuality),
            maxBytes: try values.decodeIfPresent(Int64.self, forKey: .maxBytes),
            upscale: try values.decode(Bool.self, forKey: .upscale))
        minBytes = try values.decodeIfPresent(Int64.self, forKey: .minBytes)
        fill = try values.decodeIfPresent(Fill.self, forKey: .fill)
        unsure = try added(.unsure, or: unsure)
        anchor = try added(.anchor, or: anchor)
        safe = try values.decodeIfPresent(Insets.self, forKey: .safe)
        whiten = try values.decodeIfPresent(Whitening.self, forKey: .whiten)
        color = try added(.color, or: color)
        inks = try values.decodeIfPresent(String.self, forKey: .inks)
        assume = try values.decodeIfPresent(Assumption.self, forKey: .assume)
        progressive = try added(.progressive, or: progressive)
        density = try values.decodeIfPresent(Int.self, forKey: .density)
        keep = try added(.keep, or: keep)
        cropped = try added(.cropped, or: cropped)
        framed = try values.decodeIfPresent(Framed.self, forKey: .framed)
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        let usual = Recipe(
            size: size, fit: fit, background: background, format: format, minQuality: minQuality,
            maxQuality: maxQuality, maxBytes: maxBytes, upscale: upscale)
        func added<Value: Encodable & Equatable>(
            _ key: CodingKeys, _ field: KeyPath<Recipe, Value>
        ) throws {
            guard self[keyPath: field] != usual[keyPath: field] else { return }
            try values.encode(self[keyPath: field], forKey: key)
        }
        try values.encode(size, forKey: .size)
        try values.encode(fit, forKey: .fit)
        try values.encodeIfPresent(background, forKey: .background)
        try values.encode(format, forKey: .format)
        try values.encode(minQuality, forKey: .minQuality)
        try values.encode(maxQuality, forKey: .maxQuality)
        try values.encodeIfPresent(maxBytes, forKey: .maxBytes)
        try values.encode(upscale, forKey: .upscale)
        try added(.minBytes, \.minBytes)
        try added(.fill, \.fill)
        try added(.unsure, \.unsure)
        try added(.anchor, \.anchor)
        try added(.safe, \.safe)
        try added(.whiten, \.whiten)
        try added(.color, \.color)
        try added(.inks, \.inks)
        try added(.assume, \.assume)
        try added(.progressive, \.progressive)
        try added(.density, \.density)
        try added(.keep, \.keep)
        try added(.cropped, \.cropped)
        try added(.framed, \.framed)
    }
}
