#pragma once
// What whiten.c knows of the picture it works on; sheet.c looks at the pixels.
#include "flood.h"
#include "paint.h"

enum {
    /// Within the bound, or a speck that noise lifted out of it.
    OPEN = 1,
    /// Open, or rising smoothly.
    RISING = 2,
    /// Where a flood begins: the frame's edge; what is background already.
    EDGE = 4,
    BACKGROUND = 8,
    /// No room for the square; where its middle has been; where any of it has been.
    NARROW = 16,
    MIDDLE = 32,
    REACHED = 64,
    /// For a moment, while specks are closed.
    LONE = 128,
};

/// What becomes of a pixel: nothing, or the colour (from `FULL` on weaker with each step that the
/// flood has crept), or moved by its blurred or its own distance.
enum { STAYS = 0, FULL = 1, BY_BLUR = 254, BY_ITSELF = 255 };

typedef struct {
    uint8_t *rgb;
    SluiceWhitening wanted;
    SluiceField field;
    size_t count;
    /// Half the square that moves.
    size_t reach;
    /// Levels that a smooth rise may climb over two pixels.
    int steepest;
    /// Distances up to which all is moved to the colour, and from which nothing is.
    int full, none;
    /// Largest distance in any channel from the wanted colour.
    uint8_t *distance;
    uint8_t *fate;
    /// Distances added up over 5 by 5 pixels.
    uint16_t *sums;
    /// Two entries more than there are columns, at either end.
    uint16_t *columns;
} Sheet;

static inline int magnitude(int value) { return value < 0 ? -value : value; }

/// Divides the picture by the field behind it, so that the wall becomes the colour.
/// - Returns: false without memory.
bool sluice_divide(Sheet *sheet, const SluiceLighting *light);
/// Whether the wall is nowhere farther off the colour than may be made up for.
bool sluice_is_bright_enough(const Sheet *sheet, const SluiceLighting *light);
/// The distance from the colour that all but one in two hundred of the wall's pixels keep, once divided.
int sluice_find_noise(const Sheet *sheet, const SluiceLighting *light);
/// Gives FULL to what is well inside the wall, however grainy.
void sluice_trust_wall(Sheet *sheet, const SluiceLighting *light);
/// Lets a shadow that the picture's edge would cut off fade out before it.
void sluice_fade_shade(Sheet *sheet, const SluiceLighting *light);
/// Flags EDGE where the wall is seen through the product.
void sluice_seed_enclosed(Sheet *sheet, const SluiceLighting *light);
/// Gives the product back its own pixels, but for a soft edge.
/// - Parameter before: the picture as it was, undivided.
/// - Returns: false without memory.
bool sluice_keep_product(Sheet *sheet, const uint8_t *before);
/// Takes OPEN away from what is well inside the product, and at its edge from all but what is very near to the
/// wall.
void sluice_keep_closed(Sheet *sheet, const SluiceLighting *light);
/// Takes RISING away from what is well inside the product, and away from any shadow.
/// - Returns: false without memory.
bool sluice_limit_rising(Sheet *sheet, const SluiceLighting *light);
/// Paints red what of the product has changed by `light->marks` levels or more.
void sluice_mark_changes(Sheet *sheet, const SluiceLighting *light, const uint8_t *before);
/// The most that a small square well inside the product has changed all over: the least change of its places.
float sluice_measure_touch(const Sheet *sheet, const SluiceLighting *light, const uint8_t *before);

/// Fills in `distance`.
void sluice_find_distances(Sheet *sheet);
/// Fills in `sums`.
void sluice_add_up(Sheet *sheet);
/// Flags OPEN and EDGE.
void sluice_find_open(Sheet *sheet);
/// Flags RISING, after OPEN and the sums.
void sluice_find_rising(Sheet *sheet);
/// Darker than the wanted colour, and of its hue.
bool sluice_is_shadow(const Sheet *sheet, size_t place);
