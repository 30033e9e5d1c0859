// Sums, means, maxima and minima.
#include "Reductions.h"
#include "Vectors/Level.h"
#include "Reductions/ReductionNest.h"
#include "ThreadTeam.h"
#include <math.h>
#include <stdlib.h>

#define LEVEL_SOURCE "Reductions/Reductions.inc"
#include "Vectors/Levels.h"

static double (*const sum_runs[])(const float *, size_t) = {EACH_LEVEL(sum_run)};
static float (*const largest_runs[])(const float *, size_t, float) = {EACH_LEVEL(largest_run)};
static void (*const add_rows[])(double *, const float *const *, size_t, size_t) = {EACH_LEVEL(add_rows)};
static void (*const raise_rows[])(float *, const float *const *, size_t, size_t, float) = {EACH_LEVEL(raise_rows)};

enum {
  GRAIN = 32768,
  /// Columns whose sums are kept beside, in the first-level cache.
  BLOCK = 512
};

typedef struct {
  reduction_nest nest;
  int operation, level;
  float *output;
  const float *input;
  double divisor;
} reduction;

static inline bool is_sum(const reduction *r) { return r->operation <= CONTRAST_MEAN; }
static inline float sign_of(const reduction *r) { return r->operation == CONTRAST_REDUCE_MINIMUM ? -1.0f : 1.0f; }

/// The start, and how two partial results become one.
static inline double start_of(const reduction *r) { return is_sum(r) ? 0.0 : -INFINITY; }
static inline double combine(const reduction *r, double first, double second) {
  if (is_sum(r)) return first + second;
  return first != first ? first : second > first || second != second ? second : first;
}
static inline float finish(const reduction *r, double result) {
  return is_sum(r) ? (float)(result / r->divisor) : (float)(sign_of(r) * result);
}

// MARK: Rows: each result from runs along the reduced inner dimension

static double reduce_run(const reduction *r, const float *from, ptrdiff_t stride, size_t count) {
  if (count >= 16 && stride == 1)
    return is_sum(r) ? sum_runs[r->level](from, count)
                     : largest_runs[r->level](from, count, sign_of(r));
  double result = start_of(r);
  if (is_sum(r)) {
    for (size_t i = 0; i < count; i++) result += from[(ptrdiff_t)i * stride];
  } else {
    const float sign = sign_of(r);
    for (size_t i = 0; i < count; i++) result = combine(r, result, sign * from[(ptrdiff_t)i * stride]);
  }
  return result;
}

/// Elements begin ..< end of those that reduce into one result, in the reduced nest's order.
static double reduce_span(const reduction *r, const float *from, size_t begin, size_t end) {
  const contrast_nest *nest = &r->nest.reduced;
  const size_t width = (size_t)nest->sizes[nest->rank - 1];
  const ptrdiff_t stride = nest->strides[0][nest->rank - 1];
  double result = start_of(r);
  while (begin < end) {
    const size_t column = begin % width;
    const size_t count = width - column < end - begin ? width - column : end - begin;
    const float *run = from + contrast_row_offset(nest, 0, begin / width) + (ptrdiff_t)column * stride;
    result = combine(r, result, reduce_run(r, run, stride, count));
    begin += count;
  }
  return result;
}

static void reduce_rows_part(void *context, size_t begin, size_t end) {
  const reduction *r = context;
  for (size_t index = begin; index < end; index++)
    r->output[kept_offset(&r->nest, 1, index)] =
        finish(r, reduce_span(r, r->input + kept_offset(&r->nest, 0, index), 0, r->nest.reduced.count));
}

typedef struct {
  const reduction *r;
  size_t cuts;
  /// [kept][cuts]
  double *partial;
} cut_reduction;

static void reduce_cuts_part(void *context, size_t begin, size_t end) {
  const cut_reduction *c = context;
  for (size_t i = begin; i < end; i++) {
    const size_t index = i / c->cuts, cut = i % c->cuts, count = c->r->nest.reduced.count;
    c->partial[i] = reduce_span(
        c->r, c->r->input + kept_offset(&c->r->nest, 0, index), contrast_part_start(count, c->cuts, cut),
        contrast_part_start(count, c->cuts, cut + 1));
  }
}

/// Few results from many elements: each is cut, the parts are reduced side by side and then put together in order.
static void reduce_in_cuts(const reduction *r, size_t cuts) {
  double partial[MOST_CUTS];
  cut_reduction c = {r, cuts, partial};
  contrast_parallel(r->nest.kept.count * cuts, 1, reduce_cuts_part, &c);
  for (size_t index = 0; index < r->nest.kept.count; index++) {
    double result = start_of(r);
    for (size_t cut = 0; cut < cuts; cut++) result = combine(r, result, partial[index * cuts + cut]);
    r->output[kept_offset(&r->nest, 1, index)] = finish(r, result);
  }
}

static void reduce_rows(const reduction *r) {
  size_t cuts = r->nest.reduced.count / CUT;
  if (cuts * r->nest.kept.count > MOST_CUTS) cuts = MOST_CUTS / r->nest.kept.count;
  if (cuts > 1) {
    reduce_in_cuts(r, cuts);
  } else {
    contrast_parallel(r->nest.kept.count, GRAIN / r->nest.reduced.count + 1, reduce_rows_part, (void *)r);
  }
}

// MARK: Columns: the input is dense along a kept dimension, so rows are added to rows

