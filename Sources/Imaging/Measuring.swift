import CPixels
import Model

/// Measures decoded pixels, of masters and of renditions alike: the background along the border, and
/// the box of what lies on it. What cannot be told for certain is `unsure`, never a wrong box.
enum Measuring {
    /// Boxes are found on averages that keep the long side at least this long: exact to a
    /// thousandth of the picture, and cheap however large it is.
    static let working = 1000

    private enum Limit {
        /// Faint parts may lie so far outside the clear ones, as a share of the long side: what an
        /// encoder's ringing and a soft edge need.
        static let margin = 0.015
        /// But never less than this many pixels: ringing goes as far as a block with its colours
        /// halved, 16 pixels, and fades before.
        static let ringing = 12
        /// The smallest product box that is believed: a dust speck, a label or a reflex is smaller
        /// than a fiftieth of the long side.
        static let smallest = 0.02
    }

    /// What was measured, and what it was measured against.
    struct Reading {
        var measurement: PictureMeasurement
        /// Nil where there is no studio's wall, or nothing but one colour all along the border.
        var parting: Parting?
    }

    /// - Parameters:
    ///   - picture: upright, in memory, 8-bit grey or sRGB, with or without transparency.
    ///   - size: of the whole picture, where `picture` is a smaller decoding of it.
    ///   - isFinished: it is one of ours, trimmed to its product perhaps: what stands at its edges and how
    ///     it is framed was asked of its master.
    static func measure(
        _ picture: Picture, of size: PixelSize, isFinished: Bool = false
    ) throws(Refusal) -> Reading {
        guard !isFinished else { return try measureInside(picture, of: size, isFinished: true) }
        let inset = try picture.withRaster { (raster) -> Int in
            var raster = raster
            return Int(sluice_find_edging(&raster))
        }
        guard inset > 0 else { return try measureInside(picture, of: size) }
        // What mixes with the line is left out with it.
        let inner = Box(picture.size).inset(by: inset + 1)
        let inside = try picture.cut(to: inner.size, at: Point(x: inner.left, y: inner.top))
            .inMemory()
        let whole = inner.scaledInward(
            by: Double(size.longSide) / Double(picture.size.longSide), in: size)
        var reading = try measureInside(inside, of: whole.size)
        reading.measurement.place(in: whole, of: size)
        return reading
    }

    private static func measureInside(
        _ picture: Picture, of size: PixelSize, isFinished: Bool = false
    ) throws(Refusal) -> Reading {
        let scale = Double(size.longSide) / Double(picture.size.longSide)
        return try picture.withRaster { (raster) throws(Refusal) in
            var raster = raster
            var tones = sluice_tones()
            sluice_measure_tones(&raster, &tones)
            let backdrop = try Backdrop(raster, isFinished: isFinished)
            var found = try objects(in: raster, on: backdrop, isFinished)
            // A closer look, where the border alone told enough to look at all.
            if found.unsure != nil, let closer = try backdrop.closer(raster) {
                let again = try objects(in: raster, on: closer, isFinished)
                if again.unsure == nil { found = again }
            }
            var measured = PictureMeasurement(
                found.scaled(by: scale * found.factor, in: size), size: size,
                background: .init(backdrop, raster, scale: scale, in: size),
                tones: tones, raster)
            measured.crossings = backdrop.parting?.crossings(scale: scale, in: size) ?? []
            measured.enclosed = backdrop.parting?.enclosed(scale: scale)
            measured.settleCrossings()
            // A cut-out that touches every edge is trimmed, and not cut off.
            if backdrop.kind == .transparent, measured.cut.count == 4 {
                measured.cut = []
                measured.crossings = []
            }
            let here = found.scaled(by: found.factor, in: picture.size).product
            measured.touches = here.map { box in
                ProductContacts.find(
                    box, in: raster, backdrop.ring, byAlpha: backdrop.kind == .transparent,
                    thickness: 2 * Int(found.factor) + 1
                ).map { $0.scaled(by: scale, in: size) }
            }
            return Reading(measurement: measured, parting: backdrop.parting)
        }
    }

    /// Boxes in pixels of a working copy that is `factor` times smaller.
    struct Found {
        var factor = 1.0
        var product: Box?
        var extent: Box?
        var unsure: String?
        var cut: [PictureMeasurement.Edge] = []
    }

    private static func objects(
        in raster: sluice_raster, on backdrop: Backdrop, _ isFinished: Bool
    ) throws(Refusal) -> Found {
        guard backdrop.kind != .scene else {
            return Found(unsure: "there is no plain background around the product")
        }
        if let doubt = backdrop.parting?.doubt(isFinished: isFinished) {
            return Found(unsure: doubt)
        }
        let factor = max(1, Int(max(raster.width, raster.height)) / working)
        let width = (Int(raster.width) + factor - 1) / factor
        let height = (Int(raster.height) + factor - 1) / factor
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(
            capacity: factor == 1 ? 1 : width * height * Int(raster.bands))
        defer { copy.deallocate() }
        var from = raster
        var small = raster
        if factor > 1 {
            small.bytes = copy.baseAddress
            (small.width, small.height) = (Int32(width), Int32(height))
            try sluice_reduce(&from, Int32(factor), &small).check("to measure the picture")
        }
        let ring = backdrop.ring(
            of: small, depth: max(1, (min(width, height) + 99) / 100), shrunkBy: factor)
        let finding = try backdrop.find(in: small, ring, shrunkBy: factor)
        var found = judged(finding, PixelSize(width: width, height: height))
        found.factor = Double(factor)
        return found
    }

