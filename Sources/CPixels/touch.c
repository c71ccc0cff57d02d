// What of the product whitening has changed.
#include <math.h>
#include <stdlib.h>

#include "sheet.h"

void sluice_mark_changes(sluice_sheet *sheet, const sluice_lighting *light, const uint8_t *before) {
    for (size_t y = 0; y < sheet->field.height; y++)
        for (size_t x = 0; x < sheet->field.width; x++) {
            long place = place_behind(light, x, y);
            if (place < 0 || (light->behind->mask[place] & (sluice_product | sluice_pale)) != sluice_product)
                continue;
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
            if (!sum[3] || (behind->mask[place] & (sluice_product | sluice_pale)) != sluice_product) return 0;
            float change = 0;
            for (int c = 0; c < 3; c++) change = fmaxf(change, fabsf((float)sum[c]) / (float)sum[3]);
            least = fminf(least, change);
            if (least == 0) return 0;
        }
    return least;
}

/// Adds up each place's changes in each colour, and how many pixels it has.
static void add_changes(
    const sluice_sheet *sheet, const sluice_lighting *light, const uint8_t *before, const uint8_t *shadowy,
    int *sums) {
    for (size_t y = 0; y < sheet->field.height; y++)
        for (size_t x = 0; x < sheet->field.width; x++) {
            long place = place_behind(light, x, y);
            if (place < 0 || !(light->behind->mask[place] & sluice_product)) continue;
            size_t i = 3 * (y * sheet->field.width + x);
            // A shadow that goes is asked for.
            uint8_t fate = sheet->fate[i / 3];
            if (sheet->wanted.removes_shadow && (fate == fate_by_blur || fate == fate_by_itself)
                && shadowy[place])
                continue;
            for (size_t c = 0; c < 3; c++) sums[4 * place + (long)c] += sheet->rgb[i + c] - before[i + c];
            sums[4 * place + 3]++;
        }
}

sluice_result sluice_measure_touch(const sluice_sheet *sheet, const uint8_t *before, sluice_lighting *light) {
    const sluice_backdrop *behind = light->behind;
    int *sums = calloc(4 * (size_t)behind->width * (size_t)behind->height, sizeof *sums);
    uint8_t *shadowy = sluice_find_shadowy(behind);
    bool done = sums && shadowy;
    if (done) add_changes(sheet, light, before, shadowy, sums);
    light->touched = 0;
    for (int row = 0; done && row + square_of_mask <= behind->height; row++)
        for (int column = 0; column + square_of_mask <= behind->width; column++)
            light->touched = fmaxf(light->touched, change_of_square(behind, sums, column, row));
    free(sums);
    free(shadowy);
    return done ? sluice_done : sluice_no_memory;
}
