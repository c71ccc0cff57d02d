#pragma once
#include "part.h"

/// What is to be made exactly one colour.
typedef struct {
    uint8_t color[3];
    /// Largest distance in any channel that counts as background; 0: nothing does.
    uint8_t bound;
    /// Soft, neutral, darker ramps that rise out of the background go too.
    bool removes_shadow;
} sluice_whitening;

/// What is known of the wall behind a picture that was scaled and put into a frame.
typedef struct {
    const sluice_backdrop *behind;
    /// Where the whole picture's left upper corner lies in the frame, and its size there, in pixels, above 0.
    float left, top, width, height;
    /// The picture is divided by the wall's field, which may be so many levels off the colour; 0: it is not,
    /// and the bound counts from the colour itself.
    int fall;
    /// What of the product has changed by so many levels is painted red, for people to see; 0: nothing is.
    int marks;
    /// Set: the most that a small square well inside the product has changed all over, in levels.
    float touched;
} sluice_lighting;

/// Makes the background of a red, green and blue picture exactly the wanted colour, in place; see whiten.c. The
/// picture stays as it was where that fails.
/// - Parameter light: null: nothing is known but the picture.
sluice_result sluice_whiten(sluice_raster *picture, sluice_whitening wanted, sluice_lighting *light);
