// Which pieces are the product, which are its shadow or something else, and what all of it says of the border.
#include <stdlib.h>

#include "pieces.h"
#include "pixels.h"

// MARK: Products and strangers

typedef struct {
    uint32_t count;
    /// Whether it is on that side's outermost row.
    uint8_t on_side[4];
    sluice_company by;
} piece;

static void add_sides(const sluice_pieces *of, piece *to) {
    for (uint32_t i = 0; i < to->count; i++) {
        int x = (int)(of->places[i] % (uint32_t)of->width), y = (int)(of->places[i] / (uint32_t)of->width);
        if (y == 0) to->on_side[sluice_top] = 1;
        if (x == of->width - 1) to->on_side[sluice_right] = 1;
        if (y == of->height - 1) to->on_side[sluice_bottom] = 1;
        if (x == 0) to->on_side[sluice_left] = 1;
    }
}

/// Lies in shade, rather than before the background.
static bool is_core(const piece *of) { return of->by.shade > of->by.background + of->by.edge; }

/// Reaches two sides that meet: a panel, a curtain.
static bool has_corner(const piece *of) {
    return (of->on_side[sluice_top] || of->on_side[sluice_bottom])
           && (of->on_side[sluice_left] || of->on_side[sluice_right]);
}

static bool is_at_edge(const piece *of) {
    return of->on_side[0] | of->on_side[1] | of->on_side[2] | of->on_side[3];
}

/// The product is the largest piece, and what is not much smaller; what is small and stands at the edge by
/// itself is something else, and dust is nothing.
static void choose_products(
    const piece *all, uint32_t count, size_t pixels, uint8_t *counts, sluice_parting *out) {
    uint32_t largest = 0;
    for (uint32_t i = 1; i < count; i++) largest = all[i].count > largest ? all[i].count : largest;
    size_t dust = pixels / 20000 > 4 ? pixels / 20000 : 4;
    // Hands and feet may be cut off by the frame where the rest is; beside what is whole, nothing is.
    uint8_t crossed[4] = {0};
    for (uint32_t i = 1; i < count; i++)
        for (int side = 0; side < 4 && all[i].count == largest; side++) crossed[side] |= all[i].on_side[side];
    for (uint32_t i = 1; i < count; i++) {
        // The core of a shadow lies in it.
        bool is_shadow = all[i].count < largest / 12 && is_core(&all[i]);
        counts[i] = all[i].count > dust && !is_shadow;
        if (!counts[i] || all[i].count == largest) continue;
        for (int side = 0; side < 4; side++)
            if (all[i].on_side[side] && (!crossed[side] || has_corner(&all[i]))) out->stranger = side;
    }
}

static double share_of_thick(const sluice_pieces *of) {
    size_t all = 0, thick = 0;
    for (int y = 1; y + 1 < of->height; y++)
        for (int x = 1; x + 1 < of->width; x++) {
            const uint8_t *here = of->kinds + (size_t)y * (size_t)of->width + (size_t)x;
            if (*here != sluice_product) continue;
            all++;
            thick += here[-1] == sluice_product && here[1] == sluice_product
                     && here[-of->width] == sluice_product && here[of->width] == sluice_product;
        }
    return all ? (double)thick / (double)all : 1;
}

static void find_shade(const sluice_pieces *of, sluice_parting *out) {
    size_t width = (size_t)of->width, pixels = width * (size_t)of->height;
    size_t shade = 0, product = 0, rows = 0, raised = 0;
    for (size_t i = 0; i < pixels; i++) {
        shade += of->kinds[i] == sluice_shade;
        if (of->kinds[i] != sluice_product) continue;
        product++;
        rows += i / width;
    }
    size_t middle = product ? rows / product : 0;
    for (size_t i = 0; i < pixels && i / width < middle; i++) raised += of->kinds[i] == sluice_shade;
    out->shaded = (double)shade / (double)(product ? product : 1);
    out->raised = shade ? (double)raised / (double)shade : 0;
}

static double share_of_clear(const sluice_pieces *of, const uint8_t *counts, const uint8_t *notes) {
    size_t pixels = (size_t)of->width * (size_t)of->height, all = 0, clear = 0;
    for (size_t i = 0; i < pixels; i++) {
        if (!of->numbers[i] || !counts[of->numbers[i]]) continue;
        all++;
        clear += notes[i] & sluice_note_clear;
    }
    return all ? (double)clear / (double)all : 1;
}

