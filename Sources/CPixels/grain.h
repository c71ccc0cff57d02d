#pragma once
// The grain in shadows, for pictures whose border has been painted and tells nothing of it; and whether
// what is pale is a shadow at all: it fades into the background, a pale product ends.
#include "include/measure.h"

typedef struct {
    /// For each tile, as in `sluice_ring`.
    uint8_t *noise;
    /// How far each pixel is from the background, the mean of 25.
    uint8_t *away;
    int width, height, across, down;
} sluice_grain;

/// To be freed, whatever comes of it.
sluice_result sluice_find_grain(const sluice_raster *in, const uint8_t background[3], sluice_grain *out);
void sluice_free_grain(sluice_grain *of);

enum {
    sluice_tile = 32,
    /// Grain of a standard deviation of 5; what is stronger is texture.
    sluice_most_grain = 28,
};

static inline int sluice_grain_at(const sluice_grain *of, int x, int y) {
    return of->noise[y / sluice_tile * of->across + x / sluice_tile];
}

/// Whether all that is outside of a box fades into the background.
bool sluice_fades(const sluice_grain *of, sluice_box box);
