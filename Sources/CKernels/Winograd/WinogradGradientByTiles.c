// The weight gradient cut into tiles: each thread sums inputs ⊗ output gradients over its own share of the tiles, in
// blocks that stay in its cache; the threads' sums are added in order and restored to 3 × 3 taps. So the order of
// additions depends on the shapes and the thread count alone.
#include "ThreadTeam.h"
#include "Winograd/WinogradPlan.h"
#include <string.h>

// Bytes of a block's operands, and tiles that it has at least: all sums are fetched for each block.
enum { BLOCK_BYTES = 800 * 1024, LEAST_BLOCK = 32 };

typedef struct {
  winograd_correlation correlation;
  long block, input_panels, output_panels;
  // Scratch memory, in floats: [zeros][a workplace for each thread: inputs, gradients, sums].
  long input_point_stride, gradient_point_stride, sum_point_stride, border, workplace;
  float *zeros;
} tiles_job;

static tiles_job plan(const winograd_correlation *correlation) {
  tiles_job result = {.correlation = *correlation}, *job = &result;
  job->input_panels = winograd_panels(correlation->inputs);
  job->output_panels = winograd_panels(correlation->outputs);
  const long tile_bytes = (job->input_panels + job->output_panels) * POINTS * PANEL * (long)sizeof(float);
  const long share = winograd_quotient_up(correlation->map.tiles, correlation->threads);
  const long block = winograd_smaller(winograd_larger(BLOCK_BYTES / tile_bytes, LEAST_BLOCK), share);
  job->block = winograd_quotient_up(share, winograd_quotient_up(share, block));
  job->input_point_stride = winograd_point_stride(job->input_panels, job->block);
  job->gradient_point_stride = winograd_point_stride(job->output_panels, job->block);
  job->sum_point_stride = winograd_point_stride(job->input_panels * job->output_panels, PANEL);
  job->border = winograd_larger(job->input_panels, job->output_panels) * PANEL;
  job->workplace = POINTS * (job->input_point_stride + job->gradient_point_stride + job->sum_point_stride);
  return result;
}

long contrast_winograd_gradient_by_tiles_size(const winograd_correlation *correlation) {
  const tiles_job job = plan(correlation);
  return job.border + correlation->threads * job.workplace;
}

/// The sums of the first thread; the next thread's are a workplace further.
static float *first_sums(const tiles_job *job) {
  return job->zeros + job->border + POINTS * (job->input_point_stride + job->gradient_point_stride);
}

/// Tiles first ..< first + count: both operands, and their products into the sums.
static void sum_block(const tiles_job *job, long first, long count, const winograd_operand *inputs,
                      const winograd_operand *gradients, float *sums, int is_adding) {
  const winograd_functions *functions = contrast_winograd_functions();
  const winograd_correlation *c = &job->correlation;
  functions->transform_inputs(&c->map, c->images, c->inputs, job->zeros, first, count, inputs, 0);
  functions->transform_gradients(&c->map, c->gradients, c->outputs, job->zeros, first, count, gradients, 0);
  winograd_stretch images = winograd_stretch_of(&c->map, c->images, c->inputs, first + count, count);
  winograd_stretch others = winograd_stretch_of(&c->map, c->gradients, c->outputs, first + count, count);
  const long items = POINTS * job->input_panels, stride = inputs->rows * PANEL;
  const long images_share = winograd_quotient_up(images.lines, items);
  const long others_share = winograd_quotient_up(others.lines, items), sum_stride = job->output_panels * PANEL * PANEL;
  for (long item = 0; item < items; item++) {
    const long point = item / job->input_panels, panel = item % job->input_panels;
    winograd_ask_for(&images, images_share);
    winograd_ask_for(&others, others_share);
    functions->correlate(
        inputs->values + point * inputs->point_stride + panel * stride, stride, 1,
        gradients->values + point * gradients->point_stride, stride, job->output_panels, count,
        sums + point * job->sum_point_stride + panel * sum_stride, sum_stride, is_adding);
  }
}

static void sum_share(void *context, size_t thread) {
  const tiles_job *job = context;
  const long tiles = job->correlation.map.tiles, threads = job->correlation.threads;
  const long begin = tiles * (long)thread / threads, end = tiles * ((long)thread + 1) / threads;
  float *memory = job->zeros + job->border + (long)thread * job->workplace;
  const winograd_operand inputs = {memory, job->input_point_stride, job->block};
  memory += POINTS * job->input_point_stride;
  const winograd_operand gradients = {memory, job->gradient_point_stride, job->block};
  float *sums = first_sums(job) + (long)thread * job->workplace;
  if (begin == end) memset(sums, 0, (size_t)(POINTS * job->sum_point_stride) * sizeof(float));
  for (long first = begin; first < end; first += job->block)
    sum_block(job, first, winograd_smaller(job->block, end - first), &inputs, &gradients, sums, first > begin);
}

/// Items are blocks of 16 × 16 sums: panel of inputs, then panel of outputs.
static void restore_items(void *context, size_t begin, size_t end) {
  const tiles_job *job = context;
  const winograd_correlation *c = &job->correlation;
  const winograd_functions *functions = contrast_winograd_functions();
  for (long item = (long)begin; item < (long)end; item++)
    functions->restore_weights(
        first_sums(job) + item * PANEL * PANEL, job->sum_point_stride, c->threads, job->workplace,
        item / job->output_panels, item % job->output_panels, c->inputs, c->outputs, 0, c->weight_gradient);
}

void contrast_winograd_gradient_by_tiles(const winograd_correlation *correlation, float *scratch) {
  tiles_job job = plan(correlation);
  job.zeros = scratch;
  memset(job.zeros, 0, (size_t)job.border * sizeof(float));
  contrast_parallel_parts((size_t)correlation->threads, sum_share, &job);
  contrast_parallel((size_t)(job.input_panels * job.output_panels), 2, restore_items, &job);
}
