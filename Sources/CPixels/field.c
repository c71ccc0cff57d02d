// Fits a smooth surface through what is likely a picture's background.
#include "field.h"

#include <math.h>
#include <string.h>

#include "pixels.h"

enum {
    /// Pixels that decide; more are thinned out evenly.
    samples = 1500,
    fewest = 24,
    /// Times that what is far off is weighed again.
    rounds = 2,
};

/// Normal equations for all colours at once: the same pixels count for each.
typedef struct {
    double matrix[sluice_terms][sluice_terms];
    double sides[3][sluice_terms];
} equations;

static void terms(float u, float v, float out[sluice_terms]) {
    float uu = u * u, vv = v * v;
    float all[sluice_terms] = {1,      u,      v,      uu,      u * v,   vv,     uu * u,
                               uu * v, u * vv, vv * v, uu * uu, uu * vv, vv * vv};
    memcpy(out, all, sizeof all);
}

static float value(const float weights[sluice_terms], const float at[sluice_terms]) {
    float sum = 0;
    for (int i = 0; i < sluice_terms; i++) sum += weights[i] * at[i];
    return sum;
}

void sluice_field_line(
    const sluice_field *of, int color, float u, float step, float v, int count, float *restrict out) {
    const float *w = of->weights[color];
    // What each power of u counts for in this row.
    float none = w[0] + v * (w[2] + v * (w[5] + v * (w[9] + v * w[12])));
    float one = w[1] + v * (w[4] + v * w[8]), two = w[3] + v * (w[7] + v * w[11]), three = w[6], four = w[10];
    for (int x = 0; x < count; x++) {
        float at = u + step * (float)x;
        float here = none + at * (one + at * (two + at * (three + at * four)));
        here = here < 0 ? 0 : here;
        out[x] = here > 255 ? 255 : here;
    }
}

void sluice_field_row(
    const sluice_field *of, const sluice_raster *in, int color, int x, int y, int count,
    float *restrict out) {
    sluice_field_line(
        of, color, on_the_way(x, in->width), 2.0f / (float)in->width, on_the_way(y, in->height), count, out);
}

void sluice_field_at(const sluice_field *of, float u, float v, int colors, float out[3]) {
    for (int c = 0; c < colors; c++) sluice_field_line(of, c, u, 0, v, 1, out + c);
}

/// A pixel's worth by its distance: Tukey's biweight.
static float worth(float off, float scale) {
    float share = off / scale;
    return share >= 1 ? 0 : (1 - share * share) * (1 - share * share);
}

static void add(
    equations *to, const float at[sluice_terms], const float wanted[3], int colors, float weight) {
    for (int i = 0; i < sluice_terms; i++) {
        float weighted = weight * at[i];
        for (int j = 0; j <= i; j++) to->matrix[i][j] += weighted * at[j];
        for (int c = 0; c < colors; c++) to->sides[c][i] += weighted * wanted[c];
    }
}

/// By Cholesky's method. The higher a term, the more evidence it needs.
/// - Returns: false where the pixels do not decide.
static bool solve(equations *of, int colors, int used, double count, sluice_field *out) {
    static const double doubts[sluice_terms] = {0,    1e-4, 1e-4, 1e-3, 1e-3, 1e-3, 4e-3,
                                                4e-3, 4e-3, 4e-3, 6e-3, 6e-3, 6e-3};
    double lower[sluice_terms][sluice_terms];
    for (int i = 0; i < used; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = of->matrix[i][j] + (i == j ? doubts[i] * count : 0);
            for (int k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k];
            if (i == j && sum <= 1e-9) return false;
            lower[i][j] = i == j ? sqrt(sum) : sum / lower[j][j];
        }
    }
    for (int c = 0; c < colors; c++) {
        double half[sluice_terms];
        for (int i = 0; i < used; i++) {
            half[i] = of->sides[c][i];
            for (int k = 0; k < i; k++) half[i] -= lower[i][k] * half[k];
            half[i] /= lower[i][i];
        }
        for (int i = used - 1; i >= 0; i--) {
            for (int k = i + 1; k < used; k++) half[i] -= lower[k][i] * half[k];
            half[i] /= lower[i][i];
            out->weights[c][i] = (float)half[i];
        }
        for (int i = used; i < sluice_terms; i++) out->weights[c][i] = 0;
    }
    return true;
}

/// One round: every pixel weighed by how far it is off what was likely before.
/// - Parameter scale: levels from which a pixel counts for nothing; 0: all count alike.
static bool refine(
    const sluice_raster *in, const uint8_t *flags, uint8_t flag, int stride, int used, float scale,
    sluice_field *field) {
    equations sums = {{{0}}, {{0}}};
    double count = 0;
    for (int y = stride / 2; y < in->height; y += stride)
        for (int x = stride / 2; x < in->width; x += stride) {
            if (!(flags[(size_t)y * (size_t)in->width + (size_t)x] & flag)) continue;
            float at_terms[sluice_terms], wanted[3], off = 0;
            terms(on_the_way(x, in->width), on_the_way(y, in->height), at_terms);
            const uint8_t *pixel = at(in, x, y);
            for (int c = 0; c < in->colors; c++) {
                float likely = value(field->weights[c], at_terms);
                // What the sensor could not hold is at least white.
                wanted[c] = pixel[c] == 255 && scale > 0 && likely > 255 ? fminf(likely, 300) : pixel[c];
                off = fmaxf(off, fabsf(wanted[c] - likely));
            }
            float weight = scale > 0 ? worth(off, scale) : 1;
            count += weight;
            if (weight > 0) add(&sums, at_terms, wanted, in->colors, weight);
        }
    return count >= fewest && solve(&sums, in->colors, used, count, field);
}

bool sluice_fit_field(
    const sluice_raster *in, const uint8_t *flags, uint8_t flag, int used, sluice_field *out) {
    size_t all = (size_t)in->width * (size_t)in->height, having = 0;
    for (size_t i = 0; i < all; i++) having += (flags[i] & flag) != 0;
    int stride = 1;
    while (having / ((size_t)stride * (size_t)stride) > samples) stride++;
    sluice_field field = {{{0}}};
    if (!refine(in, flags, flag, stride, used, 0, &field)) return false;
    for (int round = 0; round < rounds; round++)
        if (!refine(in, flags, flag, stride, used, round == 0 ? 24 : 10, &field)) return false;
    *out = field;
    return true;
}
