// The sum of all elements' squares.
#include "Vectors/Level.h"
#include "Reductions/ReductionNest.h"
#include "Reductions.h"
#include "ThreadTeam.h"

#define LEVEL_SOURCE "Reductions/SumOfSquares.inc"
#include "Vectors/Levels.h"

static double (*const squares_runs[])(const float *, size_t) = {EACH_LEVEL(squares_run)};

typedef struct {
  contrast_nest nest;
  const float *input;
  size_t cuts;
  double partial[MOST_CUTS];
} squares_job;

static void squares_part(void *context, size_t begin, size_t end) {
  squares_job *j = context;
  const int inner = j->nest.rank - 1;
  const size_t width = (size_t)j->nest.sizes[inner];
  const ptrdiff_t stride = j->nest.strides[0][inner];
  double (*const squares_run)(const float *, size_t) = squares_runs[contrast_level()];
  for (size_t cut = begin; cut < end; cut++) {
    double sum = 0;
    size_t i = contrast_part_start(j->nest.count, j->cuts, cut);
    const size_t stop = contrast_part_start(j->nest.count, j->cuts, cut + 1);
    while (i < stop) {
      const size_t column = i % width, count = width - column < stop - i ? width - column : stop - i;
      const float *from = j->input + contrast_row_offset(&j->nest, 0, i / width) + (ptrdiff_t)column * stride;
      if (stride == 1) {
        sum += squares_run(from, count);
      } else {
        for (size_t c = 0; c < count; c++) {
          const double x = from[(ptrdiff_t)c * stride];
          sum += x * x;
        }
      }
      i += count;
    }
    j->partial[cut] = sum;
  }
}

double contrast_sum_of_squares(int rank, const ptrdiff_t *sizes, const float *input, const ptrdiff_t *input_strides) {
  squares_job j = {.input = input};
  contrast_build_nest(&j.nest, 1, rank, sizes, (const ptrdiff_t *const[]){input_strides});
  if (j.nest.count == 0) return 0;
  j.cuts = j.nest.count / CUT;
  if (j.cuts < 1) j.cuts = 1;
  if (j.cuts > MOST_CUTS) j.cuts = MOST_CUTS;
  contrast_parallel(j.cuts, 2, squares_part, &j);
  double sum = 0;
  for (size_t cut = 0; cut < j.cuts; cut++) sum += j.partial[cut];
  return sum;
}
