/// What a master's header, metadata and pixels say.
package struct Inspection: Hashable, Codable, Sendable {
    /// The colour profile that lies in the file.
    package struct Profile: Hashable, Codable, Sendable {
        /// Its description, as its maker wrote it.
        package var name: String
        /// `RGB`, `CMYK`, `GRAY`, `Lab`: what it is for.
        package var space: String
        /// It is for colours as the picture has them.
        package var fits: Bool

        package init(name: String, space: String, fits: Bool) {
            self.name = name
            self.space = space
            self.fits = fits
        }
    }

    package var format: ImageFormat
    /// Upright: after the EXIF orientation was applied.
    package var size: PixelSize
    /// 1 to 8.
    package var orientation: Int
    package var pages: Int
    package var bands: Int
    package var bitsPerBand: Int
    package var hasAlpha: Bool
    /// Channels beside colours and transparency, such as a saved selection, which nothing is made of.
    package var ignoredChannels: Int?
    /// libvips' name of the interpretation: srgb, cmyk, b-w, rgb16, lab ...
    package var space: String
    package var hasProfile: Bool
    package var profile: Profile?
    /// What the file says its colours are, in words, where no profile does: `Display P3 (cICP)`.
    package var colors: String?
    package var metadata = PictureMetadata()
    /// Nil where the colours cannot be brought to sRGB without guessing.
    package var measurement: PictureMeasurement?

    package init(
        format: ImageFormat, size: PixelSize, orientation: Int, pages: Int, bands: Int,
        bitsPerBand: Int, hasAlpha: Bool, space: String, hasProfile: Bool
    ) {
        self.format = format
        self.size = size
        self.orientation = orientation
        self.pages = pages
        self.bands = bands
        self.bitsPerBand = bitsPerBand
        self.hasAlpha = hasAlpha
        self.space = space
        self.hasProfile = hasProfile
    }
}

extension Inspection {
    /// Of channels that nothing is made of, in words for people.
    package static func told(ignored count: Int) -> String {
        count == 1
            ? "an extra channel that says nothing of transparency was ignored"
            : "\(count) extra channels that say nothing of transparency were ignored"
    }

    /// A worker reads foreign bytes: what it says of them is believed within these bounds only.
    package var isBounded: Bool {
        size.isBounded && metadata.isBounded && measurement?.isBounded ?? true
            && (0...1000).contains(ignoredChannels ?? 0)
    }
}

extension Receipt {
    package var isBounded: Bool {
        let spots =
            rings.compactMap(\.background?.at) + [enclosed?.worst.at, seam?.at].compactMap(\.self)
        return size.isBounded && measurement?.isBounded ?? true
            && (rings.map(\.at) + spots).allSatisfy(\.isBounded)
            && (colorShift.map { (0...1000).contains($0.mean) && (0...1000).contains($0.worst) }
                ?? true)
    }
}

extension Expectation {
    /// What one worker says is handed to another.
    package var isBounded: Bool {
        enclosed.count <= 16 && seams.count <= 4 && (enclosed + seams).allSatisfy(\.isBounded)
    }
}

extension PictureMeasurement {
    fileprivate var isBounded: Bool {
        let boxes = [product, extent, framed].compactMap(\.self) + (enclosed ?? [])
        let points = [background.at] + (touches ?? [])
        return size.isBounded && boxes.allSatisfy(\.isBounded) && points.allSatisfy(\.isBounded)
            && enclosed?.count ?? 0 <= 16 && touches?.count ?? 0 <= 4
            && (framed.map { $0.width > 0 && $0.height > 0 && $0.cut(to: Box(size)) == $0 } ?? true)
            && (crossings ?? []).allSatisfy(\.isBounded) && crossings?.count ?? 0 <= 4
    }
}

extension PictureMeasurement.Crossing {
    fileprivate var isBounded: Bool {
        (0...60_000).contains(from) && (0...60_000).contains(to) && (0...1).contains(share ?? 0)
    }
}

extension Box {
    fileprivate var isBounded: Bool {
        [left, top, width, height].allSatisfy { (-60_000...60_000).contains($0) }
    }
}

extension Point {
    fileprivate var isBounded: Bool {
        (-60_000...60_000).contains(x) && (-60_000...60_000).contains(y)
    }
}

extension PixelSize {
    /// As `HeaderGate` has it; what is larger was never decoded.
    fileprivate var isBounded: Bool {
        (1...30_000).contains(width) && (1...30_000).contains(height)
    }
}
