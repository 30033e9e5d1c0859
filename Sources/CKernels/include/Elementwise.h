// Element-wise kernels over strided operands of float32 (and bool where said). Strides are in elements; the first
// `rank` <= 6 numbers of each list count; a stride of 0 repeats. An output may be the very same array as an input.
#ifndef CONTRAST_ELEMENTWISE_H
#define CONTRAST_ELEMENTWISE_H
#include <stddef.h>
#include <stdint.h>

enum {
  CONTRAST_NEGATE, CONTRAST_ABSOLUTE, CONTRAST_SIGN, CONTRAST_SQUARE, CONTRAST_RECIPROCAL,
  CONTRAST_EXPONENTIAL, CONTRAST_LOGARITHM, CONTRAST_LOGARITHM1P, CONTRAST_SQUARE_ROOT,
  CONTRAST_RECIPROCAL_SQUARE_ROOT, CONTRAST_SINE, CONTRAST_COSINE, CONTRAST_TANH, CONTRAST_SIGMOID,
  CONTRAST_SOFTPLUS, CONTRAST_ERF, CONTRAST_RELU, CONTRAST_FLOOR, CONTRAST_CEILING, CONTRAST_ROUND,
  /// first · x + second
  CONTRAST_AFFINE,
  /// x ^ first
  CONTRAST_POWER_SCALAR,
  /// Between first and second.
  CONTRAST_CLAMP,
  /// bool → bool
  CONTRAST_NOT,
  /// → bool
  CONTRAST_IS_FINITE,
  CONTRAST_UNARY_COUNT
};

enum {
  CONTRAST_ADD, CONTRAST_SUBTRACT, CONTRAST_MULTIPLY, CONTRAST_DIVIDE, CONTRAST_POWER, CONTRAST_MINIMUM,
  CONTRAST_MAXIMUM, CONTRAST_MODULO,
  /// → bool
  CONTRAST_EQUAL, CONTRAST_NOT_EQUAL, CONTRAST_LESS, CONTRAST_LESS_OR_EQUAL, CONTRAST_GREATER,
  CONTRAST_GREATER_OR_EQUAL,
  /// bool, bool → bool
  CONTRAST_AND, CONTRAST_OR, CONTRAST_EXCLUSIVE_OR,
  CONTRAST_RELU_GRADIENT, CONTRAST_TANH_GRADIENT, CONTRAST_SIGMOID_GRADIENT,
  /// first + scale · second: accumulation, with the output as first.
  CONTRAST_ADD_SCALED,
  CONTRAST_BINARY_COUNT
};

void contrast_map(
    int operation, float first, float second, int rank, const ptrdiff_t *sizes, void *output,
    const ptrdiff_t *output_strides, const void *input, const ptrdiff_t *input_strides);

void contrast_zip(
    int operation, float scale, int rank, const ptrdiff_t *sizes, void *output, const ptrdiff_t *output_strides,
    const void *first, const ptrdiff_t *first_strides, const void *second, const ptrdiff_t *second_strides);

void contrast_select(
    int rank, const ptrdiff_t *sizes, float *output, const ptrdiff_t *output_strides, const uint8_t *condition,
    const ptrdiff_t *condition_strides, const float *first, const ptrdiff_t *first_strides, const float *second,
    const ptrdiff_t *second_strides);

#endif
