// A picture made smaller, each band by itself.
#include <string.h>

#include "include/resample.h"
#include "pixels.h"

/// Sums on the stack: of at least one block of `sluice_most_reduced` squared pixels.
enum { most_sums = 4096 };

/// Sums of each column of bytes: 16 bits hold `sluice_most_reduced` of them.
static void add_columns(const uint8_t *from, size_t stride, int height, int width, uint16_t *restrict sums) {
    memset(sums, 0, (size_t)width * sizeof *sums);
    for (int y = 0; y < height; y++, from += stride)
        for (int i = 0; i < width; i++) sums[i] += from[i];
}

/// Divides by one number without dividing: exact below 2^40 / `by`.
typedef struct {
    uint64_t factor;
    uint32_t half;
} divisor;

static divisor divisor_of(int by) {
    return (divisor){(UINT64_C(1) << 40) / (uint64_t)by + 1, (uint32_t)by / 2};
}

static inline uint8_t rounded(uint32_t sum, const divisor *by) {
    return (uint8_t)(((uint64_t)(sum + by->half) * by->factor) >> 40);
}

static inline __attribute__((always_inline)) void average(
    const uint16_t *sums, int count, int across, int bands, const divisor *by, uint8_t *out) {
    for (int i = 0; i < count; i++, sums += across * bands, out += bands)
        for (int b = 0; b < bands; b++) {
            uint32_t sum = 0;
            for (int x = 0; x < across; x++) sum += sums[x * bands + b];
            out[b] = rounded(sum, by);
        }
}

/// Two by two: the common case, in a loop that compilers make vectors of.
static inline __attribute__((always_inline)) void halve(
    const uint8_t *restrict above, const uint8_t *restrict below, int count, int bands,
    uint8_t *restrict out) {
    for (int i = 0; i < count; i++)
        for (int b = 0; b < bands; b++) {
            int left = 2 * i * bands + b, right = left + bands;
            out[i * bands + b] =
                (uint8_t)((above[left] + above[right] + below[left] + below[right] + 2) >> 2);
        }
}

/// The whole blocks of a row of them, as many at a time as the stack has room for.
static void reduce_whole(const sluice_raster *from, int top, int rows, int factor, uint8_t *out) {
    uint16_t sums[most_sums];
    int bands = from->bands, most = most_sums / (factor * bands), whole = from->width / factor;
    divisor by = divisor_of(rows * factor);
    for (int at_once, block = 0; block < whole; block += at_once) {
        at_once = smaller(most, whole - block);
        int width = at_once * factor * bands;
        add_columns(at(from, block * factor, top), (size_t)from->width * bands, rows, width, sums);
        uint8_t *to = out + (size_t)block * bands;
        // The common cases, in a loop that compilers unroll.
        if (bands == 3) average(sums, at_once, factor, 3, &by, to);
        else average(sums, at_once, factor, bands, &by, to);
    }
}

/// What a row of blocks leaves over at the right.
static void reduce_rest(const sluice_raster *from, int top, int rows, int rest, uint8_t *out) {
    uint16_t sums[sluice_most_reduced * sluice_most_bands];
    int bands = from->bands;
    divisor by = divisor_of(rows * rest);
    add_columns(at(from, from->width - rest, top), (size_t)from->width * bands, rows, rest * bands, sums);
    average(sums, 1, rest, bands, &by, out);
}

static void reduce_rows(const sluice_raster *from, int top, int rows, int factor, uint8_t *out) {
    int bands = from->bands, whole = from->width / factor, rest = from->width % factor;
    const uint8_t *above = at(from, 0, top), *below = at(from, 0, top + rows - 1);
    if (factor == 2 && rows == 2 && bands == 3) halve(above, below, whole, 3, out);
    else if (factor == 2 && rows == 2) halve(above, below, whole, bands, out);
    else reduce_whole(from, top, rows, factor, out);
    if (rest > 0) reduce_rest(from, top, rows, rest, out + (size_t)whole * bands);
}

sluice_result sluice_reduce(const sluice_raster *from, int factor, sluice_raster *to) {
    if (factor < 1 || factor > sluice_most_reduced || !are_alike(from, to)) return sluice_bad_shape;
    if (to->width != (from->width - 1) / factor + 1 || to->height != (from->height - 1) / factor + 1)
        return sluice_bad_shape;
    for (int y = 0; y < to->height; y++) {
        int top = y * factor;
        reduce_rows(from, top, smaller(factor, from->height - top), factor, at(to, 0, y));
    }
    return sluice_done;
}
