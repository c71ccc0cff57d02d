// Finds what lies on a background: what is clearly not it, what has edges and texture, and all that is
// different at all, soft shadows included.
#include <stdlib.h>
#include <string.h>

#include "behind.h"
#include "boxes.h"
#include "grain.h"
#include "lanes.h"
#include "likely.h"
#include "pixels.h"
#include "rows.h"

// MARK: Looking

/// So far beside a product an encoder leaves traces: a block of JPEG, and its soft edge.
enum { ringing = 12 };

/// What a row is looked at for.
typedef struct {
    sluice_counts solid, traced;
} kinds;

typedef struct {
    const sluice_raster *in;
    const sluice_ring *ring;
    /// What differs by no more is background.
    int noise;
    /// Null: nothing is known of it.
    const sluice_backdrop *behind;
    sluice_rows rows;
    sluice_counts extent;
    /// As the border's noise has it, and as the grain in shadows has it.
    kinds plain, grained;
    /// What no grain could be.
    sluice_counts firm;
    /// A byte a pixel of one row: the noise to be expected; where edges and texture count; what is found.
    uint8_t *noises, *traces, *solid, *traced;
    /// The row of the mask that `traces` is of.
    int traces_of;
    void *memory;
} search;

enum { counts_of_search = 6, bytes_of_search = 4 };

/// To be closed, whatever comes of it.
static sluice_result open_search(
    const sluice_raster *in, const sluice_ring *ring, const sluice_backdrop *behind, search *out) {
    size_t w = (size_t)in->width, h = (size_t)in->height;
    size_t numbers = counts_of_search * (w + h) * sizeof(uint32_t);
    *out = (search){.in = in, .ring = ring, .noise = ring->noise, .behind = behind, .traces_of = -1};
    sluice_result result = sluice_open_rows(in, &out->rows);
    out->memory = calloc(numbers + counts_of_search * w + bytes_of_search * (size_t)out->rows.stride, 1);
    if (result != sluice_done || !out->memory) return sluice_no_memory;
    sluice_counts *counts[] = {&out->extent,        &out->plain.solid,    &out->plain.traced,
                               &out->grained.solid, &out->grained.traced, &out->firm};
    uint32_t *number = out->memory;
    uint8_t *byte = (uint8_t *)out->memory + numbers;
    for (size_t i = 0; i < counts_of_search; i++, number += w + h, byte += w)
        *counts[i] =
            (sluice_counts){.rows = number, .columns = number + h, .recent = byte, .width = in->width};
    uint8_t **bytes[] = {&out->noises, &out->traces, &out->solid, &out->traced};
    for (size_t i = 0; i < bytes_of_search; i++, byte += out->rows.stride) *bytes[i] = byte;
    memset(out->traces, 1, w);
    return sluice_done;
}

/// Grain in a shadow is no product; where there is more shade than product, it may be one.
static void find_traces(search *of, int y) {
    if (!of->behind || of->behind->parting->shaded > 1) return;
    int row = row_behind(of->behind, y);
    if (row == of->traces_of) return;
    of->traces_of = row;
    for (int x = 0; x < of->in->width; x++) of->traces[x] = !(kind_behind(of->behind, x, y) & sluice_shade);
}

/// So far off is no background, whatever its noise.
static uint8_t clear_of(const search *of) { return (uint8_t)greater(12, of->noise + of->noise / 2 + 8); }

/// Whether pixels may be a shadow with such noise: 255 or 0.
static inline lanes may_be_shadow(const sluice_rows *rows, int x, lanes noise) {
    return ~(
        is_over(load(rows->above + x), noise) | is_over(load(rows->spread + x), noise + 8)
        | is_over(load(rows->slope + x), noise + 10));
}

