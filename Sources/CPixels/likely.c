#include "likely.h"

#include <stdlib.h>
#include <string.h>

#include "pixels.h"

void sluice_expect_color(sluice_rows *in, const uint8_t color[3]) {
    for (int c = 0; c < in->in->colors; c++) memset(likely_in_row(in, c), color[c], (size_t)in->in->width);
}

static void round_line(const float *restrict line, int width, uint8_t *restrict out) {
    for (int x = 0; x < width; x++) out[x] = (uint8_t)(int)(line[x] + 0.5f);
}

void sluice_expect_field(sluice_rows *in, const sluice_field *field, int y, float *line) {
    const sluice_raster *of = in->in;
    for (int c = 0; c < of->colors; c++) {
        sluice_field_row(field, of, c, 0, y, of->width, line);
        round_line(line, of->width, likely_in_row(in, c));
    }
}

// MARK: The patch

static void average_edge(const sluice_raster *of, int length, int x, int y, int dx, int dy, float *out) {
    int reach = greater(1, length / 32);
    for (int i = 0; i < length; i++) {
        int from = greater(0, i - reach), to = smaller(length, i + reach + 1);
        for (int c = 0; c < of->colors; c++) {
            uint32_t sum = 0;
            for (int k = from; k < to; k++) sum += at(of, x + k * dx, y + k * dy)[c];
            out[c * length + i] = (float)sum / (float)(to - from);
        }
    }
}

sluice_result sluice_open_patch(const sluice_raster *of, sluice_patch *out) {
    size_t w = (size_t)of->width, h = (size_t)of->height, n = (size_t)of->colors;
    float *edges = malloc((2 * (w + h) * n + w) * sizeof *edges);
    if (!edges) return sluice_no_memory;
    *out = (sluice_patch){
        edges, edges + w * n, edges + 2 * w * n, edges + (2 * w + h) * n, edges + 2 * (w + h) * n};
    average_edge(of, of->width, 0, 0, 1, 0, out->top);
    average_edge(of, of->width, 0, of->height - 1, 1, 0, out->bottom);
    average_edge(of, of->height, 0, 0, 0, 1, out->left);
    average_edge(of, of->height, of->width - 1, 0, 0, 1, out->right);
    for (int x = 0; x < of->width; x++)
        out->across[x] = of->width > 1 ? (float)x / (float)(of->width - 1) : 0;
    return sluice_done;
}

void sluice_close_patch(sluice_patch *of) { free(of->top); }

/// - Parameters:
///   - top, bottom, across: of each column.
///   - left, right: of the row, which is `v` of the way down.
static void patch_row(
    const float *restrict top, const float *restrict bottom, const float *restrict across, float left,
    float right, float v, int width, uint8_t *restrict out) {
    float corners[] = {top[0], top[width - 1], bottom[0], bottom[width - 1]};
    for (int x = 0; x < width; x++) {
        float u = across[x];
        float ruled = (1 - v) * top[x] + v * bottom[x] + (1 - u) * left + u * right;
        float value = ruled
                      - ((1 - u) * (1 - v) * corners[0] + u * (1 - v) * corners[1] + (1 - u) * v * corners[2]
                         + u * v * corners[3]);
        value = value < 0 ? 0 : value > 255 ? 255 : value;
        out[x] = (uint8_t)(int)(value + 0.5f);
    }
}

void sluice_expect_patch(sluice_rows *in, const sluice_patch *patch, int y) {
    int w = in->in->width, h = in->in->height;
    float v = h > 1 ? (float)y / (float)(h - 1) : 0;
    for (int c = 0; c < in->in->colors; c++)
        patch_row(
            patch->top + c * w, patch->bottom + c * w, patch->across, patch->left[c * h + y],
            patch->right[c * h + y], v, w, likely_in_row(in, c));
}
