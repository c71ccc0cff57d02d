#include "chance.h"

#include <stdio.h>
#include <stdlib.h>

// CPixels is compiled with these names in place of the library's; see run.sh.
#undef malloc
#undef calloc
#undef realloc
#undef free
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void free(void *block);

static uint64_t state;
static uint64_t seed;
static int until_failure = -1, in_use = 0;

void __sanitizer_set_death_callback(void (*call)(void));
void begin_with(uint64_t of);

static void say_seed(void) {
    fprintf(
        stderr, "pixel-fuzz: seed %llu fails; to see it again: pixel-fuzz 0 %llu\n", (unsigned long long)seed,
        (unsigned long long)seed);
}

void begin_with(uint64_t of) {
    __sanitizer_set_death_callback(say_seed);
    seed = of;
    state = of * UINT64_C(0x9E3779B97F4A7C15) + 1;
}

static uint32_t next(void) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33);
}

int chance(int below) { return (int)(next() % (uint32_t)below); }
bool one_in(int times) { return chance(times) == 0; }
float between(float least, float most) { return least + (most - least) * (float)chance(1 << 20) / (1 << 20); }

void expect(bool is_so, const char *what) {
    if (is_so) return;
    fprintf(stderr, "pixel-fuzz: not so: %s\n", what);
    say_seed();
    _Exit(1);
}

// MARK: Memory

void fail_allocation(int after) { until_failure = after; }
int blocks_in_use(void) { return in_use; }

static bool may_have(void) { return until_failure < 0 || until_failure-- > 0; }

static void *counted(void *block) {
    in_use += block != NULL;
    return block;
}

void *fuzz_malloc(size_t size);
void *fuzz_calloc(size_t count, size_t size);
void *fuzz_realloc(void *block, size_t size);
void fuzz_free(void *block);

void *fuzz_malloc(size_t size) { return may_have() ? counted(malloc(size)) : NULL; }
void *fuzz_calloc(size_t count, size_t size) { return may_have() ? counted(calloc(count, size)) : NULL; }
void *fuzz_realloc(void *block, size_t size) {
    if (!may_have()) return NULL;
    in_use -= block != NULL;
    return counted(realloc(block, size));
}
void fuzz_free(void *block) {
    in_use -= block != NULL;
    free(block);
}

// MARK: Pictures

uint8_t *random_bytes(size_t count) {
    uint8_t *bytes = malloc(count);
    expect(bytes != NULL, "there is memory for a picture");
    for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)next();
    return bytes;
}

int random_side(void) {
    if (one_in(12)) return 1 + chance(3);
    if (one_in(25)) return 1 + chance(1500);
    return 1 + chance(one_in(4) ? 300 : 60);
}

static uint8_t clipped(int value) { return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value); }

/// Something before a wall that falls off to one side, with a shadow, and a gap through which the wall is seen.
static void draw(sluice_raster *in) {
    int base = 190 + chance(66), grain = 1 + chance(12), falls = chance(50), paint = chance(256);
    int left = chance(in->width) - in->width / 8, top = chance(in->height);
    int right = left + 1 + chance(in->width), bottom = top + 1 + chance(in->height);
    for (int y = 0; y < in->height; y++)
        for (int x = 0; x < in->width; x++) {
            uint8_t *pixel = in->bytes + ((size_t)y * (size_t)in->width + (size_t)x) * (size_t)in->bands;
            bool is_inside = x >= left && x < right && y >= top && y < bottom;
            bool is_gap = abs(2 * x - left - right) < (right - left) / 2
                          && abs(2 * y - top - bottom) < (bottom - top) / 2;
            int shadow = x >= right && x < right + 20 && y >= top && y < bottom ? 2 * (right + 20 - x) : 0;
            for (int b = 0; b < in->bands; b++) {
                int wall = base - falls * y / in->height - shadow;
                pixel[b] = clipped((is_inside && !is_gap ? paint + 20 * b : wall) + chance(grain));
            }
            if (in->alpha >= 0)
                pixel[in->alpha] = is_inside ? (uint8_t)(255 - chance(grain)) : (uint8_t)chance(grain);
        }
}

sluice_raster random_raster(int width, int height, int bands, int colors, int alpha) {
    size_t count = (size_t)width * (size_t)height * (size_t)bands;
    sluice_raster made = {random_bytes(count), width, height, bands, colors, alpha};
    if (one_in(4)) return made;
    if (!one_in(5)) {
        draw(&made);
        return made;
    }
    uint8_t value = one_in(2) ? 255 : (uint8_t)chance(256);
    for (size_t i = 0; i < count; i++) made.bytes[i] = value;
    return made;
}

sluice_raster any_raster(void) {
    bool has_alpha = one_in(4);
    int colors = one_in(4) ? 1 : 3;
    int inks = colors == 3 && one_in(4) ? 4 : colors;
    if (one_in(60))
        return random_raster(one_in(2) ? sluice_longest_side : 1, 1 + chance(2), inks, colors, -1);
    return random_raster(random_side(), random_side(), inks + has_alpha, colors, has_alpha ? inks : -1);
}

sluice_raster room_for(const sluice_raster *like, int width, int height) {
    sluice_raster made = *like;
    made.width = width;
    made.height = height;
    made.bytes = random_bytes((size_t)width * (size_t)height * (size_t)like->bands);
    return made;
}

sluice_raster damaged(sluice_raster of) {
    static const int sides[] = {0, -1, sluice_longest_side + 1, INT32_MIN, INT32_MAX};
    switch (chance(6)) {
    case 0: of.width = sides[chance(5)]; break;
    case 1: of.height = sides[chance(5)]; break;
    case 2: of.bands = one_in(2) ? 0 : sluice_most_bands + 1; break;
    case 3: of.colors = one_in(2) ? 2 : of.bands + 1; break;
    case 4: of.alpha = one_in(2) ? of.bands : -2; break;
    default: of.bytes = NULL;
    }
    return of;
}
