// The weight gradient: at each point the sum over tiles of inputs ⊗ output gradients, restored to 3 × 3 taps at the end.
//
// Where there is room, each thread sums its own share of the tiles, and the threads' sums are added in order. Where the
// sums are too large for that, the threads transform a block of tiles together and then share out its sums. Either way the order of additions depends on the shapes and the thread count alone.
#include "ThreadTeam.h"
#include "Winograd.h"
#include "WinogradPlan.h"
#include <stdatomic.h>
#include <string.h>

// Bytes of the sums up to which each thread has its own, for all threads together; bytes of the operands of a block of
// tiles, of one thread's and of all threads' together; tiles that a block has at least; tiles and panels of inputs that a thread takes at a time.
enum {
  OWN_SUM_BYTES = 24 << 20,
  OWN_BLOCK_BYTES = 800 * 1024,
  SHARED_BLOCK_BYTES = 4 << 20,
  LEAST_BLOCK = 32,
  TILES_TAKEN = 8,
  PANELS_TAKEN = 4
};

typedef struct {
  winograd_map map;
  long inputs, outputs;
  const float *images, *gradients;
  float *weight_gradient;
  long block, input_panels, output_panels, threads;
  int has_own_sums;
  // Scratch memory, in floats: [zeros][a workplace: inputs, gradients, sums], one for each thread with its own sums.
  long input_point_stride, gradient_point_stride, sum_point_stride, border, workplace;
  float *zeros;
  winograd_operand transformed_inputs, transformed_gradients;
  float *sums;
  // The block that the threads share: its tiles, and the next item that one of them takes.
  long first, count;
  _Atomic long next_item;
} gradient_job;

static void plan(gradient_job *job, long threads) {
  job->threads = threads;
  job->input_panels = winograd_panels(job->inputs), job->output_panels = winograd_panels(job->outputs);
  job->sum_point_stride = winograd_point_stride(job->input_panels * job->output_panels, PANEL);
  job->has_own_sums = threads * POINTS * job->sum_point_stride * (long)sizeof(float) <= OWN_SUM_BYTES;
  const long tile_bytes = (job->input_panels + job->output_panels) * POINTS * PANEL * (long)sizeof(float);
  const long bytes = job->has_own_sums ? OWN_BLOCK_BYTES : SHARED_BLOCK_BYTES;
  const long share = job->has_own_sums ? winograd_quotient_up(job->map.tiles, threads) : job->map.tiles;
  const long block = winograd_smaller(winograd_larger(bytes / tile_bytes, LEAST_BLOCK), share);
  job->block = winograd_quotient_up(share, winograd_quotient_up(share, block));
  job->input_point_stride = winograd_point_stride(job->input_panels, job->block);
  job->gradient_point_stride = winograd_point_stride(job->output_panels, job->block);
  job->border = winograd_larger(job->input_panels, job->output_panels) * PANEL;
  job->workplace = POINTS * (job->input_point_stride + job->gradient_point_stride + job->sum_point_stride);
}

long contrast_winograd_gradient_size(const winograd_map *map, long inputs, long outputs, long threads) {
  gradient_job job = {.map = *map, .inputs = inputs, .outputs = outputs};
  plan(&job, threads);
  return job.border + (job.has_own_sums ? threads : 1) * job.workplace;
}

/// Makes `job` use the workplace at `memory`.
static void settle(gradient_job *job, float *memory) {
  job->transformed_inputs = (winograd_operand){memory, job->input_point_stride, job->block};
  memory += POINTS * job->input_point_stride;
  job->transformed_gradients = (winograd_operand){memory, job->gradient_point_stride, job->block};
  job->sums = memory + POINTS * job->gradient_point_stride;
}

/// Both operands for tiles first + row ..< first + row + count.
static void transform(const gradient_job *job, long first, long row, long count) {
  const winograd_functions *functions = contrast_winograd_functions();
  functions->transform_inputs(
      &job->map, job->images, job->inputs, job->zeros, first + row, count, &job->transformed_inputs, row);
  functions->transform_gradients(
      &job->map, job->gradients, job->outputs, job->zeros, first + row, count, &job->transformed_gradients, row);
}

