// The inner loops of resampling: weighted sums of rows, in plain C, with SSE2 (which every x86-64
// has) and with AVX2 where the processor has it. Integers throughout, so that all agree to the bit.
#include "blend.h"

#include <string.h>

/// Bytes. A step reads a little of each of many rows, which no prefetcher foresees; asking for what
/// comes eight lines later halves the time.
enum { ahead = 512 };

#define INLINE static inline __attribute__((always_inline))

INLINE int element(const uint8_t *row, int index, int size) {
    if (size == 1) return row[index];
    int16_t value;
    memcpy(&value, row + 2 * index, 2);
    return value;
}

INLINE int16_t narrowed(int32_t sum) {
    return sum > INT16_MAX ? INT16_MAX : sum < INT16_MIN ? INT16_MIN : (int16_t)sum;
}

INLINE void plain_from(
    int first, const uint8_t *rows, ptrdiff_t stride, const int16_t *weights, int taps, int count, int shift,
    int16_t *to, int size) {
    for (int i = first; i < count; i++) {
        int32_t sum = 1 << (shift - 1);
        for (int t = 0; t < taps; t++) sum += weights[t] * element(rows + t * stride, i, size);
        to[i] = narrowed(sum >> shift);
    }
}

#define BLEND(name, target, body, size)                                                                      \
    target static void name(                                                                                 \
        const void *rows, ptrdiff_t stride, const int16_t *weights, int taps, int count, int shift,          \
        int16_t *to) {                                                                                       \
        plain_from(body, rows, stride, weights, taps, count, shift, to, size);                               \
    }

BLEND(plain_bytes, , 0, 1)
BLEND(plain_words, , 0, 2)

#ifdef __x86_64__
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

INLINE int32_t pair(const int16_t *weights) {
    int32_t both;
    memcpy(&both, weights, 4);
    return both;
}

INLINE __m128i load8(const uint8_t *row, int index, int size) {
    if (size == 2) return _mm_loadu_si128((const __m128i *)(row + 2 * index));
    return _mm_unpacklo_epi8(_mm_loadl_epi64((const __m128i *)(row + index)), _mm_setzero_si128());
}

/// 8 elements for each of `groups` (1 or 2).
INLINE void sse2_step(
    int i, int groups, const uint8_t *rows, ptrdiff_t stride, const int16_t *weights, int taps, int shift,
    int16_t *to, int size) {
    __m128i sums[4];
    for (int g = 0; g < 2 * groups; g++) sums[g] = _mm_set1_epi32(1 << (shift - 1));
    for (int t = 0; t < taps; t += 2) {
        const uint8_t *a = rows + t * stride, *b = t + 1 < taps ? a + stride : a;
        if (size == 1) {
            __builtin_prefetch(a + i + ahead);
            __builtin_prefetch(b + i + ahead);
        }
        __m128i weight = _mm_set1_epi32(pair(weights + t));
        for (int g = 0; g < groups; g++) {
            __m128i above = load8(a, i + 8 * g, size), below = load8(b, i + 8 * g, size);
            __m128i low = _mm_madd_epi16(_mm_unpacklo_epi16(above, below), weight);
            __m128i high = _mm_madd_epi16(_mm_unpackhi_epi16(above, below), weight);
            sums[2 * g] = _mm_add_epi32(sums[2 * g], low);
            sums[2 * g + 1] = _mm_add_epi32(sums[2 * g + 1], high);
        }
    }
    __m128i by = _mm_cvtsi32_si128(shift);
    for (int g = 0; g < groups; g++) {
        __m128i low = _mm_sra_epi32(sums[2 * g], by), high = _mm_sra_epi32(sums[2 * g + 1], by);
        _mm_storeu_si128((__m128i *)(to + i + 8 * g), _mm_packs_epi32(low, high));
    }
}

INLINE int sse2_until(
    const void *rows, ptrdiff_t stride, const int16_t *weights, int taps, int count, int shift, int16_t *to,
    int size) {
    int i = 0;
    for (; i + 16 <= count; i += 16) sse2_step(i, 2, rows, stride, weights, taps, shift, to, size);
    for (; i + 8 <= count; i += 8) sse2_step(i, 1, rows, stride, weights, taps, shift, to, size);
    return i;
}

BLEND(sse2_bytes, , sse2_until(rows, stride, weights, taps, count, shift, to, 1), 1)
BLEND(sse2_words, , sse2_until(rows, stride, weights, taps, count, shift, to, 2), 2)

