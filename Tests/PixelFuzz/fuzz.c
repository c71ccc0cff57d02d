// Feeds random pictures, shapes and numbers, within what the headers say, to every public function of CPixels.
// Built with the address and the undefined behaviour sanitizer, it ends at the first thing that is wrong:
//
//     pixel-fuzz SECONDS [SEED]
//
// goes on from one seed to the next for so long; with 0 seconds it looks at the one seed.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "chance.h"

void begin_with(uint64_t seed);

static size_t bytes_of(const sluice_raster *of) {
    return (size_t)of->width * (size_t)of->height * (size_t)of->bands;
}

/// A call that was to be done: it was, or there was no memory, and nothing is kept either way.
static bool was_done(sluice_result result, const char *what) {
    expect(result == sluice_done || result == sluice_no_memory, what);
    expect(blocks_in_use() == 0, what);
    return result == sluice_done;
}

static void expect_bad(sluice_result result, const char *what) { expect(result == sluice_bad_shape, what); }

static void expect_box(const sluice_raster *in, sluice_box box) {
    expect(
        box.left >= 0 && box.top >= 0 && box.right <= in->width && box.bottom <= in->height,
        "a box is within");
}

static void expect_spot(const sluice_raster *in, sluice_spot spot) {
    expect(spot.distance >= -1 && spot.distance <= 255, "a distance is one of levels");
    expect(spot.x >= 0 && spot.y >= 0 && spot.x < in->width && spot.y < in->height, "a spot is within");
}

static sluice_box random_box(const sluice_raster *in) {
    int left = chance(in->width), top = chance(in->height);
    return (sluice_box){left, top, left + chance(in->width - left + 1), top + chance(in->height - top + 1)};
}

// MARK: Making smaller and larger

static void try_scaling(const sluice_raster *from) {
    sluice_raster to =
        room_for(from, one_in(40) ? 1 + chance(sluice_longest_side) : random_side(), random_side());
    sluice_result result = sluice_resample(from, (sluice_vectors)chance(4), &to);
    if (from->bands > sluice_most_resampled) expect_bad(result, "resampling refuses five bands");
    else was_done(result, "resampling");
    free(to.bytes);

    int across = one_in(9) ? 1 + chance(INT32_MAX) : 1 + chance(40),
        down = one_in(3) ? across : 1 + chance(300);
    to = room_for(from, (from->width - 1) / across + 1, (from->height - 1) / down + 1);
    was_done(sluice_block_average(from, across, down, &to), "averaging blocks");
    expect_bad(
        sluice_block_average(from, one_in(2) ? 0 : -across, down, &to), "averaging refuses such blocks");
    free(to.bytes);

    int factor = one_in(3) ? 2 : 1 + chance(sluice_most_reduced);
    to = room_for(from, (from->width - 1) / factor + 1, (from->height - 1) / factor + 1);
    expect(sluice_reduce(from, factor, &to) == sluice_done, "reducing");
    to.width++;
    expect_bad(sluice_reduce(from, factor, &to), "reducing refuses another size");
    free(to.bytes);
}

// MARK: Looking

static int compare(const void *one, const void *other) { return *(const int *)one - *(const int *)other; }

static void choose_edges(int *edges, int count, int length) {
    for (int i = 0; i < count; i++) edges[i] = chance(256 * length + 1);
    qsort(edges, (size_t)count, sizeof *edges, compare);
}

static void try_cells(const sluice_raster *of) {
    int columns = chance(20), rows = chance(20), across[21], down[21];
    choose_edges(across, columns + 1, of->width);
    choose_edges(down, rows + 1, of->height);
    size_t count = (size_t)(columns * rows * of->bands);
    float *means = (float *)random_bytes(count * sizeof *means + 1);
    if (was_done(sluice_cell_means(of, across, columns, down, rows, means), "the means of cells"))
        for (size_t i = 0; i < count; i++)
            expect(means[i] >= 0 && means[i] <= 255.01f, "a mean is one of levels");
    free(means);
}

