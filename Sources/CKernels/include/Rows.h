// Softmax and its like along the last dimension of strided float32 arrays. `length` is that dimension's size and each
// `…_step` its stride; the other dimensions are `rank`, `sizes` and `…_strides`.
#ifndef CONTRAST_ROWS_H
#define CONTRAST_ROWS_H
#include <stddef.h>
#include <stdint.h>

/// e^(x − max) / Σ e^(x − max), or with `logarithm` x − max − ln Σ e^(x − max).
void contrast_softmax(
    int logarithm, size_t length, int rank, const ptrdiff_t *sizes, float *output, const ptrdiff_t *output_strides,
    ptrdiff_t output_step, const float *input, const ptrdiff_t *input_strides, ptrdiff_t input_step);

/// y · (g − Σ g·y), or with `logarithm` g − eʸ · Σ g.
void contrast_softmax_gradient(
    int logarithm, size_t length, int rank, const ptrdiff_t *sizes, float *input_gradient,
    const ptrdiff_t *input_gradient_strides, ptrdiff_t input_gradient_step, const float *output,
    const ptrdiff_t *output_strides, ptrdiff_t output_step, const float *gradient, const ptrdiff_t *gradient_strides,
    ptrdiff_t gradient_step);

/// max + ln Σ e^(x − max); −∞ for rows of nothing but −∞.
void contrast_log_sum_exp(
    size_t length, int rank, const ptrdiff_t *sizes, float *output, const ptrdiff_t *output_strides,
    const float *input, const ptrdiff_t *input_strides, ptrdiff_t input_step);

/// The k largest of each of `rows` rows of `columns` elements, falling, with their columns: of equals the lower column
/// first, NaN before all numbers. k <= columns.
void contrast_top_k(
    size_t rows, size_t columns, size_t k, const float *input, ptrdiff_t input_row, ptrdiff_t input_step,
    float *values, ptrdiff_t values_row, ptrdiff_t values_step, int64_t *indices, ptrdiff_t indices_row,
    ptrdiff_t indices_step);

#endif
