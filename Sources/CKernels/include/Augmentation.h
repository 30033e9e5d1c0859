// Image augmentation: random crops, colour and blur of 8-bit RGB pictures, many at a time on the thread team.
//
// Each step does what torchvision's transforms do to a uint8 tensor: values are whole numbers from 0 to 255 between the
// steps; colour steps clamp and cut off the fraction, resampling and blur round half to even. A picture is held as
// three planes of floats, which stay in the processor's cache through all its steps. Results have the same bits at
// every instruction level and thread count: products and sums are never fused.
#ifndef CONTRAST_AUGMENTATION_H
#define CONTRAST_AUGMENTATION_H
#include <stddef.h>
#include <stdint.h>

/// What to do to a picture. The comment says which members of the step are read.
typedef enum {
  /// Cuts out (top, left, height, width) and resamples it to out_height × out_width: interpolation.
  CONTRAST_CROP_RESIZE = 0,
  /// Mirrors left and right.
  CONTRAST_FLIP = 1,
  /// x · value.
  CONTRAST_BRIGHTNESS = 2,
  /// value · x + (1 − value) · mean of the grey picture.
  CONTRAST_CONTRAST = 3,
  /// value · x + (1 − value) · grey.
  CONTRAST_SATURATION = 4,
  /// Turns the hue by `value` of a full circle, −0.5 … 0.5.
  CONTRAST_HUE = 5,
  /// 0.2989 red + 0.587 green + 0.114 blue in all channels.
  CONTRAST_GRAYSCALE = 6,
  /// A Gaussian of deviation `value` pixels over kernel × kernel pixels (odd), the picture mirrored at its edges.
  CONTRAST_BLUR = 7,
  /// 255 − x where x is at least `value`.
  CONTRAST_SOLARIZE = 8,
} contrast_augmentation_kind;

/// Antialiased resampling filters: a triangle, or Keys' cubic with a = −0.5, as Pillow's.
typedef enum { CONTRAST_BILINEAR = 0, CONTRAST_BICUBIC = 1 } contrast_interpolation;

/// The largest side of a blur's kernel.
typedef enum { CONTRAST_LARGEST_KERNEL = 1023 } contrast_largest_kernel;

/// One step with its parameters.
typedef struct {
  int32_t kind;
  int32_t top, left, height, width, out_height, out_width;
  int32_t interpolation, kernel;
  double value;
} contrast_augmentation_step;

/// Bytes that must be readable behind the last pixel of a source picture.
typedef enum { CONTRAST_PIXEL_PADDING = 64 } contrast_pixel_padding;

/// One picture, its steps in order, and where the result goes, as float or as bytes: height × width × 3 values, the
/// channels of a pixel next to each other. Exactly one of the outputs is given.
typedef struct {
  const uint8_t *pixels;
  int32_t height, width;
  const contrast_augmentation_step *steps;
  int32_t step_count;
  /// The float result is x · scale + offset for x from 0 to 255, for each channel.
  float scale[3], offset[3];
  float *output;
  uint8_t *bytes;
} contrast_augmented_view;

/// Makes all views, in parallel. Crops lie within their pictures and blur kernels are at most 2 · the smaller side − 1
/// and CONTRAST_LARGEST_KERNEL.
/// Returns 0, or −1 when there is no memory to work in.
int contrast_augment(const contrast_augmented_view *views, size_t count);

#endif
