// Whitening by the light: a wall that falls off is divided by the surface that fits it, so that it becomes one
// colour, and the product before it gets its own pixels back.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sheet.h"
#include "view.h"

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

bool sluice_divide(Sheet *sheet, const SluiceLighting *light) {
    size_t width = sheet->field.width;
    span across = shown(light->left, light->width, width);
    span down = shown(light->top, light->height, sheet->field.height);
    size_t count = across.to - across.from;
    float *likely = malloc((count ? count : 1) * sizeof *likely);
    if (!likely) return false;
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
    return true;
}

/// The place in the mask of a pixel of the frame; -1 outside of the picture.
static long place_of(const SluiceLighting *light, size_t x, size_t y) {
    const sluice_backdrop *behind = light->behind;
    float across = ((float)x + 0.5f - light->left) / light->width;
    float down = ((float)y + 0.5f - light->top) / light->height;
    if (across < 0 || across >= 1 || down < 0 || down >= 1) return -1;
    return (long)(down * (float)behind->height) * behind->width + (long)(across * (float)behind->width);
}

void sluice_seed_enclosed(Sheet *sheet, const SluiceLighting *light) {
    if (light->behind->parting->enclosed == 0) return;
    for (size_t y = 0; y < sheet->field.height; y++)
        for (size_t x = 0; x < sheet->field.width; x++) {
            long place = place_of(light, x, y);
            if (place >= 0 && light->behind->mask[place] & SLUICE_ENCLOSED)
                sheet->field.flags[y * sheet->field.width + x] |= EDGE;
        }
}

bool sluice_is_bright_enough(const Sheet *sheet, const SluiceLighting *light) {
    const uint8_t *darkest = light->behind->parting->darkest;
    for (size_t c = 0; c < 3; c++)
        if (darkest[c] + light->fall < sheet->wanted.color[c]) return false;
    return light->fall > 0;
}

