#include "Rows.h"
#include "Vectors/Level.h"
#include "Loops/Nest.h"
#include "Rows/TopK.h"
#include "ThreadTeam.h"
#include <math.h>
#include <stdlib.h>

#define LEVEL_SOURCE "Rows/Rows.inc"
#include "Vectors/Levels.h"

static void (*const softmax_rows[])(float *, const float *, size_t, int) = {EACH_LEVEL(softmax_row)};
static float (*const log_sum_exp_rows[])(const float *, size_t) = {EACH_LEVEL(log_sum_exp_row)};
static void (*const gradient_rows[])(float *, const float *, const float *, size_t, int) = {
    EACH_LEVEL(softmax_gradient_row)};
static size_t (*const collectors[])(const float *, size_t, size_t, float, uint64_t *, size_t *, size_t) = {
    EACH_LEVEL(collect_above)};

/// Elements that one thread should have at least: each costs an exponential.
enum { GRAIN = 8192 };

// MARK: Rows of strided arrays

typedef struct {
  /// Over the rows: all dimensions but the last.
  contrast_nest nest;
  char *operands[3];
  ptrdiff_t steps[3];
  size_t length;
  int logarithm;
} row_job;

static inline float *row_of(const row_job *j, int operand, size_t index) {
  const int inner = j->nest.rank - 1;
  const size_t width = (size_t)j->nest.sizes[inner];
  const ptrdiff_t offset = contrast_row_offset(&j->nest, operand, index / width) +
                           (ptrdiff_t)(index % width) * j->nest.strides[operand][inner];
  return (float *)j->operands[operand] + offset;
}

/// The row as a dense one: itself, or gathered into `beside`.
static inline const float *dense_row(const row_job *j, int operand, size_t index, float *beside) {
  const float *row = row_of(j, operand, index);
  if (j->steps[operand] == 1) return row;
  contrast_gather_run(beside, row, j->steps[operand], j->length, sizeof(float));
  return beside;
}

/// Room for `count` dense rows, where any operand is not dense along the row.
static float *room_beside(const row_job *j, int operands) {
  bool isDense = true;
  for (int operand = 0; operand < operands; operand++) isDense &= j->steps[operand] == 1;
  if (isDense) return NULL;
  float *room = malloc((size_t)operands * j->length * sizeof(float));
  if (!room) abort();  // as malloc failing anywhere below Swift would end
  return room;
}

static void softmax_part(void *context, size_t begin, size_t end) {
  const row_job *j = context;
  const int level = contrast_level();
  float *beside = room_beside(j, 2);
  for (size_t index = begin; index < end; index++) {
    const float *input = dense_row(j, 1, index, beside);
    float *target = row_of(j, 0, index), *output = j->steps[0] == 1 ? target : beside + j->length;
    softmax_rows[level](output, input, j->length, j->logarithm);
    if (output != target) contrast_scatter_run(target, j->steps[0], output, j->length, sizeof(float));
  }
  free(beside);
}

static void gradient_part(void *context, size_t begin, size_t end) {
  const row_job *j = context;
  const int level = contrast_level();
  float *beside = room_beside(j, 3);
  for (size_t index = begin; index < end; index++) {
    const float *output = dense_row(j, 1, index, beside), *gradient = dense_row(j, 2, index, beside + j->length);
    float *target = row_of(j, 0, index), *result = j->steps[0] == 1 ? target : beside + 2 * j->length;
    gradient_rows[level](result, output, gradient, j->length, j->logarithm);
    if (result != target) contrast_scatter_run(target, j->steps[0], result, j->length, sizeof(float));
  }
  free(beside);
}

static void log_sum_exp_part(void *context, size_t begin, size_t end) {
  const row_job *j = context;
  const int level = contrast_level();
  float *beside = room_beside(j, 2);
  for (size_t index = begin; index < end; index++)
    *row_of(j, 0, index) = log_sum_exp_rows[level](dense_row(j, 1, index, beside), j->length);
  free(beside);
}

void contrast_softmax(
    int logarithm, size_t length, int rank, const ptrdiff_t *sizes, float *output, const ptrdiff_t *output_strides,
    ptrdiff_t output_step, const float *input, const ptrdiff_t *input_strides, ptrdiff_t input_step) {
  row_job j = {.operands = {(char *)output, (char *)input}, .steps = {output_step, input_step},
               .length = length, .logarithm = logarithm};
  contrast_build_nest(&j.nest, 2, rank, sizes, (const ptrdiff_t *const[]){output_strides, input_strides});
  if (j.nest.count > 0 && length > 0) contrast_parallel(j.nest.count, GRAIN / length + 1, softmax_part, &j);
}

