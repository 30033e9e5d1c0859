// Pooling of dense NHWC float32 images.
#ifndef CONTRAST_POOLING_H
#define CONTRAST_POOLING_H
#include <stddef.h>
#include <stdint.h>

typedef struct {
  size_t batch, channels, in_height, in_width, out_height, out_width;
  size_t window_height, window_width, stride_y, stride_x, padding_y, padding_x;
} contrast_pooling;

/// The largest of each window, the first of equals, NaN above all; `positions` are y · in_width + x of the winners.
void contrast_max_pool(const contrast_pooling *pooling, const float *input, float *output, int64_t *positions);
/// Adds each output gradient at its winner's place. The windows do not matter any more.
void contrast_max_pool_gradient(
    const contrast_pooling *pooling, const float *output_gradient, const int64_t *positions, float *input_gradient);
/// The mean of each window; padding counts as zeros.
void contrast_average_pool(const contrast_pooling *pooling, const float *input, float *output);
void contrast_average_pool_gradient(
    const contrast_pooling *pooling, const float *output_gradient, float *input_gradient);

#endif
