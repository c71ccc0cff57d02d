// Averages of whole blocks: what a strong reduction begins with, and the level from which all the
// small sizes of a picture are made.
#include <stdlib.h>
#include <string.h>

#include "include/resample.h"
#include "pixels.h"

static void add_row(const uint8_t *row, uint64_t *sums, int width, int bands, int across) {
    for (int x = 0; x < width; x++, row += bands) {
        uint64_t *sum = sums + (size_t)(x / across) * (bands + 1);
        for (int b = 0; b < bands; b++) sum[b] += row[b];
        sum[bands]++;
    }
}

/// Colours weighted by their opacity, which is summed in the place of the last band.
static void add_row_with_alpha(const uint8_t *row, uint64_t *sums, int width, int bands, int across) {
    for (int x = 0; x < width; x++, row += bands) {
        uint64_t *sum = sums + (size_t)(x / across) * (bands + 1);
        unsigned alpha = row[bands - 1];
        for (int b = 0; b < bands - 1; b++) sum[b] += row[b] * alpha;
        sum[bands - 1] += alpha;
        sum[bands]++;
    }
}

static uint8_t share(uint64_t sum, uint64_t of) { return of ? (uint8_t)((sum + of / 2) / of) : 0; }

static void divide_sums(const uint64_t *sums, sluice_raster *to, int y) {
    int bands = to->bands;
    uint8_t *row = at(to, 0, y);
    for (int x = 0; x < to->width; x++, sums += bands + 1, row += bands) {
        uint64_t by = to->alpha >= 0 ? sums[bands - 1] : sums[bands];
        for (int b = 0; b < bands; b++) row[b] = share(sums[b], b == to->alpha ? sums[bands] : by);
    }
}

static sluice_result average_blocks(const sluice_raster *from, int across, int down, sluice_raster *to) {
    size_t all = (size_t)to->width * (to->bands + 1);
    uint64_t *sums = malloc(all * sizeof *sums);
    if (!sums) return sluice_no_memory;
    for (int y = 0; y < to->height; y++) {
        memset(sums, 0, all * sizeof *sums);
        for (int i = y * down; i < smaller((y + 1) * down, from->height); i++)
            (from->alpha >= 0 ? add_row_with_alpha
                              : add_row)(at(from, 0, i), sums, from->width, from->bands, across);
        divide_sums(sums, to, y);
    }
    free(sums);
    return sluice_done;
}

sluice_result sluice_block_average(const sluice_raster *from, int across, int down, sluice_raster *to) {
    if (across < 1 || down < 1 || !are_alike(from, to)) return sluice_bad_shape;
    if (to->width != (from->width - 1) / across + 1 || to->height != (from->height - 1) / down + 1)
        return sluice_bad_shape;
    if (from->alpha < 0 && across == down && across <= sluice_most_reduced)
        return sluice_reduce(from, across, to);
    return average_blocks(from, across, down, to);
}
