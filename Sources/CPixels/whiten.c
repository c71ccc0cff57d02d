// Makes a nearly right background exactly right.
//
// Background is what is within the bound of the wanted colour and connected to the frame's edge. The
// flood moves as a square, so that it does not slip through a gap in a pale outline; from where the
// square has been it creeps on for a few pixels, weaker and weaker, into corners and between hairs.
//
// What rises smoothly out of the background (a soft shadow) would show a contour where the bound
// ends. So up to twice the bound it is moved as well, less and less. Lines, edges and textures do not
// count as smooth: pixels of the product stay what they are. What is farther than twice the bound
// from the colour is never touched, unless shadows are to go: then neutral and darker ramps go too,
// and fade out where they are as dark as a product might be.
#include "flood.h"
#include "paint.h"

#include <stdlib.h>
#include <string.h>

enum {
    /// Within the bound, or a speck that noise lifted out of it.
    OPEN = 1,
    /// Open, or rising smoothly.
    RISING = 2,
    /// Where a flood begins: the frame's edge; what is background already.
    EDGE = 4,
    BACKGROUND = 8,
    /// No room for the square; where its middle has been; where any of it has been.
    NARROW = 16,
    MIDDLE = 32,
    REACHED = 64,
};

/// What becomes of a pixel: nothing, or the colour (from `FULL` on weaker with each step that the
/// flood has crept), or moved by its blurred or its own distance.
enum { STAYS = 0, FULL = 1, BY_BLUR = 254, BY_ITSELF = 255 };

typedef struct {
    uint8_t *rgb;
    SluiceWhitening wanted;
    SluiceField field;
    size_t count;
    /// Half the square that moves.
    size_t reach;
    /// What is still smooth, in hundredths of a level per pixel.
    int smooth;
    /// Distances up to which all is moved to the colour, and from which nothing is.
    int full, none;
    /// Largest distance in any channel from the wanted colour.
    uint8_t *distance;
    uint8_t *fate;
    /// Distances added up over 5 by 5 pixels.
    uint16_t *sums;
} Sheet;

// MARK: Looking

static uint8_t apart(uint8_t one, uint8_t other) {
    return one > other ? (uint8_t)(one - other) : (uint8_t)(other - one);
}

static uint8_t larger(uint8_t one, uint8_t other) { return one > other ? one : other; }

static void find_distances(Sheet *sheet) {
    const uint8_t *color = sheet->wanted.color;
    for (size_t i = 0; i < sheet->count; i++) {
        const uint8_t *pixel = sheet->rgb + 3 * i;
        sheet->distance[i] = larger(
            apart(pixel[0], color[0]),
            larger(apart(pixel[1], color[1]), apart(pixel[2], color[2])));
    }
}

/// A row or column `step` further, no further than the edge.
static size_t moved(size_t from, int step, size_t count) {
    if (step < 0 && from < (size_t)-step) return 0;
    size_t to = step < 0 ? from - (size_t)-step : from + (size_t)step;
    return to < count ? to : count - 1;
}

static void add_up(Sheet *sheet) {
    size_t width = sheet->field.width, height = sheet->field.height;
    uint16_t *column = sheet->field.columns;
    for (size_t y = 0; y < height; y++) {
        memset(column, 0, width * sizeof *column);
        for (int step = -2; step <= 2; step++) {
            const uint8_t *row = sheet->distance + moved(y, step, height) * width;
            for (size_t x = 0; x < width; x++) column[x] = (uint16_t)(column[x] + row[x]);
        }
        uint16_t *sums = sheet->sums + y * width;
        for (size_t x = 0; x < width; x++) {
            size_t far = moved(x, 2, width), near = moved(x, 1, width);
            sums[x] = (uint16_t)(
                column[moved(x, -2, width)] + column[moved(x, -1, width)] + column[x] +
                column[near] + column[far]);
        }
    }
}

static int magnitude(int value) { return value < 0 ? -value : value; }

