#include "Winograd.h"
#include "Dispatch.h"
#include "Winograd/WinogradPlan.h"

int contrast_winograd_is_eligible(
    long images, long height, long width, long input_channels, long output_channels) {
  return images > 0 && height > 0 && width > 0 && input_channels > 0 && output_channels > 0 &&
         input_channels % 8 == 0 && output_channels % 8 == 0;
}

// Times in units of one multiplication and addition at full speed, fitted to one core of a Zen 3.
enum {
  TIME_OF_CHANNEL = 530,  // a channel of a tile to or from the points
  TIME_OF_WEIGHT = 616    // a pair of channels' nine weights, likewise
};

// What oneDNN's direct convolution takes for one multiplication and addition, by pass.
static const double direct_time[] = {1.4, 1.3, 1.7};

int contrast_winograd_is_faster(
    int pass, long images, long height, long width, long input_channels, long output_channels) {
  if (contrast_level() == CONTRAST_BASELINE) return 0;
  if (!contrast_winograd_is_eligible(images, height, width, input_channels, output_channels)) return 0;
  const winograd_map map = winograd_map_of(images, height, width);
  const double inputs = (double)(winograd_panels(input_channels) * PANEL);
  const double outputs = (double)(winograd_panels(output_channels) * PANEL);
  const double tile = (double)POINTS * inputs * outputs + (double)TIME_OF_CHANNEL * (inputs + outputs);
  const double ours = (double)map.tiles * tile + (double)TIME_OF_WEIGHT * inputs * outputs;
  // Taps on the padding cost the direct way nothing.
  const double taps = (double)images * (3 * (double)height - 2) * (3 * (double)width - 2);
  return ours < direct_time[pass] * taps * (double)input_channels * (double)output_channels;
}

// Bytes of transformed weights above which they are better transformed where they are used, as long as there are only
// so many tiles to use them for. For the weight gradient: bytes of all threads' sums above which threads do not have
// sums of their own; and below how many tiles for each thread that holds already from some bytes of one thread's sums.
enum {
  MOST_WEIGHT_BYTES = 12 << 20,
  MOST_TILES_BY_OUTPUTS = 96,
  MOST_SUM_BYTES = 24 << 20,
  FEW_TILES = 32,
  LARGE_SUM_BYTES = 2 << 20
};

static long weight_bytes(long inputs, long outputs) {
  return winograd_panels(inputs) * winograd_panels(outputs) * PANEL * PANEL * POINTS * (long)sizeof(float);
}

static int is_by_outputs(const winograd_convolution *convolution) {
  return convolution->map.tiles <= MOST_TILES_BY_OUTPUTS &&
         weight_bytes(convolution->view.inputs, convolution->view.outputs) > MOST_WEIGHT_BYTES;
}

static int is_by_weights(const winograd_correlation *correlation) {
  const long bytes = weight_bytes(correlation->inputs, correlation->outputs), threads = correlation->threads;
  return threads * bytes > MOST_SUM_BYTES ||
         (bytes > LARGE_SUM_BYTES && correlation->map.tiles < FEW_TILES * threads);
}

static void run(const winograd_convolution *convolution, void *scratch) {
  if (is_by_outputs(convolution)) {
    contrast_winograd_by_outputs(convolution, winograd_aligned(scratch));
  } else {
    contrast_winograd_by_tiles(convolution, winograd_aligned(scratch));
  }
}

size_t contrast_winograd_scratch_bytes(
    int pass, long images, long height, long width, long input_channels, long output_channels, long threads) {
  const winograd_map map = winograd_map_of(images, height, width);
  long floats;
  if (pass == CONTRAST_WEIGHT_GRADIENT) {
    const winograd_correlation correlation = {
        .map = map, .inputs = input_channels, .outputs = output_channels, .threads = threads};
    floats = is_by_weights(&correlation) ? contrast_winograd_gradient_by_weights_size(&correlation)
                                         : contrast_winograd_gradient_by_tiles_size(&correlation);
  } else {
    winograd_convolution convolution = {.map = map, .threads = threads};
    convolution.view.inputs = pass == CONTRAST_FORWARD ? input_channels : output_channels;
    convolution.view.outputs = pass == CONTRAST_FORWARD ? output_channels : input_channels;
    floats = is_by_outputs(&convolution) ? contrast_winograd_by_outputs_size(&convolution)
                                         : contrast_winograd_by_tiles_size(&convolution);
  }
  return (size_t)(floats + PANEL) * sizeof(float);  // and what aligning the scratch memory skips
}

void contrast_winograd_forward(
    const float *inputs, const float *weights, const float *bias, float *outputs, long images, long height, long width,
    long input_channels, long output_channels, long threads, void *scratch) {
  const winograd_convolution convolution = {
      .map = winograd_map_of(images, height, width),
      .view = {weights, output_channels, input_channels, input_channels * TAPS, TAPS, 0},
      .inputs = inputs,
      .bias = bias,
      .outputs = outputs,
      .threads = threads};
  run(&convolution, scratch);
}

void contrast_winograd_input_gradient(
    const float *output_gradient, const float *weights, float *input_gradient, long images, long height, long width,
    long input_channels, long output_channels, long threads, void *scratch) {
  const winograd_convolution convolution = {
      .map = winograd_map_of(images, height, width),
      .view = {weights, input_channels, output_channels, TAPS, input_channels * TAPS, 1},
      .inputs = output_gradient,
      .outputs = input_gradient,
      .threads = threads};
  run(&convolution, scratch);
}

void contrast_winograd_weight_gradient(
    const float *inputs, const float *output_gradient, float *weight_gradient, long images, long height, long width,
    long input_channels, long output_channels, long threads, void *scratch) {
  const winograd_correlation correlation = {
      .map = winograd_map_of(images, height, width),
      .inputs = input_channels,
      .outputs = output_channels,
      .images = inputs,
      .gradients = output_gradient,
      .weight_gradient = weight_gradient,
      .threads = threads};
  if (is_by_weights(&correlation)) {
    contrast_winograd_gradient_by_weights(&correlation, winograd_aligned(scratch));
  } else {
    contrast_winograd_gradient_by_tiles(&correlation, winograd_aligned(scratch));
  }
}