// MARK: The border

/// The place of a side's pixel in the mask.
static size_t on_side(const sluice_raster *in, int side, int along) {
    size_t width = (size_t)in->width, height = (size_t)in->height, at = (size_t)along;
    switch (side) {
    case sluice_top: return at;
    case sluice_right: return at * width + width - 1;
    case sluice_bottom: return (height - 1) * width + at;
    default: return at * width;
    }
}

static void look_at_border(
    const sluice_pieces *of, const sluice_raster *in, const uint8_t *counts, sluice_parting *out) {
    double all = 0, background = 0, shade = 0;
    for (int side = 0; side < 4; side++) {
        int length = side == sluice_top || side == sluice_bottom ? in->width : in->height, crossed = 0;
        sluice_crossing *found = &out->crossed[side];
        *found = (sluice_crossing){length, 0, 0};
        for (int along = 0; along < length; along++) {
            size_t place = on_side(in, side, along);
            background += of->kinds[place] == sluice_background;
            shade += of->kinds[place] == sluice_shade;
            if (of->kinds[place] != sluice_product || !counts[of->numbers[place]]) continue;
            crossed++;
            found->from = smaller(found->from, along);
            found->to = along + 1;
        }
        all += length;
        found->share = (double)crossed / (double)length;
        if (!crossed) *found = (sluice_crossing){0, 0, 0};
    }
    out->background = background / all;
    out->shade = shade / all;
}

static void mark_judged(
    const sluice_pieces *of, const piece *all, const uint8_t *counts, const uint8_t *notes, uint8_t *mask) {
    size_t pixels = (size_t)of->width * (size_t)of->height;
    for (size_t i = 0; i < pixels; i++) {
        if (notes[i] & sluice_note_pale) mask[i] |= sluice_pale;
        uint32_t number = of->numbers[i];
        if (number && counts[number] && is_at_edge(&all[number])) mask[i] |= sluice_crosses;
    }
}

/// - Returns: one more than there are pieces of the product; their numbers begin at 1.
static uint32_t take_products(sluice_pieces *of, const uint8_t *mask, const uint8_t *notes, piece *all) {
    uint32_t next = 1, pixels = (uint32_t)of->width * (uint32_t)of->height;
    for (uint32_t place = 0; place < pixels; place++) {
        if (mask[place] != sluice_product || of->numbers[place]) continue;
        all[next] = (piece){.count = sluice_take_piece(of, 0xFF, place, next)};
        all[next].by = sluice_find_company(of, notes, all[next].count);
        add_sides(of, &all[next++]);
    }
    return next;
}

/// - Parameters `all`, `counts`: room for each piece, and one more; `counts` is all 0.
static void judge(
    sluice_pieces *of, const sluice_raster *in, uint8_t *mask, uint8_t *notes, piece *all, uint8_t *counts,
    sluice_parting *out) {
    size_t pixels = (size_t)of->width * (size_t)of->height;
    sluice_choose_enclosed(of, mask, notes, out);
    sluice_take_pale_parts(of, mask, notes);
    uint32_t count = take_products(of, mask, notes, all);
    choose_products(all, count, pixels, counts, out);
    for (size_t i = 0; i < pixels; i++) {
        uint32_t number = of->numbers[i];
        if (number && !counts[number] && is_core(&all[number])) mask[i] = sluice_shade;
    }
    out->clear = share_of_clear(of, counts, notes);
    find_shade(of, out);
    out->thick = share_of_thick(of);
    look_at_border(of, in, counts, out);
    mark_judged(of, all, counts, notes, mask);
}

sluice_result sluice_judge_pieces(
    const sluice_raster *in, uint8_t *mask, uint8_t *notes, sluice_parting *out) {
    size_t pixels = (size_t)in->width * (size_t)in->height;
    uint32_t *numbers = calloc(2 * pixels, sizeof *numbers);
    piece *all = malloc((pixels + 1) * sizeof *all);
    uint8_t *counts = calloc(pixels + 1, 1);
    bool done = numbers && all && counts;
    if (done) {
        sluice_pieces of = {mask, in->width, in->height, numbers, numbers + pixels};
        judge(&of, in, mask, notes, all, counts, out);
    }
    free(counts);
    free(all);
    free(numbers);
    return done ? sluice_done : sluice_no_memory;
}
