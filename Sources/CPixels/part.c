// Parts a picture into background and what stands before it.
//
// A studio's background is bright, neutral and smooth, and need not be one colour: lamps fall off. So along
// the border what looks like a wall is gathered, beginning with the brightest; a surface is fitted to it; and
// what else looks like a wall belongs to it where that surface expects it, so that a pale garment at the edge
// does not. Then the background is what follows the surface and is connected to that wall. The rest is the
// product, wherever it crosses the edge, or shade: soft, neutral and darker.
#include "part.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flood.h"
#include "pieces.h"
#include "view.h"

enum {
    /// Levels from a pixel to one two further on, in what is smooth.
    smooth = 8,
    /// Levels that a whole stretch of wall is off the surface that goes on from another.
    expected = 7,
};

/// Flags of pixels while the field is sought.
enum { WALL = 1, NEAR = 2, NARROW_HERE = 4, WALKED = 8, GROWN = 16, FIRM = 32, BORDER = 64, SEED = 128 };

/// Side of the squares that noise is averaged over, to see whether a wall is as smooth as walls are.
enum { square = 6 };

/// What a square is off the field: sums of each colour, and how many of its pixels are of the field.
typedef struct {
    float off[3];
    int count;
} square_sums;

typedef struct {
    const sluice_view *in;
    SluiceField flags;
    sluice_pieces pieces;
    /// The picture's colours, one plane after the other.
    uint8_t *planes;
    /// Along one row: the field in one colour; how far each pixel is above it in each; and the least and
    /// most of those. And squares along one.
    float *field, *off[3], *low, *high;
    square_sums *squares;
    sluice_parting *found;
} parting;

static size_t count_of(const parting *of) { return of->flags.width * of->flags.height; }

static void clear(const parting *of, uint8_t flags) {
    for (size_t i = 0; i < count_of(of); i++) of->flags.flags[i] &= (uint8_t)~flags;
}

static void take_apart(const sluice_view *in, uint8_t *planes) {
    for (int c = 0; c < in->colors; c++) {
        const uint8_t *from = in->data + c;
        for (size_t left = (size_t)in->width * (size_t)in->height; left > 0; left--, from += in->bands)
            *planes++ = *from;
    }
}

static void subtract(const uint8_t *restrict pixels, const float *restrict field, int width, float *restrict out) {
    for (int x = 0; x < width; x++) out[x] = (float)pixels[x] - field[x];
}

static void hold(const float *restrict off, int width, float *restrict low, float *restrict high) {
    for (int x = 0; x < width; x++) {
        low[x] = off[x] < low[x] ? off[x] : low[x];
        high[x] = off[x] > high[x] ? off[x] : high[x];
    }
}

/// Fills what is told along a row; `field` is left in the last colour.
static void read_row(const parting *of, int y) {
    const sluice_view *in = of->in;
    size_t width = (size_t)in->width;
    for (int c = 0; c < in->colors; c++) {
        sluice_field_line(
            &of->found->field, c, sluice_along(0, in->width), 2.0f / (float)in->width, sluice_along(y, in->height),
            in->width, of->field);
        const uint8_t *plane = of->planes + (size_t)c * count_of(of);
        subtract(plane + (size_t)y * width, of->field, in->width, of->off[c]);
        if (c == 0) memcpy(of->low, of->off[0], width * sizeof *of->low);
        if (c == 0) memcpy(of->high, of->off[0], width * sizeof *of->high);
        else hold(of->off[c], in->width, of->low, of->high);
    }
}

// MARK: Walls

static int looks_like_wall(const sluice_view *in, int x, int y) {
    const uint8_t *pixel = at(in, x, y);
    if (!is_pale(pixel, in->colors)) return 0;
    const uint8_t *right = at(in, x + 2 < in->width ? x + 2 : greater(0, x - 2), y);
    const uint8_t *below = at(in, x, y + 2 < in->height ? y + 2 : greater(0, y - 2));
    return distance(pixel, right, in->colors) <= smooth && distance(pixel, below, in->colors) <= smooth;
}

static void mark_walls(parting *of) {
    const sluice_view *in = of->in;
    uint8_t *flags = of->flags.flags;
    for (int y = 0; y < in->height; y++)
        for (int x = 0; x < in->width; x++) {
            int at_edge = x == 0 || y == 0 || x == in->width - 1 || y == in->height - 1;
            *flags++ = (at_edge ? BORDER : 0) | (looks_like_wall(in, x, y) ? WALL : 0);
        }
}

/// A stretch of wall that reaches the edge.
typedef struct {
    uint32_t start, count, at_edge;
    double brightness;
} stretch;

enum { most_stretches = 64 };