/// What pixels are that may be a shadow with the noises that are expected.
static void classify(search *of, kinds *as, int y) {
    const sluice_rows *rows = &of->rows;
    lanes clear = all(clear_of(of)), least = all((uint8_t)(of->noise + 2)), one = all(1);
    for (int x = 0; x < of->in->width; x += sluice_lanes) {
        lanes noise = load(of->noises + x), off = load(rows->off + x), slope = load(rows->slope + x);
        lanes solid = is_over(off, clear) & ~may_be_shadow(rows, x, noise);
        lanes is_edge = is_over(off, least) & is_over(slope, 3 + noise + noise)
                        & is_over(load(rows->bend + x), 3 + noise + slope / 4);
        store(solid & one, of->solid + x);
        store((solid | (is_edge & load(of->traces + x))) & one, of->traced + x);
    }
    sluice_mark_row(&as->solid, y, of->solid);
    sluice_mark_row(&as->traced, y, of->traced);
}

/// Reads a row, and what is to be known of its pixels' surroundings where there is anything.
/// - Returns: whether there is.
static bool read_row(search *of, int y) {
    if (sluice_read_row(&of->rows, y) <= of->noise + 2) return false;
    sluice_read_steps(&of->rows, y);
    find_traces(of, y);
    return true;
}

/// So far off and so coloured or so steep that no grain could make a shadow of it: most of most products.
static void mark_firm(search *of, int y) {
    lanes clear = all(clear_of(of)), one = all(1);
    for (int x = 0; x < of->in->width; x += sluice_lanes) {
        lanes is_far = is_over(load(of->rows.off + x), clear);
        store(is_far & ~may_be_shadow(&of->rows, x, all(sluice_most_grain)) & one, of->solid + x);
    }
    sluice_mark_row(&of->firm, y, of->solid);
}

static void mark_extent(search *of, int y) {
    lanes least = all((uint8_t)(of->noise + 2)), one = all(1);
    for (int x = 0; x < of->in->width; x += sluice_lanes)
        store(is_over(load(of->rows.off + x), least) & one, of->solid + x);
    sluice_mark_row(&of->extent, y, of->solid);
}

static void look_at_row(search *of, int y, bool may_have_grain) {
    if (!read_row(of, y)) return;
    mark_extent(of, y);
    memset(of->noises, of->noise, (size_t)of->in->width);
    classify(of, &of->plain, y);
    if (may_have_grain) mark_firm(of, y);
}

static void put_boxes(search *of, kinds *from, sluice_finding *out) {
    out->solid = sluice_box_of(&from->solid, of->in->height);
    out->traced = sluice_box_of(&from->traced, of->in->height);
    out->extent = sluice_box_of(&of->extent, of->in->height);
}

/// Whether what is pale around the product may be its shadow: not on all sides, and not much larger. A
/// print on a white shirt has more around it.
static bool has_room_for_shadow(const sluice_finding *as) {
    const sluice_box *solid = &as->solid, *all = &as->extent;
    if (solid->right <= solid->left) return false;
    bool is_around = all->left < solid->left - ringing && all->top < solid->top - ringing
                     && all->right > solid->right + ringing && all->bottom > solid->bottom + ringing;
    double share = (double)(solid->right - solid->left) * (solid->bottom - solid->top)
                   / ((double)(all->right - all->left) * (all->bottom - all->top));
    return !is_around && share >= 1.0 / 3;
}

static bool may_be_shaded(const sluice_grain *grain, const sluice_finding *as) {
    const sluice_box *solid = &as->solid;
    sluice_box around = {
        solid->left - ringing, solid->top - ringing, solid->right + ringing, solid->bottom + ringing};
    return has_room_for_shadow(as) && sluice_fades(grain, around);
}

static bool is_within(const sluice_box *box, const sluice_box *of, int slack) {
    return box->right <= box->left
           || (box->left >= of->left - slack && box->top >= of->top - slack && box->right <= of->right + slack
               && box->bottom <= of->bottom + slack);
}

/// Whether grain could make any difference: not where all that was found lies within what no grain could be,
/// nor where even what was found leaves too much around it for a shadow.
static bool is_in_question(search *of, const sluice_finding *found) {
    if (!has_room_for_shadow(found)) return false;
    sluice_box firm = sluice_box_of(&of->firm, of->in->height);
    return !is_within(&found->solid, &firm, 2) || !is_within(&found->traced, &firm, ringing);
}

