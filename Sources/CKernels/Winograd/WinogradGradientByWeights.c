// The weight gradient cut by weights, for so many channels that not every thread can have sums for all of them: the
// threads transform a group of tiles together; then each takes some weights, sums inputs ⊗ output gradients for them
// over the whole group, restores the sums to 3 × 3 taps and adds these to the gradient. So the order of additions
// depends on the shapes alone.
#include "Winograd/WinogradPlan.h"
#include <string.h>

// Bytes of a group's operands, which all threads read again and again; panels of inputs and of outputs whose weights a
// thread takes at a time, at most (the outputs' are gone through for each of the inputs', so few are to fit into the
// first cache); tiles that a thread takes at a time.
enum { GROUP_BYTES = 24 << 20, INPUTS_TAKEN = 8, OUTPUTS_TAKEN = 2, TILES_TAKEN = 8 };

typedef struct {
  winograd_correlation correlation;
  long group, input_panels, output_panels, inputs_taken, outputs_taken;
  // Scratch memory, in floats: [zeros][inputs][gradients][sums for each thread].
  long input_point_stride, gradient_point_stride, sum_point_stride, border;
  float *zeros, *sums;
  winograd_operand inputs, gradients;
  long first, count;  // tiles of the group in work
  _Atomic long next_item;
} weights_job;

static long item_count(const weights_job *job) {
  return winograd_quotient_up(job->input_panels, job->inputs_taken) *
         winograd_quotient_up(job->output_panels, job->outputs_taken);
}

static weights_job plan(const winograd_correlation *correlation) {
  weights_job result = {.correlation = *correlation}, *job = &result;
  job->input_panels = winograd_panels(correlation->inputs);
  job->output_panels = winograd_panels(correlation->outputs);
  job->inputs_taken = INPUTS_TAKEN, job->outputs_taken = OUTPUTS_TAKEN;
  while (item_count(job) < 2 * correlation->threads && job->inputs_taken > 1) job->inputs_taken /= 2;
  const long tiles = correlation->map.tiles;
  const long tile_bytes = (job->input_panels + job->output_panels) * POINTS * PANEL * (long)sizeof(float);
  const long groups = winograd_quotient_up(tiles, winograd_larger(GROUP_BYTES / tile_bytes, 1));
  job->group = winograd_quotient_up(tiles, groups);
  job->input_point_stride = winograd_point_stride(job->input_panels, job->group);
  job->gradient_point_stride = winograd_point_stride(job->output_panels, job->group);
  job->sum_point_stride = winograd_point_stride(job->inputs_taken * job->outputs_taken, PANEL);
  job->border = winograd_larger(job->input_panels, job->output_panels) * PANEL;
  return result;
}

long contrast_winograd_gradient_by_weights_size(const winograd_correlation *correlation) {
  const weights_job job = plan(correlation);
  return job.border + POINTS * (job.input_point_stride + job.gradient_point_stride) +
         correlation->threads * POINTS * job.sum_point_stride;
}

static void transform_items(void *context, size_t thread) {
  (void)thread;
  weights_job *job = context;
  const winograd_correlation *c = &job->correlation;
  const winograd_functions *functions = contrast_winograd_functions();
  for (long row; (row = winograd_take(&job->next_item) * TILES_TAKEN) < job->count;) {
    const long first = job->first + row, count = winograd_smaller(TILES_TAKEN, job->count - row);
    functions->transform_inputs(&c->map, c->images, c->inputs, job->zeros, first, count, &job->inputs, row);
    functions->transform_gradients(&c->map, c->gradients, c->outputs, job->zeros, first, count, &job->gradients, row);
  }
}

/// The weights between input panels input ..< input + inputs and output panels output ..< output + outputs.
static void sum_panels(const weights_job *job, long input, long inputs, long output, long outputs, float *sums) {
  const winograd_functions *functions = contrast_winograd_functions();
  const winograd_correlation *c = &job->correlation;
  const long stride = job->group * PANEL, sum_stride = outputs * PANEL * PANEL;
  for (long point = 0; point < POINTS; point++)
    functions->correlate(
        job->inputs.values + point * job->inputs.point_stride + input * stride, stride, inputs,
        job->gradients.values + point * job->gradients.point_stride + output * stride, stride, outputs, job->count,
        sums + point * job->sum_point_stride, sum_stride, 0);
  for (long i = 0; i < inputs; i++)
    for (long o = 0; o < outputs; o++)
      functions->restore_weights(
          sums + i * sum_stride + o * PANEL * PANEL, job->sum_point_stride, 1, 0, input + i, output + o, c->inputs,
          c->outputs, job->first > 0, c->weight_gradient);
}

static void sum_items(void *context, size_t thread) {
  weights_job *job = context;
  float *sums = job->sums + (long)thread * POINTS * job->sum_point_stride;
  const long columns = winograd_quotient_up(job->output_panels, job->outputs_taken), items = item_count(job);
  for (long item; (item = winograd_take(&job->next_item)) < items;) {
    const long input = item / columns * job->inputs_taken, output = item % columns * job->outputs_taken;
    sum_panels(job, input, winograd_smaller(job->inputs_taken, job->input_panels - input), output,
               winograd_smaller(job->outputs_taken, job->output_panels - output), sums);
  }
}

void contrast_winograd_gradient_by_weights(const winograd_correlation *correlation, float *scratch) {
  weights_job job = plan(correlation);
  job.zeros = scratch;
  memset(job.zeros, 0, (size_t)job.border * sizeof(float));
  job.inputs = (winograd_operand){scratch + job.border, job.input_point_stride, job.group};
  job.gradients = (winograd_operand){
      job.inputs.values + POINTS * job.input_point_stride, job.gradient_point_stride, job.group};
  job.sums = job.gradients.values + POINTS * job.gradient_point_stride;
  const long tiles = correlation->map.tiles;
  for (job.first = 0; job.first < tiles; job.first += job.group) {
    job.count = winograd_smaller(job.group, tiles - job.first);
    winograd_run_items(correlation->threads, &job.next_item, transform_items, &job);
    winograd_run_items(correlation->threads, &job.next_item, sum_items, &job);
  }
}
