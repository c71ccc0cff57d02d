#include "pieces.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "view.h"

uint32_t sluice_take_piece(sluice_pieces *of, uint8_t bits, uint32_t start, uint32_t number) {
    int width = of->width, height = of->height;
    uint32_t next = 0, count = 0;
    uint8_t kind = of->kinds[start] & bits;
    of->numbers[start] = number;
    of->places[count++] = start;
    while (next < count) {
        uint32_t place = of->places[next++];
        int x = (int)(place % (uint32_t)width), y = (int)(place / (uint32_t)width);
        for (int b = greater(0, y - 1); b <= smaller(height - 1, y + 1); b++)
            for (int a = greater(0, x - 1); a <= smaller(width - 1, x + 1); a++) {
                uint32_t beside = (uint32_t)b * (uint32_t)width + (uint32_t)a;
                if (of->numbers[beside] || (of->kinds[beside] & bits) != kind) continue;
                of->numbers[beside] = number;
                of->places[count++] = beside;
            }
    }
    return count;
}

// MARK: Pale parts

typedef struct {
    uint32_t background, edge, product, shade;
} company;

/// What a piece's pixels touch; background only where they fade into it.
static company around(const sluice_pieces *of, const uint8_t *notes, uint32_t count) {
    company found = {0, 0, 0, 0};
    uint32_t width = (uint32_t)of->width, height = (uint32_t)of->height;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = of->places[i], x = place % width, y = place / width;
        uint32_t beside[4], n = 0;
        if (x > 0) beside[n++] = place - 1;
        if (x + 1 < width) beside[n++] = place + 1;
        if (y > 0) beside[n++] = place - width;
        if (y + 1 < height) beside[n++] = place + width;
        for (uint32_t k = 0; k < n; k++) {
            int is_faint = notes[place] & SLUICE_NOTE_FAINT;
            found.background += of->kinds[beside[k]] == SLUICE_BACKGROUND && is_faint;
            found.edge += of->kinds[beside[k]] == SLUICE_BACKGROUND && !is_faint;
            found.product += of->kinds[beside[k]] == SLUICE_PRODUCT;
            found.shade += of->kinds[beside[k]] == SLUICE_SHADE;
        }
    }
    return found;
}

/// What is pale and smooth, but set off from the background by an edge, is no shadow: it is of the product.
static void take_pale_parts(sluice_pieces *of, uint8_t *mask, const uint8_t *notes) {
    uint32_t pixels = (uint32_t)of->width * (uint32_t)of->height, number = 1, product = 0;
    for (uint32_t place = 0; place < pixels; place++) product += mask[place] == SLUICE_PRODUCT;
    for (uint32_t place = 0; place < pixels; place++) {
        if (mask[place] != SLUICE_SHADE || of->numbers[place]) continue;
        uint32_t count = sluice_take_piece(of, 0xFF, place, number++);
        company by = around(of, notes, count);
        // A large shadow fades into the background nearly all around.
        uint32_t needed = 6 * count > product ? 1 : 12;
        if (needed * by.background >= by.product && 10 * by.edge < by.background) continue;
        for (uint32_t i = 0; i < count; i++) mask[of->places[i]] = SLUICE_PRODUCT;
    }
    memset(of->numbers, 0, pixels * sizeof *of->numbers);
}

// MARK: What is seen through the product

/// Whether what is around a piece, two pixels off, is clearly something else: a handle, and not the pale
/// folds of the cloth that the piece is of.
static int has_clear_rim(const sluice_pieces *of, const uint8_t *notes, uint32_t number, uint32_t count) {
    int width = of->width, height = of->height;
    uint32_t rim = 0, firm = 0;
    for (uint32_t i = 0; i < count; i++) {
        int x = (int)(of->places[i] % (uint32_t)width), y = (int)(of->places[i] / (uint32_t)width);
        static const int across[] = {2, -2, 0, 0}, down[] = {0, 0, 2, -2};
        for (int k = 0; k < 4; k++) {
            int a = x + across[k], b = y + down[k];
            if (a < 0 || b < 0 || a >= width || b >= height) continue;
            size_t beside = (size_t)b * (size_t)width + (size_t)a;
            if (of->numbers[beside] == number) continue;
            rim++;
            firm += notes[beside] & SLUICE_NOTE_CLEAR;
        }
    }
    // A shadow may be on one side of it.
    return 5 * firm >= 3 * rim;
}