int sluice_find_noise(const Sheet *sheet, const SluiceLighting *light) {
    size_t histogram[256] = {0}, count = 0, seen = 0;
    // Every third of them tells as much.
    for (size_t y = 0; y < sheet->field.height; y += 3)
        for (size_t x = 0; x < sheet->field.width; x += 3) {
            long place = place_of(light, x, y);
            if (place < 0 || !(light->behind->mask[place] & SLUICE_BACKGROUND)) continue;
            histogram[sheet->distance[y * sheet->field.width + x]]++;
            count++;
        }
    for (int off = 0; off < 256; off++) {
        seen += histogram[off];
        if (200 * seen >= 199 * count) return off;
    }
    return 255;
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

void sluice_trust_wall(Sheet *sheet, const SluiceLighting *light) {
    // Twice what nearly all of it keeps, and some: a speck of dust is darker.
    int most = 2 * sheet->wanted.bound + 8;
    for (size_t y = 0; y < sheet->field.height; y++)
        for (size_t x = 0; x < sheet->field.width; x++) {
            size_t i = y * sheet->field.width + x;
            if (sheet->fate[i] == FULL || sheet->distance[i] > most) continue;
            long place = place_of(light, x, y);
            if (place >= 0 && around(light->behind, place).all & SLUICE_BACKGROUND) sheet->fate[i] = FULL;
        }
}

void sluice_fade_shade(Sheet *sheet, const SluiceLighting *light) {
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
            depth = fminf(depth, fminf(fminf((float)x, across - (float)x), fminf((float)y, down - (float)y)) - border);
            if (depth >= band) continue;
            long place = place_of(light, x, y);
            if (place < 0 || !(around(light->behind, place).any & SLUICE_SHADE)) continue;
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

/// 1 for each place of the mask where a shadow may be. To be freed; null without memory.
static uint8_t *find_shadowy(const sluice_backdrop *behind) {
    size_t width = (size_t)behind->width, count = width * (size_t)behind->height;
    uint8_t *bytes = calloc(count + 3 * width + 2 * SLUICE_REACH, 1);
    if (!bytes) return NULL;
    for (size_t i = 0; i < count; i++) bytes[i] = behind->mask[i] & SLUICE_SHADE ? 2 : 0;
    SluiceField field = {bytes, width, (size_t)behind->height, bytes + count};
    sluice_spread(field, core_of_shadow, 2, 2, 1);
    for (size_t i = 0; i < count; i++) bytes[i] &= 1;
    return bytes;
}

bool sluice_limit_rising(Sheet *sheet, const SluiceLighting *light) {
    uint8_t *shadowy = find_shadowy(light->behind);
    if (!shadowy) return false;
    for (size_t y = 0; y < sheet->field.height; y++)
        for (size_t x = 0; x < sheet->field.width; x++) {
            uint8_t *flags = sheet->field.flags + y * sheet->field.width + x;
            if ((*flags & (RISING | OPEN)) != RISING) continue;
            long place = place_of(light, x, y);
            if (place >= 0 && !shadowy[place]) *flags &= (uint8_t)~RISING;
        }
    free(shadowy);
    return true;
}

/// Levels off the wall, once divided, up to which a pixel at the product's edge is still wall.
enum { edge_of_wall = 4 };

void sluice_keep_closed(Sheet *sheet, const SluiceLighting *light) {
    const sluice_backdrop *behind = light->behind;
    for (size_t y = 0; y < sheet->field.height; y++)
        for (size_t x = 0; x < sheet->field.width; x++) {
            size_t i = y * sheet->field.width + x;
            if (!(sheet->field.flags[i] & OPEN)) continue;
            long place = place_of(light, x, y);
            if (place < 0 || (behind->mask[place] & (SLUICE_PRODUCT | SLUICE_PALE)) != SLUICE_PRODUCT) continue;
            uint8_t near = around(behind, place).any;
            // Wall, or what may be.
            if (sheet->distance[i] > edge_of_wall || !(near & (SLUICE_BACKGROUND | SLUICE_ENCLOSED | SLUICE_PALE)))
                sheet->field.flags[i] &= (uint8_t)~OPEN;
        }
}

// MARK: The product's own pixels

/// Steps by sides to the nearest pixel with a fate, at most `limit`, into `steps`.
static void measure_steps(const Sheet *sheet, uint8_t limit, uint8_t *steps) {
    size_t width = sheet->field.width, height = sheet->field.height;
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            size_t i = y * width + x;
            int least = sheet->fate[i] != STAYS ? 0 : limit;
            if (x > 0) least = smaller(least, steps[i - 1] + 1);
            if (y > 0) least = smaller(least, steps[i - width] + 1);
            steps[i] = (uint8_t)least;
        }
    for (size_t i = sheet->count; i-- > 0;) {
        if (i % width + 1 < width) steps[i] = (uint8_t)smaller(steps[i], steps[i + 1] + 1);
        if (i + width < sheet->count) steps[i] = (uint8_t)smaller(steps[i], steps[i + width] + 1);
    }
}

bool sluice_keep_product(Sheet *sheet, const uint8_t *before) {
    uint8_t limit = (uint8_t)(2 * sheet->reach + 2);
    uint8_t *steps = malloc(sheet->count);
    if (!steps) return false;
    measure_steps(sheet, limit, steps);
    for (size_t i = 0; i < sheet->count; i++) {
        if (sheet->fate[i] != STAYS) continue;
        // Hair and edges are lit like the wall that is seen between them.
        int kept = steps[i];
        for (size_t c = 3 * i; c < 3 * i + 3; c++) {
            int mixed = kept * before[c] + (limit - kept) * sheet->rgb[c];
            sheet->rgb[c] = (uint8_t)((mixed + limit / 2) / limit);
        }
    }
    free(steps);
    return true;
}

// MARK: What has changed

void sluice_mark_changes(Sheet *sheet, const SluiceLighting *light, const uint8_t *before) {
    for (size_t y = 0; y < sheet->field.height; y++)
        for (size_t x = 0; x < sheet->field.width; x++) {
            long place = place_of(light, x, y);
            if (place < 0 || (light->behind->mask[place] & (SLUICE_PRODUCT | SLUICE_PALE)) != SLUICE_PRODUCT) continue;
            uint8_t *pixel = sheet->rgb + 3 * (y * sheet->field.width + x);
            if (distance(pixel, before + (pixel - sheet->rgb), 3) < light->marks) continue;
            pixel[0] = 235;
            pixel[1] = 30;
            pixel[2] = 30;
        }
}

/// Side of the squares of the mask that are looked at. What is narrower may be a gap, which the mask is too
/// coarse to tell from the product.
enum { square_of_mask = 6 };

/// The least that any place of a square has changed; 0 where not all of it is product.
static float change_of_square(const sluice_backdrop *behind, const int *sums, int column, int row) {
    float least = 255;
    for (int b = row; b < row + square_of_mask; b++)
        for (int a = column; a < column + square_of_mask; a++) {
            size_t place = (size_t)b * (size_t)behind->width + (size_t)a;
            const int *sum = sums + 4 * place;
            if (!sum[3] || (behind->mask[place] & (SLUICE_PRODUCT | SLUICE_PALE)) != SLUICE_PRODUCT) return 0;
            float change = 0;
            for (int c = 0; c < 3; c++) change = fmaxf(change, fabsf((float)sum[c]) / (float)sum[3]);
            least = fminf(least, change);
            if (least == 0) return 0;
        }
    return least;
}

float sluice_measure_touch(const Sheet *sheet, const SluiceLighting *light, const uint8_t *before) {
    const sluice_backdrop *behind = light->behind;
    size_t cells = (size_t)behind->width * (size_t)behind->height;
    int *sums = calloc(4 * cells, sizeof *sums);
    uint8_t *shadowy = find_shadowy(behind);
    // Without memory to look nothing is proven.
    if (!sums || !shadowy) {
        free(sums);
        free(shadowy);
        return 255;
    }
    for (size_t y = 0; y < sheet->field.height; y++)
        for (size_t x = 0; x < sheet->field.width; x++) {
            long place = place_of(light, x, y);
            if (place < 0 || !(behind->mask[place] & SLUICE_PRODUCT)) continue;
            size_t i = 3 * (y * sheet->field.width + x);
            // A shadow that goes is asked for.
            uint8_t fate = sheet->fate[i / 3];
            if (sheet->wanted.removes_shadow && (fate == BY_BLUR || fate == BY_ITSELF) && shadowy[place])
                continue;
            for (size_t c = 0; c < 3; c++) sums[4 * place + (long)c] += sheet->rgb[i + c] - before[i + c];
            sums[4 * place + 3]++;
        }
    float most = 0;
    for (int row = 0; row + square_of_mask <= behind->height; row++)
        for (int column = 0; column + square_of_mask <= behind->width; column++)
            most = fmaxf(most, change_of_square(behind, sums, column, row));
    free(sums);
    free(shadowy);
    return most;
}
