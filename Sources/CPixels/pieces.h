#pragma once
// Pixels of one kind that touch each other.
#include "include/part.h"

typedef struct {
    /// A byte a pixel.
    const uint8_t *kinds;
    int width, height;
    /// Number of the piece that a pixel is of, from 1; 0: of none yet.
    uint32_t *numbers;
    /// The piece's pixels, after taking it.
    uint32_t *places;
} sluice_pieces;

/// All that touches `start`, by sides and corners, and has the same bits of `bits`.
/// - Returns: how many there are.
uint32_t sluice_take_piece(sluice_pieces *of, uint8_t bits, uint32_t start, uint32_t number);

enum {
    /// Clearly not of the field.
    sluice_note_clear = 1,
    /// Set while judging: see `sluice_pale`.
    sluice_note_pale = 2,
    /// Hardly beyond what is background: where a soft shadow ends.
    sluice_note_faint = 4,
};

/// Pixels that a piece's touch, by sides: background that they fade into, or end at; and the others.
typedef struct {
    uint32_t background, edge, product, shade;
} sluice_company;

/// Of the piece that was taken last, which has `count` pixels.
sluice_company sluice_find_company(const sluice_pieces *of, const uint8_t *notes, uint32_t count);

/// Leaves as enclosed what is large enough to be seen and has a clear rim; the rest is of the product.
void sluice_choose_enclosed(sluice_pieces *of, uint8_t *mask, uint8_t *notes, sluice_parting *out);

/// What is pale and smooth, but set off from the background by an edge, is no shadow: it is of the product.
void sluice_take_pale_parts(sluice_pieces *of, uint8_t *mask, const uint8_t *notes);

/// Fills in what the border is made of, who crosses it, and which pieces of the field are enclosed; those
/// are marked in `mask`.
/// - Parameter notes: what is known of each pixel besides.
sluice_result sluice_judge_pieces(
    const sluice_raster *in, uint8_t *mask, uint8_t *notes, sluice_parting *out);
