#include "Reductions.h"
#include "Level.h"
#include "Nest.h"
#include "ThreadTeam.h"
#include <math.h>
#include <stdlib.h>

#define LEVEL_SOURCE "Reductions.inc"
#include "Levels.h"

static double (*const sum_runs[])(const float *, size_t) = {EACH_LEVEL(sum_run)};
static double (*const squares_runs[])(const float *, size_t) = {EACH_LEVEL(squares_run)};
static float (*const largest_runs[])(const float *, size_t, float) = {EACH_LEVEL(largest_run)};
static void (*const add_rows[])(double *, const float *const *, size_t, size_t) = {EACH_LEVEL(add_rows)};
static void (*const raise_rows[])(float *, const float *const *, size_t, size_t, float) = {EACH_LEVEL(raise_rows)};
static size_t (*const position_runs[])(const float *, size_t) = {EACH_LEVEL(position_run)};

enum {
  GRAIN = 32768,
  /// Elements that one partial sum covers at least when a whole reduction is cut for the threads. The cuts depend on
  /// sizes alone, so that sums do not depend on the thread count.
  CUT = 16384,
  MOST_CUTS = 64,
  /// Columns whose sums are kept beside, in the first-level cache.
  BLOCK = 512,
  CHUNK = 512
};

/// A reduction as loops: kept dimensions in `kept` (operand 0 the output, 1 the input), reduced ones in `reduced`
/// (operand 0 the input).
typedef struct {
  contrast_nest kept, reduced;
  int operation;
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

static void split_dimensions(
    reduction *r, int rank, const ptrdiff_t *sizes, const ptrdiff_t *output_strides, const ptrdiff_t *input_strides) {
  ptrdiff_t kept_sizes[NEST_RANK], kept_output[NEST_RANK], kept_input[NEST_RANK];
  ptrdiff_t reduced_sizes[NEST_RANK], reduced_input[NEST_RANK];
  int kept = 0, reduced = 0;
  for (int dimension = 0; dimension < rank; dimension++) {
    if (sizes[dimension] == 1) continue;
    if (output_strides[dimension] == 0) {
      reduced_sizes[reduced] = sizes[dimension];
      reduced_input[reduced++] = input_strides[dimension];
    } else {
      kept_sizes[kept] = sizes[dimension];
      kept_output[kept] = output_strides[dimension];
      kept_input[kept++] = input_strides[dimension];
    }
  }
  // Sorted by the input's strides, operand 0 here, since the input is what is read.
  contrast_build_nest(&r->kept, 2, kept, kept_sizes, (const ptrdiff_t *const[]){kept_input, kept_output});
  contrast_build_nest(&r->reduced, 1, reduced, reduced_sizes, (const ptrdiff_t *const[]){reduced_input});
}

// MARK: Rows: each result from runs along the reduced inner dimension

static double reduce_run(const reduction *r, const float *from, ptrdiff_t stride, size_t count) {
  if (count >= 16 && stride == 1)
    return is_sum(r) ? sum_runs[contrast_level()](from, count)
                     : largest_runs[contrast_level()](from, count, sign_of(r));
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
  const contrast_nest *nest = &r->reduced;
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

static inline ptrdiff_t kept_offset(const reduction *r, int operand, size_t index) {
  const size_t width = (size_t)r->kept.sizes[r->kept.rank - 1];
  return contrast_row_offset(&r->kept, operand, index / width) +
         (ptrdiff_t)(index % width) * r->kept.strides[operand][r->kept.rank - 1];
}

static void reduce_rows_part(void *context, size_t begin, size_t end) {
  const reduction *r = context;
  for (size_t index = begin; index < end; index++)
    r->output[kept_offset(r, 1, index)] =
        finish(r, reduce_span(r, r->input + kept_offset(r, 0, index), 0, r->reduced.count));
}

typedef struct {
  const reduction *r;
  size_t cuts;
  /// [kept][cuts]
  double *partial;
} cut_reduction;

static inline size_t cut_start(size_t count, size_t cuts, size_t cut) {
  return count / cuts * cut + count % cuts * cut / cuts;
}

static void reduce_cuts_part(void *context, size_t begin, size_t end) {
  const cut_reduction *c = context;
  for (size_t i = begin; i < end; i++) {
    const size_t index = i / c->cuts, cut = i % c->cuts, count = c->r->reduced.count;
    c->partial[i] = reduce_span(c->r, c->r->input + kept_offset(c->r, 0, index), cut_start(count, c->cuts, cut),
                                cut_start(count, c->cuts, cut + 1));
  }
}

/// Few results from many elements: each is cut, the parts are reduced side by side and then put together in order.
static void reduce_in_cuts(const reduction *r, size_t cuts) {
  double partial[MOST_CUTS];
  cut_reduction c = {r, cuts, partial};
  contrast_parallel(r->kept.count * cuts, 1, reduce_cuts_part, &c);
  for (size_t index = 0; index < r->kept.count; index++) {
    double result = start_of(r);
    for (size_t cut = 0; cut < cuts; cut++) result = combine(r, result, partial[index * cuts + cut]);
    r->output[kept_offset(r, 1, index)] = finish(r, result);
  }
}

static void reduce_rows(const reduction *r) {
  size_t cuts = r->reduced.count / CUT;
  if (cuts * r->kept.count > MOST_CUTS) cuts = MOST_CUTS / r->kept.count;
  if (cuts > 1) {
    reduce_in_cuts(r, cuts);
  } else {
    contrast_parallel(r->kept.count, GRAIN / r->reduced.count + 1, reduce_rows_part, (void *)r);
  }
}

// MARK: Columns: the input is dense along a kept dimension, so rows are added to rows

/// Sums or maxima of rows begin ..< end, in the reduced nest's order, for `columns` <= BLOCK columns at `from`.
static void reduce_block(
    const reduction *r, const float *from, size_t columns, size_t begin, size_t end, double *result) {
  const contrast_nest *nest = &r->reduced;
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
      add_rows[contrast_level()](result, rows, count, columns);
    } else {
      raise_rows[contrast_level()](best, rows, count, columns, sign_of(r));
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
  const size_t width = (size_t)r->kept.sizes[r->kept.rank - 1];
  const ptrdiff_t step = r->kept.strides[1][r->kept.rank - 1];
  for (size_t item = begin; item < end; item++) {
    const size_t cut = item % c->cuts, block = item / c->cuts % c->blocks, line = item / c->cuts / c->blocks;
    const size_t first = block * BLOCK, columns = width - first < BLOCK ? width - first : BLOCK;
    const float *from = r->input + contrast_row_offset(&r->kept, 0, line) + first;
    double result[BLOCK];
    reduce_block(r, from, columns, cut_start(r->reduced.count, c->cuts, cut),
                 cut_start(r->reduced.count, c->cuts, cut + 1), result);
    if (c->partial) {
      memcpy(c->partial + cut * r->kept.count + line * width + first, result, columns * sizeof *result);
    } else {
      float *to = r->output + contrast_row_offset(&r->kept, 1, line) + (ptrdiff_t)first * step;
      for (size_t i = 0; i < columns; i++) to[(ptrdiff_t)i * step] = finish(r, result[i]);
    }
  }
}

static void reduce_columns(const reduction *r) {
  const size_t width = (size_t)r->kept.sizes[r->kept.rank - 1];
  column_reduction c = {.r = r, .blocks = (width + BLOCK - 1) / BLOCK, .cuts = 1};
  const size_t items = r->kept.count / width * c.blocks, elements = r->kept.count * r->reduced.count;
  if (items < MOST_CUTS && elements > 2 * CUT) {
    c.cuts = elements / CUT;
    if (c.cuts * items > MOST_CUTS) c.cuts = MOST_CUTS / items;
    if (c.cuts > r->reduced.count / 8) c.cuts = r->reduced.count / 8;
    if (c.cuts > 1) c.partial = malloc(c.cuts * r->kept.count * sizeof *c.partial);
    if (!c.partial) c.cuts = 1;
  }
  contrast_parallel(items * c.cuts, GRAIN / (elements / (items * c.cuts) + 1) + 1, reduce_columns_part, &c);
  if (!c.partial) return;
  for (size_t index = 0; index < r->kept.count; index++) {
    double result = start_of(r);
    for (size_t cut = 0; cut < c.cuts; cut++) result = combine(r, result, c.partial[cut * r->kept.count + index]);
    r->output[kept_offset(r, 1, index)] = finish(r, result);
  }
  free(c.partial);
}

/// Whether adding rows to rows reads memory in order: dense kept columns, and reduced elements that are not.
static bool prefers_columns(const reduction *r) {
  const size_t width = (size_t)r->kept.sizes[r->kept.rank - 1];
  if (r->kept.strides[0][r->kept.rank - 1] != 1 || width < 2 || r->reduced.count < 2) return false;
  return r->reduced.strides[0][r->reduced.rank - 1] != 1;
}

void contrast_reduce(
    int operation, int rank, const ptrdiff_t *sizes, float *output, const ptrdiff_t *output_strides,
    const float *input, const ptrdiff_t *input_strides) {
  reduction r = {.operation = operation, .output = output, .input = input};
  split_dimensions(&r, rank, sizes, output_strides, input_strides);
  if (r.kept.count == 0) return;
  r.divisor = operation == CONTRAST_MEAN ? (double)r.reduced.count : 1.0;
  if (r.reduced.count == 0) {
    for (size_t index = 0; index < r.kept.count; index++) output[kept_offset(&r, 1, index)] = finish(&r, start_of(&r));
  } else if (prefers_columns(&r)) {
    reduce_columns(&r);
  } else {
    reduce_rows(&r);
  }
}

// MARK: Truth

typedef struct {
  reduction r;
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
  const contrast_nest *nest = &t->r.reduced;
  const size_t width = (size_t)nest->sizes[nest->rank - 1];
  for (size_t index = begin; index < end; index++) {
    const uint8_t *from = t->input + kept_offset(&t->r, 0, index);
    bool decided = false;
    for (size_t row = 0; row < nest->count / (width ? width : 1) && !decided; row++)
      decided =
          run_decides(from + contrast_row_offset(nest, 0, row), nest->strides[0][nest->rank - 1], width, t->is_all);
    t->output[kept_offset(&t->r, 1, index)] = decided != (t->is_all != 0);
  }
}

void contrast_reduce_truth(
    int is_all, int rank, const ptrdiff_t *sizes, uint8_t *output, const ptrdiff_t *output_strides,
    const uint8_t *input, const ptrdiff_t *input_strides) {
  truth_reduction t = {.is_all = is_all, .output = output, .input = input};
  split_dimensions(&t.r, rank, sizes, output_strides, input_strides);
  if (t.r.kept.count == 0) return;
  contrast_parallel(t.r.kept.count, 2 * GRAIN / (t.r.reduced.count + 1) + 1, truth_part, &t);
}

// MARK: Positions of maxima

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
        to[(ptrdiff_t)c * to_step] = (int64_t)(j->step == 1 ? position_runs[contrast_level()](run, j->length)
                                                            : position_strided(run, j->step, j->length));
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

// MARK: Squares

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
  for (size_t cut = begin; cut < end; cut++) {
    double sum = 0;
    size_t i = cut_start(j->nest.count, j->cuts, cut);
    const size_t stop = cut_start(j->nest.count, j->cuts, cut + 1);
    while (i < stop) {
      const size_t column = i % width, count = width - column < stop - i ? width - column : stop - i;
      const float *from = j->input + contrast_row_offset(&j->nest, 0, i / width) + (ptrdiff_t)column * stride;
      if (stride == 1) {
        sum += squares_runs[contrast_level()](from, count);
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
