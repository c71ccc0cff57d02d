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
static void choose_scale(sluice_sheet *sheet) {
    sluice_flags field = sheet->field;
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
        sheet->none = smaller(255, bound + (bound < 12 ? 2 * bound : greater(24, bound)));
    }
}

// MARK: Flooding

/// Moves the square through what has `open`, from what has `seed`.
static sluice_result flood(sluice_sheet *sheet, uint8_t open, uint8_t seed) {
    sluice_flags field = sheet->field;
    for (size_t i = 0; i < sheet->count; i++) {
        field.flags[i] &= (uint8_t) ~(flag_narrow | flag_middle | flag_reached);
    }
    sluice_spread(field, sheet->reach, open, 0, flag_narrow);
    sluice_result result = sluice_walk(field, flag_narrow, seed, flag_middle);
    if (result == sluice_done) sluice_spread(field, sheet->reach, flag_middle, flag_middle, flag_reached);
    return result;
}

/// Pixels whose neighbours are still to be looked at.
typedef struct {
    uint32_t *places;
    size_t count, room;
} place_queue;

static bool push(place_queue *queue, size_t place) {
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

typedef bool (*may_go_to)(const sluice_sheet *sheet, size_t from, size_t to);

/// Gives `fate` to the neighbours that may have it.
static bool look_around(
    sluice_sheet *sheet, place_queue *queue, size_t place, uint8_t fate, may_go_to may_go) {
    size_t next[4];
    int count = places_beside(place, sheet->field.width, sheet->field.height, next);
    for (int i = 0; i < count; i++) {
        if (sheet->fate[next[i]] != fate_stays || !may_go(sheet, place, next[i])) continue;
        sheet->fate[next[i]] = fate;
        if (!push(queue, next[i])) return false;
    }
    return true;
}

/// From all pixels with a fate, step by step.
/// - Parameter fade: each step gets the next higher fate, not the same.
static sluice_result creep(sluice_sheet *sheet, size_t steps, uint8_t fate, bool fade, may_go_to may_go) {
    place_queue queue = {0};
    bool done = true;
    size_t width = sheet->field.width;
    for (size_t i = 0; done && i < sheet->count; i++) {
        if (sheet->fate[i] == fate_stays) continue;
        bool inside = i >= width && i + width < sheet->count && sheet->fate[i - 1] && sheet->fate[i + 1]
                      && sheet->fate[i - width] && sheet->fate[i + width];
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
    return done ? sluice_done : sluice_no_memory;
}

// MARK: Deciding

static bool is_open(const sluice_sheet *sheet, size_t from, size_t to) {
    (void)from;
    return sheet->field.flags[to] & flag_open;
}

/// From a ramp up to the product's edge, where the blurred picture is no longer smooth.
static bool rises(const sluice_sheet *sheet, size_t from, size_t to) {
    if (sheet->fate[from] < fate_by_blur || sheet->distance[to] >= sheet->none) return false;
    int most = sheet->wanted.removes_shadow ? 6 : 2;
    if (magnitude(sheet->distance[to] - sheet->distance[from]) > most) return false;
    return !sheet->wanted.removes_shadow || sluice_is_shadow(sheet, to);
}

/// Steps from where the square has been: corners at full strength, then weaker.
static size_t strong_steps(const sluice_sheet *sheet) { return sheet->reach + 2; }
static size_t all_steps(const sluice_sheet *sheet) { return 3 * sheet->reach + 3; }
/// So near to an edge nothing is smooth because of it.
enum { near_edge = 6 };

static sluice_result find_background(sluice_sheet *sheet, const sluice_lighting *light) {
    sluice_find_distances(sheet);
    bool trusts = light && sluice_is_bright_enough(sheet, light);
    if (trusts) {
        // A camera's grain goes with the wall; more than that is no grain.
        int noise = smaller(sluice_find_noise(sheet, light) + 2, smaller(light->fall, 20));
        sheet->wanted.bound = (uint8_t)greater(sheet->wanted.bound, noise);
        choose_scale(sheet);
    }
    sluice_find_open(sheet);
    if (light && light->fall > 0) sluice_keep_closed(sheet, light);
    if (light) sluice_seed_enclosed(sheet, light);
    sluice_result result = flood(sheet, flag_open, flag_edge);
    if (result != sluice_done) return result;
    for (size_t i = 0; i < sheet->count; i++) {
        uint8_t *flags = sheet->field.flags + i;
        // Beyond the frame all is background, and so is what touches it.
        bool found = *flags & flag_reached || (*flags & (flag_open | flag_edge)) == (flag_open | flag_edge);
        sheet->fate[i] = found ? fate_full : fate_stays;
        *flags |= found ? flag_background : 0;
    }
    if (trusts) sluice_trust_wall(sheet, light);
    return creep(sheet, all_steps(sheet), fate_full + 1, true, is_open);
}

static sluice_result find_ramps(sluice_sheet *sheet, const sluice_lighting *light) {
    sluice_add_up(sheet);
    sluice_find_rising(sheet);
    bool limits = light && (light->fall > 0 || sheet->wanted.removes_shadow);
    sluice_result result = limits ? sluice_limit_rising(sheet, light) : sluice_done;
    if (result == sluice_done) result = flood(sheet, flag_rising, flag_background);
    if (result != sluice_done) return result;
    for (size_t i = 0; i < sheet->count; i++) {
        if (!(sheet->field.flags[i] & flag_reached)) continue;
        if (sheet->field.flags[i] & flag_open) sheet->fate[i] = fate_full;
        else if (sheet->fate[i] == fate_stays) sheet->fate[i] = fate_by_blur;
    }
    return creep(sheet, near_edge, fate_by_itself, false, rises);
}

// MARK: Painting

/// How much of the way to the colour a pixel goes: all up to `full`, nothing from `none` on, and
/// without a kink at either end.
static float share(const sluice_sheet *sheet, float distance) {
    float full = (float)sheet->full, none = (float)sheet->none;
    if (distance <= full) return 1;
    if (distance >= none) return 0;
    float t = (distance - full) / (none - full);
    float left = none * t * t * (3 - 2 * t) + (none - full) * t * t * (t - 1);
    return 1 - left / distance;
}

static float share_of(const sluice_sheet *sheet, size_t place) {
    uint8_t fate = sheet->fate[place];
    int distance = sheet->distance[place];
    if (fate == fate_by_blur) return share(sheet, (float)sheet->sums[place] / 25);
    if (fate == fate_by_itself || (fate != fate_full && distance > sheet->wanted.bound)) {
        return share(sheet, (float)distance);
    }
    size_t step = (size_t)(fate - fate_full), strong = strong_steps(sheet);
    if (step <= strong) return 1;
    return (float)(all_steps(sheet) + 1 - step) / (float)(all_steps(sheet) + 1 - strong);
}

static void paint(sluice_sheet *sheet) {
    const uint8_t *color = sheet->wanted.color;
    for (size_t i = 0; i < sheet->count; i++) {
        if (sheet->fate[i] == fate_stays || sheet->distance[i] == 0) continue;
        uint8_t *pixel = sheet->rgb + 3 * i;
        float part = share_of(sheet, i);
        for (size_t band = 0; band < 3; band++) {
            float way = (float)(color[band] - pixel[band]) * part;
            pixel[band] = (uint8_t)((float)pixel[band] + way + 0.5f);
        }
    }
}

static sluice_result find_and_paint(sluice_sheet *sheet, const sluice_lighting *light) {
    sluice_result result = find_background(sheet, light);
    if (result == sluice_done) result = find_ramps(sheet, light);
    if (result == sluice_done) paint(sheet);
    return result;
}

/// With the picture divided by what is behind it.
static sluice_result whiten_by_light(sluice_sheet *sheet, sluice_lighting *light) {
    uint8_t *before = malloc(3 * sheet->count);
    if (!before) return sluice_no_memory;
    memcpy(before, sheet->rgb, 3 * sheet->count);
    sluice_result result = sluice_divide(sheet, light);
    if (result == sluice_done) result = find_and_paint(sheet, light);
    if (result == sluice_done) result = sluice_keep_product(sheet, before);
    if (result == sluice_done) {
        sluice_fade_shade(sheet, light);
        result = sluice_measure_touch(sheet, before, light);
    }
    if (result != sluice_done) memcpy(sheet->rgb, before, 3 * sheet->count);
    else if (light->marks > 0) sluice_mark_changes(sheet, light, before);
    free(before);
    return result;
}

sluice_result sluice_whiten(sluice_raster *picture, sluice_whitening wanted, sluice_lighting *light) {
    if (!sluice_is_sane(picture) || picture->bands != 3) return sluice_bad_shape;
    if (wanted.bound == 0) return sluice_done;
    size_t width = (size_t)picture->width, height = (size_t)picture->height, count = width * height;
    size_t scratch = 3 * width + 2 * sluice_most_reach;
    uint8_t *bytes = malloc(3 * count + scratch);
    uint16_t *sums = malloc((count + width + 4) * sizeof *sums);
    sluice_result result = bytes && sums ? sluice_done : sluice_no_memory;
    if (result == sluice_done) {
        sluice_sheet sheet = {
            .rgb = picture->bytes,
            .wanted = wanted,
            .field = {bytes, width, height, bytes + 3 * count},
            .count = count,
            .distance = bytes + count,
            .fate = bytes + 2 * count,
            .sums = sums,
            .columns = sums + count};
        choose_scale(&sheet);
        result = light && light->fall != 0 ? whiten_by_light(&sheet, light) : find_and_paint(&sheet, light);
    }
    free(bytes);
    free(sums);
    return result;
}
