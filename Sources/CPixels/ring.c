// Pixels near the edge of a picture, and in boxes: how far they are from a colour.
#include <math.h>

#include "behind.h"
#include "field.h"
#include "include/measure.h"
#include "lanes.h"
#include "pixels.h"

static inline void look(const sluice_raster *of, const uint8_t color[3], int x, int y, sluice_spot *spot) {
    const uint8_t *pixel = at(of, x, y);
    int found = distance(pixel, color, of->colors);
    // Grey is the same in all three, a colour need not be.
    for (int c = of->colors; c < 3; c++) found = greater(found, difference(pixel[0], color[c]));
    if (of->alpha >= 0) found = greater(found, 255 - pixel[of->alpha]);
    if (found > spot->distance) *spot = (sluice_spot){found, x, y};
}

/// What is near the edge of a picture, and what it is held against.
typedef struct {
    const sluice_raster *of;
    const uint8_t *color;
    int limit;
    const sluice_backdrop *behind;
    sluice_spot *spots;
    /// The colour, over and over, where pixels are three bytes.
    lanes colors[3];
} border;

static inline int depth_of(const border *in, int x, int y) {
    int across = smaller(x, in->of->width - 1 - x), down = smaller(y, in->of->height - 1 - y);
    return smaller(across, down);
}

/// Whether some of sixteen pixels may be farther off than what was found at their depths: most are not.
static bool may_exceed(const border *in, int x, int y) {
    const uint8_t *pixels = at(in->of, x, y);
    int least = 255, last = x + sluice_lanes - 1;
    // Where the row is the nearest edge to both ends, it is to all.
    bool is_level = smaller(depth_of(in, x, y), depth_of(in, last, y)) == smaller(y, in->of->height - 1 - y);
    for (int i = x; i <= (is_level ? x : last); i++)
        least = smaller(least, in->spots[depth_of(in, i, y)].distance);
    if (least < 0) return true;
    lanes off = {0};
    for (int i = 0; i < 3; i++) off = most(off, apart(load(pixels + i * sluice_lanes), in->colors[i]));
    return any(is_over(off, all((uint8_t)least)));
}

static void look_along(border *in, int y, int from, int to) {
    const sluice_raster *of = in->of;
    bool has_lanes = of->bands == 3 && of->colors == 3;
    for (int end, x = from; x < to; x = end) {
        end = smaller(x + sluice_lanes, to);
        if (has_lanes && end - x == sluice_lanes && !may_exceed(in, x, y)) continue;
        for (int i = x; i < end; i++) {
            if (in->behind && is_crossed(in->behind, of->width, of->height, in->limit, i, y)) continue;
            look(of, in->color, i, y, &in->spots[depth_of(in, i, y)]);
        }
    }
}

void sluice_measure_depths(
    const sluice_raster *of, const uint8_t color[3], int limit, const sluice_backdrop *behind,
    sluice_spot *spots) {
    border in = {of, color, limit, behind, spots, {{0}}};
    for (int i = 0; i < 3 * sluice_lanes; i++) in.colors[i / sluice_lanes][i % sluice_lanes] = color[i % 3];
    for (int depth = 0; depth < limit; depth++) spots[depth] = (sluice_spot){-1, 0, 0};
    for (int y = 0; y < of->height; y++) {
        if (smaller(y, of->height - 1 - y) < limit || of->width <= 2 * limit) {
            look_along(&in, y, 0, of->width);
            continue;
        }
        look_along(&in, y, 0, limit);
        look_along(&in, y, of->width - limit, of->width);
    }
}

void sluice_measure_box(
    const sluice_raster *of, const uint8_t color[3], bool by_alpha, sluice_box box, sluice_spot *out) {
    *out = (sluice_spot){-1, 0, 0};
    for (int y = box.top; y < box.bottom; y++) {
        for (int x = box.left; x < box.right; x++) {
            const uint8_t *pixel = at(of, x, y);
            int found = by_alpha ? pixel[of->alpha] : distance(pixel, color, of->colors);
            if (found > out->distance) *out = (sluice_spot){found, x, y};
        }
    }
}

void sluice_measure_mean(const sluice_raster *of, const uint8_t color[3], sluice_box box, sluice_spot *out) {
    uint64_t sums[3] = {0}, count = 0;
    for (int y = box.top; y < box.bottom; y++)
        for (int x = box.left; x < box.right; x++, count++)
            for (int c = 0; c < of->colors; c++) sums[c] += at(of, x, y)[c];
    *out = (sluice_spot){0, box.left, box.top};
    for (int c = 0; c < of->colors && count; c++)
        out->distance = greater(out->distance, difference((int)((sums[c] + count / 2) / count), color[c]));
}

/// A stretch of a row within the ring.
typedef struct {
    int y, from, to;
} stretch;

