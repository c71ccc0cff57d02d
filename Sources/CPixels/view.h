#pragma once
// Looking at single pixels of a view.
#include "measure.h"

static inline int greater(int a, int b) { return a > b ? a : b; }
static inline int smaller(int a, int b) { return a < b ? a : b; }
static inline int difference(int a, int b) { return a > b ? a - b : b - a; }

/// Where a pixel's middle lies on the way from -1 to 1.
static inline float sluice_along(int place, int count) {
    return ((float)place + 0.5f) / (float)count * 2 - 1;
}

enum {
    /// No studio's wall is darker in any colour, or more coloured, where its lamps reach least.
    dimmest = 176,
    most_colored = 28,
};

static inline int is_pale(const uint8_t *pixel, int colors) {
    int low = 255, high = 0;
    for (int c = 0; c < colors; c++) {
        low = smaller(low, pixel[c]);
        high = greater(high, pixel[c]);
    }
    return low >= dimmest && high - low <= most_colored;
}

static inline const uint8_t *at(const sluice_view *of, int x, int y) {
    return of->data + ((size_t)y * of->width + x) * of->bands;
}

static inline int distance(const uint8_t *pixel, const uint8_t *from, int colors) {
    int most = 0;
    for (int c = 0; c < colors; c++) most = greater(most, difference(pixel[c], from[c]));
    return most;
}
