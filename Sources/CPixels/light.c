// Whitening by the light: a wall that falls off is divided by the surface that fits it, so that it becomes one
// colour, and the product before it gets its own pixels back.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "sheet.h"

/// The part of the frame that shows the picture: first column or row, and the one after the last.
typedef struct {
    size_t from, to;
} span;

static span shown(float start, float length, size_t frame) {
    float first = fmaxf(0, floorf(start + 0.5f));
    float last = fminf((float)frame, floorf(start + length + 0.5f));
    if (last <= first) return (span){0, 0};
    return (span){(size_t)first, (size_t)last};
}

/// Divides one colour of a stretch of pixels by what is likely there.
static void divide_line(
    uint8_t *restrict pixel, const float *restrict likely, size_t count, float wanted, float fall) {
    float least = wanted - fall > 1 ? wanted - fall : 1;
    for (size_t i = 0; i < count; i++) {
        float field = likely[i] > least ? likely[i] : least;
        float divided = (float)pixel[3 * i] * wanted / field + 0.5f;
        // What is brighter than the wall stays brighter.
        pixel[3 * i] = (uint8_t)(int)(divided > 255 ? 255 : divided);
    }
}

sluice_result sluice_divide(sluice_sheet *sheet, const sluice_lighting *light) {
    size_t width = sheet->field.width;
    span across = shown(light->left, light->width, width);
    span down = shown(light->top, light->height, sheet->field.height);
    size_t count = across.to - across.from;
    float *likely = malloc((count ? count : 1) * sizeof *likely);
    if (!likely) return sluice_no_memory;
    const uint8_t *color = sheet->wanted.color;
    float step = 2 / light->width, u = ((float)across.from + 0.5f - light->left) * step - 1;
    for (size_t y = down.from; y < down.to; y++) {
        float v = ((float)y + 0.5f - light->top) * 2 / light->height - 1;
        for (int c = 0; c < 3; c++) {
            sluice_field_line(&light->behind->parting->field, c, u, step, v, (int)count, likely);
            divide_line(
                sheet->rgb + 3 * (y * width + across.from) + c, likely, count, color[c], (float)light->fall);
        }
    }
    free(likely);
    return sluice_done;
}

void sluice_seed_enclosed(sluice_sheet *sheet, const sluice_lighting *light) {
    if (light->behind->parting->enclosed == 0) return;
    for (size_t y = 0; y < sheet->field.height; y++)
        for (size_t x = 0; x < sheet->field.width; x++) {
            long place = place_behind(light, x, y);
            if (place >= 0 && light->behind->mask[place] & sluice_enclosed)
                sheet->field.flags[y * sheet->field.width + x] |= flag_edge;
        }
}

bool sluice_is_bright_enough(const sluice_sheet *sheet, const sluice_lighting *light) {
    const uint8_t *darkest = light->behind->parting->darkest;
    for (size_t c = 0; c < 3; c++)
        if (darkest[c] + light->fall < sheet->wanted.color[c]) return false;
    return light->fall > 0;
}

int sluice_find_noise(const sluice_sheet *sheet, const sluice_lighting *light) {
    uint32_t histogram[256] = {0};
    uint64_t count = 0;
    // Every third of them tells as much.
    for (size_t y = 0; y < sheet->field.height; y += 3)
        for (size_t x = 0; x < sheet->field.width; x += 3) {
            long place = place_behind(light, x, y);
            if (place < 0 || !(light->behind->mask[place] & sluice_background)) continue;
            histogram[sheet->distance[y * sheet->field.width + x]]++;
            count++;
        }
    return quantile(histogram, 256, count, 199, 200);
}

/// What is at and around a place of the mask: bits that any of the nine have, and that all have.
typedef struct {
    uint8_t any, all;
} surroundings;

static surroundings around(const sluice_backdrop *behind, long place) {
    long column = place % behind->width, row = place / behind->width;
    surroundings found = {0, 0xFF};
    for (long b = row - 1; b <= row + 1; b++)
        for (long a = column - 1; a <= column + 1; a++) {
            if (a < 0 || b < 0 || a >= behind->width || b >= behind->height) continue;
            uint8_t bits = behind->mask[b * behind->width + a];
            found.any |= bits;
            found.all &= bits;
        }
    return found;
}

void sluice_trust_wall(sluice_sheet *sheet, const sluice_lighting *light) {
    // Twice what nearly all of it keeps, and some: a speck of dust is darker.
    int most = 2 * sheet->wanted.bound + 8;
    for (size_t y = 0; y < sheet->field.height; y++)
        for (size_t x = 0; x < sheet->field.width; x++) {
            size_t i = y * sheet->field.width + x;
            if (sheet->fate[i] == fate_full || sheet->distance[i] > most) continue;
            long place = place_behind(light, x, y);
            if (place >= 0 && around(light->behind, place).all & sluice_background)
                sheet->fate[i] = fate_full;
        }
}

