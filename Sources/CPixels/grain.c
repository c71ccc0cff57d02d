#include "grain.h"

#include <stdlib.h>
#include <string.h>

#include "lanes.h"
#include "likely.h"
#include "pixels.h"

enum {
    /// Pixels that make a tile's noise known.
    fewest = 48,
    /// No reading.
    unknown = 255,
    /// The width of an edge in the means of 25.
    rim = 4,
};

// MARK: Noise

/// How far the pixels of a tile are off the line between two others, in each colour.
typedef struct {
    uint32_t across[256], down[256], count;
} bends;

/// Room for what is looked at, to be freed as one: planes as large as the picture of rows of whole lanes, and
/// rows of them.
typedef struct {
    sluice_rows rows;
    size_t stride;
    /// How far each pixel is from the background; whether it is darker than that and about as neutral, 1 or
    /// 0: a shadow, or a product as pale.
    uint8_t *off, *pale;
    /// Of one row: whether all around is pale, and the bends of each colour.
    uint8_t *is_read, *across[3], *down[3];
    bends *tiles;
} reading;

static sluice_result open_reading(
    const sluice_raster *in, const uint8_t background[3], int tiles, reading *out) {
    *out = (reading){.stride = (size_t)whole_lanes(in->width)};
    sluice_result result = sluice_open_rows(in, &out->rows);
    size_t plane = out->stride * (size_t)in->height;
    out->off = calloc(2 * plane + 8 * out->stride, 1);
    out->tiles = malloc((size_t)tiles * sizeof *out->tiles);
    if (result != sluice_done || !out->off || !out->tiles) return sluice_no_memory;
    out->pale = out->off + plane;
    out->is_read = out->pale + plane;
    for (size_t c = 0; c < 3; c++) {
        out->across[c] = out->is_read + (1 + c) * out->stride;
        out->down[c] = out->is_read + (4 + c) * out->stride;
    }
    sluice_expect_color(&out->rows, background);
    for (int y = 0; y < in->height; y++) {
        uint8_t *pale = out->pale + (size_t)y * out->stride;
        sluice_read_row(&out->rows, y);
        memcpy(out->off + (size_t)y * out->stride, out->rows.off, out->stride);
        for (int x = 0; x < in->width; x += sluice_lanes) {
            // What is off and not above is below.
            lanes off = load(out->rows.off + x);
            lanes is_darker = is_over(off, all(2)) & ~is_over(off, all(120));
            lanes is_other =
                is_over(load(out->rows.above + x), all(2)) | is_over(load(out->rows.spread + x), all(24));
            store(is_darker & ~is_other & 1, pale + x);
        }
    }
    return sluice_done;
}

static void close_reading(reading *of) {
    sluice_close_rows(&of->rows);
    free(of->off);
    free(of->tiles);
}

/// Fills `is_read` and the bends of a row that has two others on either side.
static void read_bends(reading *of, int y) {
    const uint8_t *pale = of->pale + (size_t)y * of->stride;
    sluice_read_row(&of->rows, y);
    for (int x = 0; x < of->rows.in->width; x += sluice_lanes) {
        const uint8_t *here = pale + x;
        store(
            load(here) & load(here - 2) & load(here + 2) & load(here - 2 * of->stride)
                & load(here + 2 * of->stride),
            of->is_read + x);
        for (int c = 0; c < of->rows.in->colors; c++) {
            const uint8_t *at = sluice_row_around(&of->rows, y, c) + x;
            lanes middle = load(at);
            store(off_line(load(at - 2), middle, load(at + 2)), of->across[c] + x);
            store(
                off_line(
                    load(sluice_row_around(&of->rows, y - 2, c) + x), middle,
                    load(sluice_row_around(&of->rows, y + 2, c) + x)),
                of->down[c] + x);
        }
    }
}

/// Adds what is read of a row from `left` up to `right`.
static void count_bends(const reading *of, int left, int right, bends *in) {
    for (int x = left; x < right; x++) {
        if (!of->is_read[x]) continue;
        in->count++;
        for (int c = 0; c < of->rows.in->colors; c++) {
            in->across[of->across[c][x]]++;
            in->down[of->down[c][x]]++;
        }
    }
}