    private static func judged(_ finding: sluice_finding, _ size: PixelSize) -> Found {
        let (solid, traced) = (Box(finding.solid), Box(finding.traced))
        var found = Found(extent: Box(finding.extent))
        guard let solid else {
            found.unsure =
                traced == nil
                ? "nothing differs from the background"
                : "the product is hardly different from its background"
            return found
        }
        let long = Double(size.longSide)
        let margin = max(Limit.ringing, Int((long * Limit.margin).rounded(.up)))
        guard solid.covers(traced ?? solid, margin: margin) else {
            found.unsure =
                "parts of the product are hardly different from the background: clear is"
                + " \(solid.share(of: size)) of the picture, faint edges go beyond"
            return found
        }
        guard Double(solid.size.longSide) >= long * Limit.smallest else {
            found.unsure =
                "what stands out is \(solid.share(of: size)) of the picture, too small for a product"
            return found
        }
        found.product = solid
        found.cut = solid.edges(in: size)
        return found
    }
}

extension Measuring.Found {
    fileprivate func scaled(by factor: Double, in size: PixelSize) -> Self {
        var found = self
        found.product = product?.scaled(by: factor, in: size)
        found.extent = extent?.scaled(by: factor, in: size)
        return found
    }
}

extension PictureMeasurement {
    fileprivate init(
        _ found: Measuring.Found, size: PixelSize, background: Background, tones: sluice_tones,
        _ raster: sluice_raster
    ) {
        let count = Double(max(1, tones.count))
        func channels(_ values: (UInt64, UInt64, UInt64)) -> [Double] {
            Array([values.0, values.1, values.2].prefix(Int(raster.colors)))
                .map { Double($0) / count }
        }
        self.init(
            size: size, product: found.product, extent: found.extent, unsure: found.unsure,
            cut: found.cut, background: background, mean: channels(tones.sum),
            clipped: zip(channels(tones.low), channels(tones.high)).map(Clipping.init))
    }
}

extension PictureMeasurement {
    /// A product that crosses an edge reaches it with its box, and the other way round.
    fileprivate mutating func settleCrossings() {
        let known = Set((crossings ?? []).map(\.edge))
        if let box = product {
            product = box.reaching(known, in: size)
            extent = extent?.reaching(known, in: size)
            // What is too thin to be seen in a small copy is one pixel of the edge, or a few.
            for edge in cut where !known.contains(edge) {
                let (from, to) = edge.isLevel ? (box.left, box.right) : (box.top, box.bottom)
                crossings?.append(Crossing(edge: edge, from: from, to: to, share: nil))
            }
        }
        cut = Edge.allCases.filter { known.contains($0) || cut.contains($0) }
    }
}

extension PictureMeasurement.Background {
    fileprivate init(
        _ backdrop: Backdrop, _ raster: sluice_raster, scale: Double, in size: PixelSize
    ) {
        let ring = backdrop.ring
        let at = Point(x: Int(ring.worst.x), y: Int(ring.worst.y))
        self.init(
            kind: backdrop.kind,
            color: Color(red: ring.color.0, green: ring.color.1, blue: ring.color.2),
            worst: max(0, Int(ring.worst.distance)),
            at: at.scaled(by: scale, in: size),
            worstColor: raster.color(at: at))
        darkest = backdrop.parting?.darkest
    }
}

extension sluice_raster {
    /// Grey is the same in all three.
    func color(at point: Point) -> Color {
        let start = (point.y * Int(width) + point.x) * Int(bands)
        let step = colors == 3 ? 1 : 0
        return Color(
            red: bytes[start], green: bytes[start + step], blue: bytes[start + 2 * step])
    }
}

extension Picture {
    /// The pixels of an 8-bit grey or colour picture in memory, as C's loops take them.
    func withRaster<Value>(
        _ body: (sluice_raster) throws(Refusal) -> Value
    ) throws(Refusal) -> Value {
        let (size, bands, hasAlpha) = (size, bands, hasAlpha)
        let result = try withPixels { pixels -> Swift.Result<Value, Refusal> in
            // Only read.
            var raster = sluice_raster(
                UnsafeMutablePointer(mutating: pixels.baseAddress), size, bands: bands,
                hasAlpha: hasAlpha)
            do throws(Refusal) {
                // What cannot fail does not look at it again.
                let isSane = sluice_is_sane(&raster)
                try (isSane ? sluice_done : sluice_bad_shape).check("to look at a picture")
                return .success(try body(raster))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
