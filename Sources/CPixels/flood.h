#pragma once
// Floods a field of flags, one byte a pixel, in time and memory that grow with its size alone.
#include "include/raster.h"

typedef struct {
    uint8_t *flags;
    size_t width, height;
    /// Three entries a column, and 2 * sluice_most_reach more.
    uint8_t *scratch;
} sluice_flags;

/// The farthest that a pixel spreads.
enum { sluice_most_reach = 16 };

/// Sets `mark` on every pixel within `reach`, across and down, of one for which
/// `(flags & mask) == value`.
void sluice_spread(sluice_flags field, size_t reach, uint8_t mask, uint8_t value, uint8_t mark);

/// Sets `mark` on what is connected, by its sides and without `wall`, to a pixel with `seed`.
sluice_result sluice_walk(sluice_flags field, uint8_t wall, uint8_t seed, uint8_t mark);
