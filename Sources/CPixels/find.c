// Finds what lies on a background: what is clearly not it, what has edges and texture, and all that is
// different at all, soft shadows included.
#include "boxes.h"
#include "grain.h"
#include "part.h"
#include "view.h"

#include <stdlib.h>

// MARK: What is likely

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

// MARK: Looking

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

static void look_through_alpha(const sluice_view *in, sluice_counts *solid, sluice_counts *extent) {
    for (int y = 0; y < in->height; y++)
        for (int x = 0; x < in->width; x++) {
            uint8_t alpha = at(in, x, y)[in->alpha];
            if (alpha > 8) sluice_mark(extent, x, y);
            // A cast shadow in a cut-out is a low alpha.
            if (alpha >= 128) sluice_mark(solid, x, y);
        }
}

/// So far beside a product an encoder leaves traces: a block of JPEG, and its soft edge.
enum { sluice_ringing = 12 };

/// What a row is looked at for.
typedef struct {
    sluice_counts solid, traced;
} kinds;

typedef struct {
    const sluice_view *in;
    const sluice_ring *ring;
    /// What differs by no more is background.
    int noise;
    /// Null: the border tells all there is.
    const sluice_grain *grain;
    /// Null: nothing is known of it.
    const sluice_backdrop *behind;
    sluice_counts extent;
    /// As the border's noise has it; as the grain in shadows has it; what no grain could be.
    kinds plain, grained, firm;
} search;

/// What a pixel is that may be a shadow with this noise.
static inline void classify(
    const search *of, kinds *as, int x, int y, int noise, int low, int high, int slope, int traces) {
    int clear = greater(12, of->noise + of->noise / 2 + 8);
    int shade = high <= noise && high - low <= 8 + noise && slope <= 10 + noise;
    if (greater(high, -low) > clear && !shade) {
        sluice_mark(&as->solid, x, y);
        sluice_mark(&as->traced, x, y);
    } else if (traces && slope > 3 + 2 * noise && bend(of->in, x, y) > 3 + noise + slope / 4) {
        sluice_mark(&as->traced, x, y);
    }
}

/// So far off and so coloured that no grain could make a shadow of it: most of most products.
static inline int is_firm(const search *of, int low, int high) {
    int clear = greater(12, of->noise + of->noise / 2 + 8);
    int grain = greater(sluice_most_grain, of->noise);
    return greater(high, -low) > clear && (high > grain || high - low > 8 + grain);
}

static inline void mark_firm(search *of, int x, int y) {
    kinds *as[] = {of->grain ? &of->grained : &of->plain, &of->firm};
    for (int i = 0; i < (of->grain ? 1 : 2); i++) {
        sluice_mark(&as[i]->solid, x, y);
        sluice_mark(&as[i]->traced, x, y);
    }
    if (!of->grain) sluice_mark(&of->extent, x, y);
}

/// - Parameter moves: how far to go on in `likely` from pixel to pixel.
static void look_at_row(search *of, int y, const uint8_t *likely, int moves) {
    const sluice_view *in = of->in;
    const uint8_t *pixel = at(in, 0, y);
    for (int x = 0; x < in->width; x++, pixel += in->bands, likely += moves) {
        int low = 255, high = -255;
        for (int c = 0; c < in->colors; c++) {
            int by = pixel[c] - likely[c];
            low = smaller(low, by);
            high = greater(high, by);
        }
        if (greater(high, -low) <= of->noise + 2) continue;
        if (is_firm(of, low, high)) {
            mark_firm(of, x, y);
            continue;
        }
        int slope = step(in, x, y);
        // Grain in a shadow is no product; where there is more shade than product, it may be one.
        int traces = !of->behind || of->behind->parting->shaded > 1
                     || !(sluice_behind(of->behind, x, y) & SLUICE_SHADE);
        if (of->grain) {
            int noise = greater(of->noise, sluice_grain_at(of->grain, x, y));
            classify(of, &of->grained, x, y, noise, low, high, slope, traces);
            continue;
        }
        sluice_mark(&of->extent, x, y);
        classify(of, &of->plain, x, y, of->noise, low, high, slope, traces);
        classify(of, &of->firm, x, y, sluice_most_grain, low, high, slope, 0);
    }
}

static void put_boxes(const search *of, const kinds *from, sluice_finding *out) {
    out->solid = sluice_box_of(&from->solid, of->in->width, of->in->height);
    out->traced = sluice_box_of(&from->traced, of->in->width, of->in->height);
    out->extent = sluice_box_of(&of->extent, of->in->width, of->in->height);
}

/// Whether what is pale around the product may be its shadow: not on all sides, and not much larger. A
/// print on a white shirt has more around it.
static int has_room_for_shadow(const sluice_finding *as) {
    const sluice_box *solid = &as->solid, *all = &as->extent;
    if (solid->right <= solid->left) return 0;
    int is_around = all->left < solid->left - sluice_ringing
                    && all->top < solid->top - sluice_ringing
                    && all->right > solid->right + sluice_ringing
                    && all->bottom > solid->bottom + sluice_ringing;
    double share = (double)(solid->right - solid->left) * (solid->bottom - solid->top)
                   / ((double)(all->right - all->left) * (all->bottom - all->top));
    return !is_around && share >= 1.0 / 3;
}

