#include "Rows/TopK.h"

static inline void swap_keys(uint64_t *first, uint64_t *second) {
  const uint64_t key = *first;
  *first = *second;
  *second = key;
}

static inline uint64_t middle_of_three(uint64_t a, uint64_t b, uint64_t c) {
  if (a < b) return b < c ? b : a < c ? c : a;
  return a < c ? a : b < c ? c : b;
}

/// Sifts down in the min-heap of `count` keys.
static void sift_down(uint64_t *heap, size_t count, size_t parent) {
  for (size_t child; (child = 2 * parent + 1) < count; parent = child) {
    if (child + 1 < count && heap[child + 1] < heap[child]) child++;
    if (heap[parent] <= heap[child]) return;
    swap_keys(&heap[parent], &heap[child]);
  }
}

/// The same selection by a heap, whose time no order of the keys can spoil.
static void select_by_heap(uint64_t *keys, size_t count, size_t k) {
  for (size_t parent = k / 2; parent-- > 0;) sift_down(keys, k, parent);
  for (size_t i = k; i < count; i++)
    if (keys[i] > keys[0]) {
      swap_keys(&keys[i], &keys[0]);
      sift_down(keys, k, 0);
    }
}

/// Quickselect: Hoare, "Algorithm 65: find", Communications of the ACM, 1961. Pivots that keep failing to halve the
/// range hand over to the heap.
void contrast_select_largest(uint64_t *keys, size_t count, size_t k) {
  size_t low = 0, high = count;  // the boundary at k lies within low ..< high
  if (k == 0 || k >= count) return;
  for (int patience = 64; high - low > 1; patience--) {
    if (patience == 0) {
      select_by_heap(keys + low, high - low, k - low);
      return;
    }
    const uint64_t pivot = middle_of_three(keys[low], keys[low + (high - low) / 2], keys[high - 1]);
    size_t i = low, j = high - 1;
    while (1) {
      while (keys[i] > pivot) i++;
      while (keys[j] < pivot) j--;
      if (i >= j) break;
      swap_keys(&keys[i++], &keys[j--]);
    }
    // Keys differ, so the pivot ends at i == j, or the two have just crossed.
    const size_t boundary = i;
    if (boundary == k || (boundary == low && k == low)) return;
    if (k < boundary) {
      high = boundary;
    } else if (keys[boundary] == pivot) {
      if (k <= boundary + 1) return;
      low = boundary + 1;
    } else {
      low = boundary;
    }
  }
}

uint64_t contrast_least_key(const uint64_t *keys, size_t count) {
  uint64_t least = UINT64_MAX;
  for (size_t i = 0; i < count; i++) least = keys[i] < least ? keys[i] : least;
  return least;
}

static void insertion_sort(uint64_t *keys, size_t count) {
  for (size_t end = 1; end < count; end++) {
    const uint64_t key = keys[end];
    size_t i = end;
    for (; i > 0 && keys[i - 1] < key; i--) keys[i] = keys[i - 1];
    keys[i] = key;
  }
}

static void merge(
    uint64_t *to, const uint64_t *first, size_t first_count, const uint64_t *second, size_t second_count) {
  size_t i = 0, j = 0;
  while (i < first_count && j < second_count) {
    const int takesFirst = first[i] > second[j];
    *to++ = takesFirst ? first[i] : second[j];
    i += (size_t)takesFirst;
    j += (size_t)!takesFirst;
  }
  memcpy(to, first + i, (first_count - i) * sizeof *to);
  memcpy(to + (first_count - i), second + j, (second_count - j) * sizeof *to);
}

void contrast_sort_falling(uint64_t *keys, size_t count, uint64_t *room) {
  enum { RUN = 16 };
  for (size_t run = 0; run < count; run += RUN) insertion_sort(keys + run, count - run < RUN ? count - run : RUN);
  uint64_t *from = keys, *to = room;
  for (size_t width = RUN; width < count; width *= 2) {
    for (size_t start = 0; start < count; start += 2 * width) {
      const size_t first = count - start < width ? count - start : width;
      const size_t second = count - start - first < width ? count - start - first : width;
      merge(to + start, from + start, first, from + start + first, second);
    }
    uint64_t *swap = from;
    from = to;
    to = swap;
  }
  if (from != keys) memcpy(keys, from, count * sizeof *keys);
}
