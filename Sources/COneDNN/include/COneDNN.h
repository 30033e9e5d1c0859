// What the kernels need of oneDNN, flat: no oneDNN type, and one source for its versions 2.6 and 3.x.
//
// Nothing here is safe against concurrent calls: the caller holds one lock around all of it.
#ifndef CONTRAST_ONEDNN_H
#define CONTRAST_ONEDNN_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The library's version as it runs, such as 20603 for 2.6.3.
int contrast_onednn_version(void);

/// The instruction set that oneDNN may use, from its own DNNL_MAX_CPU_ISA: a number that differs between them.
int contrast_onednn_isa(void);

/// Row-major single-precision C = A·B + beta·C, A being [m, k] or, transposed, stored as [k, m], and so on.
/// Returns 0, or oneDNN's status.
int contrast_onednn_sgemm(
    bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, const float *a, int64_t lda, const float *b,
    int64_t ldb, float beta, float *c, int64_t ldc);

typedef enum {
  contrast_convolution_forward,
  contrast_convolution_input_gradient,
  contrast_convolution_weight_gradient,
} contrast_convolution_direction;

/// A convolution of float32 NHWC activations with [out, in / groups, height, width] weights.
typedef struct {
  int64_t batch, in_channels, in_height, in_width, out_channels, out_height, out_width;
  int64_t kernel_height, kernel_width, stride_y, stride_x, padding_y, padding_x;
  /// 1 is dense.
  int64_t dilation_y, dilation_x, groups;
  /// Whether there is a bias, or its gradient.
  bool has_bias;
  contrast_convolution_direction direction;
} contrast_convolution;

/// A convolution that is ready to run: what is costly to make and worth keeping.
typedef struct contrast_plan contrast_plan;

/// Makes a plan for the thread count of the calling thread. Returns NULL when oneDNN refuses, and then writes its status.
contrast_plan *contrast_plan_create(const contrast_convolution *convolution, int *status);
void contrast_plan_destroy(contrast_plan *plan);

/// Bytes of working memory that `contrast_plan_run` needs, 64-byte aligned.
size_t contrast_plan_scratch_size(const contrast_plan *plan);

/// oneDNN's name of the implementation it chose, such as "jit:avx2"; "ref…" are the naive ones.
const char *contrast_plan_implementation(const contrast_plan *plan);

/// Runs the plan. `input` and `output` are the activations or their gradients, in the forward direction's sense; what
/// the plan's direction computes is written. `bias` is NULL when the plan has none. Returns 0, or oneDNN's status.
int contrast_plan_run(contrast_plan *plan, void *input, void *weight, void *bias, void *output, void *scratch);

#endif
