#pragma once
// What is likely to lie behind a row's pixels.
#include "field.h"
#include "rows.h"

/// The same colour everywhere.
void sluice_expect_color(sluice_rows *in, const uint8_t color[3]);

/// The field.
/// - Parameter line: room for a row of one colour.
void sluice_expect_field(sluice_rows *in, const sluice_field *field, int y, float *line);

/// What the border makes likely inside: the Coons patch over the outermost pixels, averaged along the
/// edge so that one hair does not draw a line across.
typedef struct {
    /// One colour after the other.
    float *top, *bottom, *left, *right;
    /// How far across each column is, 0 to 1.
    float *across;
} sluice_patch;

/// There is nothing to close where that fails.
sluice_result sluice_open_patch(const sluice_raster *of, sluice_patch *out);
void sluice_close_patch(sluice_patch *of);
void sluice_expect_patch(sluice_rows *in, const sluice_patch *patch, int y);
