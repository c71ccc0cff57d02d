private import CPixels
private import CVips
import Model

// Making pictures smaller or larger. 8-bit pictures go through our own loops (`sluice_resample`),
// which take a sixth of libvips' time; whatever else there is goes through libvips.
extension Picture {
    /// Lanczos with three lobes, centres aligned. Colours under transparency do not bleed: nothing
    /// has to be multiplied before or divided afterwards.
    func resized(to target: PixelSize) throws(Refusal) -> Picture {
        guard target != size else { return self }
        guard suitsOwnLoops(target) else { return try resizedByLibvips(to: target) }
        return try made(target) { sluice_resample(&$0, sluice_vectors_best, &$1) }
    }

    /// Averages blocks of `factor` by `factor` pixels, colours counting by their opacity.
    func shrunk(by factor: Int) throws(Refusal) -> Picture {
        guard factor > 1 else { return self }
        let target = PixelSize(
            width: (size.width - 1) / factor + 1, height: (size.height - 1) / factor + 1)
        guard suitsOwnLoops(target) else {
            return try then { sluice_vips_shrink($0, $1, Int32(factor)) }
        }
        return try made(target) { sluice_block_average(&$0, Int32(factor), Int32(factor), &$1) }
    }

    private func resizedByLibvips(to target: PixelSize) throws(Refusal) -> Picture {
        try then {
            sluice_vips_resize(
                $0, $1, Double(target.width) / Double(size.width),
                Double(target.height) / Double(size.height))
        }
    }

    private func suitsOwnLoops(_ target: PixelSize) -> Bool {
        let longest = sluice_longest_side
        return format == VIPS_FORMAT_UCHAR && (1...4).contains(bands)
            && max(size.longSide, target.longSide) <= longest
    }

    /// A new picture in memory, with our metadata, whose pixels `loop` makes from ours.
    private func made(
        _ target: PixelSize, by loop: (inout sluice_raster, inout sluice_raster) -> sluice_result
    ) throws(Refusal) -> Picture {
        let source = try inMemory()
        let picture = try source.then {
            sluice_vips_blank($0, $1, Int32(target.width), Int32(target.height))
        }
        var (from, to) = (source.raster, picture.raster)
        let hasBytes = from.bytes != nil && to.bytes != nil
        try (hasBytes ? loop(&from, &to) : sluice_no_memory)
            .check("to scale a picture from \(size) to \(target)")
        return picture
    }

    private var raster: sluice_raster {
        sluice_raster(sluice_vips_pixels(pointer), size, bands: bands, hasAlpha: hasAlpha)
    }
}
