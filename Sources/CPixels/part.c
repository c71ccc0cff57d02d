// Parts a picture into background and what stands before it.
//
// A studio's background is bright, neutral and smooth, and need not be one colour: lamps fall off. So along
// the border what looks like a wall is gathered, beginning with the brightest; a surface is fitted to it; and
// what else looks like a wall belongs to it where that surface expects it, so that a pale garment at the edge
// does not. Then the background is what follows the surface and is connected to that wall. The rest is the
// product, wherever it crosses the edge, or shade: soft, neutral and darker.
#include <math.h>
#include <stdlib.h>

#include "pixels.h"
#include "walls.h"

/// Levels off the field from which a pixel is clearly something else, and up to which it may be the field
/// itself, seen through a handle.
enum { clearly = 20, itself = 5, faint = 6 };

/// - Parameter low, high: how far the pixel is above the field, least and most of all colours.
static uint8_t kind_of(const sluice_wall *of, int x, int y, float low, float high) {
    const sluice_raster *in = of->in;
    int tolerance = of->found->tolerance;
    float own = (float)greater(itself, tolerance - 1);
    if (high <= own && low >= -own) return sluice_enclosed;
    if (high > tolerance || low < -90 || high - low > 12 + tolerance) return sluice_product;
    const uint8_t *left = at(in, greater(x - 1, 0), y), *up = at(in, x, greater(y - 1, 0));
    const uint8_t *right = at(in, smaller(x + 1, in->width - 1), y);
    const uint8_t *down = at(in, x, smaller(y + 1, in->height - 1));
    int slope = greater(distance(left, right, in->colors), distance(up, down, in->colors));
    return slope <= 14 + tolerance ? sluice_shade : sluice_product;
}

/// Keeps the least and the greatest value of the field where it is background: of one row, in one colour.
static void hold_brightness(const sluice_wall *of, const uint8_t *mask, int y, int c) {
    const sluice_raster *in = of->in;
    uint8_t *darkest = &of->found->darkest[c], *brightest = &of->found->brightest[c];
    sluice_field_row(&of->found->field, in, c < in->colors ? c : 0, 0, y, in->width, of->field);
    for (int x = 0; x < in->width; x++) {
        if (mask[x] != sluice_background) continue;
        uint8_t here = (uint8_t)(of->field[x] + 0.5f);
        *darkest = (uint8_t)smaller(*darkest, here);
        *brightest = (uint8_t)greater(*brightest, here);
    }
}

/// Leaves notes as flags.
static void write_mask(sluice_wall *of, uint8_t *mask) {
    const sluice_raster *in = of->in;
    sluice_parting *found = of->found;
    for (int c = 0; c < 3; c++) found->darkest[c] = 255, found->brightest[c] = 0;
    for (int y = 0; y < in->height; y++, mask += in->width) {
        uint8_t *flags = of->flags.flags + (size_t)y * of->flags.width;
        sluice_read_off(of, y);
        for (int x = 0; x < in->width; x++) {
            if (flags[x] & flag_grown) {
                flags[x] = 0;
                mask[x] = sluice_background;
                continue;
            }
            mask[x] = kind_of(of, x, y, of->low[x], of->high[x]);
            float off = fmaxf(of->high[x], -of->low[x]);
            flags[x] = off > clearly                              ? sluice_note_clear
                       : off <= (float)(found->tolerance + faint) ? sluice_note_faint
                                                                  : 0;
        }
        for (int c = 0; c < 3; c++) hold_brightness(of, mask, y, c);
    }
}

/// Whether the fitted surface is one that a wall may have.
static bool is_wall(const sluice_parting *of, int colors) {
    for (int c = 0; c < colors; c++)
        if (of->darkest[c] < dimmest) return false;
    return of->brightest[0] > 0;
}

/// With memory for all that is known on the way.
static sluice_result part(sluice_wall *of, int reach, uint8_t *mask) {
    const sluice_raster *in = of->in;
    bool has_field = false;
    take_apart(in->bytes, pixels_of(of), in->bands, in->colors, of->planes);
    sluice_result result = sluice_find_field(of, &has_field);
    if (result != sluice_done || !has_field) return result;
    write_mask(of, mask);
    of->found->is_parted = is_wall(of->found, in->colors);
    if (of->found->is_parted) result = sluice_judge_pieces(in, mask, of->flags.flags, of->found);
    sluice_flags field = {mask, of->flags.width, of->flags.height, of->flags.scratch};
    sluice_spread(
        field, (size_t)smaller(reach, sluice_most_reach), sluice_crosses, sluice_crosses, sluice_beside);
    return result;
}

enum { lines_of_row = 6 };

sluice_result sluice_part(const sluice_raster *in, int reach, uint8_t *mask, sluice_parting *out) {
    *out = (sluice_parting){.stranger = -1};
    if (!sluice_is_sane(in) || reach < 0) return sluice_bad_shape;
    size_t width = (size_t)in->width, height = (size_t)in->height, count = width * height;
    size_t flags = count + 3 * width + 2 * sluice_most_reach;
    uint8_t *bytes = calloc(flags + count * (size_t)in->colors, 1);
    uint32_t *numbers = calloc(2 * count, sizeof *numbers);
    float *lines = malloc(lines_of_row * width * sizeof *lines);
    sluice_square_sums *squares = malloc((width / square + 1) * sizeof *squares);
    sluice_result result = sluice_no_memory;
    if (bytes && numbers && lines && squares) {
        sluice_wall of = {
            .in = in,
            .flags = {bytes, width, height, bytes + count},
            .pieces = {bytes, in->width, in->height, numbers, numbers + count},
            .squares = squares,
            .found = out};
        float **each[lines_of_row] = {&of.field, &of.off[0], &of.off[1], &of.off[2], &of.low, &of.high};
        for (size_t i = 0; i < lines_of_row; i++) *each[i] = lines + i * width;
        for (int c = 0; c < in->colors; c++) of.planes[c] = bytes + flags + (size_t)c * count;
        result = part(&of, reach, mask);
    }
    free(squares);
    free(lines);
    free(numbers);
    free(bytes);
    return result;
}
