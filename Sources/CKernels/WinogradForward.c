// Forward pass and input gradient, which is a forward pass with weights turned round. Weights are transformed first;
// then each block of tiles is transformed, multiplied and restored by one thread, in scratch memory that stays in its
// cache.
#include "ThreadTeam.h"
#include "Winograd.h"
#include "WinogradPlan.h"
#include <stdatomic.h>
#include <string.h>

// A block's operands should take about what the second cache has; but each block goes through all weights, so it needs
// some tiles for these to be worth fetching. A multiple of the rows that the products take at a time.
enum { BLOCK_BYTES = 400 * 1024, LEAST_BLOCK = 48, BLOCK_ROWS = 6, PANELS_TOGETHER = 4 };

typedef struct {
  winograd_map map;
  winograd_weights view;
  const float *inputs, *bias;
  float *outputs;
  // The plan: tiles in a block, blocks, panels of channels, output panels multiplied together.
  long block, blocks, input_panels, output_panels, together, threads;
  // Scratch memory, in floats: [36 points of weights][zeros][a workplace for each thread: inputs, products, sink].
  long weight_point_stride, input_point_stride, product_point_stride, border, workplace;
  float *weights, *zeros, *workplaces;
  _Atomic long next_block;
} forward_job;

static void plan(forward_job *job, long threads) {
  const long tiles = job->map.tiles;
  job->threads = threads;
  job->input_panels = winograd_panels(job->view.inputs), job->output_panels = winograd_panels(job->view.outputs);
  job->together = winograd_smaller(job->output_panels, PANELS_TOGETHER);
  const long tile_bytes = (job->input_panels + job->together) * POINTS * PANEL * (long)sizeof(float);
  const long most = winograd_larger(BLOCK_BYTES / tile_bytes, LEAST_BLOCK);
  const long block = winograd_smaller(most, winograd_quotient_up(tiles, threads));
  const long even = winograd_quotient_up(tiles, winograd_quotient_up(tiles, block));
  job->block = winograd_quotient_up(even, BLOCK_ROWS) * BLOCK_ROWS;
  job->blocks = winograd_quotient_up(tiles, job->block);
  job->weight_point_stride = winograd_point_stride(job->output_panels, job->input_panels * PANEL);
  job->input_point_stride = winograd_point_stride(job->input_panels, job->block);
  job->product_point_stride = winograd_point_stride(job->together, job->block);
  job->border = winograd_larger(job->input_panels, job->output_panels) * PANEL;
  job->workplace = POINTS * (job->input_point_stride + job->product_point_stride) + job->border;
}

long contrast_winograd_forward_size(const winograd_map *map, long inputs, long outputs, long threads) {
  forward_job job = {.map = *map, .view = {.inputs = inputs, .outputs = outputs}};
  plan(&job, threads);
  return POINTS * job.weight_point_stride + job.border + threads * job.workplace;
}

/// Items are 16 × 16 weights: panel of outputs, then panel of inputs.
static void transform_weights(void *context, size_t begin, size_t end) {
  const forward_job *job = context;
  const winograd_functions *functions = contrast_winograd_functions();
  for (long item = (long)begin; item < (long)end; item++) {
    const long panel = item / job->input_panels, first = item % job->input_panels * PANEL;
    functions->transform_weights(
        &job->view, panel, first, first + PANEL, job->weights + item * PANEL * PANEL, job->weight_point_stride);
  }
}

static void run_block(const forward_job *job, long block, const winograd_operand *inputs,
                      const winograd_operand *products, float *sink) {
  const winograd_functions *functions = contrast_winograd_functions();
  const long first = block * job->block, count = winograd_smaller(job->block, job->map.tiles - first);
  functions->transform_inputs(&job->map, job->inputs, job->view.inputs, job->zeros, first, count, inputs, 0);
  for (long panel = 0; panel < job->output_panels; panel += job->together) {
    const long panels = winograd_smaller(job->together, job->output_panels - panel);
    const long end = winograd_smaller((panel + panels) * PANEL, job->view.outputs);
    functions->multiply(
        inputs, count, job->input_panels, job->weights + panel * job->input_panels * PANEL * PANEL,
        job->weight_point_stride, panels, products);
    functions->restore_outputs(
        &job->map, products, first, count, panel * PANEL, end, job->bias, sink, job->outputs, job->view.outputs);
  }
}

/// Threads take the next block when they are done with one: the result does not depend on who does what.
static void run_blocks(void *context, size_t thread) {
  forward_job *job = context;
  float *memory = job->workplaces + (long)thread * job->workplace;
  const winograd_operand inputs = {memory, job->input_point_stride, job->block};
  const winograd_operand products = {memory + POINTS * job->input_point_stride, job->product_point_stride, job->block};
  float *sink = products.values + POINTS * job->product_point_stride;
  long block;
  while ((block = atomic_fetch_add_explicit(&job->next_block, 1, memory_order_relaxed)) < job->blocks)
    run_block(job, block, &inputs, &products, sink);
}

static void run(forward_job *job, long threads, void *scratch) {
  plan(job, threads);
  job->weights = winograd_aligned(scratch);
  job->zeros = job->weights + POINTS * job->weight_point_stride;
  job->workplaces = job->zeros + job->border;
  memset(job->zeros, 0, (size_t)job->border * sizeof(float));
  contrast_parallel((size_t)(job->input_panels * job->output_panels), 4, transform_weights, job);
  atomic_init(&job->next_block, 0);
  contrast_parallel_parts((size_t)winograd_smaller(threads, job->blocks), run_blocks, job);
}

void contrast_winograd_forward(
    const float *inputs, const float *weights, const float *bias, float *outputs, long images, long height, long width,
    long input_channels, long output_channels, long threads, void *scratch) {
  forward_job job = {
      .map = winograd_map_of(images, height, width),
      .view = {weights, output_channels, input_channels, input_channels * TAPS, TAPS, 0},
      .inputs = inputs,
      .bias = bias,
      .outputs = outputs};
  run(&job, threads, scratch);
}

void contrast_winograd_input_gradient(
    const float *output_gradient, const float *weights, float *input_gradient, long images, long height, long width,
    long input_channels, long output_channels, long threads, void *scratch) {
  forward_job job = {
      .map = winograd_map_of(images, height, width),
      .view = {weights, input_channels, output_channels, TAPS, input_channels * TAPS, 1},
      .inputs = output_gradient,
      .outputs = input_gradient};
  run(&job, threads, scratch);
}
