#pragma once
// Boxes of pixels that were counted.
#include "measure.h"

/// Where pixels of a kind are: how many in each row and each column.
typedef struct {
    uint32_t *rows, *columns;
} sluice_counts;

static inline void sluice_mark(sluice_counts *in, int x, int y) {
    in->rows[y]++;
    in->columns[x]++;
}

/// Around all that is no dust; empty where there is nothing. `width` and `height` are the picture's.
sluice_box sluice_box_of(const sluice_counts *of, int width, int height);
