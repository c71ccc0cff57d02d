#pragma once
// Boxes of pixels that were counted.
#include "include/raster.h"

/// Where pixels of a kind are: how many in each row and each column.
typedef struct {
    uint32_t *rows, *columns;
    /// What is not in `columns` yet, of the last rows: bytes are added up faster.
    uint8_t *recent;
    int width, recent_rows;
} sluice_counts;

/// - Parameter marks: a byte a pixel of the row, 1 or 0.
void sluice_mark_row(sluice_counts *in, int y, const uint8_t *marks);

/// Around all that is no dust; empty where there is nothing. `height` is the picture's.
sluice_box sluice_box_of(sluice_counts *of, int height);
