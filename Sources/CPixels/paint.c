#include "paint.h"

void sluice_flatten(
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

/// Studio swing: 235 is white, and so is all above.
enum { sluice_lifted_white = 245 };

static int is_white(const uint8_t *rgb) {
    return (rgb[0] & rgb[1] & rgb[2]) == 255;
}

void sluice_lift_white(
    const uint8_t *rgb, size_t width, size_t height, uint8_t *luma, size_t stride) {
    for (size_t y = 0; y < height; y++) {
        const uint8_t *row = rgb + 3 * width * y;
        const uint8_t *above = y > 0 ? row - 3 * width : row;
        const uint8_t *below = y + 1 < height ? row + 3 * width : row;
        // Columns of three white pixels in a row; beyond the frame all is white.
        size_t columns = 1;
        for (size_t x = 0; x <= width; x++) {
            int white = x == width || (is_white(above + 3 * x) && is_white(row + 3 * x) &&
                                       is_white(below + 3 * x));
            columns = white ? columns + 1 : 0;
            if (columns >= 3) luma[y * stride + x - 1] = sluice_lifted_white;
        }
    }
}