/// A gentle slope, and neither a line nor a speck: those stand out from what is around them.
static bool is_smooth(const Sheet *sheet, size_t x, size_t y) {
    size_t width = sheet->field.width, height = sheet->field.height;
    const uint16_t *sums = sheet->sums, *row = sums + y * width;
    int across = row[moved(x, 2, width)] - row[moved(x, -2, width)];
    int down = sums[moved(y, 2, height) * width + x] - sums[moved(y, -2, height) * width + x];
    // Sums of 25 pixels, 4 pixels apart: hundredths of a level per pixel.
    if (magnitude(across) > sheet->smooth || magnitude(down) > sheet->smooth) return false;
    int close = 0;
    for (int step = -1; step <= 1; step++) {
        const uint8_t *line = sheet->distance + moved(y, step, height) * width;
        close += line[moved(x, -1, width)] + line[x] + line[moved(x, 1, width)];
    }
    // In 225ths of a level.
    return magnitude(close * 25 - row[x] * 9) <= 225 + sheet->smooth;
}

/// Darker than the wanted colour, and of its hue. 8-bit sRGB of a grey shadow under neutral light
/// stays within a few levels.
static bool is_shadow(const Sheet *sheet, size_t place) {
    const uint8_t *pixel = sheet->rgb + 3 * place, *color = sheet->wanted.color;
    int least = 1 << 16, most = 0;
    for (size_t band = 0; band < 3; band++) {
        if (pixel[band] > color[band] + sheet->wanted.bound) return false;
        if (color[band] < 16) continue;
        int share = pixel[band] * 255 / color[band];
        least = share < least ? share : least;
        most = share > most ? share : most;
    }
    return most - least <= 14;
}

// MARK: Flooding

/// Moves the square through what has `open`, from what has `seed`.
static bool flood(Sheet *sheet, uint8_t open, uint8_t seed) {
    SluiceField field = sheet->field;
    for (size_t i = 0; i < sheet->count; i++) {
        field.flags[i] &= (uint8_t)~(NARROW | MIDDLE | REACHED);
    }
    sluice_spread(field, sheet->reach, open, 0, NARROW);
    if (!sluice_walk(field, NARROW, seed, MIDDLE)) return false;
    sluice_spread(field, sheet->reach, MIDDLE, MIDDLE, REACHED);
    return true;
}

/// Gives `flag` to lone pixels without it, no farther than `limit`: noise makes such.
static void close_specks(Sheet *sheet, uint8_t flag, int limit) {
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
            if (around >= 7) *at |= flag;
        }
    }
}

static void find_open(Sheet *sheet) {
    size_t width = sheet->field.width;
    int bound = sheet->wanted.bound;
    uint8_t *flags = sheet->field.flags;
    for (size_t i = 0; i < sheet->count; i++) flags[i] = sheet->distance[i] <= bound ? OPEN : 0;
    close_specks(sheet, OPEN, 2 * bound);
    for (size_t x = 0; x < width; x++) flags[x] |= EDGE, flags[sheet->count - 1 - x] |= EDGE;
    for (size_t i = 0; i < sheet->count; i += width) flags[i] |= EDGE, flags[i + width - 1] |= EDGE;
}

static void find_rising(Sheet *sheet) {
    size_t width = sheet->field.width;
    bool to_shadow = sheet->wanted.removes_shadow;
    uint8_t *flags = sheet->field.flags;
    for (size_t i = 0; i < sheet->count; i++) {
        if (flags[i] & OPEN) {
            flags[i] |= RISING;
        } else if (sheet->distance[i] < sheet->none && (!to_shadow || is_shadow(sheet, i))) {
            if (is_smooth(sheet, i % width, i / width)) flags[i] |= RISING;
        }
    }
    close_specks(sheet, RISING, sheet->none);
}

/// Pixels whose neighbours are still to be looked at.
typedef struct {
    uint32_t *places;
    size_t count, room;
} Queue;

