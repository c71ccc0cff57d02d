// Sums over all of a picture.
#include <string.h>

#include "include/measure.h"
#include "pixels.h"

/// Bytes that are counted side by side: whole pixels, whatever their bands.
enum { abreast = 240, most_abreast = 255 };

typedef struct {
    uint16_t sum[abreast];
    uint8_t low[abreast], high[abreast];
    /// How often each was added to.
    int times;
} side_by_side;

static void flush(side_by_side *from, const sluice_raster *of, sluice_tones *out) {
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

static void add_row(const uint8_t *row, const sluice_raster *of, side_by_side *sums, sluice_tones *out) {
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

static void add_seen_of_row(const uint8_t *row, const sluice_raster *of, sluice_tones *out) {
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

void sluice_measure_tones(const sluice_raster *of, sluice_tones *out) {
    side_by_side sums = {.times = 0};
    memset(out, 0, sizeof *out);
    for (int y = 0; y < of->height; y++) {
        const uint8_t *row = at(of, 0, y);
        if (of->alpha >= 0) add_seen_of_row(row, of, out);
        else add_row(row, of, &sums, out);
    }
    flush(&sums, of, out);
}
