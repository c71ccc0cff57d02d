// Separable resampling: 16 output rows at a time, first down the columns, then, with those rows laid
// side by side, along them. Both directions are the same weighted sum of rows, and what is held
// between them is 16 rows, whatever the picture's size.
#include "include/resample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "blend.h"
#include "pixels.h"

/// Rows in a block, lanes of a transposed one.
enum { lanes = 16 };
static const double lobes = 3, strongest = 16;

/// Which source pixels make each output pixel of one axis, and how much of each.
typedef struct {
    int taps;
    /// `taps`, made even.
    int stride;
    int *starts;
    int16_t *weights;
} axis;

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
static void weigh(axis *of, int count, double length, int wanted, double *exact) {
    double scale = length / wanted, widening = fmax(1, scale), reach = lobes * widening;
    for (int i = 0; i < wanted; i++) {
        double centre = (i + 0.5) * scale - 0.5;
        int first = (int)ceil(centre - reach), last = (int)floor(centre + reach);
        int most = count - of->taps;
        int start = first < 0 ? 0 : first < most ? first : most;
        memset(exact, 0, sizeof(double) * (size_t)of->taps);
        for (int j = first; j <= last; j++) {
            int inside = kept(j, count);
            exact[inside - start] += lanczos((j - centre) / widening);
        }
        of->starts[i] = start;
        round_weights(exact, of->taps, of->weights + (size_t)i * of->stride);
    }
}

static bool make_axis(axis *of, int count, double length, int wanted) {
    int reach = (int)floor(2 * lobes * fmax(1, length / wanted)) + 1;
    of->taps = reach < count ? reach : count;
    of->stride = (of->taps + 1) & ~1;
    of->starts = malloc(sizeof(int) * (size_t)wanted);
    of->weights = calloc((size_t)wanted * of->stride, sizeof(int16_t));
    double *exact = malloc(sizeof(double) * (size_t)of->taps);
    bool done = of->starts && of->weights && exact;
    if (done) weigh(of, count, length, wanted, exact);
    free(exact);
    return done;
}

static void free_axis(axis *of) {
    free(of->starts);
    free(of->weights);
}

/// Everything one picture needs while it is being resampled.
typedef struct {
    sluice_raster from, to;
    axis across, down;
    sluice_blends blends;
    /// 16 rows of the source's width, and the same with each element's 16 lanes beside one another.
    int16_t *rows, *turned;
    /// Source rows with transparency multiplied in; those from `held` up to `held_end`.
    int16_t *multiplied;
    int held, held_end;
} work;

static int row_elements(const sluice_raster *pixels) { return pixels->width * pixels->bands; }

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
static int end_of_rows(const work *in, int y, int count) {
    return in->down.starts[y + count - 1] + in->down.taps;
}

static int most_rows(const work *in) {
    int most = 0;
    for (int y = 0; y < in->to.height; y += lanes) {
        int count = smaller(in->to.height - y, lanes);
        most = greater(most, end_of_rows(in, y, count) - in->down.starts[y]);
    }
    return most;
}

/// Slides the window of multiplied rows on to [first, end): each is multiplied once.
static void hold_rows(work *in, int first, int end) {
    size_t row = (size_t)row_elements(&in->from);
    int kept = in->held_end > first ? in->held_end - first : 0;
    if (kept > 0) {
        memmove(
            in->multiplied, in->multiplied + (size_t)(first - in->held) * row,
            (size_t)kept * row * sizeof(int16_t));
    }
    for (int y = first + kept; y < end; y++) {
        multiply(
            at(&in->from, 0, y), in->multiplied + (size_t)(y - first) * row, in->from.width, in->from.bands);
    }
    in->held = first;
    in->held_end = end;
}

static void blend_down(work *in, int y, int16_t *to) {
    size_t row = (size_t)row_elements(&in->from);
    const int16_t *weights = in->down.weights + (size_t)y * in->down.stride;
    size_t start = (size_t)in->down.starts[y];
    if (in->multiplied) {
        in->blends.words(
            in->multiplied + (start - in->held) * row, (ptrdiff_t)(2 * row), weights, in->down.taps, (int)row,
            weight_bits, to);
    } else {
        in->blends.bytes(
            in->from.bytes + start * row, (ptrdiff_t)row, weights, in->down.taps, (int)row,
            weight_bits - value_bits, to);
    }
}