static void look_at_row_with_grain(search *of, const sluice_grain *grain, int y) {
    if (!read_row(of, y)) return;
    for (int x = 0; x < of->in->width; x += sluice_tile) {
        int noise = greater(of->noise, sluice_grain_at(grain, x, y));
        memset(of->noises + x, noise, (size_t)smaller(sluice_tile, of->in->width - x));
    }
    classify(of, &of->grained, y);
}

/// Grain counts for nothing where all around the product is a shadow. Without that a pale product's
/// texture would be taken for grain, and its dark parts for the whole.
static sluice_result look_with_grain(search *of, sluice_finding *out) {
    sluice_grain grain = {0};
    sluice_result result = sluice_find_grain(of->in, of->ring->color, &grain);
    if (result == sluice_done) {
        for (int y = 0; y < of->in->height; y++) look_at_row_with_grain(of, &grain, y);
        sluice_finding grained;
        put_boxes(of, &of->grained, &grained);
        if (may_be_shaded(&grain, &grained)) *out = grained;
    }
    sluice_free_grain(&grain);
    return result;
}

static sluice_result look_on_plain(search *of, sluice_finding *out) {
    // A border that has grain itself tells all there is.
    bool may_have_grain = of->noise <= 2;
    sluice_expect_color(&of->rows, of->ring->color);
    for (int y = 0; y < of->in->height; y++) look_at_row(of, y, may_have_grain);
    put_boxes(of, &of->plain, out);
    return may_have_grain && is_in_question(of, out) ? look_with_grain(of, out) : sluice_done;
}

static sluice_result look_before_field(search *of, sluice_finding *out) {
    float *line = malloc((size_t)of->in->width * sizeof *line);
    if (!line) return sluice_no_memory;
    for (int y = 0; y < of->in->height; y++) {
        sluice_expect_field(&of->rows, &of->behind->parting->field, y, line);
        look_at_row(of, y, false);
    }
    put_boxes(of, &of->plain, out);
    free(line);
    return sluice_done;
}

static sluice_result look_on_uneven(search *of, sluice_finding *out) {
    sluice_patch patch;
    if (sluice_open_patch(of->in, &patch) != sluice_done) return sluice_no_memory;
    // A vignette is not what its border makes likely: more is needed to count.
    of->noise = greater(of->noise, 6);
    for (int y = 0; y < of->in->height; y++) {
        sluice_expect_patch(&of->rows, &patch, y);
        look_at_row(of, y, false);
    }
    put_boxes(of, &of->plain, out);
    sluice_close_patch(&patch);
    return sluice_done;
}

static sluice_result look_through_alpha(search *of, sluice_finding *out) {
    const sluice_raster *in = of->in;
    for (int y = 0; y < in->height; y++) {
        const uint8_t *alpha = at(in, 0, y) + in->alpha;
        for (int x = 0; x < in->width; x++, alpha += in->bands) {
            of->traced[x] = *alpha > 8;
            // A cast shadow in a cut-out is a low alpha.
            of->solid[x] = *alpha >= 128;
        }
        sluice_mark_row(&of->extent, y, of->traced);
        sluice_mark_row(&of->plain.solid, y, of->solid);
        sluice_mark_row(&of->plain.traced, y, of->solid);
    }
    put_boxes(of, &of->plain, out);
    return sluice_done;
}

static sluice_result look(search *of, sluice_manner manner, sluice_finding *out) {
    switch (manner) {
    case sluice_by_alpha: return look_through_alpha(of, out);
    case sluice_on_plain: return look_on_plain(of, out);
    case sluice_on_uneven: return look_on_uneven(of, out);
    case sluice_before_field: return look_before_field(of, out);
    }
    return sluice_bad_shape;
}

sluice_result sluice_find(
    const sluice_raster *in, const sluice_ring *ring, const sluice_backdrop *behind, sluice_manner manner,
    sluice_finding *out) {
    if (!sluice_is_sane(in)) return sluice_bad_shape;
    if ((manner == sluice_by_alpha && in->alpha < 0) || (manner == sluice_before_field && !behind))
        return sluice_bad_shape;
    search of;
    sluice_result result = open_search(in, ring, behind, &of);
    if (result == sluice_done) result = look(&of, manner, out);
    sluice_close_rows(&of.rows);
    free(of.memory);
    return result;
}
