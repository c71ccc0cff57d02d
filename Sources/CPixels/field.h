#pragma once
// Surfaces over pictures: fitting them, and reading them.
#include "part.h"

/// The surface along a stretch of one row in one colour, 0 to 255.
/// - Parameter u, v: of the first pixel; `step`: what u grows by from pixel to pixel.
void sluice_field_line(
    const sluice_field *of, int color, float u, float step, float v, int count, float *restrict out);

/// The surface along `count` pixels of a picture's row, from the one at `x` on.
void sluice_field_row(
    const sluice_field *of, const sluice_raster *in, int color, int x, int y, int count, float *restrict out);

/// The surface at one place, in as many colours.
void sluice_field_at(const sluice_field *of, float u, float v, int colors, float out[3]);

/// Fits the surface through the pixels that have `flag`, robustly: what is far off counts for nothing, and
/// what is clipped to white may as well be whiter.
/// - Parameters:
///   - flags: one byte a pixel.
///   - used: how many terms: 1, 3, 6, 10 or all.
/// - Returns: whether there were enough of them; `out` is as it was otherwise.
bool sluice_fit_field(
    const sluice_raster *in, const uint8_t *flags, uint8_t flag, int used, sluice_field *out);