static bool push(Queue *queue, size_t place) {
    if (queue->count == queue->room) {
        size_t room = queue->room ? queue->room * 2 : 4096;
        uint32_t *grown = realloc(queue->places, room * sizeof *grown);
        if (!grown) return false;
        queue->places = grown;
        queue->room = room;
    }
    queue->places[queue->count++] = (uint32_t)place;
    return true;
}

typedef bool (*MayGo)(const Sheet *sheet, size_t from, size_t to);

/// Gives `fate` to the neighbours that may have it.
static bool look_around(Sheet *sheet, Queue *queue, size_t place, uint8_t fate, MayGo may_go) {
    size_t width = sheet->field.width, x = place % width, y = place / width;
    size_t next[4], count = 0;
    if (x > 0) next[count++] = place - 1;
    if (x + 1 < width) next[count++] = place + 1;
    if (y > 0) next[count++] = place - width;
    if (y + 1 < sheet->field.height) next[count++] = place + width;
    for (size_t i = 0; i < count; i++) {
        if (sheet->fate[next[i]] != STAYS || !may_go(sheet, place, next[i])) continue;
        sheet->fate[next[i]] = fate;
        if (!push(queue, next[i])) return false;
    }
    return true;
}

/// From all pixels with a fate, step by step.
/// - Parameter fade: each step gets the next higher fate, not the same.
static bool creep(Sheet *sheet, size_t steps, uint8_t fate, bool fade, MayGo may_go) {
    Queue queue = {0};
    bool done = true;
    size_t width = sheet->field.width;
    for (size_t i = 0; done && i < sheet->count; i++) {
        if (sheet->fate[i] == STAYS) continue;
        bool inside = i >= width && i + width < sheet->count && sheet->fate[i - 1] &&
            sheet->fate[i + 1] && sheet->fate[i - width] && sheet->fate[i + width];
        // A fate given by this very pass is in the queue already.
        if (!inside && sheet->fate[i] != fate) {
            done = look_around(sheet, &queue, i, fate, may_go);
        }
    }
    size_t next = 0;
    for (size_t step = 1; done && step < steps; step++) {
        size_t end = queue.count;
        uint8_t given = fade ? (uint8_t)(fate + step) : fate;
        while (done && next < end) {
            done = look_around(sheet, &queue, queue.places[next++], given, may_go);
        }
    }
    free(queue.places);
    return done;
}

// MARK: Deciding

static bool is_open(const Sheet *sheet, size_t from, size_t to) {
    (void)from;
    return sheet->field.flags[to] & OPEN;
}

/// From a ramp up to the product's edge, where the blurred picture is no longer smooth.
static bool rises(const Sheet *sheet, size_t from, size_t to) {
    if (sheet->fate[from] < BY_BLUR || sheet->distance[to] >= sheet->none) return false;
    int most = sheet->wanted.removes_shadow ? 6 : 2;
    if (magnitude(sheet->distance[to] - sheet->distance[from]) > most) return false;
    return !sheet->wanted.removes_shadow || is_shadow(sheet, to);
}

/// Steps from where the square has been: corners at full strength, then weaker.
static size_t strong_steps(const Sheet *sheet) { return sheet->reach + 2; }
static size_t all_steps(const Sheet *sheet) { return 3 * sheet->reach + 3; }

static bool find_background(Sheet *sheet) {
    find_distances(sheet);
    find_open(sheet);
    if (!flood(sheet, OPEN, EDGE)) return false;
    for (size_t i = 0; i < sheet->count; i++) {
        uint8_t *flags = sheet->field.flags + i;
        // Beyond the frame all is background, and so is what touches it.
        bool found = *flags & REACHED || (*flags & (OPEN | EDGE)) == (OPEN | EDGE);
        sheet->fate[i] = found ? FULL : STAYS;
        *flags |= found ? BACKGROUND : 0;
    }
    return creep(sheet, all_steps(sheet), FULL + 1, true, is_open);
}

