#include "grain.h"

#include <stdlib.h>
#include <string.h>

#include "view.h"

enum {
    /// Pixels that make a tile's noise known.
    fewest = 48,
    /// No reading.
    unknown = 255,
    /// The width of an edge in the means of 25.
    rim = 4,
};

/// Darker than the background and about as neutral: a shadow, or a product as pale.
static inline int is_paler(const uint8_t *pixel, const uint8_t *background, int colors) {
    int low = 255, high = -255;
    for (int c = 0; c < colors; c++) {
        int by = pixel[c] - background[c];
        low = smaller(low, by);
        high = greater(high, by);
    }
    return high <= 2 && low < -2 && low >= -120 && high - low <= 24;
}

/// How far a pixel is off the line between two others, in each colour.
static inline void count_bends(
    const uint8_t *before, const uint8_t *here, const uint8_t *after, int colors,
    uint32_t bends[256]) {
    for (int c = 0; c < colors; c++)
        bends[smaller(255, difference(before[c] + after[c], 2 * here[c]))]++;
}

static int third_quartile(const uint32_t bends[256], uint32_t count) {
    uint32_t seen = 0;
    for (int value = 0; value < 256; value++) {
        seen += bends[value];
        if (4 * seen >= 3 * count) return value;
    }
    return 255;
}

static uint8_t noise_of_tile(
    const sluice_view *in, const uint8_t *background, int left, int top) {
    uint32_t across[256] = {0}, down[256] = {0}, count = 0;
    int right = smaller(left + sluice_tile, in->width - 2);
    int bottom = smaller(top + sluice_tile, in->height - 2);
    for (int y = greater(top, 2); y < bottom; y++) {
        for (int x = greater(left, 2); x < right; x++) {
            const uint8_t *around[] = {
                at(in, x, y), at(in, x - 2, y), at(in, x + 2, y), at(in, x, y - 2),
                at(in, x, y + 2)};
            int pale = 1;
            for (int i = 0; i < 5 && pale; i++) pale = is_paler(around[i], background, in->colors);
            if (!pale) continue;
            count += (uint32_t)in->colors;
            count_bends(around[1], around[0], around[2], in->colors, across);
            count_bends(around[3], around[0], around[4], in->colors, down);
        }
    }
    if (count < (uint32_t)(fewest * in->colors)) return unknown;
    // Stripes are in one direction only. Three quarters of the bends of grain with standard deviation s
    // are within 2.8 s; 5.6 s is enough where whitening has made a ramp and its grain steeper.
    int typical = smaller(third_quartile(across, count), third_quartile(down, count));
    return (uint8_t)smaller(sluice_most_grain, typical * 2);
}

/// Tiles with few pale pixels take what is known around them.
static uint8_t noise_around(const sluice_grain *of, const uint8_t *known, int column, int row) {
    uint8_t own = known[row * of->across + column], found = 0;
    if (own != unknown) return own;
    for (int y = greater(0, row - 1); y < smaller(of->down, row + 2); y++)
        for (int x = greater(0, column - 1); x < smaller(of->across, column + 2); x++) {
            uint8_t there = known[y * of->across + x];
            if (there != unknown && there > found) found = there;
        }
    return found;
}

static inline int kept(int place, int count) { return smaller(greater(place, 0), count - 1); }

/// The distances of one row, kept within the picture.
static void fill_distances(const sluice_view *in, const uint8_t *background, int y, uint8_t *out) {
    const uint8_t *pixel = at(in, 0, kept(y, in->height));
    for (int x = 0; x < in->width; x++, pixel += in->bands)
        out[x] = (uint8_t)distance(pixel, background, in->colors);
}

