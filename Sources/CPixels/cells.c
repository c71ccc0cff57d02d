// Means over the cells of a grid: what a picture looks like from far away.
#include <stdlib.h>
#include <string.h>

#include "include/cells.h"

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

static void add_weighted(const uint8_t *restrict row, size_t width, uint32_t weight, uint32_t *restrict sums) {
    for (size_t i = 0; i < width; i++) sums[i] += row[i] * weight;
}

static void settle(uint16_t *restrict whole, size_t width, uint32_t *restrict sums) {
    for (size_t i = 0; i < width; i++) sums[i] += (uint32_t)whole[i] * 256;
    memset(whole, 0, width * sizeof *whole);
}

/// Rows from `from` to `to`, each counting by how much of it is between them. 30,000 rows of 255
/// stay below 2^31.
/// - Parameter whole: room for a row, all 0: rows that count wholly are added up in 16 bits.
static void add_rows(const sluice_view *of, int from, int to, uint16_t *whole, uint32_t *sums) {
    size_t width = (size_t)of->width * of->bands;
    int pending = 0;
    memset(sums, 0, width * sizeof *sums);
    for (int y = from / 256; y < of->height && y * 256 < to; y++) {
        uint32_t weight = (uint32_t)overlap(from, to, y);
        const uint8_t *row = of->data + (size_t)y * width;
        if (weight < 256) {
            add_weighted(row, width, weight, sums);
            continue;
        }
        add_whole(row, width, whole);
        if (++pending == most_whole) settle(whole, width, sums), pending = 0;
    }
    settle(whole, width, sums);
}

static void add_columns(
    const sluice_view *of, const uint32_t *sums, int from, int to, double *totals) {
    for (int b = 0; b < of->bands; b++) totals[b] = 0;
    for (int x = from / 256; x < of->width && x * 256 < to; x++) {
        double weight = overlap(from, to, x);
        for (int b = 0; b < of->bands; b++) totals[b] += weight * sums[x * of->bands + b];
    }
}

int sluice_cell_means(
    const sluice_view *of, const int *across, int columns, const int *down, int rows, float *means) {
    if (of->bands < 1 || of->bands > sluice_most_bands) return -1;
    size_t width = (size_t)of->width * of->bands;
    uint32_t *sums = malloc(width * sizeof *sums);
    uint16_t *whole = calloc(width, sizeof *whole);
    for (int r = 0; r < rows && sums && whole; r++) {
        add_rows(of, down[r], down[r + 1], whole, sums);
        for (int c = 0; c < columns; c++, means += of->bands) {
            double totals[sluice_most_bands], area = (double)(across[c + 1] - across[c]) * (down[r + 1] - down[r]);
            add_columns(of, sums, across[c], across[c + 1], totals);
            for (int b = 0; b < of->bands; b++) means[b] = area > 0 ? (float)(totals[b] / area) : 0;
        }
    }
    int result = sums && whole ? 0 : -1;
    free(whole);
    free(sums);
    return result;
}
