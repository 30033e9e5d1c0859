#ifndef CONTRAST_TRANSPOSE_H
#define CONTRAST_TRANSPOSE_H
#include <stddef.h>

/// output[r · output_step + c] = input[c · input_step + r] for elements of 1, 4 or 8 bytes: `rows` <= 32 or so, lest
/// the lines of memory that the columns touch fall out of the cache.
void contrast_transpose_band(
    void *output, ptrdiff_t output_step, const void *input, ptrdiff_t input_step, size_t rows, size_t columns,
    size_t element_size);

#endif
