// The positions of maxima along one dimension.
#include "Vectors/Level.h"
#include "Loops/Nest.h"
#include "Reductions.h"
#include "ThreadTeam.h"

#define LEVEL_SOURCE "Reductions/Positions.inc"
#include "Vectors/Levels.h"

static size_t (*const position_runs[])(const float *, size_t) = {EACH_LEVEL(position_run)};

enum {
  GRAIN = 32768,
  /// Columns whose maxima are kept beside, in the first-level cache.
  CHUNK = 512
};

typedef struct {
  contrast_nest nest;  // of the output's elements: operand 0 the input, 1 the output
  size_t length;
  ptrdiff_t step;
  int64_t *output;
  const float *input;
} position_job;

static size_t position_strided(const float *from, ptrdiff_t step, size_t length) {
  size_t best = 0;
  float largest = from[0];
  for (size_t i = 1; i < length && largest == largest; i++) {
    const float x = from[(ptrdiff_t)i * step];
    if (x > largest || x != x) largest = x, best = i;
  }
  return best;
}

/// Side by side for dense neighbours, so that each line of memory is read once.
static void position_columns(const position_job *j, const float *from, int64_t *to, ptrdiff_t to_step, size_t columns) {
  float largest[CHUNK];
  int32_t best[CHUNK] = {0};
  memcpy(largest, from, columns * sizeof *largest);
  for (size_t i = 1; i < j->length; i++) {
    const float *row = from + (ptrdiff_t)i * j->step;
    for (size_t c = 0; c < columns; c++) {
      const float x = row[c];
      const bool wins = (x > largest[c]) | ((x != x) & (largest[c] == largest[c]));
      largest[c] = wins ? x : largest[c];
      best[c] = wins ? (int32_t)i : best[c];
    }
  }
  for (size_t c = 0; c < columns; c++) to[(ptrdiff_t)c * to_step] = best[c];
}

static void position_part(void *context, size_t begin, size_t end) {
  const position_job *j = context;
  const int inner = j->nest.rank - 1;
  const size_t width = (size_t)j->nest.sizes[inner];
  const ptrdiff_t from_step = j->nest.strides[0][inner], to_step = j->nest.strides[1][inner];
  size_t (*const position_run)(const float *, size_t) = position_runs[contrast_level()];
  while (begin < end) {
    const size_t row = begin / width, column = begin % width;
    size_t count = width - column < end - begin ? width - column : end - begin;
    const float *from = j->input + contrast_row_offset(&j->nest, 0, row) + (ptrdiff_t)column * from_step;
    int64_t *to = j->output + contrast_row_offset(&j->nest, 1, row) + (ptrdiff_t)column * to_step;
    if (from_step == 1 && j->step != 1 && j->length <= INT32_MAX) {
      if (count > CHUNK) count = CHUNK;
      position_columns(j, from, to, to_step, count);
    } else {
      for (size_t c = 0; c < count; c++) {
        const float *run = from + (ptrdiff_t)c * from_step;
        to[(ptrdiff_t)c * to_step] = 
            (int64_t)(j->step == 1 ? position_run(run, j->length) : position_strided(run, j->step, j->length));
      }
    }
    begin += count;
  }
}

void contrast_argument_of_maximum(
    size_t length, ptrdiff_t input_step, int rank, const ptrdiff_t *sizes, int64_t *output,
    const ptrdiff_t *output_strides, const float *input, const ptrdiff_t *input_strides) {
  position_job j = {.length = length, .step = input_step, .output = output, .input = input};
  contrast_build_nest(&j.nest, 2, rank, sizes, (const ptrdiff_t *const[]){input_strides, output_strides});
  if (j.nest.count > 0 && length > 0) contrast_parallel(j.nest.count, GRAIN / length + 1, position_part, &j);
}
