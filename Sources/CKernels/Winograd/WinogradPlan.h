// What the Winograd sources share: the sizes, the operands in scratch memory, and the functions of one instruction
// level.
#ifndef CONTRAST_WINOGRAD_PLAN_H
#define CONTRAST_WINOGRAD_PLAN_H
#include "ThreadTeam.h"
#include "Winograd/WinogradTiles.h"
#include <stdatomic.h>

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
      long inputs, long outputs, int is_adding, float *weight_gradient);
  void (*multiply)(
      const winograd_operand *inputs, long row, long count, long input_panels, const float *weights,
      long weight_point_stride, long output_panels, const winograd_operand *products, winograd_stretch *coming);
  void (*correlate)(
      const float *inputs, long input_stride, long input_panels, const float *gradients, long gradient_stride,
      long output_panels, long count, float *sums, long sum_stride, int is_adding);
} winograd_functions;

/// Those of the level in use.
const winograd_functions *contrast_winograd_functions(void);

/// A forward pass, or an input gradient, which is a forward pass with weights turned round.
typedef struct {
  winograd_map map;
  winograd_weights view;
  const float *inputs, *bias;
  float *outputs;
  long threads;
} winograd_convolution;

/// Runs a convolution with scratch memory that begins at a cache line; and the floats of scratch memory for it, of
/// which only the sizes and the thread count matter.
void contrast_winograd_by_tiles(const winograd_convolution *convolution, float *scratch);
long contrast_winograd_by_tiles_size(const winograd_convolution *convolution);
void contrast_winograd_by_outputs(const winograd_convolution *convolution, float *scratch);
long contrast_winograd_by_outputs_size(const winograd_convolution *convolution);

/// A weight gradient, from images of `inputs` and gradients of `outputs` channels.
typedef struct {
  winograd_map map;
  long inputs, outputs;
  const float *images, *gradients;
  float *weight_gradient;
  long threads;
} winograd_correlation;

/// As for convolutions.
void contrast_winograd_gradient_by_tiles(const winograd_correlation *correlation, float *scratch);
long contrast_winograd_gradient_by_tiles_size(const winograd_correlation *correlation);
void contrast_winograd_gradient_by_weights(const winograd_correlation *correlation, float *scratch);
long contrast_winograd_gradient_by_weights_size(const winograd_correlation *correlation);

static inline long winograd_panels(long channels) { return (channels + PANEL - 1) / PANEL; }
static inline long winograd_smaller(long a, long b) { return a < b ? a : b; }
static inline long winograd_larger(long a, long b) { return a > b ? a : b; }
static inline long winograd_quotient_up(long a, long b) { return (a + b - 1) / b; }

/// The next item of those that threads take from each other, counted from 0.
static inline long winograd_take(_Atomic long *next) {
  return atomic_fetch_add_explicit(next, 1, memory_order_relaxed);
}

/// Runs `body` on every thread of the team, with the items to take counted anew.
static inline void winograd_run_items(
    long threads, _Atomic long *next, void (*body)(void *context, size_t thread), void *context) {
  atomic_store_explicit(next, 0, memory_order_relaxed);
  contrast_parallel_parts((size_t)threads, body, context);
}

/// Floats between points for panels · rows cache lines: an odd number of lines, so that the 36 lines which a transform
/// touches together fall into different sets of the cache.
static inline long winograd_point_stride(long panels, long rows) { return (panels * rows | 1) * PANEL; }

/// The first cache line at or after `scratch`.
static inline float *winograd_aligned(void *scratch) { return (float *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63); }

#endif