static stretch take_stretch(parting *of, uint32_t start, uint32_t number) {
    stretch found = {.start = start, .count = sluice_take_piece(&of->pieces, WALL, start, number)};
    double sum = 0;
    for (uint32_t i = 0; i < found.count; i++) {
        uint32_t place = of->pieces.places[i];
        found.at_edge += (of->flags.flags[place] & BORDER) != 0;
        const uint8_t *pixel = of->in->data + (size_t)place * (size_t)of->in->bands;
        for (int c = 0; c < of->in->colors; c++) sum += pixel[c];
    }
    found.brightness = sum / (double)found.count / of->in->colors;
    return found;
}

/// The stretches of wall along the edge; those of a few pixels do not count.
static int find_stretches(parting *of, stretch out[most_stretches]) {
    int count = 0;
    uint32_t number = 1, fewest = (uint32_t)(of->in->width + of->in->height) / 200 + 2;
    for (uint32_t place = 0; place < count_of(of) && count < most_stretches; place++) {
        if ((of->flags.flags[place] & (WALL | BORDER)) != (WALL | BORDER)) continue;
        if (of->pieces.numbers[place]) continue;
        stretch found = take_stretch(of, place, number++);
        if (found.at_edge >= fewest && found.count >= 8 * fewest) out[count++] = found;
    }
    memset(of->pieces.numbers, 0, count_of(of) * sizeof *of->pieces.numbers);
    return count;
}

/// The brightest of those that are not much shorter than the longest.
static int main_stretch(const stretch *all, int count) {
    uint32_t longest = 0;
    for (int i = 0; i < count; i++) longest = all[i].at_edge > longest ? all[i].at_edge : longest;
    int best = 0;
    for (int i = 1; i < count; i++) {
        int is_long = 4 * all[i].at_edge >= longest, best_is_long = 4 * all[best].at_edge >= longest;
        if (is_long && (!best_is_long || all[i].brightness > all[best].brightness)) best = i;
    }
    return best;
}

/// How far a stretch as a whole is off the field.
static float off_stretch(parting *of, uint32_t count) {
    const sluice_view *in = of->in;
    double sums[3] = {0};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = of->pieces.places[i];
        int x = (int)(place % (uint32_t)in->width), y = (int)(place / (uint32_t)in->width);
        float likely[3];
        sluice_field_at(
            &of->found->field, sluice_along(x, in->width), sluice_along(y, in->height), in->colors, likely);
        for (int c = 0; c < in->colors; c++) sums[c] += at(in, x, y)[c] - likely[c];
    }
    float most = 0;
    for (int c = 0; c < in->colors; c++) most = fmaxf(most, (float)fabs(sums[c] / count));
    return most;
}

static void seed(parting *of, const stretch *from) {
    uint32_t count = sluice_take_piece(&of->pieces, WALL, from->start, 1);
    for (uint32_t i = 0; i < count; i++) of->flags.flags[of->pieces.places[i]] |= SEED;
}

/// Seeds all stretches that the field, as it goes on from those already seeded, expects.
static void seed_expected(parting *of, const stretch *all, int count) {
    for (int i = 0; i < count; i++) {
        if (of->flags.flags[all[i].start] & SEED) continue;
        uint32_t pixels = sluice_take_piece(&of->pieces, WALL, all[i].start, 1);
        int fits = off_stretch(of, pixels) <= expected;
        for (uint32_t k = 0; k < pixels; k++) {
            uint32_t place = of->pieces.places[k];
            of->pieces.numbers[place] = 0;
            if (fits) of->flags.flags[place] |= SEED;
        }
    }
}

// MARK: Growing

static void mark_near(
    const float *restrict low, const float *restrict high, int width, float tolerance, uint8_t *restrict flags) {
    for (int x = 0; x < width; x++) flags[x] |= NEAR * ((high[x] <= tolerance) & (-low[x] <= tolerance));
}

/// What is near the field and connected to the wall, through gaps of more than two pixels.
static int grow(parting *of, float tolerance) {
    const sluice_view *in = of->in;
    uint8_t *flags = of->flags.flags;
    clear(of, NEAR | NARROW_HERE | WALKED | GROWN | FIRM);
    for (int y = 0; y < in->height; y++) {
        read_row(of, y);
        mark_near(of->low, of->high, in->width, tolerance, flags + (size_t)y * of->flags.width);
    }
    sluice_spread(of->flags, 1, NEAR, 0, NARROW_HERE);
    if (!sluice_walk(of->flags, NARROW_HERE, SEED, WALKED)) return -1;
    sluice_spread(of->flags, 1, WALKED, WALKED, GROWN);
    // Edges of the product are no background yet.
    clear(of, NARROW_HERE);
    sluice_spread(of->flags, 2, GROWN, 0, NARROW_HERE);
    for (size_t i = 0; i < count_of(of); i++)
        if (!(flags[i] & NARROW_HERE)) flags[i] |= FIRM;
    return 0;
}

