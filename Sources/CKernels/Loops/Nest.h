// Loops over strided operands, with the dimensions sorted and merged so that the inner loop is as long and as dense as
// the layouts allow. Operand 0 decides: the output, or in reductions the input.
#ifndef CONTRAST_NEST_H
#define CONTRAST_NEST_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NEST_RANK = 6, NEST_OPERANDS = 4 };

typedef struct {
  /// At least 1: a single element is one dimension of size 1.
  int rank;
  int operands;
  ptrdiff_t sizes[NEST_RANK];
  /// In elements.
  ptrdiff_t strides[NEST_OPERANDS][NEST_RANK];
  /// Elements in all.
  size_t count;
} contrast_nest;

/// Sorts dimensions by operand 0's strides, the smallest last, and merges those that run through every operand
/// alike. All dense operands of one order, be it NCHW or NHWC, become a single dimension.
void contrast_build_nest(
    contrast_nest *nest, int operands, int rank, const ptrdiff_t *sizes, const ptrdiff_t *const strides[]);

// Small arrays that are all row-major are done before a nest of them would be built.

static inline bool contrast_is_contiguous(int rank, const ptrdiff_t *sizes, const ptrdiff_t *strides) {
  ptrdiff_t expected = 1;
  for (int dimension = rank - 1; dimension >= 0; dimension--) {
    if (strides[dimension] != expected && sizes[dimension] != 1) return false;
    expected *= sizes[dimension];
  }
  return true;
}

static inline size_t contrast_element_count(int rank, const ptrdiff_t *sizes) {
  size_t count = 1;
  for (int dimension = 0; dimension < rank; dimension++) count *= (size_t)sizes[dimension];
  return count;
}

/// Where operand `operand` has the first element of row `row`, a row being the innermost dimension.
ptrdiff_t contrast_row_offset(const contrast_nest *nest, int operand, size_t row);

/// Copies `count` elements of 1, 4 or 8 bytes from a strided run into a dense one, or back.
void contrast_gather_run(void *dense, const void *strided, ptrdiff_t stride, size_t count, size_t element_size);
void contrast_scatter_run(void *strided, ptrdiff_t stride, const void *dense, size_t count, size_t element_size);

#endif
