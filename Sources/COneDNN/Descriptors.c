#include "Descriptors.h"

#if DNNL_VERSION_MAJOR >= 3

dnnl_status_t describe_primitive(
    dnnl_primitive_desc_t *made, dnnl_engine_t engine, const convolution_description *d,
    contrast_convolution_direction direction, const_dnnl_primitive_desc_t hint,
    const_dnnl_primitive_attr_t attributes) {
  const descriptor_reference bias = d->has_bias ? d->bias : NULL;
  const dnnl_alg_kind_t algorithm = dnnl_convolution_direct;
  switch (direction) {
    case contrast_convolution_forward:
      return dnnl_convolution_forward_primitive_desc_create(
          made, engine, dnnl_forward_training, algorithm, d->input, d->weight, bias, d->output, d->strides,
          d->dilations, d->padding, d->padding, attributes);
    case contrast_convolution_input_gradient:
      return dnnl_convolution_backward_data_primitive_desc_create(
          made, engine, algorithm, d->input, d->weight, d->output, d->strides, d->dilations, d->padding, d->padding,
          hint, attributes);
    case contrast_convolution_weight_gradient:
      return dnnl_convolution_backward_weights_primitive_desc_create(
          made, engine, algorithm, d->input, d->weight, bias, d->output, d->strides, d->dilations, d->padding,
          d->padding, hint, attributes);
  }
  return dnnl_invalid_arguments;
}

#else

dnnl_status_t describe_primitive(
    dnnl_primitive_desc_t *made, dnnl_engine_t engine, const convolution_description *d,
    contrast_convolution_direction direction, const_dnnl_primitive_desc_t hint,
    const_dnnl_primitive_attr_t attributes) {
  dnnl_convolution_desc_t operation;
  const dnnl_memory_desc_t *bias = d->has_bias ? &d->bias : NULL;
  const dnnl_alg_kind_t algorithm = dnnl_convolution_direct;
  dnnl_status_t status = dnnl_invalid_arguments;
  switch (direction) {
    case contrast_convolution_forward:
      status = dnnl_dilated_convolution_forward_desc_init(
          &operation, dnnl_forward_training, algorithm, &d->input, &d->weight, bias, &d->output, d->strides,
          d->dilations, d->padding, d->padding);
      break;
    case contrast_convolution_input_gradient:
      status = dnnl_dilated_convolution_backward_data_desc_init(
          &operation, algorithm, &d->input, &d->weight, &d->output, d->strides, d->dilations, d->padding, d->padding);
      break;
    case contrast_convolution_weight_gradient:
      status = dnnl_dilated_convolution_backward_weights_desc_init(
          &operation, algorithm, &d->input, &d->weight, bias, &d->output, d->strides, d->dilations, d->padding,
          d->padding);
      break;
  }
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(made, &operation, attributes, engine, hint);
}

#endif
