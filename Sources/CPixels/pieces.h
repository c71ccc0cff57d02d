#pragma once
// Pixels of one kind that touch each other.
#include "part.h"

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
    SLUICE_NOTE_CLEAR = 1,
    /// Set while judging: see `SLUICE_PALE`.
    SLUICE_NOTE_PALE = 2,
    /// Hardly beyond what is background: where a soft shadow ends.
    SLUICE_NOTE_FAINT = 4,
};

/// Fills in what the border is made of, who crosses it, and which pieces of the field are enclosed; those
/// are marked in `mask`.
/// - Parameter notes: what is known of each pixel besides.
/// - Returns: 0; -1 without memory.
int sluice_judge_pieces(const sluice_view *in, uint8_t *mask, uint8_t *notes, sluice_parting *out);
