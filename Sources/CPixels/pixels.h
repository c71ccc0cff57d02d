#pragma once
// Numbers, and single pixels of a raster.
#include "include/raster.h"

/// Sane, and with the same bands.
static inline bool are_alike(const sluice_raster *one, const sluice_raster *other) {
    return sluice_is_sane(one) && sluice_is_sane(other) && one->bands == other->bands
           && one->colors == other->colors && one->alpha == other->alpha;
}

static inline int greater(int a, int b) { return a > b ? a : b; }
static inline int smaller(int a, int b) { return a < b ? a : b; }
static inline int difference(int a, int b) { return a > b ? a - b : b - a; }
static inline int magnitude(int value) { return value < 0 ? -value : value; }
/// The nearest place that there is.
static inline int kept(int place, int count) { return smaller(greater(place, 0), count - 1); }

/// Where a pixel's middle lies on the way from -1 to 1.
static inline float on_the_way(int place, int count) { return ((float)place + 0.5f) / (float)count * 2 - 1; }

/// The first value up to which there are at least `part` / `of` of all that is counted; else the last value.
static inline int quantile(
    const uint32_t *histogram, int values, uint64_t count, uint32_t part, uint32_t of) {
    uint64_t seen = 0;
    for (int value = 0; value < values; value++) {
        seen += histogram[value];
        if (of * seen >= part * count) return value;
    }
    return values - 1;
}

/// The places above, below and at both sides of one, as many as there are.
static inline int places_beside(size_t place, size_t width, size_t height, size_t out[4]) {
    size_t x = place % width, y = place / width;
    int count = 0;
    if (x > 0) out[count++] = place - 1;
    if (x + 1 < width) out[count++] = place + 1;
    if (y > 0) out[count++] = place - width;
    if (y + 1 < height) out[count++] = place + width;
    return count;
}

enum {
    /// No studio's wall is darker in any colour, or more coloured, where its lamps reach least.
    dimmest = 176,
    most_colored = 28,
};

static inline bool is_pale(const uint8_t *pixel, int colors) {
    int low = 255, high = 0;
    for (int c = 0; c < colors; c++) {
        low = smaller(low, pixel[c]);
        high = greater(high, pixel[c]);
    }
    return low >= dimmest && high - low <= most_colored;
}

static inline uint8_t *at(const sluice_raster *of, int x, int y) {
    return of->bytes + ((size_t)y * of->width + x) * of->bands;
}

static inline int distance(const uint8_t *pixel, const uint8_t *from, int colors) {
    int most = 0;
    for (int c = 0; c < colors; c++) most = greater(most, difference(pixel[c], from[c]));
    return most;
}

/// Pixels' colours, each by itself.
static inline void take_apart(
    const uint8_t *pixel, size_t count, int bands, int colors, uint8_t *const planes[3]) {
    if (colors == 1) {
        for (size_t i = 0; i < count; i++) planes[0][i] = pixel[i * (size_t)bands];
        return;
    }
    uint8_t *red = planes[0], *green = planes[1], *blue = planes[2];
    for (size_t i = 0; i < count; i++, pixel += bands) {
        red[i] = pixel[0];
        green[i] = pixel[1];
        blue[i] = pixel[2];
    }
}
