#pragma once
#include "part.h"

typedef struct {
    uint64_t sum[3], low[3], high[3];
    /// Pixels that were looked at.
    uint64_t count;
} sluice_tones;

typedef struct {
    /// Largest difference in any colour; -1: no pixel was looked at.
    int distance;
    int x, y;
} sluice_spot;

/// Pixels near the edge.
typedef struct {
    /// Median of each colour.
    uint8_t color[3];
    /// The pixel farthest from `color`.
    sluice_spot worst;
    /// 99.9 % of the pixels within `sluice_near` of `color` are this close to it.
    int noise;
    /// Shares of the pixels, 0 to 1: within `sluice_near` of `color`; see-through; hardly different
    /// from the pixel four further on.
    double near, clear, smooth;
    /// Share of the pixels that are bright and neutral enough for a studio's wall.
    double pale;
    /// The largest difference to the pixel four further on.
    int steepest;
} sluice_ring;

/// What a camera or an encoder makes of one colour stays within this distance of it.
enum { sluice_near = 12 };

typedef struct {
    /// What cannot be background or its soft shadow.
    sluice_box solid;
    /// That, and edges and texture that are hardly different from the background.
    sluice_box traced;
    /// All that is not background, shadow included.
    sluice_box extent;
} sluice_finding;

/// Sums of each colour, and how many pixels are 0 and 255 in it. What is more see-through than not
/// is left out: its colour is nobody's.
void sluice_measure_tones(const sluice_raster *of, sluice_tones *out);

/// The pixel of a box, within the picture, that is farthest from `color`; where `by_alpha`, the most
/// opaque one.
void sluice_measure_box(
    const sluice_raster *of, const uint8_t color[3], bool by_alpha, sluice_box box, sluice_spot *out);

/// How far the mean of a box, within the picture, is from `color`; its first pixel.
void sluice_measure_mean(const sluice_raster *of, const uint8_t color[3], sluice_box box, sluice_spot *out);

/// A line or a bar of one colour all along a picture's edges, at most 3 % of the shorter side from them, with
/// another colour inside it.
/// - Returns: how many pixels from each edge the inside begins; 0: there is none.
int sluice_find_edging(const sluice_raster *of);

/// For each distance from the edge below `limit` the pixel farthest from `color`, the first of equals. What is
/// see-through is that far from any colour.
/// - Parameter behind: where a product that crosses the edge does not count; or null.
void sluice_measure_depths(
    const sluice_raster *of, const uint8_t color[3], int limit, const sluice_backdrop *behind,
    sluice_spot *spots);

/// `depth` pixels from the edge.
/// - Parameter behind: where a product that crosses the edge does not count, and the field that `noise` is
///   measured against; or null.
void sluice_measure_ring(const sluice_raster *of, int depth, const sluice_backdrop *behind, sluice_ring *out);

/// What a picture's pixels are held against to find what lies on its background: transparency; the ring's
/// colour; what the border makes likely at that place; the field behind.
typedef enum { sluice_by_alpha, sluice_on_plain, sluice_on_uneven, sluice_before_field } sluice_manner;

/// Boxes of what lies on a background.
/// - Parameter behind: what is known of it; may be null but for `sluice_before_field`. `sluice_by_alpha` takes a raster
///   that has transparency.
sluice_result sluice_find(
    const sluice_raster *of, const sluice_ring *ring, const sluice_backdrop *behind, sluice_manner manner,
    sluice_finding *out);
