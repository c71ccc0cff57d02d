// Pixels near the edge of a picture, and in boxes: how far they are from a colour.
#include "view.h"

static inline void look(
    const sluice_view *of, const uint8_t color[3], int x, int y, sluice_spot *spot) {
    const uint8_t *pixel = at(of, x, y);
    int found = distance(pixel, color, of->colors);
    // Grey is the same in all three, a colour need not be.
    for (int c = of->colors; c < 3; c++) found = greater(found, difference(pixel[0], color[c]));
    if (of->alpha >= 0) found = greater(found, 255 - pixel[of->alpha]);
    if (found > spot->distance) *spot = (sluice_spot){found, x, y};
}

void sluice_measure_depths(
    const sluice_view *of, const uint8_t color[3], int limit, sluice_spot *spots) {
    for (int depth = 0; depth < limit; depth++) spots[depth] = (sluice_spot){-1, 0, 0};
    for (int y = 0; y < of->height; y++) {
        int from_top = smaller(y, of->height - 1 - y);
        for (int x = 0; x < of->width; x++) {
            int depth = smaller(from_top, smaller(x, of->width - 1 - x));
            if (depth >= limit) {
                // Inside: on to the right edge.
                x = of->width - limit - 1;
                continue;
            }
            look(of, color, x, y, &spots[depth]);
        }
    }
}

void sluice_measure_box(
    const sluice_view *of, const uint8_t color[3], int by_alpha, sluice_box box, sluice_spot *out) {
    *out = (sluice_spot){-1, 0, 0};
    for (int y = box.top; y < box.bottom; y++) {
        for (int x = box.left; x < box.right; x++) {
            const uint8_t *pixel = at(of, x, y);
            int found = by_alpha ? pixel[of->alpha] : distance(pixel, color, of->colors);
            if (found > out->distance) *out = (sluice_spot){found, x, y};
        }
    }
}

/// Calls for each pixel of the ring, row by row; the loop over its inside is left out.
#define FOR_RING(of, depth, x, y)                                                              \
    for (int y = 0; y < (of)->height; y++)                                                     \
        for (int x = 0; x < (of)->width;                                                       \
             x = x + 1 == (depth) && y >= (depth) && y < (of)->height - (depth) &&             \
                         (of)->width > 2 * (depth)                                             \
                     ? (of)->width - (depth)                                                   \
                     : x + 1)

static uint8_t median(const uint32_t *histogram, uint64_t count) {
    uint64_t seen = 0;
    for (int value = 0; value < 256; value++) {
        seen += histogram[value];
        if (2 * seen >= count) return (uint8_t)value;
    }
    return 255;
}

/// Four further on, along the edge where that is still in the ring.
static inline const uint8_t *neighbour(const sluice_view *of, int depth, int x, int y) {
    int level = y < depth || y >= of->height - depth;
    if (level) return x + 4 < of->width ? at(of, x + 4, y) : NULL;
    return y + 4 < of->height ? at(of, x, y + 4) : NULL;
}

void sluice_measure_ring(const sluice_view *of, int depth, sluice_ring *out) {
    uint32_t colors[3][256] = {{0}}, distances[256] = {0};
    uint64_t count = 0, clear = 0, pairs = 0, smooth = 0;
    out->steepest = 0;
    FOR_RING(of, depth, x, y) {
        const uint8_t *pixel = at(of, x, y);
        count++;
        if (of->alpha >= 0 && pixel[of->alpha] <= 8) clear++;
        for (int c = 0; c < of->colors; c++) colors[c][pixel[c]]++;
        const uint8_t *next = neighbour(of, depth, x, y);
        if (!next) continue;
        pairs++;
        int differs = distance(pixel, next, of->colors);
        if (differs <= 8) smooth++;
        out->steepest = greater(out->steepest, differs);
    }
    for (int c = 0; c < 3; c++)
        out->color[c] = c < of->colors ? median(colors[c], count) : out->color[0];
    out->worst = (sluice_spot){-1, 0, 0};
    FOR_RING(of, depth, x, y) {
        int found = distance(at(of, x, y), out->color, of->colors);
        distances[found]++;
        if (found > out->worst.distance) out->worst = (sluice_spot){found, x, y};
    }
    uint64_t near = 0, seen = 0;
    for (int d = 0; d <= sluice_near; d++) near += distances[d];
    out->noise = 0;
    for (int d = 0; d <= sluice_near; d++) {
        seen += distances[d];
        out->noise = d;
        if (1000 * seen >= 999 * near) break;
    }
    out->near = (double)near / (double)count;
    out->clear = (double)clear / (double)count;
    out->smooth = pairs ? (double)smooth / (double)pairs : 1;
}
