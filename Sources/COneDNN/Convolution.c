#include <stdlib.h>
#include "Descriptors.h"

// A plan is up to two steps: the convolution, and a reorder of the weights between our plain layout and the one that
// oneDNN computes in (before it, or after it for the weights' gradient).
struct contrast_plan {
  contrast_convolution_direction direction;
  bool has_bias;
  dnnl_primitive_t convolution, reorder;
  dnnl_memory_t input, weight, bias, output, scratch;
  // Only with a reorder: our weights, and the reorder's own working memory.
  dnnl_memory_t plain_weight, reorder_scratch;
  size_t weight_size, scratch_size, reorder_scratch_size;
  const char *implementation;
  dnnl_primitive_desc_t description;
};

static dnnl_engine_t engine;
static dnnl_stream_t stream;

static dnnl_status_t start(void) {
  if (stream) return dnnl_success;
  dnnl_status_t status = engine ? dnnl_success : dnnl_engine_create(&engine, dnnl_cpu, 0);
  if (status == dnnl_success) status = dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
  return status;
}

#define TRY(call)                                  \
  do {                                             \
    const dnnl_status_t status_of_call = (call);   \
    if (status_of_call != dnnl_success) return status_of_call; \
  } while (0)

static size_t aligned(size_t size) { return (size + 63) & ~(size_t)63; }

static dnnl_status_t make_memory(dnnl_memory_t *memory, descriptor_reference d) {
  return dnnl_memory_create(memory, d, engine, DNNL_MEMORY_NONE);
}

// The activations are NHWC (`acdb`); oneDNN chooses how it wants the weights.
static dnnl_status_t describe(
    convolution_description *d, descriptor *plain_weight, const contrast_convolution *c) {
  const int64_t groups = c->groups;
  const dnnl_dims_t input = {c->batch, c->in_channels, c->in_height, c->in_width};
  const dnnl_dims_t output = {c->batch, c->out_channels, c->out_height, c->out_width};
  const dnnl_dims_t bias = {c->out_channels};
  const dnnl_dims_t weight = {c->out_channels, c->in_channels, c->kernel_height, c->kernel_width};
  const dnnl_dims_t grouped = {
      groups, c->out_channels / groups, c->in_channels / groups, c->kernel_height, c->kernel_width};
  const int rank = groups == 1 ? 4 : 5;
  const int64_t *sizes = groups == 1 ? weight : grouped;
  TRY(descriptor_make(&d->input, 4, input, dnnl_acdb));
  TRY(descriptor_make(&d->output, 4, output, dnnl_acdb));
  TRY(descriptor_make(&d->weight, rank, sizes, dnnl_format_tag_any));
  TRY(descriptor_make(plain_weight, rank, sizes, groups == 1 ? dnnl_abcd : dnnl_abcde));
  if (c->has_bias) TRY(descriptor_make(&d->bias, 1, bias, dnnl_a));
  d->has_bias = c->has_bias;
  d->strides[0] = c->stride_y, d->strides[1] = c->stride_x;
  d->dilations[0] = c->dilation_y - 1, d->dilations[1] = c->dilation_x - 1;
  d->padding[0] = c->padding_y, d->padding[1] = c->padding_x;
  return dnnl_success;
}

static dnnl_status_t make_reorder(
    contrast_plan *plan, descriptor_reference plain, descriptor_reference chosen, dnnl_primitive_attr_t attributes) {
  const bool is_after = plan->direction == contrast_convolution_weight_gradient;
  dnnl_primitive_desc_t description = NULL;
  TRY(dnnl_reorder_primitive_desc_create(
      &description, is_after ? chosen : plain, engine, is_after ? plain : chosen, engine, attributes));
  dnnl_status_t status = dnnl_primitive_create(&plan->reorder, description);
  if (status == dnnl_success) {
    const descriptor_reference scratch = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
    plan->reorder_scratch_size = dnnl_memory_desc_get_size(scratch);
    status = make_memory(&plan->reorder_scratch, scratch);
  }
  if (status == dnnl_success) status = make_memory(&plan->plain_weight, plain);
  dnnl_primitive_desc_destroy(description);
  return status;
}

static dnnl_status_t fill_plan(
    contrast_plan *plan, const convolution_description *d, descriptor_reference plain_weight,
    dnnl_primitive_attr_t attributes) {
  dnnl_primitive_desc_t hint = NULL;
  dnnl_status_t status = dnnl_success;
  if (plan->direction != contrast_convolution_forward) {
    status = describe_primitive(&hint, engine, d, contrast_convolution_forward, NULL, attributes);
  }
  if (status == dnnl_success) {
    status = describe_primitive(&plan->description, engine, d, plan->direction, hint, attributes);
  }
  if (hint) dnnl_primitive_desc_destroy(hint);
  TRY(status);
  const dnnl_primitive_desc_t made = plan->description;
  TRY(dnnl_primitive_desc_query(made, dnnl_query_impl_info_str, 0, &plan->implementation));
  TRY(dnnl_primitive_create(&plan->convolution, made));
  const bool is_weight_gradient = plan->direction == contrast_convolution_weight_gradient;
  const descriptor_reference weight =
      dnnl_primitive_desc_query_md(made, is_weight_gradient ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0);
  const descriptor_reference scratch = dnnl_primitive_desc_query_md(made, dnnl_query_scratchpad_md, 0);
  plan->weight_size = dnnl_memory_desc_get_size(weight);
  plan->scratch_size = dnnl_memory_desc_get_size(scratch);
  TRY(make_memory(&plan->input, REFER(d->input)));
  TRY(make_memory(&plan->output, REFER(d->output)));
  TRY(make_memory(&plan->weight, weight));
  TRY(make_memory(&plan->scratch, scratch));
  if (d->has_bias) TRY(make_memory(&plan->bias, REFER(d->bias)));
  if (dnnl_memory_desc_equal(weight, plain_weight)) return dnnl_success;
  return make_reorder(plan, plain_weight, weight, attributes);
}