static void try_measures(const sluice_raster *of) {
    uint8_t color[3] = {(uint8_t)chance(256), (uint8_t)chance(256), (uint8_t)chance(256)};
    sluice_tones tones;
    sluice_measure_tones(of, &tones);
    expect(tones.count <= (uint64_t)of->width * (uint64_t)of->height, "no pixel is counted twice");
    sluice_spot spot;
    sluice_box box = random_box(of);
    sluice_measure_box(of, color, of->alpha >= 0 && one_in(2), box, &spot);
    expect_spot(of, spot);
    sluice_measure_mean(of, color, box, &spot);
    expect(spot.distance >= 0 && spot.distance <= 255, "a mean is one of levels");
    int inside = sluice_find_edging(of);
    expect(inside >= 0 && 2 * inside < of->width && 2 * inside < of->height, "what is edged is not empty");
}

static void try_border(const sluice_raster *of, const sluice_backdrop *behind) {
    uint8_t color[3] = {(uint8_t)chance(256), (uint8_t)chance(256), (uint8_t)chance(256)};
    int limit = 1 + chance(one_in(4) ? 1600 : 30);
    sluice_spot *spots = (sluice_spot *)random_bytes((size_t)limit * sizeof *spots);
    sluice_measure_depths(of, color, limit, behind, spots);
    for (int i = 0; i < limit; i++) expect_spot(of, spots[i]);
    free(spots);

    sluice_ring ring;
    sluice_measure_ring(of, chance(one_in(4) ? 1600 : 30), behind, &ring);
    expect(ring.noise >= 0 && ring.noise <= sluice_near, "noise is what is near");
    for (int manner = sluice_by_alpha; manner <= sluice_before_field; manner++) {
        sluice_finding found;
        sluice_result result = sluice_find(of, &ring, behind, (sluice_manner)manner, &found);
        if ((manner == sluice_by_alpha && of->alpha < 0) || (manner == sluice_before_field && !behind)) {
            expect_bad(result, "finding by what there is not");
        } else if (was_done(result, "finding")) {
            expect_box(of, found.solid);
            expect_box(of, found.traced);
            expect_box(of, found.extent);
        }
    }
}

// MARK: Painting

static void try_painting(void) {
    int width = random_side(), height = random_side();
    sluice_raster from = random_raster(width, height, 4, 3, 3), to = random_raster(width, height, 3, 3, -1);
    uint8_t color[3] = {255, (uint8_t)chance(256), 0};
    unsigned gone = one_in(2) ? 0 : (unsigned)chance(255);
    unsigned whole = one_in(2) ? 0 : gone + 1 + (unsigned)chance(255 - (int)gone);
    expect(sluice_flatten(&from, color, gone, whole, &to) == sluice_done, "flattening");
    expect_bad(sluice_flatten(&to, color, gone, whole, &to), "flattening refuses what is opaque");
    size_t stride = (size_t)(width + chance(5));
    // The last row ends with the picture.
    uint8_t *luma = random_bytes(stride * (size_t)(height - 1) + (size_t)width);
    expect(sluice_lift_white(&to, luma, stride) == sluice_done, "lifting white");
    expect_bad(sluice_lift_white(&from, luma, stride), "lifting refuses what is see-through");
    free(luma);
    free(from.bytes);
    free(to.bytes);
}

static void try_whitening(sluice_raster *picture, const sluice_backdrop *behind) {
    sluice_whitening wanted = {
        {255, 255, (uint8_t)(one_in(3) ? chance(256) : 255)}, (uint8_t)chance(256), one_in(2)};
    if (!one_in(5)) wanted.bound = (uint8_t)(wanted.bound % 60);
    sluice_lighting light = {
        .behind = behind, .width = (float)picture->width, .height = (float)picture->height};
    if (one_in(2)) {
        light.left = between(-1500, 1500);
        light.top = between(-300, 300);
        light.width = between(0.5f, 3000);
        light.height = between(0.5f, 3000);
    }
    light.fall = one_in(3) ? 0 : chance(256);
    light.marks = one_in(2) ? 0 : 1 + chance(40);
    size_t count = bytes_of(picture);
    uint8_t *before = random_bytes(count);
    memcpy(before, picture->bytes, count);
    if (!was_done(sluice_whiten(picture, wanted, behind ? &light : NULL), "whitening"))
        expect(
            memcmp(before, picture->bytes, count) == 0, "a picture that cannot be whitened stays as it was");
    free(before);
}

// MARK: One seed

