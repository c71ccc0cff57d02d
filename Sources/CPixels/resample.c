// Separable resampling: 16 output rows at a time, first down the columns, then, with those rows laid
// side by side, along them. Both directions are the same weighted sum of rows, and what is held
// between them is 16 rows, whatever the picture's size.
#include "include/resample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "blend.h"

/// Rows in a block, lanes of a transposed one.
enum { lanes = 16 };
static const double lobes = 3, strongest = 16;

/// Which source pixels make each output pixel of one axis, and how much of each.
struct axis {
    int taps;
    /// `taps`, made even.
    int stride;
    int *starts;
    int16_t *weights;
};

static double lanczos(double x) {
    if (x == 0) return 1;
    if (fabs(x) >= lobes) return 0;
    double angle = M_PI * x;
    return lobes * sin(angle) * sin(angle / lobes) / (angle * angle);
}

/// Rounds the running sum, so that the whole is exactly 1: a plain surface keeps its colour.
static void round_weights(const double *exact, int taps, int16_t *weights) {
    double sum = 0, running = 0;
    for (int t = 0; t < taps; t++) sum += exact[t];
    long before = 0;
    for (int t = 0; t < taps; t++) {
        running += exact[t];
        long now = lround(running / sum * (1 << weight_bits));
        weights[t] = (int16_t)(now - before);
        before = now;
    }
}

/// - Parameter length: of the source in its own pixels; its last one may be there in part only.
static void weigh(struct axis *axis, int count, double length, int wanted, double *exact) {
    double scale = length / wanted, widening = fmax(1, scale), reach = lobes * widening;
    for (int i = 0; i < wanted; i++) {
        double centre = (i + 0.5) * scale - 0.5;
        int first = (int)ceil(centre - reach), last = (int)floor(centre + reach);
        int most = count - axis->taps;
        int start = first < 0 ? 0 : first < most ? first : most;
        memset(exact, 0, sizeof(double) * (size_t)axis->taps);
        for (int j = first; j <= last; j++) {
            int inside = j < 0 ? 0 : j < count ? j : count - 1;
            exact[inside - start] += lanczos((j - centre) / widening);
        }
        axis->starts[i] = start;
        round_weights(exact, axis->taps, axis->weights + (size_t)i * axis->stride);
    }
}

static int make_axis(struct axis *axis, int count, double length, int wanted) {
    int reach = (int)floor(2 * lobes * fmax(1, length / wanted)) + 1;
    axis->taps = reach < count ? reach : count;
    axis->stride = (axis->taps + 1) & ~1;
    axis->starts = malloc(sizeof(int) * (size_t)wanted);
    axis->weights = calloc((size_t)wanted * axis->stride, sizeof(int16_t));
    double *exact = malloc(sizeof(double) * (size_t)axis->taps);
    int result = axis->starts && axis->weights && exact ? 0 : -1;
    if (result == 0) weigh(axis, count, length, wanted, exact);
    free(exact);
    return result;
}

static void free_axis(struct axis *axis) {
    free(axis->starts);
    free(axis->weights);
}

/// Everything one picture needs while it is being resampled.
struct work {
    struct sluice_raster from, to;
    struct axis across, down;
    struct blends blends;
    /// 16 rows of the source's width, and the same with each element's 16 lanes beside one another.
    int16_t *rows, *turned;
    /// Source rows with transparency multiplied in; those from `held` up to `held_end`.
    int16_t *multiplied;
    int held, held_end;
};

static int row_elements(const struct sluice_raster *pixels) { return pixels->width * pixels->bands; }

/// Whole eights, in which rows are transposed.
static int padded(int elements) { return (elements + 7) & ~7; }

static void multiply(const uint8_t *from, int16_t *to, int width, int bands) {
    for (int x = 0; x < width; x++, from += bands, to += bands) {
        int alpha = from[bands - 1];
        for (int b = 0; b < bands - 1; b++) {
            to[b] = (int16_t)(((from[b] * alpha << value_bits) + 127) / 255);
        }
        to[bands - 1] = (int16_t)(alpha << value_bits);
    }
}

