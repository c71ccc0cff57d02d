#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What becomes of a call.
typedef enum {
    sluice_done = 0,
    /// Nothing is written, or what is may be thrown away; the same may be done another time.
    sluice_no_memory = -1,
    /// A raster that is not sane, or not alike another that has to be; numbers that are out of bounds.
    sluice_bad_shape = -2,
} sluice_result;

enum {
    sluice_longest_side = 30000,
    /// Inks and transparency.
    sluice_most_bands = 5,
};

/// A decoded picture: 8 bits a band, bands side by side, rows without gaps.
typedef struct {
    uint8_t *bytes;
    /// 1 to `sluice_longest_side`.
    int width, height;
    /// 1 to `sluice_most_bands`.
    int bands;
    /// Bands of colour: the first 1 or 3.
    int colors;
    /// The band that is transparency, not multiplied into the others: the last one; -1: none.
    int alpha;
} sluice_raster;

/// All numbers are within their bounds, and there are bytes.
static inline bool sluice_is_sane(const sluice_raster *of) {
    if (!of->bytes || of->width < 1 || of->width > sluice_longest_side) return false;
    if (of->height < 1 || of->height > sluice_longest_side) return false;
    if (of->bands < 1 || of->bands > sluice_most_bands || of->colors > of->bands) return false;
    if (of->colors != 1 && of->colors != 3) return false;
    return of->alpha == -1 || (of->alpha == of->bands - 1 && of->alpha >= of->colors);
}

/// Right and bottom are the first column and row after it; empty where they are not greater.
typedef struct {
    int left, top, right, bottom;
} sluice_box;
