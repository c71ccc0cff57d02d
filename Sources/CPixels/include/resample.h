#pragma once
#include <stddef.h>
#include <stdint.h>

/// Machine code to use; each gives the same bytes.
enum sluice_vectors { sluice_vectors_best, sluice_vectors_none, sluice_vectors_sse2, sluice_vectors_avx2 };

/// 8-bit pixels, row by row, bands interleaved.
struct sluice_raster {
    uint8_t *bytes;
    /// 1 to `sluice_longest_side`.
    int width, height;
    /// 1 to 4.
    int bands;
    /// 0 or 1: the last band is transparency, not yet multiplied into the others.
    int has_alpha;
};

enum { sluice_longest_side = 30000 };

/// Sides and bands are within the bounds above.
int sluice_are_sane(const struct sluice_raster *pixels);

/// Lanczos with three lobes, both axes by their own factor, up or down. As `vips_resize` does, centres
/// are aligned and edge pixels go on beyond the edge; unlike it, weights are exact for each output
/// pixel, nothing is rounded to 8 bits between the axes, and colours under transparency stay hidden.
/// What shrinks more than 16 times is averaged in whole blocks to 8 to 16 times first.
/// - Parameter to: its bytes are written; bands and alpha are those of `from`.
/// - Returns: 0; -1 when memory is short; -2 for sides or bands out of bounds or not alike.
int sluice_resample(
    const struct sluice_raster *from, const struct sluice_raster *to, enum sluice_vectors vectors);

/// Averages blocks of `across` by `down` pixels; what is left over at the right and the bottom makes
/// a smaller block. Colours count by their opacity.
/// - Parameter to: each side that of `from` divided by the block's, rounded up.
/// - Returns: 0; -1 when memory is short; -2 for sides or bands out of bounds or not alike.
int sluice_block_average(
    const struct sluice_raster *from, const struct sluice_raster *to, int across, int down);
