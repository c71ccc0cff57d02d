#include "rows.h"

#include <stdlib.h>

#include "lanes.h"
#include "pixels.h"

enum { rows_around = 5, margin = 2, results = 5 };

/// A row in one colour, with both margins: lanes may read on beyond the last pixel.
static size_t around_stride(const sluice_rows *of) { return (size_t)of->stride + 2 * margin; }

sluice_result sluice_open_rows(const sluice_raster *in, sluice_rows *out) {
    *out = (sluice_rows){.in = in, .stride = whole_lanes(in->width), .last = -1};
    size_t stride = (size_t)out->stride, colors = (size_t)in->colors;
    size_t around = rows_around * colors * around_stride(out);
    out->around = calloc(around + (colors + results) * stride, 1);
    if (!out->around) return sluice_no_memory;
    out->likely = out->around + around;
    uint8_t **each[] = {&out->off, &out->above, &out->spread, &out->slope, &out->bend};
    for (size_t i = 0; i < results; i++) *each[i] = out->likely + (colors + i) * stride;
    return sluice_done;
}

void sluice_close_rows(sluice_rows *of) { free(of->around); }

static uint8_t *plane(const sluice_rows *of, int y, int c) {
    size_t row = (size_t)(y % rows_around) * (size_t)of->in->colors + (size_t)c;
    return of->around + row * around_stride(of) + margin;
}

const uint8_t *sluice_row_around(const sluice_rows *of, int y, int c) { return plane(of, y, c); }

static void fill(sluice_rows *in, int y) {
    int width = in->in->width, colors = in->in->colors;
    uint8_t *planes[3];
    for (int c = 0; c < colors; c++) planes[c] = plane(in, y, c);
    take_apart(at(in->in, 0, y), (size_t)width, in->in->bands, colors, planes);
    for (int c = 0; c < colors; c++) {
        memset(planes[c] - margin, planes[c][0], margin);
        memset(planes[c] + width, planes[c][width - 1], margin);
    }
}

static int farthest(const uint8_t *off, int width) {
    int found = 0;
    lanes all = {0};
    int x = 0;
    for (; x + sluice_lanes <= width; x += sluice_lanes) all = most(all, load(off + x));
    for (int i = 0; i < sluice_lanes; i++) found = greater(found, all[i]);
    for (; x < width; x++) found = greater(found, off[x]);
    return found;
}

int sluice_read_row(sluice_rows *in, int y) {
    // From the beginning again.
    if (y < in->row) in->last = -1;
    in->row = y;
    while (in->last < smaller(y + 2, in->in->height - 1)) fill(in, ++in->last);
    int colors = in->in->colors;
    const uint8_t *planes[3], *likelies[3];
    for (int c = 0; c < colors; c++) planes[c] = plane(in, y, c), likelies[c] = likely_in_row(in, c);
    for (int x = 0; x < in->in->width; x += sluice_lanes) {
        lanes up = {0}, down = {0}, least_up = all(255), least_down = all(255);
        for (int c = 0; c < colors; c++) {
            lanes here = load(planes[c] + x), likely = load(likelies[c] + x);
            lanes over = beyond(here, likely), under = beyond(likely, here);
            up = most(up, over);
            down = most(down, under);
            least_up = least(least_up, over);
            least_down = least(least_down, under);
        }
        store(up, in->above + x);
        store(most(up, down), in->off + x);
        store(sum(up - least_up, down - least_down), in->spread + x);
    }
    return farthest(in->off, in->in->width);
}

void sluice_read_steps(sluice_rows *in, int y) {
    int last = in->in->height - 1;
    for (int c = 0; c < in->in->colors; c++) {
        const uint8_t *above = plane(in, greater(y - 2, 0), c), *up = plane(in, greater(y - 1, 0), c);
        const uint8_t *here = plane(in, y, c);
        const uint8_t *down = plane(in, smaller(y + 1, last), c), *below = plane(in, smaller(y + 2, last), c);
        for (int x = 0; x < in->in->width; x += sluice_lanes) {
            const uint8_t *at = here + x;
            lanes slope = most(apart(load(at - 1), load(at + 1)), apart(load(up + x), load(down + x)));
            lanes bend = most(
                off_line(load(at - 2), load(at), load(at + 2)),
                off_line(load(above + x), load(at), load(below + x)));
            store(c ? most(slope, load(in->slope + x)) : slope, in->slope + x);
            store(c ? most(bend, load(in->bend + x)) : bend, in->bend + x);
        }
    }
}
