// A convolution cut by output channels, for so many channels that the transformed weights would not fit into any cache:
// the threads transform a group of tiles together; then each takes some output channels, transforms their weights, and
// multiplies and restores the group's tiles with them.
#include "Winograd/WinogradPlan.h"
#include <stddef.h>
#include <string.h>

// Bytes of a group's transformed inputs, which all threads read again and again; tiles that are multiplied and restored
// at a time; output panels and tiles that a thread takes at a time.
enum { GROUP_BYTES = 12 << 20, BLOCK = 128, PANELS_TAKEN = 2, TILES_TAKEN = 8 };

typedef struct {
  winograd_convolution convolution;
  long group, taken, input_panels, output_panels;
  // Scratch memory, in floats: [zeros][inputs][a workplace for each thread: weights, products, sink].
  long weight_point_stride, input_point_stride, product_point_stride, border, workplace;
  float *zeros, *workplaces;
  winograd_operand inputs;
  long first, count;  // tiles of the group in work
  _Atomic long next_item;
} outputs_job;

static outputs_job plan(const winograd_convolution *convolution) {
  outputs_job result = {.convolution = *convolution}, *job = &result;
  const long tiles = convolution->map.tiles;
  job->input_panels = winograd_panels(convolution->view.inputs);
  job->output_panels = winograd_panels(convolution->view.outputs);
  job->taken = job->output_panels >= PANELS_TAKEN * convolution->threads ? PANELS_TAKEN : 1;
  const long tile_bytes = job->input_panels * POINTS * PANEL * (long)sizeof(float);
  const long most = winograd_larger(GROUP_BYTES / tile_bytes, BLOCK);
  job->group = winograd_quotient_up(tiles, winograd_quotient_up(tiles, most));
  job->weight_point_stride = winograd_point_stride(job->taken, job->input_panels * PANEL);
  job->input_point_stride = winograd_point_stride(job->input_panels, job->group);
  job->product_point_stride = winograd_point_stride(job->taken, BLOCK);
  job->border = winograd_larger(job->input_panels, job->output_panels) * PANEL;
  job->workplace = POINTS * (job->weight_point_stride + job->product_point_stride) + job->border;
  return result;
}

long contrast_winograd_by_outputs_size(const winograd_convolution *convolution) {
  const outputs_job job = plan(convolution);
  return job.border + POINTS * job.input_point_stride + convolution->threads * job.workplace;
}

static void transform_items(void *context, size_t thread) {
  (void)thread;
  outputs_job *job = context;
  const winograd_convolution *c = &job->convolution;
  for (long row; (row = winograd_take(&job->next_item) * TILES_TAKEN) < job->count;)
    contrast_winograd_functions()->transform_inputs(
        &c->map, c->inputs, c->view.inputs, job->zeros, job->first + row,
        winograd_smaller(TILES_TAKEN, job->count - row), &job->inputs, row);
}

/// Output panels panel ..< panel + panels of the whole group.
static void run_panels(const outputs_job *job, long panel, long panels, float *memory) {
  const winograd_functions *functions = contrast_winograd_functions();
  const winograd_convolution *c = &job->convolution;
  const long depth = job->input_panels * PANEL, end = winograd_smaller((panel + panels) * PANEL, c->view.outputs);
  const winograd_operand products = {memory + POINTS * job->weight_point_stride, job->product_point_stride, BLOCK};
  float *sink = products.values + POINTS * job->product_point_stride;
  for (long p = 0; p < panels; p++)
    functions->transform_weights(
        &c->view, panel + p, 0, depth, memory + p * depth * PANEL, job->weight_point_stride);
  winograd_stretch nothing = {NULL, 0};
  for (long row = 0; row < job->count; row += BLOCK) {
    const long count = winograd_smaller(BLOCK, job->count - row);
    functions->multiply(
        &job->inputs, row, count, job->input_panels, memory, job->weight_point_stride, panels, &products,
        &nothing);
    functions->restore_outputs(
        &c->map, &products, job->first + row, count, panel * PANEL, end, c->bias, sink, c->outputs, c->view.outputs);
  }
}

static void run_items(void *context, size_t thread) {
  outputs_job *job = context;
  float *memory = job->workplaces + (long)thread * job->workplace;
  for (long panel; (panel = winograd_take(&job->next_item) * job->taken) < job->output_panels;)
    run_panels(job, panel, winograd_smaller(job->taken, job->output_panels - panel), memory);
}

void contrast_winograd_by_outputs(const winograd_convolution *convolution, float *scratch) {
  outputs_job job = plan(convolution);
  job.zeros = scratch;
  memset(job.zeros, 0, (size_t)job.border * sizeof(float));
  job.inputs = (winograd_operand){scratch + job.border, job.input_point_stride, job.group};
  job.workplaces = job.inputs.values + POINTS * job.input_point_stride;
  const long tiles = convolution->map.tiles;
  for (job.first = 0; job.first < tiles; job.first += job.group) {
    job.count = winograd_smaller(job.group, tiles - job.first);
    winograd_run_items(convolution->threads, &job.next_item, transform_items, &job);
    winograd_run_items(convolution->threads, &job.next_item, run_items, &job);
  }
}
