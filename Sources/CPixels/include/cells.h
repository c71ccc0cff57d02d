#pragma once
#include "raster.h"

/// The mean of every band over each cell of a grid.
/// - Parameters:
///   - across, down: where the cells begin and end, in 1/256 of a pixel: `columns` + 1 and
///     `rows` + 1 numbers, none below the one before it, within the picture.
///   - means: room for `columns` * `rows` * bands, row by row. A cell without area has 0.
sluice_result sluice_cell_means(
    const sluice_raster *of, const int *across, int columns, const int *down, int rows, float *means);