/// Where the filter overshoots, colour and alpha do alike: the one that divides is not clipped.
static void divide(const int16_t *from, uint8_t *to, int width, int bands) {
    for (int x = 0; x < width; x++, from += bands, to += bands) {
        int alpha = from[bands - 1], shown = (alpha + (1 << (value_bits - 1))) >> value_bits;
        to[bands - 1] = (uint8_t)(shown < 0 ? 0 : shown < 255 ? shown : 255);
        for (int b = 0; b < bands - 1; b++) {
            int color = shown > 0 && from[b] > 0 ? (from[b] * 255 + alpha / 2) / alpha : 0;
            to[b] = (uint8_t)(color < 255 ? color : 255);
        }
    }
}

static void clip(const int16_t *from, uint8_t *to, int count) {
    for (int i = 0; i < count; i++) to[i] = from[i] < 0 ? 0 : from[i] > 255 ? 255 : (uint8_t)from[i];
}

/// The rows that `count` output rows from `y` need, one beyond the last.
static int end_of_rows(const struct work *work, int y, int count) {
    return work->down.starts[y + count - 1] + work->down.taps;
}

static int most_rows(const struct work *work) {
    int most = 0;
    for (int y = 0; y < work->to.height; y += lanes) {
        int count = work->to.height - y < lanes ? work->to.height - y : lanes;
        int rows = end_of_rows(work, y, count) - work->down.starts[y];
        if (rows > most) most = rows;
    }
    return most;
}

/// Slides the window of multiplied rows on to [first, end): each is multiplied once.
static void hold_rows(struct work *work, int first, int end) {
    size_t row = (size_t)row_elements(&work->from);
    int kept = work->held_end > first ? work->held_end - first : 0;
    if (kept > 0) {
        memmove(
            work->multiplied, work->multiplied + (size_t)(first - work->held) * row,
            (size_t)kept * row * sizeof(int16_t));
    }
    for (int y = first + kept; y < end; y++) {
        multiply(
            work->from.bytes + (size_t)y * row, work->multiplied + (size_t)(y - first) * row,
            work->from.width, work->from.bands);
    }
    work->held = first;
    work->held_end = end;
}

static void blend_down(struct work *work, int y, int16_t *to) {
    size_t row = (size_t)row_elements(&work->from);
    const int16_t *weights = work->down.weights + (size_t)y * work->down.stride;
    size_t start = (size_t)work->down.starts[y];
    if (work->multiplied) {
        work->blends.words(
            work->multiplied + (start - work->held) * row, (ptrdiff_t)(2 * row), weights,
            work->down.taps, (int)row, weight_bits, to);
    } else {
        work->blends.bytes(
            work->from.bytes + start * row, (ptrdiff_t)row, weights, work->down.taps, (int)row,
            weight_bits - value_bits, to);
    }
}

/// `count` output rows from `y`, down the columns, laid side by side. Whole rows at a time: reading
/// pieces of them defeats the processor's prefetching and takes twice as long.
static void turn_rows(struct work *work, int y, int count) {
    int width = padded(row_elements(&work->from));
    if (work->multiplied) hold_rows(work, work->down.starts[y], end_of_rows(work, y, count));
    for (int lane = 0; lane < count; lane++) {
        blend_down(work, y + lane, work->rows + (size_t)lane * width);
    }
    transpose(work->rows, width, work->turned, lanes, lanes, width);
}