static int may_be_shaded(const search *of, const sluice_finding *as) {
    const sluice_box *solid = &as->solid;
    sluice_box around = {
        solid->left - sluice_ringing, solid->top - sluice_ringing,
        solid->right + sluice_ringing, solid->bottom + sluice_ringing};
    return has_room_for_shadow(as) && sluice_fades(of->grain, around);
}

static int is_within(const sluice_box *box, const sluice_box *of, int slack) {
    return box->right <= box->left
           || (box->left >= of->left - slack && box->top >= of->top - slack
               && box->right <= of->right + slack && box->bottom <= of->bottom + slack);
}

/// Whether grain could make any difference: not where all that was found lies within what no grain could be,
/// nor where even what was found leaves too much around it for a shadow.
static int is_in_question(const search *of, const sluice_finding *found) {
    if (!has_room_for_shadow(found)) return 0;
    sluice_box firm = sluice_box_of(&of->firm.solid, of->in->width, of->in->height);
    return !is_within(&found->solid, &firm, 2) || !is_within(&found->traced, &firm, sluice_ringing);
}

/// Grain counts for nothing where all around the product is a shadow. Without that a pale product's
/// texture would be taken for grain, and its dark parts for the whole.
static int look_on_plain(search *of, sluice_finding *out) {
    for (int y = 0; y < of->in->height; y++) look_at_row(of, y, of->ring->color, 0);
    put_boxes(of, &of->plain, out);
    // A border that has grain itself tells all there is.
    if (of->noise > 2 || !is_in_question(of, out)) return 0;
    sluice_grain grain = {0};
    int result = sluice_find_grain(of->in, of->ring->color, &grain);
    if (result == 0) {
        of->grain = &grain;
        for (int y = 0; y < of->in->height; y++) look_at_row(of, y, of->ring->color, 0);
        sluice_finding grained;
        put_boxes(of, &of->grained, &grained);
        if (may_be_shaded(of, &grained)) *out = grained;
        of->grain = NULL;
    }
    sluice_free_grain(&grain);
    return result;
}

static int look_before_field(search *of, sluice_finding *out) {
    const sluice_view *in = of->in;
    size_t count = (size_t)in->width * (size_t)in->colors;
    float *likely = malloc(count * sizeof *likely);
    uint8_t *row = malloc(count);
    if (likely && row) {
        for (int y = 0; y < in->height; y++) {
            sluice_field_row(
                &of->behind->parting->field, sluice_along(0, in->width), 2.0f / (float)in->width, sluice_along(y, in->height),
                in->width, in->colors, likely);
            for (size_t i = 0; i < count; i++) row[i] = (uint8_t)(likely[i] + 0.5f);
            look_at_row(of, y, row, in->colors);
        }
        put_boxes(of, &of->plain, out);
    }
    int result = likely && row ? 0 : -1;
    free(likely);
    free(row);
    return result;
}

static int look_on_uneven(search *of, sluice_finding *out) {
    const sluice_view *in = of->in;
    size_t w = (size_t)in->width, h = (size_t)in->height, n = (size_t)in->colors;
    float *edges = calloc(2 * (w + h) * n, sizeof *edges);
    uint8_t *row = malloc(w * n);
    if (edges && row) {
        patch from = {edges, edges + w * n, edges + 2 * w * n, edges + (2 * w + h) * n,
                      in->width, in->height, in->colors};
        edge(in, in->width, 0, 0, 1, 0, from.top);
        edge(in, in->width, 0, in->height - 1, 1, 0, from.bottom);
        edge(in, in->height, 0, 0, 0, 1, from.left);
        edge(in, in->height, in->width - 1, 0, 0, 1, from.right);
        // A vignette is not what its border makes likely: more is needed to count.
        of->noise = greater(of->noise, 6);
        for (int y = 0; y < in->height; y++) {
            likely(&from, y, row);
            look_at_row(of, y, row, in->colors);
        }
        put_boxes(of, &of->plain, out);
    }
    int result = edges && row ? 0 : -1;
    free(edges);
    free(row);
    return result;
}

int sluice_find(
    const sluice_view *in, const sluice_ring *ring, const sluice_backdrop *behind, sluice_manner manner,
    sluice_finding *out) {
    size_t w = (size_t)in->width, h = (size_t)in->height;
    uint32_t *numbers = calloc(7 * (w + h), sizeof *numbers);
    if (!numbers) return -1;
    search of = {.in = in, .ring = ring, .behind = behind, .noise = ring->noise};
    sluice_counts *each[] = {
        &of.extent, &of.plain.solid, &of.plain.traced, &of.grained.solid, &of.grained.traced,
        &of.firm.solid, &of.firm.traced};
    for (size_t i = 0; i < 7; i++)
        *each[i] = (sluice_counts){numbers + i * (w + h), numbers + i * (w + h) + h};
    int result = 0;
    if (manner == sluice_by_alpha) {
        look_through_alpha(in, &of.plain.solid, &of.extent);
        of.plain.traced = of.plain.solid;
        put_boxes(&of, &of.plain, out);
    } else if (manner == sluice_before_field) {
        result = look_before_field(&of, out);
    } else {
        result = manner == sluice_on_uneven ? look_on_uneven(&of, out) : look_on_plain(&of, out);
    }
    free(numbers);
    return result;
}
