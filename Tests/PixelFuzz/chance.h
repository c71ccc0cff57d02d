#pragma once
// Chance, pictures and memory for the fuzzer: all of it follows from one seed.
#include "CPixels.h"

/// 0 up to, not including, `below`.
int chance(int below);
/// Whether one of so many times.
bool one_in(int times);
float between(float least, float most);

/// Exactly so many bytes, which the address sanitizer guards. To be freed with `free`.
uint8_t *random_bytes(size_t count);

/// A side: mostly short, now and then up to 1,500.
int random_side(void);
/// Noise, one colour, or something before a wall that falls off; its bytes are to be freed.
sluice_raster random_raster(int width, int height, int bands, int colors, int alpha);
/// Any bands that a picture may have.
sluice_raster any_raster(void);
/// One like another, of a size of its own; its bytes are to be freed.
sluice_raster room_for(const sluice_raster *like, int width, int height);
/// The same with one thing that no raster may have.
sluice_raster damaged(sluice_raster of);

/// Ends everything, and says of which seed it was.
void expect(bool is_so, const char *what);

/// From now on the allocation after so many fails, of those that CPixels makes; -1: none does.
void fail_allocation(int after);
/// Blocks that CPixels has and has not given back.
int blocks_in_use(void);