/// Adds a block's products to the sums at `point`, for input panels panel ..< panel + panels.
static void add_sums(const gradient_job *job, long point, long panel, long panels, long count, int is_adding) {
  const winograd_operand *inputs = &job->transformed_inputs, *gradients = &job->transformed_gradients;
  const long stride = job->block * PANEL, sum_stride = job->output_panels * PANEL * PANEL;
  contrast_winograd_functions()->correlate(
      inputs->values + point * inputs->point_stride + panel * stride, stride, panels,
      gradients->values + point * gradients->point_stride, stride, job->output_panels, count,
      job->sums + point * job->sum_point_stride + panel * sum_stride, sum_stride, is_adding);
}

// MARK: Own sums

static void sum_share(void *context, size_t thread) {
  gradient_job job = *(const gradient_job *)context;
  const long tiles = job.map.tiles, begin = tiles * (long)thread / job.threads;
  const long end = tiles * ((long)thread + 1) / job.threads;
  settle(&job, job.zeros + job.border + (long)thread * job.workplace);
  if (begin == end) memset(job.sums, 0, (size_t)(POINTS * job.sum_point_stride) * sizeof(float));
  for (long first = begin; first < end; first += job.block) {
    const long count = winograd_smaller(job.block, end - first);
    transform(&job, first, 0, count);
    for (long point = 0; point < POINTS; point++) add_sums(&job, point, 0, job.input_panels, count, first > begin);
  }
}

// MARK: Shared sums

static long take_item(gradient_job *job) {
  return atomic_fetch_add_explicit(&job->next_item, 1, memory_order_relaxed);
}

static void transform_items(void *context, size_t thread) {
  (void)thread;
  gradient_job *job = context;
  for (long row; (row = take_item(job) * TILES_TAKEN) < job->count;)
    transform(job, job->first, row, winograd_smaller(TILES_TAKEN, job->count - row));
}

static void sum_items(void *context, size_t thread) {
  (void)thread;
  gradient_job *job = context;
  const long groups = winograd_quotient_up(job->input_panels, PANELS_TAKEN);
  for (long item; (item = take_item(job)) < POINTS * groups;) {
    const long panel = item % groups * PANELS_TAKEN;
    const long panels = winograd_smaller(PANELS_TAKEN, job->input_panels - panel);
    add_sums(job, item / groups, panel, panels, job->count, job->first > 0);
  }
}

static void run_items(gradient_job *job, void (*body)(void *context, size_t thread)) {
  atomic_store_explicit(&job->next_item, 0, memory_order_relaxed);
  contrast_parallel_parts((size_t)job->threads, body, job);
}

// MARK: Both

/// Items are blocks of 16 × 16 sums: panel of inputs, then panel of outputs.
static void restore_weights(void *context, size_t begin, size_t end) {
  const gradient_job *job = context;
  const winograd_functions *functions = contrast_winograd_functions();
  for (long item = (long)begin; item < (long)end; item++)
    functions->restore_weights(
        job->sums + item * PANEL * PANEL, job->sum_point_stride, job->has_own_sums ? job->threads : 1, job->workplace,
        item / job->output_panels, item % job->output_panels, job->inputs, job->outputs, job->weight_gradient);
}

void contrast_winograd_weight_gradient(
    const float *inputs, const float *output_gradient, float *weight_gradient, long images, long height, long width,
    long input_channels, long output_channels, long threads, void *scratch) {
  gradient_job job = {
      .map = winograd_map_of(images, height, width),
      .inputs = input_channels,
      .outputs = output_channels,
      .images = inputs,
      .gradients = output_gradient,
      .weight_gradient = weight_gradient,
      .zeros = winograd_aligned(scratch)};
  plan(&job, threads);
  memset(job.zeros, 0, (size_t)job.border * sizeof(float));
  settle(&job, job.zeros + job.border);
  if (job.has_own_sums) {
    contrast_parallel_parts((size_t)threads, sum_share, &job);
  } else {
    for (job.first = 0; job.first < job.map.tiles; job.first += job.block) {
      job.count = winograd_smaller(job.block, job.map.tiles - job.first);
      run_items(&job, transform_items);
      run_items(&job, sum_items);
    }
  }
  contrast_parallel((size_t)(job.input_panels * job.output_panels), 2, restore_weights, &job);
}
