#include "boxes.h"

#include <string.h>

#include "pixels.h"

static void settle(sluice_counts *of) {
    for (int x = 0; x < of->width; x++) of->columns[x] += of->recent[x];
    memset(of->recent, 0, (size_t)of->width);
    of->recent_rows = 0;
}

/// Eight at a time, in one word each: no byte grows beyond 255, and a product's top byte is the sum of all.
static uint32_t add_marks(const uint8_t *marks, int width, uint8_t *recent) {
    uint32_t count = 0;
    int x = 0;
    for (uint64_t here, before; x + 8 <= width; x += 8) {
        memcpy(&here, marks + x, sizeof here);
        memcpy(&before, recent + x, sizeof before);
        count += (uint32_t)((here * UINT64_C(0x0101010101010101)) >> 56);
        before += here;
        memcpy(recent + x, &before, sizeof before);
    }
    for (; x < width; x++) {
        count += marks[x];
        recent[x] += marks[x];
    }
    return count;
}

void sluice_mark_row(sluice_counts *in, int y, const uint8_t *marks) {
    in->rows[y] += add_marks(marks, in->width, in->recent);
    if (++in->recent_rows == UINT8_MAX) settle(in);
}

/// First and last place that counts. One pixel alone is noise: three in a row of three places count, so
/// that a strap one pixel wide does. Islands of a few pixels are dust, unless there is nothing else.
static bool span(const uint32_t *count, int length, uint64_t dust, int *first, int *last) {
    uint64_t best = 0;
    *first = length;
    *last = 0;
    for (int pass = 0; pass < 2; pass++) {
        int start = -1, end = 0;
        uint64_t mass = 0;
        for (int i = 0; i <= length; i++) {
            bool counts = false;
            if (i < length && count[i]) {
                uint32_t around = count[i] + (i ? count[i - 1] : 0) + (i + 1 < length ? count[i + 1] : 0);
                counts = around >= 3;
            }
            if (counts) {
                if (start < 0) start = i;
                end = i + 1;
                mass += count[i];
            }
            // Two empty places do not end an island.
            bool ends = start >= 0 && (i == length || i - end >= 2);
            if (!ends) continue;
            if (pass == 0) best = mass > best ? mass : best;
            if (pass == 1 && (mass >= dust || mass == best)) {
                *first = smaller(*first, start);
                *last = greater(*last, end);
            }
            start = -1;
            mass = 0;
        }
    }
    return *last > *first;
}

sluice_box sluice_box_of(sluice_counts *of, int height) {
    int width = of->width;
    settle(of);
    uint64_t dust = (uint64_t)width * (uint64_t)height / 100000;
    if (dust < 9) dust = 9;
    sluice_box found;
    if (!span(of->columns, width, dust, &found.left, &found.right)
        || !span(of->rows, height, dust, &found.top, &found.bottom))
        return (sluice_box){0, 0, 0, 0};
    return found;
}
