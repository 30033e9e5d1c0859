// Moving, adding and picking by int64 indices, which the caller has checked to be in range. Strides are in elements.
#ifndef CONTRAST_INDEXING_H
#define CONTRAST_INDEXING_H
#include <stddef.h>
#include <stdint.h>

/// Slices of `rank` dimensions between two arrays: slice indices[i] of the one and slice i of the other.
typedef struct {
  size_t count;
  const int64_t *indices;
  ptrdiff_t indices_step;
  /// From slice to slice.
  ptrdiff_t output_step, input_step;
  int rank;
  const ptrdiff_t *sizes, *output_strides, *input_strides;
} contrast_slices;

/// output[i] = input[indices[i]] for elements of 1, 4 or 8 bytes.
void contrast_take_rows(const contrast_slices *slices, size_t element_size, void *output, const void *input);
/// output[indices[i]] = input[i]; the last of repeated indices wins.
void contrast_put_rows(const contrast_slices *slices, size_t element_size, void *output, const void *input);
/// output[indices[i]] += input[i] in the order of i.
void contrast_add_rows(const contrast_slices *slices, float *output, const float *input);

/// output[…, j, …] = input[…, indices[…, j, …], …]: `input_strides` are 0 along the indexed dimension, whose stride is
/// `input_step`. Elements of 1, 4 or 8 bytes.
void contrast_gather(
    int rank, const ptrdiff_t *sizes, size_t element_size, void *output, const ptrdiff_t *output_strides,
    const int64_t *indices, const ptrdiff_t *indices_strides, const void *input, const ptrdiff_t *input_strides,
    ptrdiff_t input_step);

/// output[…, indices[…, j, …], …] += input[…, j, …] in the order of j along `dimension`: `output_strides` are 0 there,
/// and `output_step` is its stride.
void contrast_scatter_add(
    int rank, const ptrdiff_t *sizes, int dimension, float *output, const ptrdiff_t *output_strides,
    ptrdiff_t output_step, const int64_t *indices, const ptrdiff_t *indices_strides, const float *input,
    const ptrdiff_t *input_strides);

#endif
