#include "flood.h"

#include <stdlib.h>
#include <string.h>

void sluice_spread(sluice_flags field, size_t reach, uint8_t mask, uint8_t value, uint8_t mark) {
    size_t width = field.width;
    // Which columns of a row spread; which are near one; for how many rows each is near still.
    uint8_t *spreads = field.scratch + sluice_most_reach;
    uint8_t *near = spreads + width + sluice_most_reach, *left = near + width;
    memset(field.scratch, 0, 3 * width + 2 * sluice_most_reach);
    uint8_t span = (uint8_t)(2 * reach + 1);
    for (size_t y = 0; y < field.height + reach; y++) {
        memset(near, 0, width);
        if (y < field.height) {
            const uint8_t *flags = field.flags + y * width;
            for (size_t x = 0; x < width; x++) spreads[x] = (flags[x] & mask) == value;
            for (size_t step = 0; step < span; step++) {
                const uint8_t *from = spreads - reach + step;
                for (size_t x = 0; x < width; x++) near[x] |= from[x];
            }
        }
        for (size_t x = 0; x < width; x++) {
            uint8_t fewer = (uint8_t)(left[x] - (left[x] > 0));
            left[x] = near[x] ? span : fewer;
        }
        if (y < reach) continue;
        uint8_t *flags = field.flags + (y - reach) * width;
        for (size_t x = 0; x < width; x++) flags[x] |= left[x] ? mark : 0;
    }
}

/// A stretch of one row without walls, and the run that stands for all it is connected to.
typedef struct {
    uint32_t start, end, row, parent;
} row_run;

typedef struct {
    row_run *runs;
    size_t count, room;
} row_runs;

static uint32_t root(row_run *runs, uint32_t run) {
    while (runs[run].parent != run) {
        runs[run].parent = runs[runs[run].parent].parent;
        run = runs[run].parent;
    }
    return run;
}

/// The earlier stands for both, so that run 0 stands for all that has a seed.
static void join(row_run *runs, uint32_t one, uint32_t other) {
    one = root(runs, one);
    other = root(runs, other);
    if (one < other) runs[other].parent = one;
    else runs[one].parent = other;
}

static bool add_run(row_runs *runs, size_t start, size_t end, size_t row) {
    if (runs->count == runs->room) {
        size_t room = runs->room ? runs->room * 2 : 4096;
        row_run *grown = realloc(runs->runs, room * sizeof *grown);
        if (!grown) return false;
        runs->runs = grown;
        runs->room = room;
    }
    runs->runs[runs->count] = (row_run){(uint32_t)start, (uint32_t)end, (uint32_t)row, (uint32_t)runs->count};
    runs->count++;
    return true;
}

/// Adds a row's runs, each joined to those it touches among the row's before, which begin at
/// `above`.
static bool add_row(sluice_flags field, row_runs *runs, size_t y, size_t above, uint8_t wall, uint8_t seed) {
    const uint8_t *flags = field.flags + y * field.width;
    size_t below = runs->count, x = 0;
    while (x < field.width) {
        if (flags[x] & wall) {
            x++;
            continue;
        }
        size_t start = x;
        uint8_t seen = 0;
        while (x < field.width && !(flags[x] & wall)) seen |= flags[x++];
        uint32_t run = (uint32_t)runs->count;
        if (!add_run(runs, start, x, y)) return false;
        if (seen & seed) join(runs->runs, 0, run);
        while (above < below && runs->runs[above].end <= start) above++;
        for (size_t other = above; other < below && runs->runs[other].start < x; other++) {
            join(runs->runs, (uint32_t)other, run);
        }
    }
    return true;
}

sluice_result sluice_walk(sluice_flags field, uint8_t wall, uint8_t seed, uint8_t mark) {
    row_runs runs = {0};
    bool done = add_run(&runs, 0, 0, 0);
    size_t above = 1;
    for (size_t y = 0; done && y < field.height; y++) {
        size_t start = runs.count;
        done = add_row(field, &runs, y, above, wall, seed);
        above = start;
    }
    for (size_t run = 1; done && run < runs.count; run++) {
        if (root(runs.runs, (uint32_t)run) != 0) continue;
        row_run found = runs.runs[run];
        uint8_t *flags = field.flags + found.row * field.width;
        for (size_t x = found.start; x < found.end; x++) flags[x] |= mark;
    }
    free(runs.runs);
    return done ? sluice_done : sluice_no_memory;
}
