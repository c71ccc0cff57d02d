#include "paint.h"

void sluice_flatten(const uint8_t *rgba, size_t count, const uint8_t color[3], uint8_t *rgb) {
    for (size_t i = 0; i < count; i++) {
        unsigned alpha = rgba[4 * i + 3];
        for (size_t band = 0; band < 3; band++) {
            unsigned sum = rgba[4 * i + band] * alpha + color[band] * (255 - alpha);
            rgb[3 * i + band] = (uint8_t)((sum + 127) / 255);
        }
    }
}

static uint8_t to_byte(float value) {
    // Not a number is no comparison's match, and becomes 0.
    return value >= 255 ? 255 : value > 0 ? (uint8_t)(value + 0.5f) : 0;
}

void sluice_unpremultiply(const float *from, size_t count, uint8_t *rgba) {
    for (size_t i = 0; i < count; i++) {
        uint8_t alpha = to_byte(from[4 * i + 3]);
        float scale = alpha ? 255 / from[4 * i + 3] : 0;
        for (size_t band = 0; band < 3; band++) {
            rgba[4 * i + band] = to_byte(from[4 * i + band] * scale);
        }
        rgba[4 * i + 3] = alpha;
    }
}
