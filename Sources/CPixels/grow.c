// What is of a wall: near the surface that was fitted to it, and connected to it.
#include <math.h>
#include <string.h>

#include "pixels.h"
#include "walls.h"

static void clear(const sluice_wall *of, uint8_t flags) {
    for (size_t i = 0; i < pixels_of(of); i++) of->flags.flags[i] &= (uint8_t)~flags;
}

static void subtract(
    const uint8_t *restrict pixels, const float *restrict field, int width, float *restrict out) {
    for (int x = 0; x < width; x++) out[x] = (float)pixels[x] - field[x];
}

static void hold(const float *restrict off, int width, float *restrict low, float *restrict high) {
    for (int x = 0; x < width; x++) {
        low[x] = off[x] < low[x] ? off[x] : low[x];
        high[x] = off[x] > high[x] ? off[x] : high[x];
    }
}

void sluice_read_off(const sluice_wall *of, int y) {
    const sluice_raster *in = of->in;
    size_t width = (size_t)in->width;
    for (int c = 0; c < in->colors; c++) {
        sluice_field_row(&of->found->field, in, c, 0, y, in->width, of->field);
        subtract(of->planes[c] + (size_t)y * width, of->field, in->width, of->off[c]);
        if (c == 0) memcpy(of->low, of->off[0], width * sizeof *of->low);
        if (c == 0) memcpy(of->high, of->off[0], width * sizeof *of->high);
        else hold(of->off[c], in->width, of->low, of->high);
    }
}

static void mark_near(
    const float *restrict low, const float *restrict high, int width, float tolerance,
    uint8_t *restrict flags) {
    for (int x = 0; x < width; x++) flags[x] |= flag_near * ((high[x] <= tolerance) & (-low[x] <= tolerance));
}

sluice_result sluice_grow(sluice_wall *of, float tolerance) {
    const sluice_raster *in = of->in;
    uint8_t *flags = of->flags.flags;
    clear(of, flag_near | flag_narrow | flag_walked | flag_grown | flag_firm);
    for (int y = 0; y < in->height; y++) {
        sluice_read_off(of, y);
        mark_near(of->low, of->high, in->width, tolerance, flags + (size_t)y * of->flags.width);
    }
    sluice_spread(of->flags, 1, flag_near, 0, flag_narrow);
    sluice_result result = sluice_walk(of->flags, flag_narrow, flag_seed, flag_walked);
    if (result != sluice_done) return result;
    sluice_spread(of->flags, 1, flag_walked, flag_walked, flag_grown);
    // Edges of the product are no background yet.
    clear(of, flag_narrow);
    sluice_spread(of->flags, 2, flag_grown, 0, flag_narrow);
    for (size_t i = 0; i < pixels_of(of); i++)
        if (!(flags[i] & flag_narrow)) flags[i] |= flag_firm;
    return sluice_done;
}

int sluice_noise_of_wall(const sluice_wall *of) {
    const sluice_raster *in = of->in;
    uint32_t histogram[64] = {0};
    uint64_t count = 0;
    for (int y = 0; y < in->height; y++) {
        sluice_read_off(of, y);
        const uint8_t *flags = of->flags.flags + (size_t)y * of->flags.width;
        for (int x = 0; x < in->width; x++) {
            if (!(flags[x] & flag_firm)) continue;
            histogram[smaller(63, (int)(fmaxf(of->high[x], -of->low[x]) + 0.5f))]++;
            count++;
        }
    }
    return quantile(histogram, 64, count, 199, 200);
}

static void add_row_of_squares(const sluice_wall *of, int y) {
    const sluice_raster *in = of->in;
    sluice_read_off(of, y);
    const uint8_t *flags = of->flags.flags + (size_t)y * of->flags.width;
    for (int x = 0; x < in->width / square * square; x++) {
        if (!(flags[x] & flag_firm)) continue;
        sluice_square_sums *sum = &of->squares[x / square];
        sum->count++;
        for (int c = 0; c < in->colors; c++) sum->off[c] += of->off[c][x];
    }
}

int sluice_roughness_of_wall(const sluice_wall *of) {
    uint32_t histogram[128] = {0};
    uint64_t count = 0;
    size_t across = (size_t)of->in->width / square;
    for (int top = 0; top + square <= of->in->height; top += square) {
        memset(of->squares, 0, across * sizeof *of->squares);
        for (int y = top; y < top + square; y++) add_row_of_squares(of, y);
        for (size_t i = 0; i < across; i++) {
            if (of->squares[i].count < square * square) continue;
            float most = 0;
            for (int c = 0; c < of->in->colors; c++) most = fmaxf(most, fabsf(of->squares[i].off[c]));
            histogram[smaller(127, (int)(most * 8 / (square * square)))]++;
            count++;
        }
    }
    return quantile(histogram, 128, count, 19, 20);
}
