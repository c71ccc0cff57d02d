#pragma once
#include "raster.h"

/// Machine code to use; each gives the same bytes.
typedef enum {
    sluice_vectors_best,
    sluice_vectors_none,
    sluice_vectors_sse2,
    sluice_vectors_avx2
} sluice_vectors;

enum {
    sluice_most_resampled = 4,
    sluice_most_reduced = 257,
};

/// Lanczos with three lobes, both axes by their own factor, up or down. As `vips_resize` does, centres
/// are aligned and edge pixels go on beyond the edge; unlike it, weights are exact for each output
/// pixel, nothing is rounded to 8 bits between the axes, and colours under transparency stay hidden.
/// What shrinks more than 16 times is averaged in whole blocks to 8 to 16 times first.
/// - Parameter to: bands, colours and alpha are those of `from`: at most `sluice_most_resampled` bands.
sluice_result sluice_resample(const sluice_raster *from, sluice_vectors vectors, sluice_raster *to);

/// Averages blocks of `across` by `down` pixels; what is left over at the right and the bottom makes
/// a smaller block. Colours count by their opacity.
/// - Parameter to: each side that of `from` divided by the block's, rounded up; the rest as `from`.
sluice_result sluice_block_average(const sluice_raster *from, int across, int down, sluice_raster *to);

/// The same for square blocks, at most `sluice_most_reduced` wide and high, each band by itself.
sluice_result sluice_reduce(const sluice_raster *from, int factor, sluice_raster *to);
