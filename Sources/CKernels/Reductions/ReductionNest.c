#include "Reductions/ReductionNest.h"

void contrast_build_reduction_nest(
    reduction_nest *nest, int rank, const ptrdiff_t *sizes, const ptrdiff_t *output_strides,
    const ptrdiff_t *input_strides) {
  ptrdiff_t kept_sizes[NEST_RANK], kept_output[NEST_RANK], kept_input[NEST_RANK];
  ptrdiff_t reduced_sizes[NEST_RANK], reduced_input[NEST_RANK];
  int kept = 0, reduced = 0;
  for (int dimension = 0; dimension < rank; dimension++) {
    if (sizes[dimension] == 1) continue;
    if (output_strides[dimension] == 0) {
      reduced_sizes[reduced] = sizes[dimension];
      reduced_input[reduced++] = input_strides[dimension];
    } else {
      kept_sizes[kept] = sizes[dimension];
      kept_output[kept] = output_strides[dimension];
      kept_input[kept++] = input_strides[dimension];
    }
  }
  contrast_build_nest(&nest->kept, 2, kept, kept_sizes, (const ptrdiff_t *const[]){kept_input, kept_output});
  contrast_build_nest(&nest->reduced, 1, reduced, reduced_sizes, (const ptrdiff_t *const[]){reduced_input});
}
