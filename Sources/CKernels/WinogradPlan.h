// What the Winograd sources share: the sizes, the operands in scratch memory, and the functions of one instruction level.
#ifndef CONTRAST_WINOGRAD_PLAN_H
#define CONTRAST_WINOGRAD_PLAN_H
#include "WinogradTiles.h"

/// A transformed operand. `point_stride` floats lie between points; within a point it is [panel][row][16], with `rows`
/// rows, one for each tile, in each panel.
typedef struct {
  float *values;
  long point_stride, rows;
} winograd_operand;

/// Weights [out][in][3][3] as one pass sees them: for the input gradient in and out change places and the taps run
/// backwards.
typedef struct {
  const float *weights;
  long outputs, inputs;              // channels written and read in this pass
  long output_stride, input_stride;  // floats between neighbouring channels
  int is_flipped;
} winograd_weights;

/// The functions of one instruction level; see where they are defined.
typedef struct {
  void (*transform_inputs)(
      const winograd_map *map, const float *images, long channels, const float *zeros, long first, long count,
      const winograd_operand *to, long row);
  void (*transform_gradients)(
      const winograd_map *map, const float *images, long channels, const float *zeros, long first, long count,
      const winograd_operand *to, long row);
  void (*restore_outputs)(
      const winograd_map *map, const winograd_operand *from, long first, long count, long channel, long end,
      const float *bias, float *sink, float *images, long channels);
  void (*transform_weights)(
      const winograd_weights *view, long panel, long first, long end, float *to, long point_stride);
  void (*restore_weights)(
      const float *from, long point_stride, long copies, long copy_stride, long input_panel, long output_panel,
      long inputs, long outputs, float *weight_gradient);
  void (*multiply)(
      const winograd_operand *inputs, long count, long input_panels, const float *weights, long weight_point_stride,
      long output_panels, const winograd_operand *products);
  void (*correlate)(
      const float *inputs, long input_stride, long input_panels, const float *gradients, long gradient_stride,
      long output_panels, long count, float *sums, long sum_stride, int is_adding);
} winograd_functions;

/// Those of the level in use.
const winograd_functions *contrast_winograd_functions(void);

/// Floats of scratch memory for a forward pass or an input gradient from `inputs` to `outputs` channels.
long contrast_winograd_forward_size(const winograd_map *map, long inputs, long outputs, long threads);

/// Floats of scratch memory for a weight gradient.
long contrast_winograd_gradient_size(const winograd_map *map, long inputs, long outputs, long threads);

static inline long winograd_panels(long channels) { return (channels + PANEL - 1) / PANEL; }
static inline long winograd_smaller(long a, long b) { return a < b ? a : b; }
static inline long winograd_larger(long a, long b) { return a > b ? a : b; }
static inline long winograd_quotient_up(long a, long b) { return (a + b - 1) / b; }

/// Floats between points for panels · rows cache lines: an odd number of lines, so that the 36 lines which a transform
/// touches together fall into different sets of the cache.
static inline long winograd_point_stride(long panels, long rows) { return (panels * rows | 1) * PANEL; }

/// The first cache line at or after `scratch`.
static inline float *winograd_aligned(void *scratch) { return (float *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63); }

#endif
