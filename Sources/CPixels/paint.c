#include "include/paint.h"

#include "pixels.h"

static void flatten(
    const uint8_t *rgba, size_t count, const uint8_t color[3], unsigned gone, unsigned whole, uint8_t *rgb) {
    for (size_t i = 0; i < count; i++) {
        unsigned alpha = rgba[4 * i + 3];
        if (alpha <= gone) alpha = gone ? 0 : alpha;
        else if (alpha < whole) alpha = (alpha - gone) * whole / (whole - gone);
        for (size_t band = 0; band < 3; band++) {
            unsigned sum = rgba[4 * i + band] * alpha + color[band] * (255 - alpha);
            rgb[3 * i + band] = (uint8_t)((sum + 127) / 255);
        }
    }
}

sluice_result sluice_flatten(
    const sluice_raster *from, const uint8_t color[3], unsigned gone, unsigned whole, sluice_raster *to) {
    if (!sluice_is_sane(from) || from->bands != 4 || from->alpha != 3) return sluice_bad_shape;
    if (!sluice_is_sane(to) || to->bands != 3 || to->width != from->width || to->height != from->height)
        return sluice_bad_shape;
    flatten(from->bytes, (size_t)from->width * (size_t)from->height, color, gone, whole, to->bytes);
    return sluice_done;
}

/// Studio swing: 235 is white, and so is all above.
enum { lifted_white = 245 };

static bool is_white(const uint8_t *rgb) { return (rgb[0] & rgb[1] & rgb[2]) == 255; }

sluice_result sluice_lift_white(const sluice_raster *of, uint8_t *luma, size_t stride) {
    if (!sluice_is_sane(of) || of->bands != 3) return sluice_bad_shape;
    size_t width = (size_t)of->width;
    for (int y = 0; y < of->height; y++) {
        const uint8_t *row = at(of, 0, y);
        const uint8_t *above = y > 0 ? row - 3 * width : row,
                      *below = y + 1 < of->height ? row + 3 * width : row;
        // Columns of three white pixels in a row; beyond the frame all is white.
        size_t columns = 1;
        for (size_t x = 0; x <= width; x++) {
            bool white =
                x == width || (is_white(above + 3 * x) && is_white(row + 3 * x) && is_white(below + 3 * x));
            columns = white ? columns + 1 : 0;
            if (columns >= 3) luma[(size_t)y * stride + x - 1] = lifted_white;
        }
    }
    return sluice_done;
}
