// A picture made smaller, and the sums over all of it.
#include "view.h"

#include <string.h>

void sluice_reduce(const sluice_view *from, int factor, uint8_t *out) {
    int bands = from->bands;
    int across = (from->width + factor - 1) / factor;
    for (int top = 0; top < from->height; top += factor) {
        int rows = smaller(factor, from->height - top);
        for (int column = 0; column < across; column++) {
            int left = column * factor, columns = smaller(factor, from->width - left);
            uint32_t sum[sluice_most_bands] = {0};
            for (int y = 0; y < rows; y++) {
                const uint8_t *pixel = at(from, left, top + y);
                for (int x = 0; x < columns; x++, pixel += bands)
                    for (int b = 0; b < bands; b++) sum[b] += pixel[b];
            }
            uint32_t count = (uint32_t)(rows * columns);
            for (int b = 0; b < bands; b++) *out++ = (uint8_t)((sum[b] + count / 2) / count);
        }
    }
}

/// Rows are at most 30,000 long: 32 bits hold their sums.
static void add_row(const uint8_t *pixel, const sluice_view *of, int c, sluice_tones *out) {
    uint32_t sum = 0, low = 0, high = 0;
    for (int x = 0; x < of->width; x++, pixel += of->bands) {
        sum += *pixel;
        low += *pixel == 0;
        high += *pixel == 255;
    }
    out->sum[c] += sum;
    out->low[c] += low;
    out->high[c] += high;
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
    memset(out, 0, sizeof *out);
    for (int y = 0; y < of->height; y++) {
        const uint8_t *row = at(of, 0, y);
        if (of->alpha >= 0) {
            add_seen_of_row(row, of, out);
            continue;
        }
        for (int c = 0; c < of->colors; c++) add_row(row + c, of, c, out);
        out->count += (uint64_t)of->width;
    }
}
