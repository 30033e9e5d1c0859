// The differences between oneDNN 2.6 and 3.x, all in one place.
#ifndef CONTRAST_DESCRIPTORS_H
#define CONTRAST_DESCRIPTORS_H
#include <oneapi/dnnl/dnnl.h>
#include "COneDNN.h"

#if DNNL_VERSION_MAJOR >= 3
// An opaque pointer with an owner.
typedef dnnl_memory_desc_t descriptor;
typedef const_dnnl_memory_desc_t descriptor_reference;
#define DESCRIPTOR_NONE NULL
#define REFER(d) (d)
static inline dnnl_status_t descriptor_make(
    descriptor *d, int rank, const dnnl_dims_t sizes, dnnl_format_tag_t layout) {
  return dnnl_memory_desc_create_with_tag(d, rank, sizes, dnnl_f32, layout);
}
static inline void descriptor_end(descriptor d) {
  if (d) dnnl_memory_desc_destroy(d);
}
#else
// A structure by value.
typedef dnnl_memory_desc_t descriptor;
typedef const dnnl_memory_desc_t *descriptor_reference;
#define DESCRIPTOR_NONE {0}
#define REFER(d) (&(d))
static inline dnnl_status_t descriptor_make(
    descriptor *d, int rank, const dnnl_dims_t sizes, dnnl_format_tag_t layout) {
  return dnnl_memory_desc_init_by_tag(d, rank, sizes, dnnl_f32, layout);
}
static inline void descriptor_end(descriptor d) { (void)d; }
#endif

/// The descriptors of a convolution's four tensors, and its geometry as oneDNN counts it (dilation 0 is dense).
typedef struct {
  descriptor input, weight, bias, output;
  bool has_bias;
  dnnl_dims_t strides, dilations, padding;
} convolution_description;

/// What oneDNN will run for a direction. The gradients need the forward's as a hint.
dnnl_status_t describe_primitive(
    dnnl_primitive_desc_t *made, dnnl_engine_t engine, const convolution_description *d,
    contrast_convolution_direction direction, const_dnnl_primitive_desc_t hint, const_dnnl_primitive_attr_t attributes);

#endif
