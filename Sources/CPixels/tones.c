// A picture made smaller, and the sums over all of it.
#include "view.h"

#include <string.h>

// MARK: Reducing

/// Sums on the stack: of at least one block of `sluice_most_reduced` squared pixels.
enum { most_sums = 4096 };

/// Sums of each column of bytes: 16 bits hold `sluice_most_reduced` of them.
static void add_columns(
    const uint8_t *from, size_t stride, int height, int width, uint16_t *restrict sums) {
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

/// One row of blocks, as many at a time as the stack has room for.
static void reduce_rows(const sluice_view *from, int top, int rows, int factor, uint8_t *out) {
    uint16_t sums[most_sums];
    int bands = from->bands, most = most_sums / (factor * bands), whole = from->width / factor;
    int rest = from->width - whole * factor;
    divisor by = divisor_of(rows * factor);
    for (int at_once, block = 0; block < whole; block += at_once) {
        at_once = smaller(most, whole - block);
        int width = at_once * factor * bands;
        add_columns(at(from, block * factor, top), (size_t)from->width * bands, rows, width, sums);
        uint8_t *to = out + (size_t)block * bands;
        // The common cases, in loops that compilers unroll.
        if (factor == 2 && bands == 3) average(sums, at_once, 2, 3, &by, to);
        else if (bands == 3) average(sums, at_once, factor, 3, &by, to);
        else average(sums, at_once, factor, bands, &by, to);
    }
    if (rest == 0) return;
    by = divisor_of(rows * rest);
    add_columns(at(from, whole * factor, top), (size_t)from->width * bands, rows, rest * bands, sums);
    average(sums, 1, rest, bands, &by, out + (size_t)whole * bands);
}

void sluice_reduce(const sluice_view *from, int factor, uint8_t *out) {
    size_t row = (size_t)((from->width + factor - 1) / factor) * from->bands;
    for (int top = 0; top < from->height; top += factor, out += row)
        reduce_rows(from, top, smaller(factor, from->height - top), factor, out);
}

// MARK: Tones

/// Bytes that are counted side by side: whole pixels, whatever their bands.
enum { abreast = 240, most_abreast = 255 };

typedef struct {
    uint16_t sum[abreast];
    uint8_t low[abreast], high[abreast];
    /// How often each was added to.
    int times;
} side_by_side;

static void flush(side_by_side *from, const sluice_view *of, sluice_tones *out) {
    for (int i = 0; i < abreast; i++) {
        int c = i % of->bands;
        if (c >= of->colors) continue;
        out->sum[c] += from->sum[i];
        out->low[c] += from->low[i];
        out->high[c] += from->high[i];
    }
    memset(from, 0, sizeof *from);
}

static inline void count_bytes(const uint8_t *bytes, int count, side_by_side *in) {
    for (int i = 0; i < count; i++) in->sum[i] += bytes[i];
    for (int i = 0; i < count; i++) in->low[i] += bytes[i] == 0;
    for (int i = 0; i < count; i++) in->high[i] += bytes[i] == 255;
}

static void add_row(const uint8_t *row, const sluice_view *of, side_by_side *sums, sluice_tones *out) {
    int count = of->width * of->bands;
    for (int i = 0; i < count; i += abreast) {
        if (sums->times++ == most_abreast) {
            flush(sums, of, out);
            sums->times = 1;
        }
        if (i + abreast <= count) count_bytes(row + i, abreast, sums);
        else count_bytes(row + i, count - i, sums);
    }
    out->count += (uint64_t)of->width;
}

static void add_seen_of_row(const uint8_t *row, const sluice_view *of, sluice_tones *out) {
    for (int x = 0; x < of->width; x++, row += of->bands) {
        if (row[of->alpha] < 128) continue;
        out->count++;
        for (int c = 0; c < of->colors; c++) {
            out->sum[c] += row[c];
            out->low[c] += row[c] == 0;
            out->high[c] += row[c] == 255;
        }
    }
}

void sluice_measure_tones(const sluice_view *of, sluice_tones *out) {
    side_by_side sums = {.times = 0};
    memset(out, 0, sizeof *out);
    for (int y = 0; y < of->height; y++) {
        const uint8_t *row = at(of, 0, y);
        if (of->alpha >= 0) add_seen_of_row(row, of, out);
        else add_row(row, of, &sums, out);
    }
    flush(&sums, of, out);
}
