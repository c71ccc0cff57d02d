import CVips
import Foundation
import Model

/// A master whose header has passed the gate.
struct Master {
    private let bytes: Bytes
    private let header: Picture
    private let path: String
    let format: ImageFormat
    /// As it is meant to be seen.
    let size: PixelSize
    /// Stored with its width and height exchanged.
    let liesOnSide: Bool
    let hasAlpha: Bool
    /// Stored in inks.
    let isInked: Bool

    init(path: String, format: ImageFormat) throws(Refusal) {
        bytes = try Bytes(file: path, format: format)
        header = try bytes.open(format)
        self.path = path
        self.format = format
        try HeaderGate.check(header, format, ignoring: bytes.samples?.ignored ?? 0)
        let stored = header.size
        liesOnSide = header.orientation >= 5
        hasAlpha = header.hasAlpha
        isInked = header.space == VIPS_INTERPRETATION_CMYK
        size = liesOnSide ? PixelSize(width: stored.height, height: stored.width) : stored
    }

    func inspection() throws(Refusal) -> Inspection {
        var inspection = Inspection(
            format: format, size: size, orientation: header.orientation, pages: header.pages,
            bands: header.bands, bitsPerBand: 8 * header.bytesPerBand, hasAlpha: header.hasAlpha,
            space: header.spaceName, hasProfile: profile != nil)
        if let ignored = bytes.samples?.ignored, ignored > 0 {
            inspection.ignoredChannels = ignored
        }
        inspection.colors = bytes.colors.inWords
        inspection.metadata = MetadataReader.read(header, tiff: format == .tiff ? path : nil)
        inspection.profile = profile.map(ColorProfile.init).flatMap { profile in
            guard !profile.space.isEmpty else { return nil }
            return .init(
                name: profile.name, space: profile.space, fits: SRGB.takes(profile.space, header))
        }
        inspection.measurement = try measured()
        return inspection
    }

    /// That lies in the file, whole or not.
    private var profile: Data? {
        if case .profile(let bytes) = bytes.colors { return bytes ?? header.profile ?? Data() }
        return header.profile
    }

    /// Of a small decoding. Nil where its colours cannot be brought to sRGB without guessing:
    /// whether that matters is for the recipe, which may name what to assume.
    private func measured() throws(Refusal) -> PictureMeasurement? {
        do throws(Refusal) {
            // A measurement is no promise about colour: inks nobody knows are taken for usual ones.
            let usual = Assumption(rgb: header.claimsAdobeRGB ? "p3" : nil, cmyk: "cmyk")
            return try Measuring.measure(small(assuming: usual), of: size).measurement
        } catch {
            guard error.code == .color else { throw error }
            return nil
        }
    }

    /// Why its colours cannot be brought to sRGB; nil where they can.
    func colorFault(assuming assume: Assumption?) -> Refusal? {
        do throws(Refusal) {
            _ = try small(assuming: assume)
            return nil
        } catch {
            return error.code == .color ? error : nil
        }
    }

    /// The copy that is measured, upright: always the same one, whatever else is made of the master.
    private func small(assuming assume: Assumption?) throws(Refusal) -> Picture {
        // Twice as small as asked is what decoding leaves to a better filter.
        let reduction = 2 * Double(size.longSide) / Double(Measuring.working)
        return try decoded(reduction: reduction, assuming: assume).upright().plain().inMemory()
    }

    /// The wall behind the product; inside the line along the edges, where there is one.
    func parting(
        of measured: PictureMeasurement?, assuming assume: Assumption?
    ) throws(Refusal) -> Parting? {
        // What is cut out has no wall.
        guard !hasAlpha else { return nil }
        var copy = try small(assuming: assume)
        if let measured, let inner = measured.framed {
            let scale = Double(copy.size.longSide) / Double(measured.size.longSide)
            let box = inner.scaledInward(by: scale, in: copy.size)
            copy = try copy.cut(to: box.size, at: Point(x: box.left, y: box.top)).inMemory()
        }
        return try copy.withRaster { (raster) throws(Refusal) in
            try Parting(raster).flatMap { $0.isWall ? $0 : nil }
        }
    }

    /// What its numbers look like; nil where nothing says it, or nothing that is followed.
    func look(assuming assume: Assumption?) throws(Refusal) -> NumberLook? {
        NumberLook(
            try ColorMeaning(of: header.split().colors, said: bytes.colors, assuming: assume))
    }

    /// A small 8-bit copy, still lying as it was stored, with numbers as `look` takes them.
    func inOwnColors(_ look: NumberLook) throws(Refusal) -> Picture {
        let least = Double(MasterColors.working) / 2
        let shrink = [8, 4, 2].first { Double(size.longSide) / Double($0) >= least } ?? 1
        let opened = try bytes.open(format, shrink: format == .jpeg ? shrink : 1)
        return try look.prepared(opened).inMemory()
    }

    /// Decodes it, as 8-bit sRGB or in inks of 8 or 16 bits, in memory, still lying as it was
    /// stored.
    /// - Parameters:
    ///   - reduction: how many times smaller the largest of the wanted sizes is. Half of that, in
    ///     powers of two, is done while decoding; the other half is left to a better filter.
    ///   - assume: what the numbers of a master mean that does not say it itself.
    ///   - inks: nil for sRGB.
    ///   - paper: what is made opaque in inks lies on.
    func decoded(
        reduction: Double, assuming assume: Assumption? = nil, into inks: Inks? = nil,
        on paper: Color? = nil
    ) throws(Refusal) -> Picture {
        let shrink = [8, 4, 2].first { Double($0) * 2 <= reduction } ?? 1
        let inFile = format == .jpeg
        // Opened anew each time: what is read in order is read once.
        var picture = try bytes.open(format, shrink: inFile ? shrink : 1)
        if let inks {
            picture = try inks.convert(picture, said: bytes.colors, assuming: assume)
            if let paper { picture = try picture.flattened(onInks: inks.numbers(of: paper)) }
        } else {
            picture = try SRGB.convert(picture, said: bytes.colors, assuming: assume)
        }
        // Averaging colours without their transparency would let hidden ones shine through.
        if !inFile && !picture.hasAlpha && shrink > 1 {
            picture = try picture.shrunk(by: shrink)
        }
        return try picture.inMemory()
    }
}