/// Means of 25: sums of five rows for each column slide down, and sums of five of those to the right.
static int find_distances(const sluice_view *in, const uint8_t *background, sluice_grain *out) {
    size_t w = (size_t)in->width;
    uint8_t *rows = malloc(5 * w);
    uint16_t *columns = calloc(w + 4, sizeof *columns);
    int result = rows && columns ? 0 : -1;
    for (int y = -2; result == 0 && y < 3; y++) {
        uint8_t *row = rows + (size_t)((y + 5) % 5) * w;
        fill_distances(in, background, y, row);
        for (size_t x = 0; x < w; x++) columns[x + 2] += row[x];
    }
    for (int y = 0; result == 0 && y < in->height; y++) {
        columns[0] = columns[1] = columns[2];
        columns[w + 2] = columns[w + 3] = columns[w + 1];
        uint8_t *away = out->away + (size_t)y * w;
        int sum = 12 + columns[0] + columns[1] + columns[2] + columns[3];
        for (size_t x = 0; x < w; x++) {
            sum += columns[x + 4];
            away[x] = (uint8_t)(sum / 25);
            sum -= columns[x];
        }
        // The row that leaves makes room for the one that comes.
        uint8_t *row = rows + (size_t)((y + 3) % 5) * w;
        for (size_t x = 0; x < w; x++) columns[x + 2] -= row[x];
        fill_distances(in, background, y + 3, row);
        for (size_t x = 0; x < w; x++) columns[x + 2] += row[x];
    }
    free(rows);
    free(columns);
    return result;
}

int sluice_find_grain(const sluice_view *in, const uint8_t background[3], sluice_grain *out) {
    *out = (sluice_grain){
        .width = in->width, .height = in->height,
        .across = (in->width + sluice_tile - 1) / sluice_tile,
        .down = (in->height + sluice_tile - 1) / sluice_tile};
    size_t tiles = (size_t)out->across * (size_t)out->down;
    uint8_t *known = malloc(tiles);
    out->noise = malloc(tiles);
    out->away = malloc((size_t)in->width * (size_t)in->height);
    int result = known && out->noise && out->away ? find_distances(in, background, out) : -1;
    for (int row = 0; result == 0 && row < out->down; row++)
        for (int column = 0; column < out->across; column++)
            known[row * out->across + column] =
                noise_of_tile(in, background, column * sluice_tile, row * sluice_tile);
    for (int row = 0; result == 0 && row < out->down; row++)
        for (int column = 0; column < out->across; column++)
            out->noise[row * out->across + column] = noise_around(out, known, column, row);
    free(known);
    return result;
}

void sluice_free_grain(sluice_grain *of) {
    free(of->noise);
    free(of->away);
    *of = (sluice_grain){0};
}

/// How far the pixels of a kind are from the background.
typedef struct {
    uint32_t of[256], count;
} distances;

static int quantile(const distances *in, double share) {
    uint32_t seen = 0;
    for (int value = 0; value < 256; value++) {
        seen += in->of[value];
        if (seen >= share * in->count) return value;
    }
    return 255;
}

/// Whether the background is less than a block of JPEG away.
static int is_rim(const sluice_grain *of, int x, int y) {
    const uint8_t *line = of->away + (size_t)y * (size_t)of->width;
    size_t width = (size_t)of->width;
    return line[kept(x - rim, of->width)] <= 1 || line[kept(x + rim, of->width)] <= 1
           || of->away[(size_t)kept(y - rim, of->height) * width + (size_t)x] <= 1
           || of->away[(size_t)kept(y + rim, of->height) * width + (size_t)x] <= 1;
}

int sluice_fades(const sluice_grain *of, sluice_box box) {
    distances edge = {{0}, 0}, inside = {{0}, 0};
    for (int y = 0; y < of->height; y++)
        for (int x = 0; x < of->width; x++) {
            if (y >= box.top && y < box.bottom && x >= box.left && x < box.right) continue;
            uint8_t away = of->away[(size_t)y * (size_t)of->width + (size_t)x];
            if (away <= 1) continue;
            distances *kind = is_rim(of, x, y) ? &edge : &inside;
            kind->of[away]++;
            kind->count++;
        }
    int typical = quantile(&inside, 0.75);
    // A product ends nearly as dark as it is; a shadow made white around it begins at 2 to 10.
    return inside.count > 0 && typical >= 8 && quantile(&edge, 0.9) <= smaller(10, greater(4, typical / 2));
}