AVX2 INLINE __m256i load16(const uint8_t *row, int index, int size) {
    if (size == 2) return _mm256_loadu_si256((const __m256i *)(row + 2 * index));
    return _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + index)));
}

/// 16 elements for each of `groups` (1 to 3).
AVX2 INLINE void avx2_step(
    int i, int groups, const uint8_t *rows, ptrdiff_t stride, const int16_t *weights, int taps, int shift,
    int16_t *to, int size) {
    __m256i sums[6];
    for (int g = 0; g < 2 * groups; g++) sums[g] = _mm256_set1_epi32(1 << (shift - 1));
    for (int t = 0; t < taps; t += 2) {
        const uint8_t *a = rows + t * stride, *b = t + 1 < taps ? a + stride : a;
        if (size == 1) {
            __builtin_prefetch(a + i + ahead);
            __builtin_prefetch(b + i + ahead);
        }
        __m256i weight = _mm256_set1_epi32(pair(weights + t));
        for (int g = 0; g < groups; g++) {
            __m256i above = load16(a, i + 16 * g, size), below = load16(b, i + 16 * g, size);
            __m256i low = _mm256_madd_epi16(_mm256_unpacklo_epi16(above, below), weight);
            __m256i high = _mm256_madd_epi16(_mm256_unpackhi_epi16(above, below), weight);
            sums[2 * g] = _mm256_add_epi32(sums[2 * g], low);
            sums[2 * g + 1] = _mm256_add_epi32(sums[2 * g + 1], high);
        }
    }
    __m128i by = _mm_cvtsi32_si128(shift);
    for (int g = 0; g < groups; g++) {
        __m256i low = _mm256_sra_epi32(sums[2 * g], by);
        __m256i high = _mm256_sra_epi32(sums[2 * g + 1], by);
        // Unpacking and packing both stay within halves of a register, so the order comes back.
        _mm256_storeu_si256((__m256i *)(to + i + 16 * g), _mm256_packs_epi32(low, high));
    }
}

AVX2 INLINE int avx2_until(
    const void *rows, ptrdiff_t stride, const int16_t *weights, int taps, int count, int shift, int16_t *to,
    int size) {
    int i = 0;
    for (; i + 48 <= count; i += 48) avx2_step(i, 3, rows, stride, weights, taps, shift, to, size);
    for (; i + 16 <= count; i += 16) avx2_step(i, 1, rows, stride, weights, taps, shift, to, size);
    return i;
}

BLEND(avx2_bytes, AVX2, avx2_until(rows, stride, weights, taps, count, shift, to, 1), 1)
BLEND(avx2_words, AVX2, avx2_until(rows, stride, weights, taps, count, shift, to, 2), 2)

sluice_blends sluice_choose_blends(sluice_vectors vectors) {
    int has_avx2 = __builtin_cpu_supports("avx2");
    if (vectors == sluice_vectors_none) return (sluice_blends){plain_bytes, plain_words};
    if (vectors == sluice_vectors_sse2 || !has_avx2) return (sluice_blends){sse2_bytes, sse2_words};
    return (sluice_blends){avx2_bytes, avx2_words};
}

/// Eight by eight: three rounds that interleave rows four, two and one apart.
static void transpose8(const int16_t *from, ptrdiff_t from_stride, int16_t *to, ptrdiff_t to_stride) {
    __m128i a[8], b[8];
    for (int i = 0; i < 8; i++) a[i] = _mm_loadu_si128((const __m128i *)(from + i * from_stride));
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 4; i++) {
            b[2 * i] = _mm_unpacklo_epi16(a[i], a[i + 4]);
            b[2 * i + 1] = _mm_unpackhi_epi16(a[i], a[i + 4]);
        }
        memcpy(a, b, sizeof a);
    }
    for (int i = 0; i < 8; i++) _mm_storeu_si128((__m128i *)(to + i * to_stride), a[i]);
}

#else

sluice_blends sluice_choose_blends(sluice_vectors vectors) {
    return (sluice_blends){plain_bytes, plain_words};
}

static void transpose8(const int16_t *from, ptrdiff_t from_stride, int16_t *to, ptrdiff_t to_stride) {
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++) to[x * to_stride + y] = from[y * from_stride + x];
}

#endif

void sluice_transpose(
    const int16_t *from, ptrdiff_t from_stride, int16_t *to, ptrdiff_t to_stride, int rows, int columns) {
    for (int y = 0; y < rows; y += 8)
        for (int x = 0; x < columns; x += 8)
            transpose8(from + y * from_stride + x, from_stride, to + x * to_stride + y, to_stride);
}
