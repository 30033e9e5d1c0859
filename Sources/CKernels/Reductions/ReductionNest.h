// What the reductions share: loops over what is kept and over what is reduced, and cuts of long sums.
#ifndef CONTRAST_REDUCTION_NEST_H
#define CONTRAST_REDUCTION_NEST_H
#include "Loops/Nest.h"

/// Kept dimensions, operand 0 the input and 1 the output, and reduced ones, operand 0 the input: both sorted by the
/// input's strides, since the input is what is read.
typedef struct {
  contrast_nest kept, reduced;
} reduction_nest;

/// Reduced are the dimensions whose output stride is 0.
void contrast_build_reduction_nest(
    reduction_nest *nest, int rank, const ptrdiff_t *sizes, const ptrdiff_t *output_strides,
    const ptrdiff_t *input_strides);

/// Where operand `operand` has the kept element number `index`.
static inline ptrdiff_t kept_offset(const reduction_nest *nest, int operand, size_t index) {
  const contrast_nest *kept = &nest->kept;
  const size_t width = (size_t)kept->sizes[kept->rank - 1];
  return contrast_row_offset(kept, operand, index / width) +
         (ptrdiff_t)(index % width) * kept->strides[operand][kept->rank - 1];
}

enum {
  /// Elements that one partial sum covers at least when a whole reduction is cut for the threads. The cuts depend on
  /// sizes alone, so that sums do not depend on the thread count.
  CUT = 16384,
  MOST_CUTS = 64
};

#endif