/// `count` output rows from `y`, down the columns, laid side by side. Whole rows at a time: reading
/// pieces of them defeats the processor's prefetching and takes twice as long.
static void turn_rows(work *in, int y, int count) {
    int width = padded(row_elements(&in->from));
    if (in->multiplied) hold_rows(in, in->down.starts[y], end_of_rows(in, y, count));
    for (int lane = 0; lane < count; lane++) {
        blend_down(in, y + lane, in->rows + (size_t)lane * width);
    }
    sluice_transpose(in->rows, width, in->turned, lanes, lanes, width);
}

/// Along the rows, and back into their places.
static void finish_rows(work *in, int y, int count) {
    enum { step = 16 };
    int16_t turned[step * sluice_most_resampled * lanes] = {0}, rows[lanes * step * sluice_most_resampled];
    int bands = in->from.bands;
    int shift = in->multiplied ? weight_bits : weight_bits + value_bits;
    for (int x = 0; x < in->to.width; x += step) {
        int width = smaller(in->to.width - x, step);
        for (int i = 0; i < width; i++) {
            size_t start = (size_t)in->across.starts[x + i] * bands * lanes;
            in->blends.words(
                in->turned + start, (ptrdiff_t)sizeof(int16_t) * bands * lanes,
                in->across.weights + (size_t)(x + i) * in->across.stride, in->across.taps, bands * lanes,
                shift, turned + i * bands * lanes);
        }
        sluice_transpose(turned, lanes, rows, step * sluice_most_resampled, padded(width * bands), lanes);
        for (int lane = 0; lane < count; lane++) {
            uint8_t *to = at(&in->to, x, y + lane);
            const int16_t *row = rows + lane * step * sluice_most_resampled;
            if (in->multiplied) divide(row, to, width, bands);
            else clip(row, to, width * bands);
        }
    }
}

static bool allocate(work *in) {
    size_t row = (size_t)row_elements(&in->from);
    size_t block = (size_t)padded((int)row) * lanes;
    in->rows = calloc(block, sizeof(int16_t));
    in->turned = malloc(block * sizeof(int16_t));
    if (!in->rows || !in->turned) return false;
    if (in->from.alpha < 0) return true;
    in->multiplied = malloc((size_t)most_rows(in) * row * sizeof(int16_t));
    return in->multiplied;
}

/// - Parameters: `width` and `height`: of `from` in its own, perhaps averaged, pixels.
static sluice_result filter(
    const sluice_raster *from, double width, double height, sluice_vectors vectors, sluice_raster *to) {
    work all = {.from = *from, .to = *to, .blends = sluice_choose_blends(vectors)};
    // Squares are weighed once.
    bool is_square = from->width == from->height && width == height && to->width == to->height;
    bool done = make_axis(&all.across, from->width, width, to->width);
    if (done && is_square) all.down = all.across;
    else if (done) done = make_axis(&all.down, from->height, height, to->height);
    done = done && allocate(&all);
    for (int y = 0; done && y < to->height; y += lanes) {
        int count = smaller(to->height - y, lanes);
        turn_rows(&all, y, count);
        finish_rows(&all, y, count);
    }
    free_axis(&all.across);
    if (!is_square) free_axis(&all.down);
    free(all.rows);
    free(all.turned);
    free(all.multiplied);
    return done ? sluice_done : sluice_no_memory;
}

/// Whole blocks that leave at least half of `strongest` to the filter.
static int block(int from, int to) {
    double scale = (double)from / to;
    return scale > strongest ? (int)(scale / (strongest / 2)) : 1;
}

sluice_result sluice_resample(const sluice_raster *from, sluice_vectors vectors, sluice_raster *to) {
    if (!are_alike(from, to) || from->bands > sluice_most_resampled) return sluice_bad_shape;
    int across = block(from->width, to->width), down = block(from->height, to->height);
    if (across == 1 && down == 1) return filter(from, from->width, from->height, vectors, to);
    sluice_raster less = *from;
    less.width = (from->width + across - 1) / across;
    less.height = (from->height + down - 1) / down;
    less.bytes = malloc((size_t)less.width * less.height * less.bands);
    if (!less.bytes) return sluice_no_memory;
    sluice_result result = sluice_block_average(from, across, down, &less);
    if (result == sluice_done)
        result = filter(&less, (double)from->width / across, (double)from->height / down, vectors, to);
    free(less.bytes);
    return result;
}
