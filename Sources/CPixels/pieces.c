// Pieces, and what they are by what they touch.
#include "pieces.h"

#include <string.h>

#include "pixels.h"

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

sluice_company sluice_find_company(const sluice_pieces *of, const uint8_t *notes, uint32_t count) {
    sluice_company found = {0, 0, 0, 0};
    for (uint32_t i = 0; i < count; i++) {
        size_t beside[4];
        int n = places_beside(of->places[i], (size_t)of->width, (size_t)of->height, beside);
        int is_faint = (notes[of->places[i]] & sluice_note_faint) != 0;
        for (int k = 0; k < n; k++) {
            uint8_t kind = of->kinds[beside[k]];
            found.background += kind == sluice_background && is_faint;
            found.edge += kind == sluice_background && !is_faint;
            found.product += kind == sluice_product;
            found.shade += kind == sluice_shade;
        }
    }
    return found;
}

void sluice_take_pale_parts(sluice_pieces *of, uint8_t *mask, const uint8_t *notes) {
    uint32_t pixels = (uint32_t)of->width * (uint32_t)of->height, number = 1, product = 0;
    for (uint32_t place = 0; place < pixels; place++) product += mask[place] == sluice_product;
    for (uint32_t place = 0; place < pixels; place++) {
        if (mask[place] != sluice_shade || of->numbers[place]) continue;
        uint32_t count = sluice_take_piece(of, 0xFF, place, number++);
        sluice_company by = sluice_find_company(of, notes, count);
        // A large shadow fades into the background nearly all around.
        uint32_t needed = 6 * count > product ? 1 : 12;
        if (needed * by.background >= by.product && 10 * by.edge < by.background) continue;
        for (uint32_t i = 0; i < count; i++) mask[of->places[i]] = sluice_product;
    }
    memset(of->numbers, 0, pixels * sizeof *of->numbers);
}

// MARK: What is seen through the product

/// Whether what is around a piece, two pixels off, is clearly something else: a handle, and not the pale
/// folds of the cloth that the piece is of.
static bool has_clear_rim(const sluice_pieces *of, const uint8_t *notes, uint32_t number, uint32_t count) {
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
            firm += notes[beside] & sluice_note_clear;
        }
    }
    // A shadow may be on one side of it.
    return 5 * firm >= 3 * rim;
}

/// Whether a square about a place is all of one piece.
static bool is_square(const sluice_pieces *of, uint32_t number, int x, int y, int reach) {
    if (x < reach || y < reach || x + reach >= of->width || y + reach >= of->height) return false;
    for (int b = y - reach; b <= y + reach; b++)
        for (int a = x - reach; a <= x + reach; a++)
            if (of->numbers[(size_t)b * (size_t)of->width + (size_t)a] != number) return false;
    return true;
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

void sluice_choose_enclosed(sluice_pieces *of, uint8_t *mask, uint8_t *notes, sluice_parting *out) {
    uint32_t pixels = (uint32_t)of->width * (uint32_t)of->height, number = 1;
    uint32_t fewest = pixels / 8000 > 9 ? pixels / 8000 : 9;
    for (uint32_t place = 0; place < pixels; place++) {
        if (mask[place] != sluice_enclosed || of->numbers[place]) continue;
        uint32_t count = sluice_take_piece(of, 0xFF, place, number);
        if (count >= fewest && has_clear_rim(of, notes, number, count)) {
            if (out->enclosed < sluice_most_squares)
                out->squares[out->enclosed] = largest_square(of, number, count);
            out->enclosed++;
        } else {
            // The tip of a gap, or a small part as pale as the wall: nobody can tell.
            uint8_t note = count < pixels / 200 ? sluice_note_pale : 0;
            for (uint32_t i = 0; i < count; i++) {
                mask[of->places[i]] = sluice_product;
                notes[of->places[i]] |= note;
            }
        }
        number++;
    }
    memset(of->numbers, 0, pixels * sizeof *of->numbers);
}
