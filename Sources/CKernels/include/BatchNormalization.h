// Batch normalisation of a dense [rows, channels] matrix: NHWC images with a row for each pixel, or plain features.
//
// Ioffe, Szegedy, 2015, arXiv:1502.03167. Sums run in float over short runs of rows and in double over these, so that
// results depend on the thread count (in the last bits) and on nothing else.
#ifndef CONTRAST_BATCH_NORMALIZATION_H
#define CONTRAST_BATCH_NORMALIZATION_H
#include <stdbool.h>
#include <stddef.h>

/// Each channel's mean and biased variance.
/// `scratch` holds contrast_batch_scratch_count(rows, channels) doubles.
void contrast_batch_statistics(
    const float *input, size_t rows, size_t channels, float *mean, float *variance, double *scratch);

/// Doubles of working memory for the statistics and for the gradient.
size_t contrast_batch_scratch_count(size_t rows, size_t channels);

typedef struct {
  size_t rows, channels;
  const float *mean, *variance;
  /// NULL for 1 and 0.
  const float *weight, *bias;
  double epsilon;
} contrast_batch;

/// output = relu?((input − mean) / √(variance + ε) · weight + bias + residual?); `residual` may be NULL.
void contrast_batch_apply(
    const contrast_batch *batch, const float *input, const float *residual, bool rectify, float *output,
    double *scratch);

/// The gradients of statistics and application together. `output` is NULL without rectification; where it is not
/// positive the gradient is masked. Gradients that are not wanted are NULL.
void contrast_batch_gradient(
    const contrast_batch *batch, const float *output_gradient, const float *input, const float *output,
    float *input_gradient, float *weight_gradient, float *bias_gradient, float *residual_gradient, double *scratch);

#endif