/// Whether a square about a place is all of one piece.
static int is_square(const sluice_pieces *of, uint32_t number, int x, int y, int reach) {
    if (x < reach || y < reach || x + reach >= of->width || y + reach >= of->height) return 0;
    for (int b = y - reach; b <= y + reach; b++)
        for (int a = x - reach; a <= x + reach; a++)
            if (of->numbers[(size_t)b * (size_t)of->width + (size_t)a] != number) return 0;
    return 1;
}

/// The largest square of a piece's own pixels, about one of them in the middle.
static sluice_box largest_square(const sluice_pieces *of, uint32_t number, uint32_t count) {
    sluice_box best = {0, 0, 0, 0};
    int reach = 0;
    for (uint32_t i = 0; i < count; i++) {
        int x = (int)(of->places[i] % (uint32_t)of->width), y = (int)(of->places[i] / (uint32_t)of->width);
        while (is_square(of, number, x, y, reach)) {
            best = (sluice_box){x - reach, y - reach, x + reach + 1, y + reach + 1};
            reach++;
        }
    }
    return best;
}

/// Leaves as enclosed what is large enough to be seen and has a clear rim; the rest is of the product.
static void choose_enclosed(sluice_pieces *of, uint8_t *mask, uint8_t *notes, sluice_parting *out) {
    uint32_t pixels = (uint32_t)of->width * (uint32_t)of->height, number = 1;
    uint32_t fewest = pixels / 8000 > 9 ? pixels / 8000 : 9;
    for (uint32_t place = 0; place < pixels; place++) {
        if (mask[place] != SLUICE_ENCLOSED || of->numbers[place]) continue;
        uint32_t count = sluice_take_piece(of, 0xFF, place, number);
        if (count >= fewest && has_clear_rim(of, notes, number, count)) {
            if (out->enclosed < sluice_most_squares)
                out->squares[out->enclosed] = largest_square(of, number, count);
            out->enclosed++;
        } else {
            // The tip of a gap, or a small part as pale as the wall: nobody can tell.
            uint8_t note = count < pixels / 200 ? SLUICE_NOTE_PALE : 0;
            for (uint32_t i = 0; i < count; i++) {
                mask[of->places[i]] = SLUICE_PRODUCT;
                notes[of->places[i]] |= note;
            }
        }
        number++;
    }
    memset(of->numbers, 0, pixels * sizeof *of->numbers);
}

// MARK: Products and strangers

typedef struct {
    uint32_t count;
    /// Whether it is on that side's outermost row.
    uint8_t on_side[4];
    company by;
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
static int is_core(const piece *of) { return of->by.shade > of->by.background + of->by.edge; }

/// Reaches two sides that meet: a panel, a curtain.
static int has_corner(const piece *of) {
    return (of->on_side[sluice_top] || of->on_side[sluice_bottom])
           && (of->on_side[sluice_left] || of->on_side[sluice_right]);
}

static uint8_t is_at_edge(const piece *of) {
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
        int is_shadow = all[i].count < largest / 12 && is_core(&all[i]);
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
            if (*here != SLUICE_PRODUCT) continue;
            all++;
            thick += here[-1] == SLUICE_PRODUCT && here[1] == SLUICE_PRODUCT
                     && here[-of->width] == SLUICE_PRODUCT && here[of->width] == SLUICE_PRODUCT;
        }
    return all ? (double)thick / (double)all : 1;
}

