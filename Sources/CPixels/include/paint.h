#pragma once
#include "raster.h"

/// Red, green, blue and alpha on a colour, rounded to the nearest: opaque stays exactly what it is,
/// see-through becomes exactly the colour, whatever it hides.
/// - Parameters:
///   - gone, whole: what is up to so opaque is not there, and from `whole` on as it is; in between it fades; 0 to 255. 0, 0:
///     all is as it is.
///   - to: red, green and blue, as large as `from`.
sluice_result sluice_flatten(
    const sluice_raster *from, const uint8_t color[3], unsigned gone, unsigned whole, sluice_raster *to);

/// Brightens what is pure white, and all around it is, beyond the white of video, which decoders cut
/// off again: what an encoder does to it by a few levels is not seen.
/// - Parameters:
///   - of: red, green and blue.
///   - luma: of the same picture, 16 to 235, `stride` bytes a row; changed in place.
sluice_result sluice_lift_white(const sluice_raster *of, uint8_t *luma, size_t stride);