static bool find_ramps(Sheet *sheet) {
    add_up(sheet);
    find_rising(sheet);
    if (!flood(sheet, RISING, BACKGROUND)) return false;
    for (size_t i = 0; i < sheet->count; i++) {
        if (sheet->fate[i] != STAYS || !(sheet->field.flags[i] & REACHED)) continue;
        sheet->fate[i] = sheet->distance[i] <= sheet->wanted.bound ? FULL : BY_BLUR;
    }
    return creep(sheet, 2 * sheet->reach, BY_ITSELF, false, rises);
}

// MARK: Painting

/// How much of the way to the colour a pixel goes: all up to `full`, nothing from `none` on, and
/// without a kink at either end.
static float share(const Sheet *sheet, float distance) {
    float full = (float)sheet->full, none = (float)sheet->none;
    if (distance <= full) return 1;
    if (distance >= none) return 0;
    float t = (distance - full) / (none - full);
    float left = none * t * t * (3 - 2 * t) + (none - full) * t * t * (t - 1);
    return 1 - left / distance;
}

static float share_of(const Sheet *sheet, size_t place) {
    uint8_t fate = sheet->fate[place];
    int distance = sheet->distance[place];
    if (fate == BY_BLUR) return share(sheet, (float)sheet->sums[place] / 25);
    if (fate == BY_ITSELF || distance > sheet->wanted.bound) {
        return share(sheet, (float)distance);
    }
    size_t step = (size_t)(fate - FULL), strong = strong_steps(sheet);
    if (step <= strong) return 1;
    return (float)(all_steps(sheet) + 1 - step) / (float)(all_steps(sheet) + 1 - strong);
}

static void paint(Sheet *sheet) {
    const uint8_t *color = sheet->wanted.color;
    for (size_t i = 0; i < sheet->count; i++) {
        if (sheet->fate[i] == STAYS || sheet->distance[i] == 0) continue;
        uint8_t *pixel = sheet->rgb + 3 * i;
        float part = share_of(sheet, i);
        for (size_t band = 0; band < 3; band++) {
            float way = (float)(color[band] - pixel[band]) * part;
            pixel[band] = (uint8_t)((float)pixel[band] + way + 0.5f);
        }
    }
}

/// Sizes of things, for a picture with this short side.
static void choose_scale(Sheet *sheet, size_t side) {
    int bound = sheet->wanted.bound;
    sheet->reach = side < 1000 ? 1 + side / 500 : side < 3000 ? side / 500 + 1 : 6;
    // A smaller picture has steeper shadows, and edges no less steep than a large one's.
    float steeper = side < 1000 ? 1000 / (float)side : 1;
    if (sheet->wanted.removes_shadow) {
        sheet->smooth = (int)(400 * (steeper < 3 ? steeper : 3));
        sheet->full = bound > 64 ? bound : 64;
        sheet->none = sheet->full + 48;
    } else {
        sheet->smooth = (int)(100 * (steeper < 1.5f ? steeper : 1.5f));
        sheet->full = bound;
        sheet->none = 2 * bound < 255 ? 2 * bound : 255;
    }
}

bool sluice_whiten(uint8_t *rgb, size_t width, size_t height, SluiceWhitening wanted) {
    if (wanted.bound == 0 || width == 0 || height == 0) return true;
    // Places are kept in 32 bits.
    if (height > UINT32_MAX / width) return false;
    Sheet sheet = {.rgb = rgb, .wanted = wanted, .count = width * height};
    choose_scale(&sheet, width < height ? width : height);
    uint8_t *bytes = malloc(3 * sheet.count + width);
    sheet.sums = malloc((sheet.count + width) * sizeof *sheet.sums);
    bool done = bytes && sheet.sums;
    if (done) {
        sheet.distance = bytes;
        sheet.fate = bytes + sheet.count;
        sheet.field = (SluiceField){
            bytes + 2 * sheet.count, width, height, sheet.sums + sheet.count,
            bytes + 3 * sheet.count};
        done = find_background(&sheet) && find_ramps(&sheet);
    }
    if (done) paint(&sheet);
    free(bytes);
    free(sheet.sums);
    return done;
}
