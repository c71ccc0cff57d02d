private import CPixels
private import CVips
import Model

/// The pixels near the edge of a decoded picture, and how far they are from a colour.
struct Border {
    private let picture: Picture
    private let parting: Parting?

    /// - Parameters:
    ///   - picture: in memory, 8-bit grey or sRGB.
    ///   - parting: of it; what crosses its edge is told apart.
    init(of picture: Picture, before parting: Parting?) {
        self.picture = picture
        self.parting = parting
    }

    /// One for each of `Receipt.Ring.shares`, in one pass over the widest.
    func rings(against color: Color) throws(Refusal) -> [Receipt.Ring] {
        let short = Double(picture.size.shortSide)
        let widths = Receipt.Ring.shares.map { max(1, Int((short * $0).rounded(.up))) }
        return try picture.withRaster { (raster) throws(Refusal) in
            let limit = widths.max() ?? 1
            let all = depths(of: raster, from: color, limit, behind: nil)
            let open = parting.flatMap { parting in
                parting.crossesEdge
                    ? parting.withBackdrop { depths(of: raster, from: color, limit, behind: $0) }
                    : nil
            }
            return zip(Receipt.Ring.shares, widths).map { share, width in
                let worst = spot(all.prefix(width), raster)
                return Receipt.Ring(
                    share: share, worst: worst.worst, at: worst.at, color: worst.color,
                    background: open.flatMap { found(in: $0.prefix(width), raster) })
            }
        }
    }

    /// - Parameter pieces: squares of what should be of the colour.
    func enclosed(_ pieces: [Box], against color: Color) throws(Refusal) -> Receipt.Enclosed? {
        let inside = pieces.compactMap { $0.cut(to: Box(picture.size)) }
        guard !inside.isEmpty else { return nil }
        return try picture.withRaster { (raster) throws(Refusal) in
            var raster = raster
            let spots = inside.map { box in
                var spot = sluice_spot()
                // An encoder's traces of the edges around it go all over a small piece.
                sluice_measure_mean(
                    &raster, [color.red, color.green, color.blue], box.bounds, &spot)
                return spot
            }
            return Receipt.Enclosed(pieces: inside.count, worst: spot(spots, raster))
        }
    }

    /// - Parameter strips: of what should be no seam to the colour.
    func seam(_ strips: [Box], against color: Color) throws(Refusal) -> Receipt.Ring.Spot? {
        let inside = strips.compactMap { $0.cut(to: Box(picture.size)) }
        guard !inside.isEmpty else { return nil }
        return try picture.withRaster { (raster) throws(Refusal) in
            var raster = raster
            let spots = inside.map { box in
                var spot = sluice_spot()
                sluice_measure_box(
                    &raster, [color.red, color.green, color.blue], false, box.bounds, &spot)
                return spot
            }
            return spot(spots, raster)
        }
    }

    private func depths(
        of raster: sluice_raster, from color: Color, _ limit: Int,
        behind: UnsafePointer<sluice_backdrop>?
    ) -> [sluice_spot] {
        var raster = raster
        var spots = [sluice_spot](repeating: sluice_spot(), count: limit)
        sluice_measure_depths(
            &raster, [color.red, color.green, color.blue], Int32(limit), behind, &spots)
        return spots
    }

    /// Nil where the product is all along there, and nothing was looked at.
    private func found(
        in depths: some Collection<sluice_spot>, _ raster: sluice_raster
    ) -> Receipt.Ring.Spot? {
        depths.allSatisfy { $0.distance < 0 } ? nil : spot(depths, raster)
    }

    private func spot(
        _ depths: some Sequence<sluice_spot>, _ raster: sluice_raster
    ) -> Receipt.Ring.Spot {
        let worst = depths.max { $0.distance < $1.distance }
        let at = Point(x: Int(worst?.x ?? 0), y: Int(worst?.y ?? 0))
        return Receipt.Ring.Spot(
            worst: max(0, Int(worst?.distance ?? 0)), at: at, color: raster.color(at: at))
    }
}