static void find_shade(const sluice_pieces *of, sluice_parting *out) {
    size_t width = (size_t)of->width, pixels = width * (size_t)of->height;
    size_t shade = 0, product = 0, rows = 0, raised = 0;
    for (size_t i = 0; i < pixels; i++) {
        shade += of->kinds[i] == SLUICE_SHADE;
        if (of->kinds[i] != SLUICE_PRODUCT) continue;
        product++;
        rows += i / width;
    }
    size_t middle = product ? rows / product : 0;
    for (size_t i = 0; i < pixels && i / width < middle; i++) raised += of->kinds[i] == SLUICE_SHADE;
    out->shaded = (double)shade / (double)(product ? product : 1);
    out->raised = shade ? (double)raised / (double)shade : 0;
}

static double share_of_clear(const sluice_pieces *of, const uint8_t *counts, const uint8_t *notes) {
    size_t pixels = (size_t)of->width * (size_t)of->height, all = 0, clear = 0;
    for (size_t i = 0; i < pixels; i++) {
        if (!of->numbers[i] || !counts[of->numbers[i]]) continue;
        all++;
        clear += notes[i] & SLUICE_NOTE_CLEAR;
    }
    return all ? (double)clear / (double)all : 1;
}

// MARK: The border

/// The place of a side's pixel in the mask.
static size_t on_side(const sluice_view *in, int side, int along) {
    size_t width = (size_t)in->width, height = (size_t)in->height, at = (size_t)along;
    switch (side) {
    case sluice_top: return at;
    case sluice_right: return at * width + width - 1;
    case sluice_bottom: return (height - 1) * width + at;
    default: return at * width;
    }
}

static void look_at_border(const sluice_pieces *of, const sluice_view *in, const uint8_t *counts, sluice_parting *out) {
    double all = 0, background = 0, shade = 0;
    for (int side = 0; side < 4; side++) {
        int length = side == sluice_top || side == sluice_bottom ? in->width : in->height, crossed = 0;
        sluice_crossing *found = &out->crossed[side];
        *found = (sluice_crossing){length, 0, 0};
        for (int along = 0; along < length; along++) {
            size_t place = on_side(in, side, along);
            background += of->kinds[place] == SLUICE_BACKGROUND;
            shade += of->kinds[place] == SLUICE_SHADE;
            if (of->kinds[place] != SLUICE_PRODUCT || !counts[of->numbers[place]]) continue;
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

int sluice_judge_pieces(
    const sluice_view *in, uint8_t *mask, uint8_t *notes, sluice_parting *out) {
    size_t pixels = (size_t)in->width * (size_t)in->height;
    uint32_t *numbers = calloc(2 * pixels, sizeof *numbers);
    piece *all = malloc((pixels + 1) * sizeof *all);
    uint8_t *counts = calloc(pixels + 1, 1);
    int result = numbers && all && counts ? 0 : -1;
    if (result == 0) {
        sluice_pieces of = {mask, in->width, in->height, numbers, numbers + pixels};
        choose_enclosed(&of, mask, notes, out);
        take_pale_parts(&of, mask, notes);
        uint32_t next = 1;
        for (uint32_t place = 0; place < pixels; place++)
            if (mask[place] == SLUICE_PRODUCT && !numbers[place]) {
                all[next] = (piece){.count = sluice_take_piece(&of, 0xFF, place, next)};
                all[next].by = around(&of, notes, all[next].count);
                add_sides(&of, &all[next++]);
            }
        choose_products(all, next, pixels, counts, out);
        for (size_t i = 0; i < pixels; i++)
            if (numbers[i] && !counts[numbers[i]] && is_core(&all[numbers[i]]))
                mask[i] = SLUICE_SHADE;
        out->clear = share_of_clear(&of, counts, notes);
        find_shade(&of, out);
        out->thick = share_of_thick(&of);
        look_at_border(&of, in, counts, out);
        for (size_t i = 0; i < pixels; i++) {
            if (notes[i] & SLUICE_NOTE_PALE) mask[i] |= SLUICE_PALE;
            const piece *its = &all[numbers[i]];
            if (numbers[i] && counts[numbers[i]] && is_at_edge(its))
                mask[i] |= SLUICE_CROSSING;
        }
    }
    free(counts);
    free(all);
    free(numbers);
    return result;
}
