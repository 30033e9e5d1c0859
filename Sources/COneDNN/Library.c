#include "COneDNN.h"
#include <oneapi/dnnl/dnnl.h>

int contrast_onednn_version(void) {
  const dnnl_version_t *version = dnnl_version();
  return version->major * 10000 + version->minor * 100 + version->patch;
}

int contrast_onednn_isa(void) { return (int)dnnl_get_effective_cpu_isa(); }

int contrast_onednn_sgemm(
    bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, const float *a, int64_t lda, const float *b,
    int64_t ldb, float beta, float *c, int64_t ldc) {
  return (int)dnnl_sgemm(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
}
