// Where a wall is, along the border of a picture, and the surface that fits it.
#include "walls.h"

#include <math.h>
#include <string.h>

#include "pixels.h"

enum {
    /// Levels from a pixel to one two further on, in what is smooth.
    smooth = 8,
    /// Levels that a whole stretch of wall is off the surface that goes on from another.
    expected = 7,
};

static bool looks_like_wall(const sluice_raster *in, int x, int y) {
    const uint8_t *pixel = at(in, x, y);
    if (!is_pale(pixel, in->colors)) return false;
    const uint8_t *right = at(in, x + 2 < in->width ? x + 2 : greater(0, x - 2), y);
    const uint8_t *below = at(in, x, y + 2 < in->height ? y + 2 : greater(0, y - 2));
    return distance(pixel, right, in->colors) <= smooth && distance(pixel, below, in->colors) <= smooth;
}

static void mark_walls(sluice_wall *of) {
    const sluice_raster *in = of->in;
    uint8_t *flags = of->flags.flags;
    for (int y = 0; y < in->height; y++)
        for (int x = 0; x < in->width; x++) {
            bool at_edge = x == 0 || y == 0 || x == in->width - 1 || y == in->height - 1;
            *flags++ = (at_edge ? flag_border : 0) | (looks_like_wall(in, x, y) ? flag_wall : 0);
        }
}

/// A stretch of wall that reaches the edge.
typedef struct {
    uint32_t start, count, at_edge;
    double brightness;
} stretch;

enum { most_stretches = 64 };

static stretch take_stretch(sluice_wall *of, uint32_t start, uint32_t number) {
    stretch found = {.start = start, .count = sluice_take_piece(&of->pieces, flag_wall, start, number)};
    double sum = 0;
    for (uint32_t i = 0; i < found.count; i++) {
        uint32_t place = of->pieces.places[i];
        found.at_edge += (of->flags.flags[place] & flag_border) != 0;
        const uint8_t *pixel = of->in->bytes + (size_t)place * (size_t)of->in->bands;
        for (int c = 0; c < of->in->colors; c++) sum += pixel[c];
    }
    found.brightness = sum / (double)found.count / of->in->colors;
    return found;
}

/// The stretches of wall along the edge; those of a few pixels do not count.
static int find_stretches(sluice_wall *of, stretch out[most_stretches]) {
    int count = 0;
    uint32_t number = 1, fewest = (uint32_t)(of->in->width + of->in->height) / 200 + 2;
    for (uint32_t place = 0; place < pixels_of(of) && count < most_stretches; place++) {
        if ((of->flags.flags[place] & (flag_wall | flag_border)) != (flag_wall | flag_border)) continue;
        if (of->pieces.numbers[place]) continue;
        stretch found = take_stretch(of, place, number++);
        if (found.at_edge >= fewest && found.count >= 8 * fewest) out[count++] = found;
    }
    memset(of->pieces.numbers, 0, pixels_of(of) * sizeof *of->pieces.numbers);
    return count;
}

/// The brightest of those that are not much shorter than the longest.
static int main_stretch(const stretch *all, int count) {
    uint32_t longest = 0;
    for (int i = 0; i < count; i++) longest = all[i].at_edge > longest ? all[i].at_edge : longest;
    int best = 0;
    for (int i = 1; i < count; i++) {
        bool is_long = 4 * all[i].at_edge >= longest, best_is_long = 4 * all[best].at_edge >= longest;
        if (is_long && (!best_is_long || all[i].brightness > all[best].brightness)) best = i;
    }
    return best;
}

/// How far a stretch as a whole is off the field.
static float off_stretch(sluice_wall *of, uint32_t count) {
    const sluice_raster *in = of->in;
    double sums[3] = {0};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = of->pieces.places[i];
        int x = (int)(place % (uint32_t)in->width), y = (int)(place / (uint32_t)in->width);
        float likely[3];
        sluice_field_at(
            &of->found->field, on_the_way(x, in->width), on_the_way(y, in->height), in->colors, likely);
        for (int c = 0; c < in->colors; c++) sums[c] += at(in, x, y)[c] - likely[c];
    }
    float most = 0;
    for (int c = 0; c < in->colors; c++) most = fmaxf(most, (float)fabs(sums[c] / count));
    return most;
}

static void seed(sluice_wall *of, const stretch *from) {
    uint32_t count = sluice_take_piece(&of->pieces, flag_wall, from->start, 1);
    for (uint32_t i = 0; i < count; i++) of->flags.flags[of->pieces.places[i]] |= flag_seed;
}

/// Seeds all stretches that the field, as it goes on from those already seeded, expects.
static void seed_expected(sluice_wall *of, const stretch *all, int count) {
    for (int i = 0; i < count; i++) {
        if (of->flags.flags[all[i].start] & flag_seed) continue;
        uint32_t pixels = sluice_take_piece(&of->pieces, flag_wall, all[i].start, 1);
        bool fits = off_stretch(of, pixels) <= expected;
        for (uint32_t k = 0; k < pixels; k++) {
            uint32_t place = of->pieces.places[k];
            of->pieces.numbers[place] = 0;
            if (fits) of->flags.flags[place] |= flag_seed;
        }
    }
}

/// Seeds what the brightest wall is of.
/// - Returns: whether the border tells so much.
static bool seed_walls(sluice_wall *of) {
    stretch all[most_stretches];
    mark_walls(of);
    int count = find_stretches(of, all);
    // A tenth of the border tells what a wall would be; less is a reflex.
    uint32_t at_edge = 0, all_round = 2 * (uint32_t)(of->in->width + of->in->height);
    for (int i = 0; i < count; i++) at_edge += all[i].at_edge;
    if (count == 0 || 10 * at_edge < all_round) return false;
    seed(of, &all[main_stretch(all, count)]);
    memset(of->pieces.numbers, 0, pixels_of(of) * sizeof *of->pieces.numbers);
    for (int round = 0; round < 3; round++) {
        int used = round < 2 ? 3 : sluice_terms;
        if (!sluice_fit_field(of->in, of->flags.flags, flag_seed, used, &of->found->field)) return false;
        seed_expected(of, all, count);
    }
    return true;
}

sluice_result sluice_find_field(sluice_wall *of, bool *has_field) {
    *has_field = seed_walls(of);
    static const float tolerances[] = {8, 7};
    for (size_t round = 0; *has_field && round < sizeof tolerances / sizeof *tolerances; round++) {
        sluice_result result = sluice_grow(of, tolerances[round]);
        if (result != sluice_done) return result;
        *has_field = sluice_fit_field(of->in, of->flags.flags, flag_firm, sluice_terms, &of->found->field);
    }
    if (!*has_field) return sluice_done;
    sluice_result result = sluice_grow(of, 7);
    if (result != sluice_done) return result;
    of->found->roughness = sluice_roughness_of_wall(of);
    of->found->tolerance = smaller(10, greater(5, sluice_noise_of_wall(of) + 2));
    return sluice_grow(of, (float)of->found->tolerance);
}
