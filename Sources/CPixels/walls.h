#pragma once
// A studio's wall: what part.c knows while it seeks one. walls.c finds where it is, grow.c what is of it.
#include "field.h"
#include "flood.h"
#include "pieces.h"

/// Flags of pixels while the field is sought.
enum {
    flag_wall = 1,
    flag_near = 2,
    flag_narrow = 4,
    flag_walked = 8,
    flag_grown = 16,
    flag_firm = 32,
    flag_border = 64,
    flag_seed = 128,
};

/// Side of the squares that noise is averaged over, to see whether a wall is as smooth as walls are.
enum { square = 6 };

/// What a square is off the field: sums of each colour, and how many of its pixels are of the field.
typedef struct {
    float off[3];
    int count;
} sluice_square_sums;

typedef struct {
    const sluice_raster *in;
    sluice_flags flags;
    sluice_pieces pieces;
    /// The picture's colours, each by itself.
    uint8_t *planes[3];
    /// Along one row: the field in one colour; how far each pixel is above it in each; and the least and
    /// most of those. And squares along one.
    float *field, *off[3], *low, *high;
    sluice_square_sums *squares;
    sluice_parting *found;
} sluice_wall;

static inline size_t pixels_of(const sluice_wall *of) { return of->flags.width * of->flags.height; }

/// Fills what is told along a row; `field` is left in the last colour.
void sluice_read_off(const sluice_wall *of, int y);

/// Fits the field that is behind the picture: `found` gets it, its roughness and its tolerance. What is of it has
/// `flag_grown`.
/// - Parameter has_field: set; nothing is found otherwise.
sluice_result sluice_find_field(sluice_wall *of, bool *has_field);

/// Flags what is near the field and connected to the wall, through gaps of more than two pixels: `flag_grown`, and
/// `flag_firm` but for its edges.
sluice_result sluice_grow(sluice_wall *of, float tolerance);

/// The distance from the field that all but one in two hundred pixels of it keep.
int sluice_noise_of_wall(const sluice_wall *of);

/// The distance from the field that nineteen in twenty squares keep, in eighths of a level: cloth has
/// folds, and the world has things in it.
int sluice_roughness_of_wall(const sluice_wall *of);
