import CPixels
import Model

/// Where a product reaches the sides of its box: the boxes of round and pointed things are empty
/// nearly everywhere along them.
enum ProductContacts {
    /// Along each side the pixel least like the background, in a strip as thick as the box is exact.
    /// - Parameters:
    ///   - box: in pixels of the raster.
    ///   - thickness: of the strips, at least 1.
    /// - Returns: top, right, bottom, left.
    static func find(
        _ box: Box, in raster: sluice_raster, _ ring: sluice_ring, byAlpha: Bool, thickness: Int
    ) -> [Point] {
        let (across, down) = (min(thickness, box.width), min(thickness, box.height))
        let strips = [
            Box(left: box.left, top: box.top, width: box.width, height: down),
            Box(left: box.right - across, top: box.top, width: across, height: box.height),
            Box(left: box.left, top: box.bottom - down, width: box.width, height: down),
            Box(left: box.left, top: box.top, width: across, height: box.height),
        ]
        let color = [ring.color.0, ring.color.1, ring.color.2]
        var raster = raster
        return strips.map { strip in
            var spot = sluice_spot()
            sluice_measure_box(&raster, color, byAlpha, strip.bounds, &spot)
            return Point(x: Int(spot.x), y: Int(spot.y))
        }
    }
}

extension Box {
    /// As C's loops take it.
    var bounds: sluice_box {
        sluice_box(
            left: Int32(left), top: Int32(top), right: Int32(right), bottom: Int32(bottom))
    }
}
