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