/// Along the rows, and back into their places.
static void finish_rows(struct work *work, int y, int count) {
    enum { step = 16 };
    int16_t turned[step * 4 * lanes] = {0}, rows[lanes * step * 4];
    int bands = work->from.bands;
    int shift = work->multiplied ? weight_bits : weight_bits + value_bits;
    for (int x = 0; x < work->to.width; x += step) {
        int width = work->to.width - x < step ? work->to.width - x : step;
        for (int i = 0; i < width; i++) {
            size_t start = (size_t)work->across.starts[x + i] * bands * lanes;
            work->blends.words(
                work->turned + start, (ptrdiff_t)sizeof(int16_t) * bands * lanes,
                work->across.weights + (size_t)(x + i) * work->across.stride, work->across.taps,
                bands * lanes, shift, turned + i * bands * lanes);
        }
        transpose(turned, lanes, rows, step * 4, padded(width * bands), lanes);
        for (int lane = 0; lane < count; lane++) {
            uint8_t *to =
                work->to.bytes + ((size_t)(y + lane) * work->to.width + x) * (size_t)bands;
            const int16_t *row = rows + lane * step * 4;
            if (work->multiplied) divide(row, to, width, bands);
            else clip(row, to, width * bands);
        }
    }
}

static int allocate(struct work *work) {
    size_t row = (size_t)row_elements(&work->from);
    size_t block = (size_t)padded((int)row) * lanes;
    work->rows = calloc(block, sizeof(int16_t));
    work->turned = malloc(block * sizeof(int16_t));
    if (!work->rows || !work->turned) return -1;
    if (!work->from.has_alpha) return 0;
    work->multiplied = malloc((size_t)most_rows(work) * row * sizeof(int16_t));
    return work->multiplied ? 0 : -1;
}

/// - Parameters: `width` and `height`: of `from` in its own, perhaps averaged, pixels.
static int filter(
    const struct sluice_raster *from, double width, double height, const struct sluice_raster *to,
    enum sluice_vectors vectors) {
    struct work work = {.from = *from, .to = *to, .blends = choose_blends(vectors)};
    // Squares are weighed once.
    int is_square = from->width == from->height && width == height && to->width == to->height;
    int result = make_axis(&work.across, from->width, width, to->width);
    if (result == 0 && is_square) work.down = work.across;
    else if (result == 0) result = make_axis(&work.down, from->height, height, to->height);
    if (result == 0) result = allocate(&work);
    for (int y = 0; result == 0 && y < to->height; y += lanes) {
        int count = to->height - y < lanes ? to->height - y : lanes;
        turn_rows(&work, y, count);
        finish_rows(&work, y, count);
    }
    free_axis(&work.across);
    if (!is_square) free_axis(&work.down);
    free(work.rows);
    free(work.turned);
    free(work.multiplied);
    return result;
}

int sluice_are_sane(const struct sluice_raster *pixels) {
    return pixels->width >= 1 && pixels->width <= sluice_longest_side && pixels->height >= 1
        && pixels->height <= sluice_longest_side && pixels->bands >= 1 && pixels->bands <= 4
        && (pixels->has_alpha == 0 || (pixels->has_alpha == 1 && pixels->bands > 1));
}

/// Whole blocks that leave at least half of `strongest` to the filter.
static int block(int from, int to) {
    double scale = (double)from / to;
    return scale > strongest ? (int)(scale / (strongest / 2)) : 1;
}

int sluice_resample(
    const struct sluice_raster *from, const struct sluice_raster *to, enum sluice_vectors vectors) {
    if (!sluice_are_sane(from) || !sluice_are_sane(to)) return -2;
    if (from->bands != to->bands || from->has_alpha != to->has_alpha) return -2;
    int across = block(from->width, to->width), down = block(from->height, to->height);
    if (across == 1 && down == 1) return filter(from, from->width, from->height, to, vectors);
    struct sluice_raster less = *from;
    less.width = (from->width + across - 1) / across;
    less.height = (from->height + down - 1) / down;
    less.bytes = malloc((size_t)less.width * less.height * less.bands);
    if (!less.bytes) return -1;
    int result = sluice_block_average(from, &less, across, down);
    if (result == 0) {
        result = filter(
            &less, (double)from->width / across, (double)from->height / down, to, vectors);
    }
    free(less.bytes);
    return result;
}
