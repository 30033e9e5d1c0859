// Convolution of dense NHWC float32 images with any kernel, stride, padding and dilation, in one group, as a matrix
// product whose left side is read where it lies: for strided kernels, which Winograd's algorithm does not serve.
#ifndef CONTRAST_DIRECT_CONVOLUTION_H
#define CONTRAST_DIRECT_CONVOLUTION_H
#include <stddef.h>

typedef struct {
  size_t images, in_height, in_width, in_channels, out_height, out_width, out_channels;
  size_t kernel_height, kernel_width, stride_y, stride_x, padding_y, padding_x;
  /// 1 is dense.
  size_t dilation_y, dilation_x;
} contrast_direct;

/// Bytes of working memory for the forward pass or the input gradient, aligned to 64 bytes.
size_t contrast_direct_scratch_bytes(const contrast_direct *shape);

/// output [n, h, w, out] = input [n, h, w, in] ⋆ weight [out, in, kh, kw] + bias [out], which may be NULL.
void contrast_direct_forward(
    const contrast_direct *shape, const float *input, const float *weight, const float *bias, float *output,
    void *scratch);

/// The gradient of the input from that of the output.
void contrast_direct_input_gradient(
    const contrast_direct *shape, const float *output_gradient, const float *weight, float *input_gradient,
    void *scratch);

/// Bytes of working memory for the weight gradient, aligned to 64 bytes.
size_t contrast_direct_gradient_scratch_bytes(const contrast_direct *shape);

/// The gradient [out, in, kh, kw] of the weight. Depends on the thread count in the last bits.
void contrast_direct_weight_gradient(
    const contrast_direct *shape, const float *input, const float *output_gradient, float *weight_gradient,
    void *scratch);

#endif
