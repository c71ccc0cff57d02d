#pragma once
// Looks at a picture row by row, each colour by itself, so that sixteen pixels are looked at at once: a byte
// a pixel, none of which asks for a branch.
#include "include/measure.h"

/// What is told of a row's pixels; each has room for whole lanes.
typedef struct {
    const sluice_raster *in;
    /// What the row is held against: planes of `stride` bytes, one after the other.
    uint8_t *likely;
    int stride;
    /// How far a pixel is from what is likely; how far brighter, in the colour where it is most so; and what
    /// lies between that colour and the least bright one.
    uint8_t *off, *above, *spread;
    /// The largest step to the pixels around. How far the pixel is off the line between those two steps
    /// away: edges and texture bend, the ramp of a soft shadow hardly does.
    uint8_t *slope, *bend;
    /// The row that was read. Five rows around it, with two pixels more at each end; the last of them.
    int row;
    uint8_t *around;
    int last;
} sluice_rows;

/// To be closed, whatever comes of it.
sluice_result sluice_open_rows(const sluice_raster *in, sluice_rows *out);
void sluice_close_rows(sluice_rows *of);

/// What a row is held against in a colour.
static inline uint8_t *likely_in_row(const sluice_rows *of, int color) {
    return of->likely + (size_t)color * (size_t)of->stride;
}

/// Fills `off`, `above` and `spread`. Rows are read in their order, once or again from the beginning.
/// - Returns: how far the pixel is that is farthest off.
int sluice_read_row(sluice_rows *in, int y);

/// A colour of the row that was read, or of one of the two above and below it: from the first pixel on.
const uint8_t *sluice_row_around(const sluice_rows *of, int y, int color);

/// Fills `slope` and `bend` of the row that was read.
void sluice_read_steps(sluice_rows *in, int y);
