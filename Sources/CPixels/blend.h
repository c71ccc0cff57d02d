#pragma once
#include "include/resample.h"

// Fixed point: weights in units of 1/16384, so that the largest (1, and a little more where an edge
// is folded in) fits 16 bits. Between the axes a value has 6 bits of fraction: 255 * 1.6 * 64 fits
// 16 bits, 1.6 being more than the sum of any pixel's weights without their signs, and such a sum
// times 16384 fits 32 bits.
enum { weight_bits = 14, value_bits = 6 };

/// to[i] = the weighted sum of `taps` rows at i, shifted down and rounded to nearest.
/// - Parameters:
///   - stride: bytes from one row to the next.
///   - weights: an even number of them, the last 0 where `taps` is odd.
///   - count: elements of a row.
typedef void (*sluice_blend)(
    const void *rows, ptrdiff_t stride, const int16_t *weights, int taps, int count, int shift, int16_t *to);

typedef struct {
    sluice_blend bytes, words;
} sluice_blends;

sluice_blends sluice_choose_blends(sluice_vectors vectors);

/// rows[j][i] = columns[i][j] for 16-bit elements; both counts are multiples of 8.
void sluice_transpose(
    const int16_t *from, ptrdiff_t from_stride, int16_t *to, ptrdiff_t to_stride, int rows, int columns);
