#pragma once
// Floods a field of flags, one byte a pixel, in time and memory that grow with its size alone.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint8_t *flags;
    size_t width, height;
    /// Three entries a column, and 2 * SLUICE_REACH more.
    uint8_t *scratch;
} SluiceField;

/// The farthest that a pixel spreads.
enum { SLUICE_REACH = 16 };

/// Sets `mark` on every pixel within `reach`, across and down, of one for which
/// `(flags & mask) == value`.
void sluice_spread(
    SluiceField field, size_t reach, uint8_t mask, uint8_t value, uint8_t mark);

/// Sets `mark` on what is connected, by its sides and without `wall`, to a pixel with `seed`.
/// - Returns: false without memory.
bool sluice_walk(SluiceField field, uint8_t wall, uint8_t seed, uint8_t mark);
