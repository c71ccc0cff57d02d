// A line or a bar all along a picture's edges.
#include <string.h>

#include "include/measure.h"
#include "pixels.h"

enum {
    /// The line is looked for in so much of the shorter side, a share of 1 / this.
    reach = 33,
    /// Levels between the line and what is inside it.
    differs = 24,
    /// Of the pixels of one colour along a line, in hundredths: the line's, and what is inside, which a
    /// product may cross.
    all = 95,
    most = 60,
    /// Pixels inside the line that have to be one colour.
    calm = 3,
};

/// One colour along the four sides, so far from the edge: its median, and how much of them it is.
typedef struct {
    uint8_t color[3];
    int share;
} lap;

static const uint8_t *along(const sluice_raster *of, int depth, int side, int step) {
    switch (side) {
    case sluice_top: return at(of, step, depth);
    case sluice_right: return at(of, of->width - 1 - depth, step);
    case sluice_bottom: return at(of, step, of->height - 1 - depth);
    default: return at(of, depth, step);
    }
}

/// - Returns: the least share of the four sides.
static lap look_along(const sluice_raster *of, int depth) {
    uint32_t counts[3][256];
    lap found = {{0, 0, 0}, 100};
    memset(counts, 0, sizeof counts);
    uint32_t total = 0;
    for (int side = 0; side < 4; side++) {
        int length = side % 2 ? of->height : of->width;
        for (int step = depth; step < length - depth; step++, total++)
            for (int c = 0; c < of->colors; c++) counts[c][along(of, depth, side, step)[c]]++;
    }
    for (int c = 0; c < of->colors; c++) found.color[c] = (uint8_t)quantile(counts[c], 256, total, 1, 2);
    for (int side = 0; side < 4; side++) {
        int length = (side % 2 ? of->height : of->width) - 2 * depth, like = 0;
        for (int step = depth; step < depth + length; step++)
            like += distance(along(of, depth, side, step), found.color, of->colors) < differs;
        found.share = smaller(found.share, length > 0 ? 100 * like / length : 0);
    }
    return found;
}

int sluice_find_edging(const sluice_raster *of) {
    int limit = smaller(of->width, of->height) / reach, inside = 0, quiet = 0;
    lap line = {{0, 0, 0}, 0};
    for (int depth = 0; depth <= limit + calm + 2; depth++) {
        // Nothing is inside.
        if (2 * depth >= smaller(of->width, of->height)) return 0;
        lap here = look_along(of, depth);
        bool is_other = line.share >= all && distance(here.color, line.color, of->colors) >= differs;
        if (is_other && here.share >= most) {
            if (quiet == 0) inside = depth;
            if (++quiet >= calm) return inside;
            continue;
        }
        quiet = 0;
        if (depth > limit) return 0;
        // Between the line and what is inside it there is a mixture of both.
        if (here.share >= all) line = here;
    }
    return 0;
}
