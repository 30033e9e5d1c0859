// Whether any or all bytes along the reduced dimensions are not 0.
#include "Reductions/ReductionNest.h"
#include "Reductions.h"
#include "ThreadTeam.h"
#include <string.h>

enum { GRAIN = 65536 };

typedef struct {
  reduction_nest nest;
  int is_all;
  uint8_t *output;
  const uint8_t *input;
} truth_reduction;

static bool run_decides(const uint8_t *from, ptrdiff_t stride, size_t count, int is_all) {
  if (stride == 1 && !is_all) {
    for (; count >= 64; from += 64, count -= 64) {
      uint64_t words[8];
      memcpy(words, from, sizeof words);
      if (words[0] | words[1] | words[2] | words[3] | words[4] | words[5] | words[6] | words[7]) return true;
    }
  } else if (stride == 1 && memchr(from, 0, count)) {
    return true;
  }
  for (size_t i = 0; i < count; i++)
    if ((from[(ptrdiff_t)i * stride] == 0) == (is_all != 0)) return true;
  return false;
}

static void truth_part(void *context, size_t begin, size_t end) {
  const truth_reduction *t = context;
  const contrast_nest *nest = &t->nest.reduced;
  const size_t width = (size_t)nest->sizes[nest->rank - 1];
  for (size_t index = begin; index < end; index++) {
    const uint8_t *from = t->input + kept_offset(&t->nest, 0, index);
    bool decided = false;
    for (size_t row = 0; row < nest->count / (width ? width : 1) && !decided; row++)
      decided =
          run_decides(from + contrast_row_offset(nest, 0, row), nest->strides[0][nest->rank - 1], width, t->is_all);
    t->output[kept_offset(&t->nest, 1, index)] = decided != (t->is_all != 0);
  }
}

void contrast_reduce_truth(
    int is_all, int rank, const ptrdiff_t *sizes, uint8_t *output, const ptrdiff_t *output_strides,
    const uint8_t *input, const ptrdiff_t *input_strides) {
  truth_reduction t = {.is_all = is_all, .output = output, .input = input};
  contrast_build_reduction_nest(&t.nest, rank, sizes, output_strides, input_strides);
  if (t.nest.kept.count == 0) return;
  contrast_parallel(t.nest.kept.count, GRAIN / (t.nest.reduced.count + 1) + 1, truth_part, &t);
}