/// The distance from the field that all but one in two hundred pixels of it keep.
static int noise_of(parting *of) {
    const sluice_view *in = of->in;
    size_t histogram[64] = {0}, count = 0, seen = 0;
    for (int y = 0; y < in->height; y++) {
        read_row(of, y);
        const uint8_t *flags = of->flags.flags + (size_t)y * of->flags.width;
        for (int x = 0; x < in->width; x++) {
            if (!(flags[x] & FIRM)) continue;
            histogram[smaller(63, (int)(fmaxf(of->high[x], -of->low[x]) + 0.5f))]++;
            count++;
        }
    }
    for (int off = 0; off < 64; off++) {
        seen += histogram[off];
        if (200 * seen >= 199 * count) return off;
    }
    return 63;
}

static void add_row_of_squares(const parting *of, int y, square_sums *sums) {
    const sluice_view *in = of->in;
    read_row(of, y);
    const uint8_t *flags = of->flags.flags + (size_t)y * of->flags.width;
    for (int x = 0; x < in->width / square * square; x++) {
        if (!(flags[x] & FIRM)) continue;
        square_sums *sum = &sums[x / square];
        sum->count++;
        for (int c = 0; c < in->colors; c++) sum->off[c] += of->off[c][x];
    }
}

/// The distance from the field that nineteen in twenty such squares keep, in eighths of a level: cloth has
/// folds, and the world has things in it.
/// - Parameter sums: room for one row of squares.
static int roughness_of(const parting *of, square_sums *sums) {
    size_t histogram[128] = {0}, count = 0, seen = 0;
    size_t across = (size_t)of->in->width / square;
    for (int top = 0; top + square <= of->in->height; top += square) {
        memset(sums, 0, across * sizeof *sums);
        for (int y = top; y < top + square; y++) add_row_of_squares(of, y, sums);
        for (size_t i = 0; i < across; i++) {
            if (sums[i].count < square * square) continue;
            float most = 0;
            for (int c = 0; c < of->in->colors; c++) most = fmaxf(most, fabsf(sums[i].off[c]));
            histogram[smaller(127, (int)(most * 8 / (square * square)))]++;
            count++;
        }
    }
    for (int off = 0; off < 128; off++) {
        seen += histogram[off];
        if (20 * seen >= 19 * count) return off;
    }
    return 127;
}

/// - Returns: 1 with a field, 0 without, -1 without memory.
static int find_field(parting *of) {
    stretch all[most_stretches];
    sluice_field *field = &of->found->field;
    uint8_t *flags = of->flags.flags;
    mark_walls(of);
    int count = find_stretches(of, all);
    if (count == 0) return 0;
    // A tenth of the border tells what a wall would be; less is a reflex.
    uint32_t at_edge = 0, all_round = 2 * (uint32_t)(of->in->width + of->in->height);
    for (int i = 0; i < count; i++) at_edge += all[i].at_edge;
    if (10 * at_edge < all_round) return 0;
    seed(of, &all[main_stretch(all, count)]);
    memset(of->pieces.numbers, 0, count_of(of) * sizeof *of->pieces.numbers);
    for (int round = 0; round < 3; round++) {
        if (!sluice_fit_field(of->in, flags, SEED, round < 2 ? 3 : sluice_terms, field)) return 0;
        seed_expected(of, all, count);
    }
    static const float tolerances[] = {8, 7};
    for (size_t round = 0; round < sizeof tolerances / sizeof *tolerances; round++) {
        if (grow(of, tolerances[round])) return -1;
        if (!sluice_fit_field(of->in, flags, FIRM, sluice_terms, field)) return 0;
    }
    if (grow(of, 7)) return -1;
    of->found->roughness = roughness_of(of, of->squares);
    of->found->tolerance = smaller(10, greater(5, noise_of(of) + 2));
    return grow(of, (float)of->found->tolerance) ? -1 : 1;
}

// MARK: What is what

/// Levels off the field from which a pixel is clearly something else, and up to which it may be the field
/// itself, seen through a handle.
enum { clearly = 20, itself = 5, faint = 6 };

