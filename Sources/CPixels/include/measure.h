#pragma once
#include <stddef.h>
#include <stdint.h>

/// Inks and transparency.
enum { sluice_most_bands = 5 };

/// A decoded picture: 8 bits a band, 1 to 5 bands side by side, rows without gaps.
typedef struct {
    const uint8_t *data;
    int width, height, bands;
    /// Bands of colour: 1 or 3.
    int colors;
    /// The band that is transparency; -1: none.
    int alpha;
} sluice_view;

/// Right and bottom are the first column and row after it; empty where they are not greater.
typedef struct {
    int left, top, right, bottom;
} sluice_box;

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

enum { sluice_most_reduced = 257 };

/// Averages blocks of `factor` by `factor` pixels, at most `sluice_most_reduced`; the last ones may be smaller.
/// `out` has room for ceil(width / factor) * ceil(height / factor) * bands bytes.
void sluice_reduce(const sluice_view *from, int factor, uint8_t *out);

/// Sums of each colour, and how many pixels are 0 and 255 in it. What is more see-through than not
/// is left out: its colour is nobody's.
void sluice_measure_tones(const sluice_view *of, sluice_tones *out);

/// The pixel of a box, within the picture, that is farthest from `color`; where `by_alpha`, the most
/// opaque one.
void sluice_measure_box(
    const sluice_view *of, const uint8_t color[3], int by_alpha, sluice_box box, sluice_spot *out);

/// How far the mean of a box, within the picture, is from `color`; its first pixel.
void sluice_measure_mean(
    const sluice_view *of, const uint8_t color[3], sluice_box box, sluice_spot *out);

/// A line or a bar of one colour all along a picture's edges, at most 3 % of the shorter side from them, with
/// another colour inside it.
/// - Returns: how many pixels from each edge the inside begins; 0: there is none.
int sluice_find_edging(const sluice_view *of);
