// Means over the cells of a grid: what a picture looks like from far away.
#include <stdlib.h>
#include <string.h>

#include "include/cells.h"
#include "pixels.h"

static int overlap(int from, int to, int pixel) {
    int start = pixel * 256, end = start + 256;
    if (from > start) start = from;
    if (to < end) end = to;
    return end > start ? end - start : 0;
}

/// Rows that 16 bits have room for.
enum { most_whole = 257 };

static void add_whole(const uint8_t *restrict row, size_t width, uint16_t *restrict sums) {
    for (size_t i = 0; i < width; i++) sums[i] += row[i];
}

static void add_weighted(
    const uint8_t *restrict row, size_t width, uint32_t weight, uint32_t *restrict sums) {
    for (size_t i = 0; i < width; i++) sums[i] += row[i] * weight;
}

static void settle(uint16_t *restrict whole, size_t width, uint32_t *restrict sums) {
    for (size_t i = 0; i < width; i++) sums[i] += (uint32_t)whole[i] * 256;
    memset(whole, 0, width * sizeof *whole);
}

/// Rows from `from` to `to`, each counting by how much of it is between them. 30,000 rows of 255
/// stay below 2^31.
/// - Parameter whole: room for a row, all 0: rows that count wholly are added up in 16 bits.
static void add_rows(const sluice_raster *of, int from, int to, uint16_t *whole, uint32_t *sums) {
    size_t width = (size_t)of->width * of->bands;
    int pending = 0;
    memset(sums, 0, width * sizeof *sums);
    for (int y = from / 256; y < of->height && y * 256 < to; y++) {
        uint32_t weight = (uint32_t)overlap(from, to, y);
        const uint8_t *row = at(of, 0, y);
        if (weight < 256) {
            add_weighted(row, width, weight, sums);
            continue;
        }
        add_whole(row, width, whole);
        if (++pending == most_whole) settle(whole, width, sums), pending = 0;
    }
    settle(whole, width, sums);
}

static inline __attribute__((always_inline)) void add_columns(
    const sluice_raster *of, const uint32_t *sums, int from, int to, int bands, double *totals) {
    for (int b = 0; b < bands; b++) totals[b] = 0;
    for (int x = from / 256; x < of->width && x * 256 < to; x++) {
        double weight = overlap(from, to, x);
        for (int b = 0; b < bands; b++) totals[b] += weight * sums[x * bands + b];
    }
}

sluice_result sluice_cell_means(
    const sluice_raster *of, const int *across, int columns, const int *down, int rows, float *means) {
    if (!sluice_is_sane(of)) return sluice_bad_shape;
    size_t width = (size_t)of->width * of->bands;
    uint32_t *sums = malloc(width * sizeof *sums);
    uint16_t *whole = calloc(width, sizeof *whole);
    for (int r = 0; r < rows && sums && whole; r++) {
        add_rows(of, down[r], down[r + 1], whole, sums);
        for (int c = 0; c < columns; c++, means += of->bands) {
            double area = (double)(across[c + 1] - across[c]) * (down[r + 1] - down[r]),
                   totals[sluice_most_bands];
            // The common case, in a loop that compilers unroll.
            if (of->bands == 3) add_columns(of, sums, across[c], across[c + 1], 3, totals);
            else add_columns(of, sums, across[c], across[c + 1], of->bands, totals);
            for (int b = 0; b < of->bands; b++) means[b] = area > 0 ? (float)(totals[b] / area) : 0;
        }
    }
    sluice_result result = sums && whole ? sluice_done : sluice_no_memory;
    free(whole);
    free(sums);
    return result;
}
