#pragma once
#include "field.h"

/// What a pixel of a parted picture is.
enum {
    /// The bright, smooth, neutral field that reaches the edge.
    SLUICE_BACKGROUND = 1,
    /// Darker than the field, soft and neutral: a shadow on it, or what the field has missed.
    SLUICE_SHADE = 2,
    /// What stands before it.
    SLUICE_PRODUCT = 4,
    /// Field again, seen through what stands before it.
    SLUICE_ENCLOSED = 8,
    /// Besides one of these: of a product that crosses the edge, or so near to such that an encoder leaves
    /// traces there.
    SLUICE_BESIDE = 16,
    SLUICE_CROSSING = 64,
    /// Besides being product: a few pixels that look like the field.
    SLUICE_PALE = 32,
};

enum { sluice_most_squares = 16 };

enum sluice_side { sluice_top, sluice_right, sluice_bottom, sluice_left };

/// Where something crosses a side: in pixels from its left or top end; nowhere where `share` is 0.
typedef struct {
    int from, to;
    /// Of the side's pixels.
    double share;
} sluice_crossing;

/// What the border of a picture is made of.
typedef struct {
    /// A field was found, and the picture is parted.
    int is_parted;
    sluice_field field;
    /// Distance from the field up to which a pixel is background.
    int tolerance;
    /// Eighths of a level that nineteen in twenty squares of six pixels keep from the field.
    int roughness;
    /// The field's least and largest value in each colour, where it is background.
    uint8_t darkest[3], brightest[3];
    /// Shares of the border, 0 to 1.
    double background, shade;
    /// By the product, for each side.
    sluice_crossing crossed[4];
    /// Share of the product's pixels that are clearly not of the field: of lines and shades alone nobody can
    /// tell what they are of.
    double clear;
    /// Share of the product's pixels that have nothing but product around them: lines have none.
    double thick;
    /// What is shade, as a share of what is product: a shadow has less of it.
    double shaded;
    /// And the share of it that lies above the product's middle: a cast shadow lies below.
    double raised;
    /// A side that something small reaches by itself, besides the product; -1: none.
    int stranger;
    /// Pieces of the field that are seen through the product, and the largest squares in the first of them.
    int enclosed;
    sluice_box squares[sluice_most_squares];
} sluice_parting;

/// Parts a picture into the field behind and what stands before it.
/// - Parameters:
///   - in: at most a few hundred pixels a side: noise and texture are averaged away.
///   - reach: how far beside the product encoders leave traces, in pixels of `in`.
///   - mask: a byte a pixel: one of the first four, and what is told besides; written where there is a field.
/// - Returns: 0; -1 without memory.
int sluice_part(const sluice_view *in, int reach, uint8_t *mask, sluice_parting *out);

/// What lies behind a picture: a parting of a copy, of whose pixels one of the picture's is `scale`.
typedef struct {
    const sluice_parting *parting;
    const uint8_t *mask;
    int width, height;
    float scale;
} sluice_backdrop;

/// The mask's row that a picture's is in.
static inline int sluice_row_behind(const sluice_backdrop *of, int y) {
    int row = (int)((float)y * of->scale);
    return row < of->height ? row : of->height - 1;
}

static inline uint8_t sluice_behind(const sluice_backdrop *of, int x, int y) {
    int column = (int)((float)x * of->scale);
    if (column >= of->width) column = of->width - 1;
    return of->mask[(size_t)sluice_row_behind(of, y) * (size_t)of->width + (size_t)column];
}

/// Whether a product that crosses a side, or what encoders do beside it, is at this pixel, which is less than
/// `depth` from that side.
static inline int sluice_is_crossed(
    const sluice_backdrop *behind, int width, int height, int depth, int x, int y) {
    if (!(sluice_behind(behind, x, y) & SLUICE_BESIDE)) return 0;
    const int depths[] = {y, width - 1 - x, height - 1 - y, x};
    for (int side = 0; side < 4; side++)
        if (depths[side] < depth && behind->parting->crossed[side].share > 0) return 1;
    return 0;
}

/// For each distance from the edge below `limit` the pixel farthest from `color`, the first of equals. What is
/// see-through is that far from any colour.
/// - Parameter behind: where a product that crosses the edge does not count; or null.
void sluice_measure_depths(
    const sluice_view *of, const uint8_t color[3], int limit, const sluice_backdrop *behind,
    sluice_spot *spots);

/// `depth` pixels from the edge.
/// - Parameter behind: where a product that crosses the edge does not count, and the field that `noise` is
///   measured against; or null.
void sluice_measure_ring(
    const sluice_view *of, int depth, const sluice_backdrop *behind, sluice_ring *out);

/// What a picture's pixels are held against to find what lies on its background: transparency; the ring's
/// colour; what the border makes likely at that place; the field behind.
typedef enum { sluice_by_alpha, sluice_on_plain, sluice_on_uneven, sluice_before_field } sluice_manner;

/// Boxes of what lies on a background.
/// - Parameter behind: what is known of it; may be null but for `sluice_before_field`.
/// - Returns: 0, or -1 where there is no memory for rows.
int sluice_find(
    const sluice_view *in, const sluice_ring *ring, const sluice_backdrop *behind, sluice_manner manner,
    sluice_finding *out);
