// Looks at the pixels of a picture that is being whitened.
#include "sheet.h"

#include <string.h>

void sluice_find_distances(sluice_sheet *sheet) {
    const uint8_t *color = sheet->wanted.color;
    for (size_t i = 0; i < sheet->count; i++)
        sheet->distance[i] = (uint8_t)distance(sheet->rgb + 3 * i, color, 3);
}

/// A row or column `step` further, no further than the edge.
static size_t moved(size_t from, int step, size_t count) {
    if (step < 0 && from < (size_t)-step) return 0;
    size_t to = step < 0 ? from - (size_t)-step : from + (size_t)step;
    return to < count ? to : count - 1;
}

void sluice_add_up(sluice_sheet *sheet) {
    size_t width = sheet->field.width, height = sheet->field.height;
    // Two columns more at either end, as at the edge.
    uint16_t *column = sheet->columns + 2;
    for (size_t y = 0; y < height; y++) {
        memset(column, 0, width * sizeof *column);
        for (int step = -2; step <= 2; step++) {
            const uint8_t *row = sheet->distance + moved(y, step, height) * width;
            for (size_t x = 0; x < width; x++) column[x] = (uint16_t)(column[x] + row[x]);
        }
        column[-2] = column[-1] = column[0];
        column[width + 1] = column[width] = column[width - 1];
        uint16_t *sums = sheet->sums + y * width;
        for (size_t x = 0; x < width; x++) {
            const uint16_t *at = column + x;
            sums[x] = (uint16_t)(at[-2] + at[-1] + at[0] + at[1] + at[2]);
        }
    }
}

/// What three pixels side by side rise from one side of a place to the other, across or down.
static int rise(const sluice_sheet *sheet, size_t x, size_t y) {
    size_t width = sheet->field.width, height = sheet->field.height;
    size_t left = moved(x, -1, width), right = moved(x, 1, width);
    const uint8_t *row = sheet->distance + y * width;
    const uint8_t *above = sheet->distance + moved(y, -1, height) * width;
    const uint8_t *below = sheet->distance + moved(y, 1, height) * width;
    int across = above[right] + row[right] + below[right] - above[left] - row[left] - below[left];
    int down = below[left] + below[x] + below[right] - above[left] - above[x] - above[right];
    return greater(magnitude(across), magnitude(down));
}

/// A gentle slope, and not on a line: those stand out from what is around them.
static bool is_smooth(const sluice_sheet *sheet, size_t x, size_t y) {
    if (rise(sheet, x, y) > 3 * sheet->steepest) return false;
    size_t width = sheet->field.width, height = sheet->field.height;
    const uint16_t *row = sheet->sums + y * width;
    // Five pixels in each direction against the 25: a line three levels deep stands out by more,
    // the noise of a camera or an encoder does not.
    for (size_t way = 0; way < 4; way++) {
        static const int right[] = {1, 0, 1, 1}, down_by[] = {0, 1, 1, -1};
        int line = 0;
        for (int step = -2; step <= 2; step++) {
            line += sheet->distance
                        [moved(y, step * down_by[way], height) * width + moved(x, step * right[way], width)];
        }
        if (magnitude(line * 5 - row[x]) > 56) return false;
    }
    return true;
}

bool sluice_is_shadow(const sluice_sheet *sheet, size_t place) {
    const uint8_t *pixel = sheet->rgb + 3 * place, *color = sheet->wanted.color;
    int least = 1 << 16, most = 0;
    for (size_t band = 0; band < 3; band++) {
        if (pixel[band] > color[band] + sheet->wanted.bound) return false;
        if (color[band] < 16) continue;
        int share = pixel[band] * 255 / color[band];
        least = smaller(least, share);
        most = greater(most, share);
    }
    // A grey shadow under neutral light stays within a few levels.
    return most - least <= 14;
}

/// Gives `flag` to pixels without it, no farther than `limit`, of whose eight neighbours at least so
/// many have it: noise makes such.
static void close_specks(sluice_sheet *sheet, uint8_t flag, int limit, int least) {
    size_t width = sheet->field.width;
    for (size_t y = 1; y + 1 < sheet->field.height; y++) {
        for (size_t x = 1; x + 1 < width; x++) {
            uint8_t *at = sheet->field.flags + y * width + x;
            if (*at & flag || sheet->distance[y * width + x] > limit) continue;
            const uint8_t *above = at - width, *below = at + width;
            int around = !!(at[-1] & flag) + !!(at[1] & flag);
            for (int step = -1; step <= 1; step++) {
                around += !!(above[step] & flag) + !!(below[step] & flag);
            }
            if (around >= least) *at |= flag_lone;
        }
    }
    // Only now, or a line would be eaten up from its end.
    for (size_t i = 0; i < sheet->count; i++) {
        uint8_t *flags = sheet->field.flags + i;
        if (*flags & flag_lone) *flags = (uint8_t)((*flags & ~flag_lone) | flag);
    }
}

void sluice_find_open(sluice_sheet *sheet) {
    size_t width = sheet->field.width;
    int bound = sheet->wanted.bound;
    uint8_t *flags = sheet->field.flags;
    for (size_t i = 0; i < sheet->count; i++) flags[i] = sheet->distance[i] <= bound ? flag_open : 0;
    close_specks(sheet, flag_open, 2 * bound, 7);
    for (size_t x = 0; x < width; x++) flags[x] |= flag_edge, flags[sheet->count - 1 - x] |= flag_edge;
    for (size_t i = 0; i < sheet->count; i += width) flags[i] |= flag_edge, flags[i + width - 1] |= flag_edge;
}

void sluice_find_rising(sluice_sheet *sheet) {
    size_t width = sheet->field.width;
    bool to_shadow = sheet->wanted.removes_shadow;
    uint8_t *flags = sheet->field.flags;
    for (size_t i = 0; i < sheet->count; i++) {
        if (flags[i] & flag_open) {
            flags[i] |= flag_rising;
        } else if (sheet->distance[i] < sheet->none && (!to_shadow || sluice_is_shadow(sheet, i))) {
            if (is_smooth(sheet, i % width, i / width)) flags[i] |= flag_rising;
        }
    }
    close_specks(sheet, flag_rising, sheet->none - 1, 8);
}