/// The next one, row by row; beyond the last row after the last one.
static stretch next_stretch(const sluice_raster *of, int depth, stretch before) {
    bool is_inside = before.y >= depth && before.y < of->height - depth && of->width > 2 * depth;
    if (is_inside && before.from == 0) return (stretch){before.y, of->width - depth, of->width};
    int y = before.y + 1;
    is_inside = y >= depth && y < of->height - depth && of->width > 2 * depth;
    return (stretch){y, 0, is_inside ? depth : of->width};
}

#define FOR_RING(of, depth, at)                                                                              \
    for (stretch at = next_stretch(of, depth, (stretch){-1, 0, 0}); at.y < (of)->height;                     \
         at = next_stretch(of, depth, at))

/// Four further on, along the edge where that is still in the ring.
static inline const uint8_t *neighbour(const sluice_raster *of, int depth, int x, int y) {
    bool level = y < depth || y >= of->height - depth;
    if (level) return x + 4 < of->width ? at(of, x + 4, y) : NULL;
    return y + 4 < of->height ? at(of, x, y + 4) : NULL;
}

typedef struct {
    uint32_t colors[3][256];
    uint64_t count, clear, pairs, smooth, pale;
} counted;

/// The ring of a picture, and what is behind it.
typedef struct {
    const sluice_raster *of;
    int depth;
    const sluice_backdrop *behind;
} ring;

static inline bool is_left_out(const ring *in, int x, int y) {
    return in->behind && is_crossed(in->behind, in->of->width, in->of->height, in->depth, x, y);
}

static void count_pixels(const ring *in, counted *to, sluice_ring *out) {
    const sluice_raster *of = in->of;
    FOR_RING (of, in->depth, row)
        for (int x = row.from; x < row.to; x++) {
            if (is_left_out(in, x, row.y)) continue;
            const uint8_t *pixel = at(of, x, row.y);
            to->count++;
            if (of->alpha >= 0 && pixel[of->alpha] <= 8) to->clear++;
            to->pale += is_pale(pixel, of->colors);
            for (int c = 0; c < of->colors; c++) to->colors[c][pixel[c]]++;
            const uint8_t *next = neighbour(of, in->depth, x, row.y);
            if (!next) continue;
            to->pairs++;
            int differs = distance(pixel, next, of->colors);
            if (differs <= 8) to->smooth++;
            out->steepest = greater(out->steepest, differs);
        }
}

enum { most_at_once = 256 };

/// How far pixels, at most `most_at_once`, are from the field that is behind them.
static void off_field(const ring *in, int y, int from, int to, int *out) {
    const sluice_raster *of = in->of;
    float likely[most_at_once], most[most_at_once] = {0};
    for (int c = 0; c < of->colors; c++) {
        sluice_field_row(&in->behind->parting->field, of, c, from, y, to - from, likely);
        const uint8_t *pixel = at(of, from, y) + c;
        for (int i = 0; i < to - from; i++, pixel += of->bands)
            most[i] = fmaxf(most[i], fabsf((float)*pixel - likely[i]));
    }
    for (int i = 0; i < to - from; i++) out[i] = (int)(most[i] + 0.5f);
}

/// Counts how far pixels are from the ring's colour, and how far from the field or from that colour again.
static void count_distances(const ring *in, uint32_t distances[256], uint32_t off[256], sluice_ring *out) {
    int by[most_at_once];
    FOR_RING (in->of, in->depth, row)
        for (int end, from = row.from; from < row.to; from = end) {
            end = smaller(from + most_at_once, row.to);
            if (in->behind) off_field(in, row.y, from, end, by);
            for (int x = from; x < end; x++) {
                if (is_left_out(in, x, row.y)) continue;
                int found = distance(at(in->of, x, row.y), out->color, in->of->colors);
                distances[found]++;
                off[in->behind ? by[x - from] : found]++;
                if (found > out->worst.distance) out->worst = (sluice_spot){found, x, row.y};
            }
        }
}

void sluice_measure_ring(
    const sluice_raster *of, int depth, const sluice_backdrop *behind, sluice_ring *out) {
    const ring in = {of, depth, behind};
    counted all = {.count = 0};
    uint32_t distances[256] = {0}, off[256] = {0};
    *out = (sluice_ring){.worst = {-1, 0, 0}};
    count_pixels(&in, &all, out);
    for (int c = 0; c < 3; c++)
        out->color[c] =
            c < of->colors ? (uint8_t)quantile(all.colors[c], 256, all.count, 1, 2) : out->color[0];
    count_distances(&in, distances, off, out);
    uint64_t near = 0, even = 0;
    for (int d = 0; d <= sluice_near; d++) near += distances[d], even += off[d];
    out->noise = quantile(off, sluice_near + 1, even, 999, 1000);
    double count = (double)(all.count ? all.count : 1);
    out->near = (double)near / count;
    out->clear = (double)all.clear / count;
    out->pale = (double)all.pale / count;
    out->smooth = all.pairs ? (double)all.smooth / (double)all.pairs : 1;
}