/// Sums or maxima of rows begin ..< end, in the reduced nest's order, for `columns` <= BLOCK columns at `from`.
static void reduce_block(
    const reduction *r, const float *from, size_t columns, size_t begin, size_t end, double *result) {
  const contrast_nest *nest = &r->nest.reduced;
  const size_t width = (size_t)nest->sizes[nest->rank - 1];
  const ptrdiff_t stride = nest->strides[0][nest->rank - 1];
  float best[BLOCK];
  for (size_t i = 0; i < columns; i++) {
    result[i] = start_of(r);
    best[i] = -INFINITY;
  }
  while (begin < end) {
    const float *rows[8];
    size_t count = 0;
    for (; count < 8 && begin < end; begin++, count++)
      rows[count] = from + (nest->rank == 1 ? (ptrdiff_t)begin * stride
                                            : contrast_row_offset(nest, 0, begin / width) +
                                                  (ptrdiff_t)(begin % width) * stride);
    if (is_sum(r)) {
      add_rows[r->level](result, rows, count, columns);
    } else {
      raise_rows[r->level](best, rows, count, columns, sign_of(r));
    }
  }
  if (!is_sum(r))
    for (size_t i = 0; i < columns; i++) result[i] = best[i];
}

typedef struct {
  const reduction *r;
  size_t blocks, cuts;
  /// [cuts][kept.count], or NULL where nothing is cut.
  double *partial;
} column_reduction;

/// Work items begin ..< end: item = (line of kept columns, block of columns, cut of the rows), the cuts innermost.
static void reduce_columns_part(void *context, size_t begin, size_t end) {
  const column_reduction *c = context;
  const reduction *r = c->r;
  const size_t width = (size_t)r->nest.kept.sizes[r->nest.kept.rank - 1];
  const ptrdiff_t step = r->nest.kept.strides[1][r->nest.kept.rank - 1];
  for (size_t item = begin; item < end; item++) {
    const size_t cut = item % c->cuts, block = item / c->cuts % c->blocks, line = item / c->cuts / c->blocks;
    const size_t first = block * BLOCK, columns = width - first < BLOCK ? width - first : BLOCK;
    const float *from = r->input + contrast_row_offset(&r->nest.kept, 0, line) + first;
    double result[BLOCK];
    reduce_block(r, from, columns, contrast_part_start(r->nest.reduced.count, c->cuts, cut),
                 contrast_part_start(r->nest.reduced.count, c->cuts, cut + 1), result);
    if (c->partial) {
      memcpy(c->partial + cut * r->nest.kept.count + line * width + first, result, columns * sizeof *result);
    } else {
      float *to = r->output + contrast_row_offset(&r->nest.kept, 1, line) + (ptrdiff_t)first * step;
      for (size_t i = 0; i < columns; i++) to[(ptrdiff_t)i * step] = finish(r, result[i]);
    }
  }
}

static void reduce_columns(const reduction *r) {
  const size_t width = (size_t)r->nest.kept.sizes[r->nest.kept.rank - 1];
  column_reduction c = {.r = r, .blocks = (width + BLOCK - 1) / BLOCK, .cuts = 1};
  const size_t items = r->nest.kept.count / width * c.blocks, elements = r->nest.kept.count * r->nest.reduced.count;
  if (items < MOST_CUTS && elements > 2 * CUT) {
    c.cuts = elements / CUT;
    if (c.cuts * items > MOST_CUTS) c.cuts = MOST_CUTS / items;
    if (c.cuts > r->nest.reduced.count / 8) c.cuts = r->nest.reduced.count / 8;
    if (c.cuts > 1) c.partial = malloc(c.cuts * r->nest.kept.count * sizeof *c.partial);
    if (!c.partial) c.cuts = 1;
  }
  contrast_parallel(items * c.cuts, GRAIN / (elements / (items * c.cuts) + 1) + 1, reduce_columns_part, &c);
  if (!c.partial) return;
  for (size_t index = 0; index < r->nest.kept.count; index++) {
    double result = start_of(r);
    for (size_t cut = 0; cut < c.cuts; cut++) result = combine(r, result, c.partial[cut * r->nest.kept.count + index]);
    r->output[kept_offset(&r->nest, 1, index)] = finish(r, result);
  }
  free(c.partial);
}

/// Whether adding rows to rows reads memory in order: dense kept columns, and reduced elements that are not.
static bool prefers_columns(const reduction *r) {
  const size_t width = (size_t)r->nest.kept.sizes[r->nest.kept.rank - 1];
  if (r->nest.kept.strides[0][r->nest.kept.rank - 1] != 1 || width < 2 || r->nest.reduced.count < 2) return false;
  return r->nest.reduced.strides[0][r->nest.reduced.rank - 1] != 1;
}

void contrast_reduce(
    int operation, int rank, const ptrdiff_t *sizes, float *output, const ptrdiff_t *output_strides,
    const float *input, const ptrdiff_t *input_strides) {
  reduction r = {.operation = operation, .level = contrast_level(), .output = output, .input = input};
  contrast_build_reduction_nest(&r.nest, rank, sizes, output_strides, input_strides);
  if (r.nest.kept.count == 0) return;
  r.divisor = operation == CONTRAST_MEAN ? (double)r.nest.reduced.count : 1.0;
  if (r.nest.reduced.count == 0) {
    for (size_t index = 0; index < r.nest.kept.count; index++)
      output[kept_offset(&r.nest, 1, index)] = finish(&r, start_of(&r));
  } else if (prefers_columns(&r)) {
    reduce_columns(&r);
  } else {
    reduce_rows(&r);
  }
}