void sluice_fade_shade(sluice_sheet *sheet, const sluice_lighting *light) {
    // Of the picture's shorter side: enough for no contour to be seen.
    float band = fminf(light->width, light->height) / 20;
    size_t width = sheet->field.width;
    float across = (float)width, down = (float)sheet->field.height;
    // A clean border of the frame is asked for as one or two hundredths of its shorter side.
    float border = fminf(across, down) / 80;
    const uint8_t *color = sheet->wanted.color;
    for (size_t y = 0; y < sheet->field.height; y++)
        for (size_t x = 0; x < width; x++) {
            float left = (float)x + 0.5f - light->left, top = (float)y + 0.5f - light->top;
            float depth = fminf(fminf(left, light->width - left), fminf(top, light->height - top)) - 1;
            depth = fminf(
                depth, fminf(fminf((float)x, across - (float)x), fminf((float)y, down - (float)y)) - border);
            if (depth >= band) continue;
            long place = place_behind(light, x, y);
            if (place < 0 || !(around(light->behind, place).any & sluice_shade)) continue;
            size_t i = y * width + x;
            if (!sluice_is_shadow(sheet, i)) continue;
            float share = depth <= 0 ? 0 : depth / band, left_over = share * share * (3 - 2 * share);
            for (size_t c = 0; c < 3; c++) {
                float off = (float)(color[c] - sheet->rgb[3 * i + c]) * left_over;
                sheet->rgb[3 * i + c] = (uint8_t)((float)color[c] - off + 0.5f);
            }
        }
}

/// So far into what looks like product, in steps of the mask, the core of a shadow may reach.
enum { core_of_shadow = 3 };

uint8_t *sluice_find_shadowy(const sluice_backdrop *behind) {
    size_t width = (size_t)behind->width, count = width * (size_t)behind->height;
    uint8_t *bytes = calloc(count + 3 * width + 2 * sluice_most_reach, 1);
    if (!bytes) return NULL;
    for (size_t i = 0; i < count; i++) bytes[i] = behind->mask[i] & sluice_shade ? 2 : 0;
    sluice_flags field = {bytes, width, (size_t)behind->height, bytes + count};
    sluice_spread(field, core_of_shadow, 2, 2, 1);
    for (size_t i = 0; i < count; i++) bytes[i] &= 1;
    return bytes;
}

sluice_result sluice_limit_rising(sluice_sheet *sheet, const sluice_lighting *light) {
    uint8_t *shadowy = sluice_find_shadowy(light->behind);
    if (!shadowy) return sluice_no_memory;
    for (size_t y = 0; y < sheet->field.height; y++)
        for (size_t x = 0; x < sheet->field.width; x++) {
            uint8_t *flags = sheet->field.flags + y * sheet->field.width + x;
            if ((*flags & (flag_rising | flag_open)) != flag_rising) continue;
            long place = place_behind(light, x, y);
            if (place >= 0 && !shadowy[place]) *flags &= (uint8_t)~flag_rising;
        }
    free(shadowy);
    return sluice_done;
}

/// Levels off the wall, once divided, up to which a pixel at the product's edge is still wall.
enum { edge_of_wall = 4 };

void sluice_keep_closed(sluice_sheet *sheet, const sluice_lighting *light) {
    const sluice_backdrop *behind = light->behind;
    for (size_t y = 0; y < sheet->field.height; y++)
        for (size_t x = 0; x < sheet->field.width; x++) {
            size_t i = y * sheet->field.width + x;
            if (!(sheet->field.flags[i] & flag_open)) continue;
            long place = place_behind(light, x, y);
            if (place < 0 || (behind->mask[place] & (sluice_product | sluice_pale)) != sluice_product)
                continue;
            uint8_t near = around(behind, place).any;
            // Wall, or what may be.
            if (sheet->distance[i] > edge_of_wall
                || !(near & (sluice_background | sluice_enclosed | sluice_pale)))
                sheet->field.flags[i] &= (uint8_t)~flag_open;
        }
}

// MARK: The product's own pixels

/// Steps by sides to the nearest pixel with a fate, at most `limit`, into `steps`.
static void measure_steps(const sluice_sheet *sheet, uint8_t limit, uint8_t *steps) {
    size_t width = sheet->field.width, height = sheet->field.height;
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            size_t i = y * width + x;
            int least = sheet->fate[i] != fate_stays ? 0 : limit;
            if (x > 0) least = smaller(least, steps[i - 1] + 1);
            if (y > 0) least = smaller(least, steps[i - width] + 1);
            steps[i] = (uint8_t)least;
        }
    for (size_t i = sheet->count; i-- > 0;) {
        if (i % width + 1 < width) steps[i] = (uint8_t)smaller(steps[i], steps[i + 1] + 1);
        if (i + width < sheet->count) steps[i] = (uint8_t)smaller(steps[i], steps[i + width] + 1);
    }
}

sluice_result sluice_keep_product(sluice_sheet *sheet, const uint8_t *before) {
    uint8_t limit = (uint8_t)(2 * sheet->reach + 2);
    uint8_t *steps = malloc(sheet->count);
    if (!steps) return sluice_no_memory;
    measure_steps(sheet, limit, steps);
    for (size_t i = 0; i < sheet->count; i++) {
        if (sheet->fate[i] != fate_stays) continue;
        // Hair and edges are lit like the wall that is seen between them.
        int kept = steps[i];
        for (size_t c = 3 * i; c < 3 * i + 3; c++) {
            int mixed = kept * before[c] + (limit - kept) * sheet->rgb[c];
            sheet->rgb[c] = (uint8_t)((mixed + limit / 2) / limit);
        }
    }
    free(steps);
    return sluice_done;
}
