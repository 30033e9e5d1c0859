#include "Loops/Nest.h"
#include <stdlib.h>
#include <string.h>

static bool precedes(const contrast_nest *nest, int first, int second) {
  for (int operand = 0; operand < nest->operands; operand++) {
    const ptrdiff_t a = llabs(nest->strides[operand][first]), b = llabs(nest->strides[operand][second]);
    if (a != b) return a > b;
  }
  return false;
}

static void swap_dimensions(contrast_nest *nest, int first, int second) {
  const ptrdiff_t size = nest->sizes[first];
  nest->sizes[first] = nest->sizes[second];
  nest->sizes[second] = size;
  for (int operand = 0; operand < nest->operands; operand++) {
    const ptrdiff_t stride = nest->strides[operand][first];
    nest->strides[operand][first] = nest->strides[operand][second];
    nest->strides[operand][second] = stride;
  }
}

static bool can_merge(const contrast_nest *nest, int outer, int inner) {
  for (int operand = 0; operand < nest->operands; operand++)
    if (nest->strides[operand][outer] != nest->strides[operand][inner] * nest->sizes[inner]) return false;
  return true;
}

void contrast_build_nest(
    contrast_nest *nest, int operands, int rank, const ptrdiff_t *sizes, const ptrdiff_t *const strides[]) {
  nest->operands = operands;
  nest->count = 1;
  int kept = 0;
  for (int dimension = 0; dimension < rank; dimension++) {
    nest->count *= (size_t)sizes[dimension];
    if (sizes[dimension] == 1) continue;
    nest->sizes[kept] = sizes[dimension];
    for (int operand = 0; operand < operands; operand++)
      nest->strides[operand][kept] = strides[operand][dimension];
    kept++;
  }
  for (int end = 1; end < kept; end++)
    for (int i = end; i > 0 && precedes(nest, i, i - 1); i--) swap_dimensions(nest, i, i - 1);
  int merged = 0;
  for (int dimension = 0; dimension < kept; dimension++) {
    if (merged > 0 && can_merge(nest, merged - 1, dimension)) {
      nest->sizes[merged - 1] *= nest->sizes[dimension];
      for (int operand = 0; operand < operands; operand++)
        nest->strides[operand][merged - 1] = nest->strides[operand][dimension];
    } else {
      if (merged != dimension) {
        nest->sizes[merged] = nest->sizes[dimension];
        for (int operand = 0; operand < operands; operand++)
          nest->strides[operand][merged] = nest->strides[operand][dimension];
      }
      merged++;
    }
  }
  if (merged == 0) {
    nest->sizes[0] = 1;
    for (int operand = 0; operand < operands; operand++) nest->strides[operand][0] = 1;
    merged = 1;
  }
  nest->rank = merged;
}

ptrdiff_t contrast_row_offset(const contrast_nest *nest, int operand, size_t row) {
  ptrdiff_t offset = 0;
  for (int dimension = nest->rank - 2; dimension >= 0 && row > 0; dimension--) {
    const size_t size = (size_t)nest->sizes[dimension];
    offset += (ptrdiff_t)(row % size) * nest->strides[operand][dimension];
    row /= size;
  }
  return offset;
}

void contrast_gather_run(void *dense, const void *strided, ptrdiff_t stride, size_t count, size_t element_size) {
  if (element_size == 4) {
    uint32_t *to = dense;
    const uint32_t *from = strided;
    for (size_t i = 0; i < count; i++) to[i] = from[(ptrdiff_t)i * stride];
  } else if (element_size == 8) {
    uint64_t *to = dense;
    const uint64_t *from = strided;
    for (size_t i = 0; i < count; i++) to[i] = from[(ptrdiff_t)i * stride];
  } else {
    uint8_t *to = dense;
    const uint8_t *from = strided;
    for (size_t i = 0; i < count; i++) to[i] = from[(ptrdiff_t)i * stride];
  }
}

void contrast_scatter_run(void *strided, ptrdiff_t stride, const void *dense, size_t count, size_t element_size) {
  if (element_size == 4) {
    uint32_t *to = strided;
    const uint32_t *from = dense;
    for (size_t i = 0; i < count; i++) to[(ptrdiff_t)i * stride] = from[i];
  } else if (element_size == 8) {
    uint64_t *to = strided;
    const uint64_t *from = dense;
    for (size_t i = 0; i < count; i++) to[(ptrdiff_t)i * stride] = from[i];
  } else {
    uint8_t *to = strided;
    const uint8_t *from = dense;
    for (size_t i = 0; i < count; i++) to[(ptrdiff_t)i * stride] = from[i];
  }
}