/// Anything that a parting may say, of a picture that nobody has seen.
static void invent(sluice_parting *parting, uint8_t *mask, int pixels) {
    static const uint8_t kinds[] = {sluice_background, sluice_shade, sluice_product, sluice_enclosed};
    for (int i = 0; i < pixels; i++) mask[i] = (uint8_t)(kinds[chance(4)] | (one_in(3) ? chance(8) << 4 : 0));
    for (int c = 0; c < 3; c++) {
        parting->darkest[c] = (uint8_t)chance(256);
        for (int i = 0; i < sluice_terms; i++) parting->field.weights[c][i] = between(-400, 400);
    }
    for (int side = 0; side < 4; side++) parting->crossed[side].share = one_in(2) ? 0 : between(0, 1);
    parting->shaded = between(0, 2);
    parting->enclosed = chance(20);
}

static void try_backdrop(sluice_raster *of) {
    int width = one_in(3) ? 1 + chance(80) : of->width, height = one_in(3) ? 1 + chance(80) : of->height;
    sluice_raster small = room_for(of, width, height);
    if (width == of->width && height == of->height) memcpy(small.bytes, of->bytes, bytes_of(of));
    uint8_t *mask = random_bytes((size_t)width * (size_t)height);
    sluice_parting parting;
    memset(&parting, 0, sizeof parting);
    was_done(sluice_part(&small, chance(40), mask, &parting), "parting");
    if (parting.is_parted)
        for (int i = 0; i < parting.enclosed && i < sluice_most_squares; i++)
            expect_box(&small, parting.squares[i]);
    else invent(&parting, mask, width * height);
    sluice_backdrop behind = {&parting, mask, width, height, between(0.001f, 3)};
    if (!one_in(3)) behind.scale = (float)width / (float)of->width;
    try_border(of, &behind);
    if (of->bands == 3) try_whitening(of, &behind);
    free(mask);
    free(small.bytes);
}

static void try_damaged(const sluice_raster *of) {
    sluice_raster bad = damaged(*of), good = *of;
    uint8_t color[3] = {0}, *mask = random_bytes(1);
    int edges[2] = {0, 0};
    float means[sluice_most_bands];
    sluice_ring ring = {.noise = 0};
    sluice_finding found;
    sluice_parting parting;
    expect_bad(sluice_resample(&bad, sluice_vectors_best, &good), "resampling from a bad raster");
    expect_bad(sluice_resample(&good, sluice_vectors_best, &bad), "resampling to a bad raster");
    expect_bad(sluice_block_average(&bad, 1, 1, &good), "averaging from a bad raster");
    expect_bad(sluice_reduce(&bad, 1, &good), "reducing a bad raster");
    expect_bad(sluice_cell_means(&bad, edges, 1, edges, 1, means), "cells of a bad raster");
    expect_bad(sluice_part(&bad, 1, mask, &parting), "parting a bad raster");
    expect_bad(sluice_find(&bad, &ring, NULL, sluice_on_plain, &found), "finding in a bad raster");
    expect_bad(sluice_flatten(&bad, color, 0, 0, &good), "flattening a bad raster");
    expect_bad(sluice_lift_white(&bad, mask, 1), "lifting a bad raster");
    expect_bad(sluice_whiten(&bad, (sluice_whitening){.bound = 1}, NULL), "whitening a bad raster");
    free(mask);
}

static void try_seed(uint64_t seed) {
    begin_with(seed);
    sluice_raster of = any_raster();
    fail_allocation(one_in(4) ? chance(12) : -1);
    try_damaged(&of);
    try_scaling(&of);
    try_cells(&of);
    try_measures(&of);
    try_border(&of, NULL);
    if (of.bands == 3) try_whitening(&of, NULL);
    fail_allocation(one_in(4) ? chance(24) : -1);
    try_backdrop(&of);
    try_painting();
    free(of.bytes);
}

int main(int count, char **arguments) {
    double seconds = count > 1 ? atof(arguments[1]) : 10;
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    uint64_t first = count > 2 ? strtoull(arguments[2], NULL, 10) : (uint64_t)time(NULL) * 1000, seed = first;
    printf("pixel-fuzz: from seed %llu on\n", (unsigned long long)first);
    fflush(stdout);
    do {
        try_seed(seed++);
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((double)(now.tv_sec - start.tv_sec) + (double)(now.tv_nsec - start.tv_nsec) * 1e-9 < seconds);
    printf("pixel-fuzz: %llu seeds, nothing wrong\n", (unsigned long long)(seed - first));
    return 0;
}
