#pragma once
// Looking at what lies behind a picture's pixels.
#include "part.h"

/// The mask's row that a picture's is in.
static inline int row_behind(const sluice_backdrop *of, int y) {
    int row = (int)((float)y * of->scale);
    return row < of->height ? row : of->height - 1;
}

static inline uint8_t kind_behind(const sluice_backdrop *of, int x, int y) {
    int column = (int)((float)x * of->scale);
    if (column >= of->width) column = of->width - 1;
    return of->mask[(size_t)row_behind(of, y) * (size_t)of->width + (size_t)column];
}

/// Whether a product that crosses a side, or what encoders do beside it, is at this pixel, which is less than
/// `depth` from that side.
static inline bool is_crossed(const sluice_backdrop *behind, int width, int height, int depth, int x, int y) {
    if (!(kind_behind(behind, x, y) & sluice_beside)) return false;
    const int depths[] = {y, width - 1 - x, height - 1 - y, x};
    for (int side = 0; side < 4; side++)
        if (depths[side] < depth && behind->parting->crossed[side].share > 0) return true;
    return false;
}
