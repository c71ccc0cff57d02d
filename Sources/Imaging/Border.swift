private import CPixels
private import CVips
import Model

/// The pixels near the edge of a decoded picture, and how far they are from a colour.
struct Border {
    private let picture: Picture

    /// - Parameter picture: in memory, 8-bit grey or sRGB.
    init(of picture: Picture) { self.picture = picture }

    /// One for each of `Receipt.Ring.shares`, in one pass over the widest.
    func rings(against color: Color) throws(Refusal) -> [Receipt.Ring] {
        let short = Double(picture.size.shortSide)
        let widths = Receipt.Ring.shares.map { max(1, Int((short * $0).rounded(.up))) }
        let limit = widths.max() ?? 1
        return try picture.withRaster { (raster) throws(Refusal) in
            var raster = raster
            var spots = [sluice_spot](repeating: sluice_spot(), count: limit)
            let wanted = [color.red, color.green, color.blue]
            sluice_measure_depths(&raster, wanted, Int32(limit), &spots)
            return zip(Receipt.Ring.shares, widths).map { share, width in
                let worst = spots.prefix(width).max { $0.distance < $1.distance }
                let at = Point(x: Int(worst?.x ?? 0), y: Int(worst?.y ?? 0))
                return Receipt.Ring(
                    share: share, worst: Int(worst?.distance ?? 0), at: at,
                    color: raster.color(at: at))
            }
        }
    }
}
