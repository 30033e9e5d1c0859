#include "Winograd.h"
#include "Dispatch.h"
#include "WinogradPlan.h"

int contrast_winograd_is_eligible(
    long images, long height, long width, long input_channels, long output_channels) {
  return images > 0 && height > 0 && width > 0 && input_channels > 0 && output_channels > 0 &&
         input_channels % 8 == 0 && output_channels % 8 == 0;
}

int contrast_winograd_is_faster(
    int pass, long images, long height, long width, long input_channels, long output_channels) {
  (void)pass;
  if (contrast_level() == CONTRAST_BASELINE) return 0;
  if (!contrast_winograd_is_eligible(images, height, width, input_channels, output_channels)) return 0;
  const winograd_map map = winograd_map_of(images, height, width);
  // Below: tiles mostly outside the image, transforms that outweigh the products, weights that outweigh the images.
  return images * height * width * 3 >= map.tiles * TILE * TILE && input_channels >= 16 && output_channels >= 16 &&
         map.tiles >= 32;
}

size_t contrast_winograd_scratch_bytes(
    int pass, long images, long height, long width, long input_channels, long output_channels, long threads) {
  const winograd_map map = winograd_map_of(images, height, width);
  const long floats =
      pass == CONTRAST_FORWARD ? contrast_winograd_forward_size(&map, input_channels, output_channels, threads)
      : pass == CONTRAST_INPUT_GRADIENT
          ? contrast_winograd_forward_size(&map, output_channels, input_channels, threads)
          : contrast_winograd_gradient_size(&map, input_channels, output_channels, threads);
  return (size_t)(floats + PANEL) * sizeof(float);  // and what aligning the scratch memory skips
}
