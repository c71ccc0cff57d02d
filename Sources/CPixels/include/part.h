#pragma once
#include "raster.h"

/// What a pixel of a parted picture is: one of the first four, and what is told besides.
typedef enum {
    /// The bright, smooth, neutral field that reaches the edge.
    sluice_background = 1,
    /// Darker than the field, soft and neutral: a shadow on it, or what the field has missed.
    sluice_shade = 2,
    /// What stands before it.
    sluice_product = 4,
    /// Field again, seen through what stands before it.
    sluice_enclosed = 8,
    /// Besides one of these: of a product that crosses the edge, or so near to such that an encoder leaves
    /// traces there.
    sluice_beside = 16,
    sluice_crosses = 64,
    /// Besides being product: a few pixels that look like the field.
    sluice_pale = 32,
} sluice_kind;

enum {
    sluice_terms = 13,
    sluice_most_squares = 16,
};

/// A surface of the fourth order over a picture, in each colour: what a studio's background is, bright and smooth, and
/// falling off as its lamps do.
typedef struct {
    /// Of 1, u, v, uu, uv, vv, uuu, uuv, uvv, vvv, uuuu, uuvv, vvvv; u and v go from -1 to 1 across and down.
    float weights[3][sluice_terms];
} sluice_field;

typedef enum { sluice_top, sluice_right, sluice_bottom, sluice_left } sluice_side;

/// Where something crosses a side: in pixels from its left or top end; nowhere where `share` is 0.
typedef struct {
    int from, to;
    /// Of the side's pixels.
    double share;
} sluice_crossing;

/// What the border of a picture is made of.
typedef struct {
    /// A field was found, and the picture is parted.
    bool is_parted;
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
///   - of: at most a few hundred pixels a side: noise and texture are averaged away.
///   - reach: how far beside the product encoders leave traces, in pixels of `of`; 0 or more.
///   - mask: a byte a pixel, as in `sluice_kind`; written where there is a field.
sluice_result sluice_part(const sluice_raster *of, int reach, uint8_t *mask, sluice_parting *out);

/// What lies behind a picture: a parting of a copy, of whose pixels one of the picture's is `scale`.
typedef struct {
    const sluice_parting *parting;
    const uint8_t *mask;
    int width, height;
    float scale;
} sluice_backdrop;