contrast_plan *contrast_plan_create(const contrast_convolution *convolution, int *status) {
  convolution_description d = {
      DESCRIPTOR_NONE, DESCRIPTOR_NONE, DESCRIPTOR_NONE, DESCRIPTOR_NONE, false, {0}, {0}, {0}};
  descriptor plain_weight = DESCRIPTOR_NONE;
  dnnl_primitive_attr_t attributes = NULL;
  contrast_plan *plan = calloc(1, sizeof *plan);
  dnnl_status_t result = plan ? start() : dnnl_out_of_memory;
  if (result == dnnl_success) {
    plan->direction = convolution->direction;
    plan->has_bias = convolution->has_bias && convolution->direction != contrast_convolution_input_gradient;
    result = dnnl_primitive_attr_create(&attributes);
  }
  // Working memory is ours to give: oneDNN's own would be one hidden block per thread.
  if (result == dnnl_success) result = dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
  if (result == dnnl_success) result = describe(&d, &plain_weight, convolution);
  if (result == dnnl_success) result = fill_plan(plan, &d, REFER(plain_weight), attributes);
  descriptor_end(d.input), descriptor_end(d.weight), descriptor_end(d.bias), descriptor_end(d.output);
  descriptor_end(plain_weight);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  *status = (int)result;
  if (result == dnnl_success) return plan;
  contrast_plan_destroy(plan);
  return NULL;
}

void contrast_plan_destroy(contrast_plan *plan) {
  if (!plan) return;
  const dnnl_memory_t memories[] = {
      plan->input, plan->weight, plan->bias, plan->output, plan->scratch, plan->plain_weight, plan->reorder_scratch};
  for (size_t i = 0; i < sizeof memories / sizeof *memories; i++) {
    if (memories[i]) dnnl_memory_destroy(memories[i]);
  }
  if (plan->convolution) dnnl_primitive_destroy(plan->convolution);
  if (plan->reorder) dnnl_primitive_destroy(plan->reorder);
  if (plan->description) dnnl_primitive_desc_destroy(plan->description);
  free(plan);
}

const char *contrast_plan_implementation(const contrast_plan *plan) { return plan->implementation; }

// In this order: the convolution's working memory, the reorder's, the reordered weights.
size_t contrast_plan_scratch_size(const contrast_plan *plan) {
  const size_t working = aligned(plan->scratch_size) + aligned(plan->reorder_scratch_size);
  return working + (plan->reorder ? aligned(plan->weight_size) : 0);
}

static dnnl_status_t run_reorder(contrast_plan *plan) {
  const bool is_after = plan->direction == contrast_convolution_weight_gradient;
  const dnnl_exec_arg_t arguments[] = {
      {DNNL_ARG_FROM, is_after ? plan->weight : plan->plain_weight},
      {DNNL_ARG_TO, is_after ? plan->plain_weight : plan->weight},
      {DNNL_ARG_SCRATCHPAD, plan->reorder_scratch}};
  return dnnl_primitive_execute(plan->reorder, stream, 3, arguments);
}

static dnnl_status_t run_convolution(contrast_plan *plan) {
  const bool is_forward = plan->direction == contrast_convolution_forward;
  const bool is_input = plan->direction == contrast_convolution_input_gradient;
  const bool is_weight = plan->direction == contrast_convolution_weight_gradient;
  const dnnl_exec_arg_t arguments[] = {
      {is_input ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC, plan->input},
      {is_weight ? DNNL_ARG_DIFF_WEIGHTS : DNNL_ARG_WEIGHTS, plan->weight},
      {is_forward ? DNNL_ARG_DST : DNNL_ARG_DIFF_DST, plan->output},
      {DNNL_ARG_SCRATCHPAD, plan->scratch},
      {is_weight ? DNNL_ARG_DIFF_BIAS : DNNL_ARG_BIAS, plan->bias}};
  return dnnl_primitive_execute(plan->convolution, stream, plan->has_bias ? 5 : 4, arguments);
}

static dnnl_status_t run(contrast_plan *plan, void *input, void *weight, void *bias, void *output, char *scratch) {
  TRY(dnnl_memory_set_data_handle(plan->input, input));
  TRY(dnnl_memory_set_data_handle(plan->output, output));
  TRY(dnnl_memory_set_data_handle(plan->scratch, scratch));
  if (plan->has_bias) TRY(dnnl_memory_set_data_handle(plan->bias, bias));
  if (!plan->reorder) {
    TRY(dnnl_memory_set_data_handle(plan->weight, weight));
    TRY(run_convolution(plan));
    return dnnl_stream_wait(stream);
  }
  scratch += aligned(plan->scratch_size);
  TRY(dnnl_memory_set_data_handle(plan->reorder_scratch, scratch));
  TRY(dnnl_memory_set_data_handle(plan->weight, scratch + aligned(plan->reorder_scratch_size)));
  TRY(dnnl_memory_set_data_handle(plan->plain_weight, weight));
  const bool is_after = plan->direction == contrast_convolution_weight_gradient;
  TRY(is_after ? run_convolution(plan) : run_reorder(plan));
  TRY(is_after ? run_reorder(plan) : run_convolution(plan));
  return dnnl_stream_wait(stream);
}

int contrast_plan_run(contrast_plan *plan, void *input, void *weight, void *bias, void *output, void *scratch) {
  return (int)run(plan, input, weight, bias, output, scratch);
}
