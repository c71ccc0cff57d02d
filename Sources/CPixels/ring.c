// Pixels near the edge of a picture, and in boxes: how far they are from a colour.
#include <math.h>

#include "part.h"
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
    const sluice_view *of, const uint8_t color[3], int limit, const sluice_backdrop *behind,
    sluice_spot *spots) {
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
            if (behind && sluice_is_crossed(behind, of->width, of->height, limit, x, y)) continue;
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

void sluice_measure_mean(
    const sluice_view *of, const uint8_t color[3], sluice_box box, sluice_spot *out) {
    uint64_t sums[3] = {0}, count = 0;
    for (int y = box.top; y < box.bottom; y++)
        for (int x = box.left; x < box.right; x++, count++)
            for (int c = 0; c < of->colors; c++) sums[c] += at(of, x, y)[c];
    *out = (sluice_spot){0, box.left, box.top};
    for (int c = 0; c < of->colors && count; c++)
        out->distance = greater(out->distance, difference((int)((sums[c] + count / 2) / count), color[c]));
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

/// How far a pixel is from what is behind it there.
static int off_field(const sluice_view *of, const sluice_backdrop *behind, int x, int y) {
    float likely[3];
    sluice_field_row(
        &behind->parting->field, sluice_along(x, of->width), 0, sluice_along(y, of->height), 1, of->colors,
        likely);
    float most = 0;
    for (int c = 0; c < of->colors; c++) most = fmaxf(most, fabsf((float)at(of, x, y)[c] - likely[c]));
    return (int)(most + 0.5f);
}

typedef struct {
    uint32_t colors[3][256];
    uint64_t count, clear, pairs, smooth, pale;
} counted;

static void count_pixels(
    const sluice_view *of, int depth, const sluice_backdrop *behind, counted *in, sluice_ring *out) {
    FOR_RING(of, depth, x, y) {
        if (behind && sluice_is_crossed(behind, of->width, of->height, depth, x, y)) continue;
        const uint8_t *pixel = at(of, x, y);
        in->count++;
        if (of->alpha >= 0 && pixel[of->alpha] <= 8) in->clear++;
        in->pale += is_pale(pixel, of->colors);
        for (int c = 0; c < of->colors; c++) in->colors[c][pixel[c]]++;
        const uint8_t *next = neighbour(of, depth, x, y);
        if (!next) continue;
        in->pairs++;
        int differs = distance(pixel, next, of->colors);
        if (differs <= 8) in->smooth++;
        out->steepest = greater(out->steepest, differs);
    }
}

void sluice_measure_ring(
    const sluice_view *of, int depth, const sluice_backdrop *behind, sluice_ring *out) {
    counted all = {.count = 0};
    uint32_t distances[256] = {0}, off[256] = {0};
    *out = (sluice_ring){.worst = {-1, 0, 0}};
    count_pixels(of, depth, behind, &all, out);
    for (int c = 0; c < 3; c++)
        out->color[c] = c < of->colors ? median(all.colors[c], all.count) : out->color[0];
    FOR_RING(of, depth, x, y) {
        if (behind && sluice_is_crossed(behind, of->width, of->height, depth, x, y)) continue;
        int found = distance(at(of, x, y), out->color, of->colors);
        distances[found]++;
        off[behind ? off_field(of, behind, x, y) : found]++;
        if (found > out->worst.distance) out->worst = (sluice_spot){found, x, y};
    }
    uint64_t near = 0, even = 0, seen = 0;
    for (int d = 0; d <= sluice_near; d++) near += distances[d], even += off[d];
    for (int d = 0; d <= sluice_near; d++) {
        seen += off[d];
        out->noise = d;
        if (1000 * seen >= 999 * even) break;
    }
    double count = (double)(all.count ? all.count : 1);
    out->near = (double)near / count;
    out->clear = (double)all.clear / count;
    out->pale = (double)all.pale / count;
    out->smooth = all.pairs ? (double)all.smooth / (double)all.pairs : 1;
}
