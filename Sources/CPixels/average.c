// Averages of whole blocks: what a strong reduction begins with, and the level from which all the
// small sizes of a picture are made.
#include <stdlib.h>
#include <string.h>

#include "include/measure.h"
#include "include/resample.h"

static void add_row(const uint8_t *row, uint64_t *sums, int width, int bands, int across) {
    for (int x = 0; x < width; x++, row += bands) {
        uint64_t *sum = sums + (size_t)(x / across) * (bands + 1);
        for (int b = 0; b < bands; b++) sum[b] += row[b];
        sum[bands]++;
    }
}

/// Colours weighted by their opacity, which is summed in the place of the last band.
static void add_row_with_alpha(
    const uint8_t *row, uint64_t *sums, int width, int bands, int across) {
    for (int x = 0; x < width; x++, row += bands) {
        uint64_t *sum = sums + (size_t)(x / across) * (bands + 1);
        unsigned alpha = row[bands - 1];
        for (int b = 0; b < bands - 1; b++) sum[b] += row[b] * alpha;
        sum[bands - 1] += alpha;
        sum[bands]++;
    }
}

static uint8_t share(uint64_t sum, uint64_t of) {
    return of ? (uint8_t)((sum + of / 2) / of) : 0;
}

static void divide_sums(
    const uint64_t *sums, const struct sluice_raster *to, int y) {
    int bands = to->bands;
    uint8_t *row = to->bytes + (size_t)y * to->width * bands;
    for (int x = 0; x < to->width; x++, sums += bands + 1, row += bands) {
        uint64_t by = to->has_alpha ? sums[bands - 1] : sums[bands];
        for (int b = 0; b < bands - to->has_alpha; b++) row[b] = share(sums[b], by);
        if (to->has_alpha) row[bands - 1] = share(sums[bands - 1], sums[bands]);
    }
}

static int average_blocks(
    const struct sluice_raster *from, const struct sluice_raster *to, int across, int down) {
    size_t all = (size_t)to->width * (to->bands + 1);
    uint64_t *sums = malloc(all * sizeof *sums);
    if (!sums) return -1;
    for (int y = 0; y < to->height; y++) {
        memset(sums, 0, all * sizeof *sums);
        int end = (y + 1) * down < from->height ? (y + 1) * down : from->height;
        for (int i = y * down; i < end; i++) {
            const uint8_t *row = from->bytes + (size_t)i * from->width * from->bands;
            (from->has_alpha ? add_row_with_alpha : add_row)(
                row, sums, from->width, from->bands, across);
        }
        divide_sums(sums, to, y);
    }
    free(sums);
    return 0;
}

static inline __attribute__((always_inline)) void halve_rows(
    const uint8_t *restrict above, const uint8_t *restrict below, uint8_t *restrict to, int width,
    int bands) {
    for (int x = 0; x < width; x++) {
        for (int b = 0; b < bands; b++) {
            int left = 2 * x * bands + b, right = left + bands;
            to[x * bands + b] =
                (uint8_t)((above[left] + above[right] + below[left] + below[right] + 2) >> 2);
        }
    }
}

/// Two by two, opaque, even sides: the common case, in a loop that compilers make vectors of.
static void halve(const struct sluice_raster *from, const struct sluice_raster *to) {
    size_t row = (size_t)from->width * from->bands, made = (size_t)to->width * to->bands;
    for (int y = 0; y < to->height; y++) {
        const uint8_t *above = from->bytes + 2 * (size_t)y * row;
        uint8_t *out = to->bytes + (size_t)y * made;
        if (from->bands == 3) halve_rows(above, above + row, out, to->width, 3);
        else halve_rows(above, above + row, out, to->width, from->bands);
    }
}

int sluice_block_average(
    const struct sluice_raster *from, const struct sluice_raster *to, int across, int down) {
    if (!sluice_are_sane(from) || !sluice_are_sane(to) || across < 1 || down < 1) return -2;
    if (to->width != (from->width - 1) / across + 1 || to->height != (from->height - 1) / down + 1
        || to->bands != from->bands || to->has_alpha != from->has_alpha)
        return -2;
    if (across == 2 && down == 2 && !from->has_alpha && from->width % 2 == 0
        && from->height % 2 == 0) {
        halve(from, to);
        return 0;
    }
    if (!from->has_alpha && across == down && across <= sluice_most_reduced) {
        sluice_view view = {from->bytes, from->width, from->height, from->bands, from->bands, -1};
        sluice_reduce(&view, across, to->bytes);
        return 0;
    }
    return average_blocks(from, to, across, down);
}
