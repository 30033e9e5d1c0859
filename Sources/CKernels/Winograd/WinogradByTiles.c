// A convolution cut into blocks of tiles: weights are transformed first; then each block is transformed, multiplied and
// restored by one thread, in scratch memory that stays in its cache.
#include "ThreadTeam.h"
#include "Winograd/WinogradPlan.h"
#include <stdatomic.h>
#include <string.h>

// A block's operands should take about what the second cache has; but each block goes through all weights, so it needs
// some tiles for these to be worth fetching. A multiple of the rows that the products take at a time.
enum { BLOCK_BYTES = 400 * 1024, LEAST_BLOCK = 48, BLOCK_ROWS = 6, PANELS_TOGETHER = 4 };

typedef struct {
  winograd_convolution convolution;
  // The plan: tiles in a block, blocks, panels of channels, output panels multiplied together.
  long block, blocks, input_panels, output_panels, together;
  // Scratch memory, in floats: [36 points of weights][zeros][a workplace for each thread: inputs, products, sink].
  long weight_point_stride, input_point_stride, product_point_stride, border, workplace;
  float *weights, *zeros, *workplaces;
  _Atomic long next_block;
} tiles_job;

static tiles_job plan(const winograd_convolution *convolution) {
  tiles_job result = {.convolution = *convolution}, *job = &result;
  const long tiles = convolution->map.tiles;
  job->input_panels = winograd_panels(convolution->view.inputs);
  job->output_panels = winograd_panels(convolution->view.outputs);
  job->together = winograd_smaller(job->output_panels, PANELS_TOGETHER);
  const long tile_bytes = (job->input_panels + job->together) * POINTS * PANEL * (long)sizeof(float);
  const long most = winograd_larger(BLOCK_BYTES / tile_bytes, LEAST_BLOCK);
  const long block = winograd_smaller(most, winograd_quotient_up(tiles, convolution->threads));
  const long even = winograd_quotient_up(tiles, winograd_quotient_up(tiles, block));
  job->block = winograd_quotient_up(even, BLOCK_ROWS) * BLOCK_ROWS;
  job->blocks = winograd_quotient_up(tiles, job->block);
  job->weight_point_stride = winograd_point_stride(job->output_panels, job->input_panels * PANEL);
  job->input_point_stride = winograd_point_stride(job->input_panels, job->block);
  job->product_point_stride = winograd_point_stride(job->together, job->block);
  job->border = winograd_larger(job->input_panels, job->output_panels) * PANEL;
  job->workplace = POINTS * (job->input_point_stride + job->product_point_stride) + job->border;
  return result;
}

long contrast_winograd_by_tiles_size(const winograd_convolution *convolution) {
  const tiles_job job = plan(convolution);
  return POINTS * job.weight_point_stride + job.border + convolution->threads * job.workplace;
}

/// Items are 16 × 16 weights: panel of outputs, then panel of inputs.
static void transform_weights(void *context, size_t begin, size_t end) {
  const tiles_job *job = context;
  const winograd_functions *functions = contrast_winograd_functions();
  for (long item = (long)begin; item < (long)end; item++) {
    const long panel = item / job->input_panels, first = item % job->input_panels * PANEL;
    functions->transform_weights(
        &job->convolution.view, panel, first, first + PANEL, job->weights + item * PANEL * PANEL,
        job->weight_point_stride);
  }
}

static void run_block(const tiles_job *job, long block, const winograd_operand *inputs,
                      const winograd_operand *products, float *sink) {
  const winograd_functions *functions = contrast_winograd_functions();
  const winograd_convolution *c = &job->convolution;
  const long first = block * job->block, count = winograd_smaller(job->block, c->map.tiles - first);
  functions->transform_inputs(&c->map, c->inputs, c->view.inputs, job->zeros, first, count, inputs, 0);
  // What this thread is likely to get next.
  winograd_stretch coming =
      winograd_stretch_of(&c->map, c->inputs, c->view.inputs, first + c->threads * job->block, job->block);
  for (long panel = 0; panel < job->output_panels; panel += job->together) {
    const long panels = winograd_smaller(job->together, job->output_panels - panel);
    const long end = winograd_smaller((panel + panels) * PANEL, c->view.outputs);
    functions->multiply(
        inputs, 0, count, job->input_panels, job->weights + panel * job->input_panels * PANEL * PANEL,
        job->weight_point_stride, panels, products, &coming);
    functions->restore_outputs(
        &c->map, products, first, count, panel * PANEL, end, c->bias, sink, c->outputs, c->view.outputs);
  }
}

/// Threads take the next block when they are done with one: the result does not depend on who does what.
static void run_blocks(void *context, size_t thread) {
  tiles_job *job = context;
  float *memory = job->workplaces + (long)thread * job->workplace;
  const winograd_operand inputs = {memory, job->input_point_stride, job->block};
  const winograd_operand products = {memory + POINTS * job->input_point_stride, job->product_point_stride, job->block};
  float *sink = products.values + POINTS * job->product_point_stride;
  long block;
  while ((block = atomic_fetch_add_explicit(&job->next_block, 1, memory_order_relaxed)) < job->blocks)
    run_block(job, block, &inputs, &products, sink);
}

void contrast_winograd_by_tiles(const winograd_convolution *convolution, float *scratch) {
  tiles_job job = plan(convolution);
  job.weights = scratch;
  job.zeros = job.weights + POINTS * job.weight_point_stride;
  job.workplaces = job.zeros + job.border;
  memset(job.zeros, 0, (size_t)job.border * sizeof(float));
  contrast_parallel((size_t)(job.input_panels * job.output_panels), 4, transform_weights, &job);
  atomic_init(&job.next_block, 0);
  contrast_parallel_parts((size_t)winograd_smaller(convolution->threads, job.blocks), run_blocks, &job);
}
