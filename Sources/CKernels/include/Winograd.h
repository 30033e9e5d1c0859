// Convolution 3 × 3 of stride 1, padding 1, dilation 1 and one group by Winograd's algorithm F(4×4, 3×3), in float32
// and channels-last memory: 36 products for 16 outputs where the direct way takes 144.
#ifndef CONTRAST_WINOGRAD_H
#define CONTRAST_WINOGRAD_H
#include <stddef.h>

/// The three passes of one convolution.
enum { CONTRAST_FORWARD = 0, CONTRAST_INPUT_GRADIENT = 1, CONTRAST_WEIGHT_GRADIENT = 2 };

/// Whether these kernels can do it: any images of at least 1 × 1, any multiples of 8 channels.
int contrast_winograd_is_eligible(
    long images, long height, long width, long input_channels, long output_channels);

/// Whether these kernels are faster than oneDNN's direct convolution on channels-last memory, by a model of both that
/// was fitted to 80 shapes measured with AVX2 (Zen 3); where the two are close it may say no. In short: with 16
/// channels or more on both sides they win for maps of 4 × 4 and from 6 × 6 up, with 64 or more for 3 × 3 and 5 × 5
/// too; for 1 × 1 and 2 × 2 never. A single image needs a map of about 16 × 16 for its size to make up for transforming
/// the weights. From 64 channels each pass takes a quarter to a third of the time. Without AVX2 the answer is no.
int contrast_winograd_is_faster(
    int pass, long images, long height, long width, long input_channels, long output_channels);

/// Bytes of scratch memory that one pass on `threads` threads needs. The memory need not be aligned or cleared.
size_t contrast_winograd_scratch_bytes(
    int pass, long images, long height, long width, long input_channels, long output_channels, long threads);

/// outputs [n, h, w, out] = inputs [n, h, w, in] ⋆ weights [out, in, 3, 3] + bias [out], which may be null.
void contrast_winograd_forward(
    const float *inputs, const float *weights, const float *bias, float *outputs, long images, long height, long width,
    long input_channels, long output_channels, long threads, void *scratch);

/// The gradient of the inputs [n, h, w, in] from that of the outputs [n, h, w, out].
void contrast_winograd_input_gradient(
    const float *output_gradient, const float *weights, float *input_gradient, long images, long height, long width,
    long input_channels, long output_channels, long threads, void *scratch);

/// The gradient of the weights [out, in, 3, 3] from the inputs and the gradient of the outputs.
void contrast_winograd_weight_gradient(
    const float *inputs, const float *output_gradient, float *weight_gradient, long images, long height, long width,
    long input_channels, long output_channels, long threads, void *scratch);

#endif
