// Sums, means, maxima and minima over any dimensions of strided float32 arrays, and their like.
#ifndef CONTRAST_REDUCTIONS_H
#define CONTRAST_REDUCTIONS_H
#include <stddef.h>
#include <stdint.h>

enum { CONTRAST_SUM, CONTRAST_MEAN, CONTRAST_REDUCE_MAXIMUM, CONTRAST_REDUCE_MINIMUM };

/// Reduces the dimensions whose output stride is 0. Sums are gathered in double from sums of at most eight floats; a
/// NaN makes its maximum or minimum NaN. The same bits at any thread count.
void contrast_reduce(
    int operation, int rank, const ptrdiff_t *sizes, float *output, const ptrdiff_t *output_strides,
    const float *input, const ptrdiff_t *input_strides);

/// Whether any (or all) of the bytes along the dimensions of output stride 0 are not 0.
void contrast_reduce_truth(
    int is_all, int rank, const ptrdiff_t *sizes, uint8_t *output, const ptrdiff_t *output_strides,
    const uint8_t *input, const ptrdiff_t *input_strides);

/// The position of the first largest of `length` elements, one `input_step` apart, for each element of the output.
/// The first NaN is larger than all numbers.
void contrast_argument_of_maximum(
    size_t length, ptrdiff_t input_step, int rank, const ptrdiff_t *sizes, int64_t *output,
    const ptrdiff_t *output_strides, const float *input, const ptrdiff_t *input_strides);

/// Σ x² over all elements, in double. The same bits at any thread count.
double contrast_sum_of_squares(int rank, const ptrdiff_t *sizes, const float *input, const ptrdiff_t *input_strides);

#endif
