// Makes a nearly right background exactly right.
//
// Background is what is within the bound of the wanted colour and connected to the frame's edge. The
// flood moves as a square, so that it does not slip through a gap in a pale outline; from where the
// square has been it creeps on for a few pixels, weaker and weaker, into corners and between hairs.
//
// What rises smoothly out of the background (a soft shadow) would show a contour where the bound
// ends. So up to three times the bound it is moved as well, less and less. Lines, edges and textures
// do not count as smooth: pixels of the product stay what they are. What is farther from the colour
// is never touched, unless shadows are to go: then neutral and darker ramps go too, and fade out
// where they are as dark as a product might be. Where the wall behind is known, light.c divides by it before.
#include "sheet.h"

#include <stdlib.h>
#include <string.h>

// MARK: Sizes

/// Sizes of things, for the picture's short side and the bound.
static void choose_scale(Sheet *sheet) {
    SluiceField field = sheet->field;
    size_t side = field.width < field.height ? field.width : field.height;
    int bound = sheet->wanted.bound;
    sheet->reach = side < 1000 ? 1 + side / 500 : side < 3000 ? side / 500 + 1 : 6;
    // A smaller picture has steeper shadows, and edges no less steep than a large one's.
    float steeper = side < 1000 ? 1000 / (float)side : 1;
    if (sheet->wanted.removes_shadow) {
        sheet->steepest = (int)(8 * (steeper < 3 ? steeper : 3));
        sheet->full = 112;
        sheet->none = 160;
    } else {
        sheet->steepest = (int)(5 * (steeper < 1.5f ? steeper : 1.5f));
        sheet->full = bound;
        // Three times as far; large bounds need no more than to keep the slope gentle.
        int more = bound < 12 ? 2 * bound : bound < 24 ? 24 : bound;
        sheet->none = bound + more < 255 ? bound + more : 255;
    }
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
    return !sheet->wanted.removes_shadow || sluice_is_shadow(sheet, to);
}

/// Steps from where the square has been: corners at full strength, then weaker.
static size_t strong_steps(const Sheet *sheet) { return sheet->reach + 2; }
static size_t all_steps(const Sheet *sheet) { return 3 * sheet->reach + 3; }
/// So near to an edge nothing is smooth because of it.
enum { RIM = 6 };

static bool find_background(Sheet *sheet, const SluiceLighting *light) {
    sluice_find_distances(sheet);
    bool trusts = light && sluice_is_bright_enough(sheet, light);
    if (trusts) {
        // A camera's grain goes with the wall; more than that is no grain.
        int noise = sluice_find_noise(sheet, light) + 2;
        int most = light->fall < 20 ? light->fall : 20;
        if (noise > most) noise = most;
        if (noise > sheet->wanted.bound) sheet->wanted.bound = (uint8_t)noise;
        choose_scale(sheet);
    }
    sluice_find_open(sheet);
    if (light && light->fall > 0) sluice_keep_closed(sheet, light);
    if (light) sluice_seed_enclosed(sheet, light);
    if (!flood(sheet, OPEN, EDGE)) return false;
    for (size_t i = 0; i < sheet->count; i++) {
        uint8_t *flags = sheet->field.flags + i;
        // Beyond the frame all is background, and so is what touches it.
        bool found = *flags & REACHED || (*flags & (OPEN | EDGE)) == (OPEN | EDGE);
        sheet->fate[i] = found ? FULL : STAYS;
        *flags |= found ? BACKGROUND : 0;
    }
    if (trusts) sluice_trust_wall(sheet, light);
    return creep(sheet, all_steps(sheet), FULL + 1, true, is_open);
}

static bool find_ramps(Sheet *sheet, const SluiceLighting *light) {
    sluice_add_up(sheet);
    sluice_find_rising(sheet);
    bool limits = light && (light->fall > 0 || sheet->wanted.removes_shadow);
    if (limits && !sluice_limit_rising(sheet, light)) return false;
    if (!flood(sheet, RISING, BACKGROUND)) return false;
    for (size_t i = 0; i < sheet->count; i++) {
        if (!(sheet->field.flags[i] & REACHED)) continue;
        if (sheet->field.flags[i] & OPEN) sheet->fate[i] = FULL;
        else if (sheet->fate[i] == STAYS) sheet->fate[i] = BY_BLUR;
    }
    return creep(sheet, RIM, BY_ITSELF, false, rises);
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
    if (fate == BY_ITSELF || (fate != FULL && distance > sheet->wanted.bound)) {
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

static bool whiten(Sheet *sheet, SluiceLighting *light) {
    if (!light || light->fall == 0) {
        bool done = find_background(sheet, light) && find_ramps(sheet, light);
        if (done) paint(sheet);
        return done;
    }
    uint8_t *before = malloc(3 * sheet->count);
    if (!before) return false;
    memcpy(before, sheet->rgb, 3 * sheet->count);
    bool done = sluice_divide(sheet, light) && find_background(sheet, light) && find_ramps(sheet, light);
    if (done) paint(sheet);
    done = done && sluice_keep_product(sheet, before);
    if (done) {
        sluice_fade_shade(sheet, light);
        light->touched = sluice_measure_touch(sheet, light, before);
        if (light->marks > 0) sluice_mark_changes(sheet, light, before);
    } else {
        memcpy(sheet->rgb, before, 3 * sheet->count);
    }
    free(before);
    return done;
}

bool sluice_whiten(
    uint8_t *rgb, size_t width, size_t height, SluiceWhitening wanted, SluiceLighting *light) {
    if (wanted.bound == 0 || width == 0 || height == 0) return true;
    // Places are kept in 32 bits.
    if (height > UINT32_MAX / width) return false;
    Sheet sheet = {.rgb = rgb, .wanted = wanted, .count = width * height};
    sheet.field = (SluiceField){.width = width, .height = height};
    choose_scale(&sheet);
    size_t scratch = 3 * width + 2 * SLUICE_REACH;
    uint8_t *bytes = malloc(3 * sheet.count + scratch);
    sheet.sums = malloc((sheet.count + width + 4) * sizeof *sheet.sums);
    bool done = bytes && sheet.sums;
    if (done) {
        sheet.columns = sheet.sums + sheet.count;
        sheet.distance = bytes;
        sheet.fate = bytes + sheet.count;
        sheet.field = (SluiceField){
            bytes + 2 * sheet.count, width, height, bytes + 3 * sheet.count};
        done = whiten(&sheet, light);
    }
    free(bytes);
    free(sheet.sums);
    return done;
}