static uint8_t noise_of(const bends *of, int colors) {
    if (of->count < fewest) return unknown;
    uint32_t count = of->count * (uint32_t)colors;
    // Stripes are in one direction only. Three quarters of the bends of grain with standard deviation s
    // are within 2.8 s; 5.6 s is enough where whitening has made a ramp and its grain steeper.
    int typical = smaller(quantile(of->across, 256, count, 3, 4), quantile(of->down, 256, count, 3, 4));
    return (uint8_t)smaller(sluice_most_grain, typical * 2);
}

static void find_noise(reading *of, const sluice_grain *grain, uint8_t *known) {
    int width = grain->width, height = grain->height;
    for (int row = 0; row < grain->down; row++) {
        memset(of->tiles, 0, (size_t)grain->across * sizeof *of->tiles);
        for (int y = row * sluice_tile; y < smaller((row + 1) * sluice_tile, height - 2); y++) {
            if (y < 2) continue;
            read_bends(of, y);
            for (int column = 0; column < grain->across; column++) {
                int left = column * sluice_tile;
                count_bends(of, greater(left, 2), smaller(left + sluice_tile, width - 2), &of->tiles[column]);
            }
        }
        for (int column = 0; column < grain->across; column++)
            *known++ = noise_of(&of->tiles[column], of->rows.in->colors);
    }
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

/// Means of 25: sums of five rows for each column slide down, and sums of five of those to the right.
/// - Parameter columns: room for the sums of a row's columns, two more at each end.
static void find_means(const reading *of, uint16_t *columns, const sluice_grain *out) {
    size_t w = (size_t)out->width;
    for (int y = -2; y < 3; y++) {
        const uint8_t *row = of->off + (size_t)kept(y, out->height) * of->stride;
        for (size_t x = 0; x < w; x++) columns[x + 2] += row[x];
    }
    for (int y = 0; y < out->height; y++) {
        columns[0] = columns[1] = columns[2];
        columns[w + 2] = columns[w + 3] = columns[w + 1];
        uint8_t *away = out->away + (size_t)y * w;
        int sum = 12 + columns[0] + columns[1] + columns[2] + columns[3];
        for (size_t x = 0; x < w; x++) {
            sum += columns[x + 4];
            away[x] = (uint8_t)(sum / 25);
            sum -= columns[x];
        }
        const uint8_t *leaves = of->off + (size_t)kept(y - 2, out->height) * of->stride;
        const uint8_t *comes = of->off + (size_t)kept(y + 3, out->height) * of->stride;
        for (size_t x = 0; x < w; x++) columns[x + 2] += comes[x] - leaves[x];
    }
}

sluice_result sluice_find_grain(const sluice_raster *in, const uint8_t background[3], sluice_grain *out) {
    *out = (sluice_grain){
        .width = in->width,
        .height = in->height,
        .across = (in->width + sluice_tile - 1) / sluice_tile,
        .down = (in->height + sluice_tile - 1) / sluice_tile};
    size_t tiles = (size_t)out->across * (size_t)out->down;
    uint8_t *known = malloc(tiles);
    uint16_t *columns = calloc((size_t)in->width + 4, sizeof *columns);
    reading all;
    sluice_result result = open_reading(in, background, out->across, &all);
    out->noise = malloc(tiles);
    out->away = malloc((size_t)in->width * (size_t)in->height);
    if (!known || !columns || !out->noise || !out->away) result = sluice_no_memory;
    if (result == sluice_done) {
        find_means(&all, columns, out);
        find_noise(&all, out, known);
        for (int row = 0; row < out->down; row++)
            for (int column = 0; column < out->across; column++)
                out->noise[row * out->across + column] = noise_around(out, known, column, row);
    }
    close_reading(&all);
    free(columns);
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

/// Whether the background is less than a block of JPEG away.
static bool is_rim(const sluice_grain *of, int x, int y) {
    const uint8_t *line = of->away + (size_t)y * (size_t)of->width;
    size_t width = (size_t)of->width;
    return line[kept(x - rim, of->width)] <= 1 || line[kept(x + rim, of->width)] <= 1
           || of->away[(size_t)kept(y - rim, of->height) * width + (size_t)x] <= 1
           || of->away[(size_t)kept(y + rim, of->height) * width + (size_t)x] <= 1;
}

bool sluice_fades(const sluice_grain *of, sluice_box box) {
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
    int typical = quantile(inside.of, 256, inside.count, 3, 4);
    // A product ends nearly as dark as it is; a shadow made white around it begins at 2 to 10.
    return inside.count > 0 && typical >= 8
           && quantile(edge.of, 256, edge.count, 9, 10) <= smaller(10, greater(4, typical / 2));
}
