#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "part.h"

/// Red, green, blue and alpha on a colour, rounded to the nearest: opaque stays exactly what it is,
/// see-through becomes exactly the colour, whatever it hides.
/// - Parameters:
///   - gone, whole: what is up to so opaque is not there, and from `whole` on as it is; in between it fades. 0, 0:
///     all is as it is.
void sluice_flatten(
    const uint8_t *rgba, size_t count, const uint8_t color[3], unsigned gone, unsigned whole, uint8_t *rgb);

/// Brightens what is pure white, and all around it is, beyond the white of video, which decoders cut
/// off again: what an encoder does to it by a few levels is not seen.
/// - Parameters:
///   - luma: of the same picture, 16 to 235, `stride` bytes a row; changed in place.
void sluice_lift_white(
    const uint8_t *rgb, size_t width, size_t height, uint8_t *luma, size_t stride);

/// What is to be made exactly one colour.
typedef struct {
    uint8_t color[3];
    /// Largest distance in any channel that counts as background.
    uint8_t bound;
    /// Soft, neutral, darker ramps that rise out of the background go too.
    bool removes_shadow;
} SluiceWhitening;

/// What is known of the wall behind a picture that was scaled and put into a frame.
typedef struct {
    const sluice_backdrop *behind;
    /// Where the whole picture's left upper corner lies in the frame, and its size there, in pixels.
    float left, top, width, height;
    /// The picture is divided by the wall's field, which may be so many levels off the colour; 0: it is not,
    /// and the bound counts from the colour itself.
    int fall;
    /// What of the product has changed by so many levels is painted red, for people to see; 0: nothing is.
    int marks;
    /// Set: the most that a small square well inside the product has changed all over, in levels.
    float touched;
} SluiceLighting;

/// Makes the background of an 8-bit RGB picture exactly the wanted colour, in place; see whiten.c.
/// - Parameter light: null: nothing is known but the picture.
/// - Returns: false, with the picture as it was, when there is no memory.
bool sluice_whiten(
    uint8_t *rgb, size_t width, size_t height, SluiceWhitening wanted, SluiceLighting *light);