/// - Parameter low, high: how far the pixel is above the field, least and most of all colours.
static uint8_t kind_of(const parting *of, int x, int y, float low, float high) {
    const sluice_view *in = of->in;
    int tolerance = of->found->tolerance;
    float own = (float)greater(itself, tolerance - 1);
    if (high <= own && low >= -own) return SLUICE_ENCLOSED;
    if (high > tolerance || low < -90 || high - low > 12 + tolerance) return SLUICE_PRODUCT;
    const uint8_t *left = at(in, greater(x - 1, 0), y), *up = at(in, x, greater(y - 1, 0));
    const uint8_t *right = at(in, smaller(x + 1, in->width - 1), y);
    const uint8_t *down = at(in, x, smaller(y + 1, in->height - 1));
    int slope = greater(distance(left, right, in->colors), distance(up, down, in->colors));
    return slope <= 14 + tolerance ? SLUICE_SHADE : SLUICE_PRODUCT;
}

/// Keeps the least and the greatest value of the field where it is background: of one row, in one colour.
static void hold_brightness(const parting *of, const uint8_t *mask, int y, int c) {
    const sluice_view *in = of->in;
    uint8_t *darkest = &of->found->darkest[c], *brightest = &of->found->brightest[c];
    sluice_field_line(
        &of->found->field, c < in->colors ? c : 0, sluice_along(0, in->width), 2.0f / (float)in->width,
        sluice_along(y, in->height), in->width, of->field);
    for (int x = 0; x < in->width; x++) {
        if (mask[x] != SLUICE_BACKGROUND) continue;
        uint8_t here = (uint8_t)(of->field[x] + 0.5f);
        *darkest = (uint8_t)smaller(*darkest, here);
        *brightest = (uint8_t)greater(*brightest, here);
    }
}

/// Leaves notes as flags.
static void write_mask(parting *of, uint8_t *mask) {
    const sluice_view *in = of->in;
    sluice_parting *found = of->found;
    for (int c = 0; c < 3; c++) found->darkest[c] = 255, found->brightest[c] = 0;
    for (int y = 0; y < in->height; y++, mask += in->width) {
        uint8_t *flags = of->flags.flags + (size_t)y * of->flags.width;
        read_row(of, y);
        for (int x = 0; x < in->width; x++) {
            if (flags[x] & GROWN) {
                flags[x] = 0;
                mask[x] = SLUICE_BACKGROUND;
                continue;
            }
            mask[x] = kind_of(of, x, y, of->low[x], of->high[x]);
            float off = fmaxf(of->high[x], -of->low[x]);
            flags[x] = off > clearly ? SLUICE_NOTE_CLEAR
                       : off <= (float)(found->tolerance + faint) ? SLUICE_NOTE_FAINT
                                                                  : 0;
        }
        for (int c = 0; c < 3; c++) hold_brightness(of, mask, y, c);
    }
}

/// Whether the fitted surface is one that a wall may have.
static int is_wall(const sluice_parting *of, int colors) {
    for (int c = 0; c < colors; c++)
        if (of->darkest[c] < dimmest) return 0;
    return of->brightest[0] > 0;
}

enum { lines_of_row = 6 };

int sluice_part(const sluice_view *in, int reach, uint8_t *mask, sluice_parting *out) {
    *out = (sluice_parting){.stranger = -1};
    size_t width = (size_t)in->width, height = (size_t)in->height, count = width * height;
    size_t flags = count + 3 * width + 2 * SLUICE_REACH;
    uint8_t *bytes = calloc(flags + count * (size_t)in->colors, 1);
    uint32_t *numbers = calloc(2 * count, sizeof *numbers);
    float *lines = malloc(lines_of_row * width * sizeof *lines);
    square_sums *squares = malloc((width / square + 1) * sizeof *squares);
    parting of = {
        .in = in, .flags = {bytes, width, height, bytes + count},
        .pieces = {bytes, in->width, in->height, numbers, numbers + count}, .squares = squares, .found = out};
    int result = -1;
    if (bytes && numbers && lines && squares) {
        of.planes = bytes + flags;
        float **each[lines_of_row] = {&of.field, &of.off[0], &of.off[1], &of.off[2], &of.low, &of.high};
        for (size_t i = 0; i < lines_of_row; i++) *each[i] = lines + i * width;
        take_apart(in, of.planes);
        result = find_field(&of);
    }
    if (result == 1) {
        write_mask(&of, mask);
        out->is_parted = is_wall(out, in->colors);
        if (out->is_parted) result = sluice_judge_pieces(in, mask, bytes, out);
        SluiceField field = {mask, width, height, of.flags.scratch};
        sluice_spread(
            field, (size_t)smaller(reach, SLUICE_REACH), SLUICE_CROSSING, SLUICE_CROSSING, SLUICE_BESIDE);
    }
    free(squares);
    free(lines);
    free(numbers);
    free(bytes);
    return result < 0 ? -1 : 0;
}

