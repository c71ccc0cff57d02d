#pragma once
// Sixteen bytes at a time, on any processor: the compiler knows what each has for them.
#include <stdint.h>
#include <string.h>

enum { sluice_lanes = 16 };
typedef uint8_t lanes __attribute__((vector_size(16)));

/// So many bytes have whole vectors for `count`.
static inline int whole_lanes(int count) { return (count + sluice_lanes - 1) / sluice_lanes * sluice_lanes; }

static inline lanes load(const uint8_t *from) {
    lanes out;
    memcpy(&out, from, sizeof out);
    return out;
}
static inline void store(lanes from, uint8_t *to) { memcpy(to, &from, sizeof from); }
static inline lanes all(uint8_t value) { return value - (lanes){0}; }

static inline lanes most(lanes a, lanes b) { return __builtin_elementwise_max(a, b); }
static inline lanes least(lanes a, lanes b) { return __builtin_elementwise_min(a, b); }
/// Not beyond 255, and not below 0.
static inline lanes sum(lanes a, lanes b) { return __builtin_elementwise_add_sat(a, b); }
static inline lanes beyond(lanes a, lanes b) { return __builtin_elementwise_sub_sat(a, b); }
static inline lanes apart(lanes a, lanes b) { return beyond(a, b) | beyond(b, a); }
/// 255 where it is so, else 0.
static inline lanes is_over(lanes a, lanes b) { return (lanes)(a > b); }
/// Whether there is one that is not 0.
static inline int any(lanes a) {
    uint64_t halves[2];
    memcpy(halves, &a, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

/// Twice how far a value is off the line between two others.
static inline lanes off_line(lanes before, lanes here, lanes after) {
    return apart(
        sum(beyond(before, here), beyond(after, here)), sum(beyond(here, before), beyond(here, after)));
}
