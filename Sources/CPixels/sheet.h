#pragma once
// What whiten.c knows of the picture it works on; sheet.c looks at the pixels, light.c at what is behind them.
#include "flood.h"
#include "include/whiten.h"
#include "pixels.h"

enum {
    /// Within the bound, or a speck that noise lifted out of it.
    flag_open = 1,
    /// Open, or rising smoothly.
    flag_rising = 2,
    /// Where a flood begins: the frame's edge; what is background already.
    flag_edge = 4,
    flag_background = 8,
    /// No room for the square; where its middle has been; where any of it has been.
    flag_narrow = 16,
    flag_middle = 32,
    flag_reached = 64,
    /// For a moment, while specks are closed.
    flag_lone = 128,
};

/// What becomes of a pixel: nothing, or the colour (from `fate_full` on weaker with each step that the
/// flood has crept), or moved by its blurred or its own distance.
enum { fate_stays = 0, fate_full = 1, fate_by_blur = 254, fate_by_itself = 255 };

typedef struct {
    uint8_t *rgb;
    sluice_whitening wanted;
    sluice_flags field;
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
} sluice_sheet;

/// The place in the mask of a pixel of the frame; -1 outside of the picture.
static inline long place_behind(const sluice_lighting *light, size_t x, size_t y) {
    const sluice_backdrop *behind = light->behind;
    float across = ((float)x + 0.5f - light->left) / light->width;
    float down = ((float)y + 0.5f - light->top) / light->height;
    if (across < 0 || across >= 1 || down < 0 || down >= 1) return -1;
    return (long)(down * (float)behind->height) * behind->width + (long)(across * (float)behind->width);
}

/// Divides the picture by the field behind it, so that the wall becomes the colour.
sluice_result sluice_divide(sluice_sheet *sheet, const sluice_lighting *light);
/// Whether the wall is nowhere farther off the colour than may be made up for.
bool sluice_is_bright_enough(const sluice_sheet *sheet, const sluice_lighting *light);
/// The distance from the colour that all but one in two hundred of the wall's pixels keep, once divided.
int sluice_find_noise(const sluice_sheet *sheet, const sluice_lighting *light);
/// Gives fate_full to what is well inside the wall, however grainy.
void sluice_trust_wall(sluice_sheet *sheet, const sluice_lighting *light);
/// Lets a shadow that the picture's edge would cut off fade out before it.
void sluice_fade_shade(sluice_sheet *sheet, const sluice_lighting *light);
/// Flags flag_edge where the wall is seen through the product.
void sluice_seed_enclosed(sluice_sheet *sheet, const sluice_lighting *light);
/// Gives the product back its own pixels, but for a soft edge.
/// - Parameter before: the picture as it was, undivided.
sluice_result sluice_keep_product(sluice_sheet *sheet, const uint8_t *before);
/// Takes flag_open away from what is well inside the product, and at its edge from all but what is very near to the
/// wall.
void sluice_keep_closed(sluice_sheet *sheet, const sluice_lighting *light);
/// Takes flag_rising away from what is well inside the product, and away from any shadow.
sluice_result sluice_limit_rising(sluice_sheet *sheet, const sluice_lighting *light);
/// Paints red what of the product has changed by `light->marks` levels or more.
void sluice_mark_changes(sluice_sheet *sheet, const sluice_lighting *light, const uint8_t *before);
/// Sets `light->touched`: the most that a small square well inside the product has changed all over, by the least
/// change of its places.
sluice_result sluice_measure_touch(const sluice_sheet *sheet, const uint8_t *before, sluice_lighting *light);

/// 1 for each place of the mask where a shadow may be. To be freed; null without memory.
uint8_t *sluice_find_shadowy(const sluice_backdrop *behind);

/// Fills in `distance`.
void sluice_find_distances(sluice_sheet *sheet);
/// Fills in `sums`.
void sluice_add_up(sluice_sheet *sheet);
/// Flags flag_open and flag_edge.
void sluice_find_open(sluice_sheet *sheet);
/// Flags flag_rising, after flag_open and the sums.
void sluice_find_rising(sluice_sheet *sheet);
/// Darker than the wanted colour, and of its hue.
bool sluice_is_shadow(const sluice_sheet *sheet, size_t place);