void contrast_softmax_gradient(
    int logarithm, size_t length, int rank, const ptrdiff_t *sizes, float *input_gradient,
    const ptrdiff_t *input_gradient_strides, ptrdiff_t input_gradient_step, const float *output,
    const ptrdiff_t *output_strides, ptrdiff_t output_step, const float *gradient, const ptrdiff_t *gradient_strides,
    ptrdiff_t gradient_step) {
  row_job j = {.operands = {(char *)input_gradient, (char *)output, (char *)gradient},
               .steps = {input_gradient_step, output_step, gradient_step}, .length = length, .logarithm = logarithm};
  contrast_build_nest(&j.nest, 3, rank, sizes,
                      (const ptrdiff_t *const[]){input_gradient_strides, output_strides, gradient_strides});
  if (j.nest.count > 0 && length > 0) contrast_parallel(j.nest.count, GRAIN / length + 1, gradient_part, &j);
}

void contrast_log_sum_exp(
    size_t length, int rank, const ptrdiff_t *sizes, float *output, const ptrdiff_t *output_strides,
    const float *input, const ptrdiff_t *input_strides, ptrdiff_t input_step) {
  row_job j = {.operands = {(char *)output, (char *)input}, .steps = {1, input_step}, .length = length};
  contrast_build_nest(&j.nest, 2, rank, sizes, (const ptrdiff_t *const[]){output_strides, input_strides});
  if (j.nest.count > 0) contrast_parallel(j.nest.count, GRAIN / (length + 1) + 1, log_sum_exp_part, &j);
}

// MARK: Top k

typedef struct {
  size_t columns, k;
  const float *input;
  float *values;
  int64_t *indices;
  ptrdiff_t input_row, input_step, values_row, values_step, indices_row, indices_step;
} top_k_job;

/// Leaves the k largest keys of a dense row at the front of `keys`, which has room for `room` > k of them.
static void top_k_of_row(const float *row, size_t columns, size_t k, uint64_t *keys, size_t room) {
  size_t held = 0, i = 0;
  // Until the room is full for the first time, everything is a candidate.
  for (; i < columns && held < room; i++) keys[held++] = top_k_key(row[i], i);
  while (i < columns) {
    contrast_select_largest(keys, held, k);
    held = k;
    const uint64_t least = contrast_least_key(keys, k);
    i = collectors[contrast_level()](row, i, columns, top_k_value(least), keys, &held, room);
  }
  if (held > k) contrast_select_largest(keys, held, k);
}

static void top_k_part(void *context, size_t begin, size_t end) {
  const top_k_job *j = context;
  const size_t room = j->k + (j->k > 256 ? j->k : 256);
  uint64_t *keys = malloc((room + j->k) * sizeof *keys);
  float *beside = j->input_step == 1 ? NULL : malloc(j->columns * sizeof *beside);
  if (!keys || (j->input_step != 1 && !beside)) abort();
  for (size_t row = begin; row < end; row++) {
    const float *from = j->input + (ptrdiff_t)row * j->input_row;
    if (beside) {
      contrast_gather_run(beside, from, j->input_step, j->columns, sizeof(float));
      from = beside;
    }
    top_k_of_row(from, j->columns, j->k, keys, room);
    contrast_sort_falling(keys, j->k, keys + room);
    float *values = j->values + (ptrdiff_t)row * j->values_row;
    int64_t *indices = j->indices + (ptrdiff_t)row * j->indices_row;
    for (size_t rank = 0; rank < j->k; rank++) {
      const size_t column = top_k_column(keys[rank]);
      values[(ptrdiff_t)rank * j->values_step] = from[column];
      indices[(ptrdiff_t)rank * j->indices_step] = (int64_t)column;
    }
  }
  free(beside);
  free(keys);
}

void contrast_top_k(
    size_t rows, size_t columns, size_t k, const float *input, ptrdiff_t input_row, ptrdiff_t input_step,
    float *values, ptrdiff_t values_row, ptrdiff_t values_step, int64_t *indices, ptrdiff_t indices_row,
    ptrdiff_t indices_step) {
  if (rows == 0 || k == 0) return;
  top_k_job j = {columns, k, input, values, indices, input_row, input_step, values_row, values_step, indices_row,
                 indices_step};
  contrast_parallel(rows, GRAIN / columns + 1, top_k_part, &j);
}
