#pragma once
#include "measure.h"

/// A surface of the fourth order over a picture, in each colour: what a studio's background is, bright and smooth, and
/// falling off as its lamps do.
enum { sluice_terms = 13 };
typedef struct {
    /// Of 1, u, v, uu, uv, vv, uuu, uuv, uvv, vvv, uuuu, uuvv, vvvv; u and v go from -1 to 1 across and down.
    float weights[3][sluice_terms];
} sluice_field;

/// The surface along a stretch of one row in one colour, 0 to 255.
/// - Parameter u, v: of the first pixel; `step`: what u grows by from pixel to pixel.
void sluice_field_line(
    const sluice_field *of, int color, float u, float step, float v, int count, float *restrict out);

/// The surface at one place, in as many colours.
void sluice_field_at(const sluice_field *of, float u, float v, int colors, float out[3]);

/// Fits the surface through the pixels that have `flag`, robustly: what is far off counts for nothing, and
/// what is clipped to white may as well be whiter.
/// - Parameters:
///   - flags: one byte a pixel.
///   - used: how many terms: 1, 3, 6, 10 or all.
/// - Returns: whether there were enough of them; `out` is as it was otherwise.
int sluice_fit_field(
    const sluice_view *in, const uint8_t *flags, uint8_t flag, int used, sluice_field *out);
