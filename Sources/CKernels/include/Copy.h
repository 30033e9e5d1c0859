// Copies between strided arrays of any of the element types, and filling. Strides are in elements.
#ifndef CONTRAST_COPY_H
#define CONTRAST_COPY_H
#include <stddef.h>
#include <stdint.h>

/// Element types, in the order of Swift's `ElementType`.
enum { CONTRAST_FLOAT32, CONTRAST_FLOAT64, CONTRAST_INT64, CONTRAST_UINT8, CONTRAST_BOOL, CONTRAST_TYPE_COUNT };

/// Copies, converting where the types differ. Floats to integers truncate toward zero, saturate, and make NaN 0;
/// wider integers to narrower ones wrap; everything but 0 is true. The arrays must not overlap.
void contrast_copy(
    int rank, const ptrdiff_t *sizes, int output_type, void *output, const ptrdiff_t *output_strides, int input_type,
    const void *input, const ptrdiff_t *input_strides);

/// Sets every element to the `element_size` (1, 4 or 8) bytes at `value`.
void contrast_fill(
    int rank, const ptrdiff_t *sizes, size_t element_size, const void *value, void *output,
    const ptrdiff_t *output_strides);

#endif
