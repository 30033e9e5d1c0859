// Selection of the largest elements by 64-bit keys that hold an element and its column, so that all keys differ and
// their order is total.
#ifndef CONTRAST_TOP_K_H
#define CONTRAST_TOP_K_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Larger for larger elements, for NaN above all numbers, and among equals for the lower column. Columns are below 2³².
static inline uint64_t top_k_key(float value, size_t column) {
  const float plain = value != value ? __builtin_nanf("") : value + 0.0f;  // −0 and 0 are equals
  uint32_t bits;
  memcpy(&bits, &plain, sizeof bits);
  // Negative numbers' bits fall as the numbers rise.
  const uint32_t ordered = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
  return (uint64_t)ordered << 32 | (uint32_t)~(uint32_t)column;
}

static inline size_t top_k_column(uint64_t key) { return (uint32_t)~(uint32_t)key; }

static inline float top_k_value(uint64_t key) {
  const uint32_t ordered = (uint32_t)(key >> 32);
  const uint32_t bits = ordered & 0x80000000u ? ordered & 0x7fffffffu : ~ordered;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/// Reorders so that the `k` largest of `count` come first, in no order.
void contrast_select_largest(uint64_t *keys, size_t count, size_t k);
uint64_t contrast_least_key(const uint64_t *keys, size_t count);
/// Merge sort; `room` holds `count` keys too.
void contrast_sort_falling(uint64_t *keys, size_t count, uint64_t *room);

#endif
