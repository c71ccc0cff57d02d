#include "measure.h"

#include <stdlib.h>
#include <string.h>

static inline int greater(int a, int b) { return a > b ? a : b; }
static inline int smaller(int a, int b) { return a < b ? a : b; }
static inline int difference(int a, int b) { return a > b ? a - b : b - a; }

static inline const uint8_t *at(const sluice_view *of, int x, int y) {
    return of->data + ((size_t)y * of->width + x) * of->bands;
}

static inline int distance(const uint8_t *pixel, const uint8_t *from, int colors) {
    int most = 0;
    for (int c = 0; c < colors; c++) most = greater(most, difference(pixel[c], from[c]));
    return most;
}

void sluice_reduce(const sluice_view *from, int factor, uint8_t *out) {
    int bands = from->bands;
    int across = (from->width + factor - 1) / factor;
    for (int top = 0; top < from->height; top += factor) {
        int rows = smaller(factor, from->height - top);
        for (int column = 0; column < across; column++) {
            int left = column * factor, columns = smaller(factor, from->width - left);
            uint32_t sum[4] = {0, 0, 0, 0};
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

void sluice_measure_tones(const sluice_view *of, sluice_tones *out) {
    memset(out, 0, sizeof *out);
    for (int y = 0; y < of->height; y++) {
        const uint8_t *row = at(of, 0, y);
        for (int c = 0; c < of->colors; c++) {
            uint32_t sum = 0, low = 0, high = 0;
            const uint8_t *pixel = row + c;
            // Rows are at most 30,000 long: 32 bits hold their sums.
            for (int x = 0; x < of->width; x++, pixel += of->bands) {
                sum += *pixel;
                low += *pixel == 0;
                high += *pixel == 255;
            }
            out->sum[c] += sum;
            out->low[c] += low;
            out->high[c] += high;
        }
    }
}

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

// MARK: The ring

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

// MARK: What lies on it

/// Where pixels of a kind are: how many in each row and each column.
typedef struct {
    uint32_t *rows, *columns;
} counts;

/// What the border makes likely inside: the Coons patch over the outermost pixels, averaged along
/// the edge so that one hair does not draw a line across.
typedef struct {
    float *top, *bottom, *left, *right;
    int width, height, colors;
} patch;

static void edge(
    const sluice_view *of, int length, int x, int y, int dx, int dy, float *out) {
    int reach = greater(1, length / 32);
    for (int i = 0; i < length; i++) {
        int from = greater(0, i - reach), to = smaller(length, i + reach + 1);
        for (int c = 0; c < of->colors; c++) {
            uint32_t sum = 0;
            for (int k = from; k < to; k++) sum += at(of, x + k * dx, y + k * dy)[c];
            out[i * of->colors + c] = (float)sum / (float)(to - from);
        }
    }
}

static void likely(const patch *from, int y, uint8_t *row) {
    int w = from->width, h = from->height, n = from->colors;
    float v = h > 1 ? (float)y / (float)(h - 1) : 0;
    for (int x = 0; x < w; x++) {
        float u = w > 1 ? (float)x / (float)(w - 1) : 0;
        for (int c = 0; c < n; c++) {
            float ruled = (1 - v) * from->top[x * n + c] + v * from->bottom[x * n + c]
                          + (1 - u) * from->left[y * n + c] + u * from->right[y * n + c];
            float corners = (1 - u) * (1 - v) * from->top[c] + u * (1 - v) * from->top[(w - 1) * n + c]
                            + (1 - u) * v * from->bottom[c] + u * v * from->bottom[(w - 1) * n + c];
            float value = ruled - corners;
            row[x * n + c] = value <= 0 ? 0 : value >= 255 ? 255 : (uint8_t)(value + 0.5f);
        }
    }
}

/// The largest step to the pixels around.
static inline int step(const sluice_view *in, int x, int y) {
    const uint8_t *left = at(in, greater(x - 1, 0), y);
    const uint8_t *right = at(in, smaller(x + 1, in->width - 1), y);
    const uint8_t *up = at(in, x, greater(y - 1, 0));
    const uint8_t *down = at(in, x, smaller(y + 1, in->height - 1));
    return greater(distance(left, right, in->colors), distance(up, down, in->colors));
}

/// How far the pixel is off the line between those two steps away: edges and texture bend, the ramp
/// of a soft shadow hardly does.
static inline int bend(const sluice_view *in, int x, int y) {
    const uint8_t *here = at(in, x, y);
    const uint8_t *left = at(in, greater(x - 2, 0), y);
    const uint8_t *right = at(in, smaller(x + 2, in->width - 1), y);
    const uint8_t *up = at(in, x, greater(y - 2, 0));
    const uint8_t *down = at(in, x, smaller(y + 2, in->height - 1));
    int most = 0;
    for (int c = 0; c < in->colors; c++) {
        most = greater(most, difference(left[c] + right[c], 2 * here[c]));
        most = greater(most, difference(up[c] + down[c], 2 * here[c]));
    }
    return most;
}

/// First and last place that counts. One pixel alone is noise: three in a row of three places count, so
/// that a strap one pixel wide does. Islands of a few pixels are dust, unless there is nothing else.
static int span(const uint32_t *count, int length, uint64_t dust, int *first, int *last) {
    uint64_t best = 0;
    *first = length;
    *last = 0;
    for (int pass = 0; pass < 2; pass++) {
        int start = -1, end = 0;
        uint64_t mass = 0;
        for (int i = 0; i <= length; i++) {
            int counts = 0;
            if (i < length && count[i]) {
                uint32_t around = count[i] + (i ? count[i - 1] : 0)
                                  + (i + 1 < length ? count[i + 1] : 0);
                counts = around >= 3;
            }
            if (counts) {
                if (start < 0) start = i;
                end = i + 1;
                mass += count[i];
            }
            // Two empty places do not end an island.
            int ends = start >= 0 && (i == length || i - end >= 2);
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

static sluice_box box(const counts *of, int width, int height) {
    uint64_t dust = (uint64_t)width * (uint64_t)height / 100000;
    if (dust < 9) dust = 9;
    sluice_box found;
    if (!span(of->columns, width, dust, &found.left, &found.right)
        || !span(of->rows, height, dust, &found.top, &found.bottom))
        return (sluice_box){0, 0, 0, 0};
    return found;
}

static inline void mark(counts *in, int x, int y) {
    in->rows[y]++;
    in->columns[x]++;
}

static void look_through_alpha(const sluice_view *in, counts *solid, counts *extent) {
    for (int y = 0; y < in->height; y++)
        for (int x = 0; x < in->width; x++) {
            uint8_t alpha = at(in, x, y)[in->alpha];
            if (alpha > 8) mark(extent, x, y);
            // A cast shadow in a cut-out is a low alpha.
            if (alpha >= 128) mark(solid, x, y);
        }
}

static void look_at_row(
    const sluice_view *in, int y, const uint8_t *likely, int moves, int noise, counts *solid,
    counts *traced, counts *extent) {
    int differs = noise + 2, clear = greater(12, noise + noise / 2 + 8);
    int steep = 10 + noise, textured = 3 + 2 * noise, neutral = 8 + noise;
    const uint8_t *pixel = at(in, 0, y);
    for (int x = 0; x < in->width; x++, pixel += in->bands, likely += moves) {
        int low = 255, high = -255;
        for (int c = 0; c < in->colors; c++) {
            int by = pixel[c] - likely[c];
            low = smaller(low, by);
            high = greater(high, by);
        }
        int away = greater(high, -low);
        if (away <= differs) continue;
        mark(extent, x, y);
        int slope = step(in, x, y);
        int shade = high <= noise && high - low <= neutral && slope <= steep;
        if (away > clear && !shade) {
            mark(solid, x, y);
            mark(traced, x, y);
        } else if (slope > textured && bend(in, x, y) > 3 + noise + slope / 4) {
            mark(traced, x, y);
        }
    }
}

int sluice_find(
    const sluice_view *in, const sluice_ring *ring, int by_alpha, int uneven,
    sluice_finding *out) {
    size_t w = (size_t)in->width, h = (size_t)in->height, n = (size_t)in->colors;
    uint32_t *numbers = calloc(3 * (w + h), sizeof *numbers);
    float *edges = uneven ? calloc(2 * (w + h) * n, sizeof *edges) : NULL;
    uint8_t *row = malloc(w * n);
    int result = numbers && row && (edges || !uneven) ? 0 : -1;
    if (result == 0) {
        counts solid = {numbers, numbers + h};
        counts traced = {numbers + w + h, numbers + w + 2 * h};
        counts extent = {numbers + 2 * (w + h), numbers + 2 * (w + h) + h};
        if (by_alpha) {
            look_through_alpha(in, &solid, &extent);
            traced = solid;
        } else {
            patch from = {edges, edges + w * n, edges + 2 * w * n, edges + (2 * w + h) * n,
                          in->width, in->height, in->colors};
            if (uneven) {
                edge(in, in->width, 0, 0, 1, 0, from.top);
                edge(in, in->width, 0, in->height - 1, 1, 0, from.bottom);
                edge(in, in->height, 0, 0, 0, 1, from.left);
                edge(in, in->height, in->width - 1, 0, 0, 1, from.right);
            }
            // A vignette is not what its border makes likely: more is needed to count.
            int noise = uneven ? greater(ring->noise, 6) : ring->noise;
            for (int y = 0; y < in->height; y++) {
                if (uneven) likely(&from, y, row);
                look_at_row(
                    in, y, uneven ? row : ring->color, uneven ? in->colors : 0, noise, &solid,
                    &traced, &extent);
            }
        }
        out->solid = box(&solid, in->width, in->height);
        out->traced = box(&traced, in->width, in->height);
        out->extent = box(&extent, in->width, in->height);
    }
    free(numbers);
    free(edges);
    free(row);
    return result;
}
