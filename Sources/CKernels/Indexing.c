#include "Indexing.h"
#include "Loops/Nest.h"
#include "ThreadTeam.h"
#include <string.h>

enum { GRAIN = 32768 };

typedef struct {
  const contrast_slices *slices;
  /// Of one slice: operand 0 the output, 1 the input.
  contrast_nest nest;
  char *output;
  const char *input;
  size_t element_size;
} slice_job;

static slice_job job_of(const contrast_slices *slices, size_t element_size, void *output, const void *input) {
  slice_job j = {.slices = slices, .output = output, .input = input, .element_size = element_size};
  contrast_build_nest(&j.nest, 2, slices->rank, slices->sizes,
                      (const ptrdiff_t *const[]){slices->output_strides, slices->input_strides});
  return j;
}

static void copy_run(
    char *to, ptrdiff_t to_stride, const char *from, ptrdiff_t from_stride, size_t count, size_t size) {
  if (to_stride == 1 && from_stride == 1) {
    memcpy(to, from, count * size);
  } else if (to_stride == 1) {
    contrast_gather_run(to, from, from_stride, count, size);
  } else if (from_stride == 1) {
    contrast_scatter_run(to, to_stride, from, count, size);
  } else {
    const ptrdiff_t to_step = to_stride * (ptrdiff_t)size, from_step = from_stride * (ptrdiff_t)size;
    for (ptrdiff_t i = 0; i < (ptrdiff_t)count; i++) memcpy(to + i * to_step, from + i * from_step, size);
  }
}

/// Copies the part begin ..< end of a slice, in the nest's order.
static void copy_slice(const slice_job *j, size_t output_slice, size_t input_slice, size_t begin, size_t end) {
  const int inner = j->nest.rank - 1;
  const size_t width = (size_t)j->nest.sizes[inner];
  const ptrdiff_t to = j->nest.strides[0][inner], from = j->nest.strides[1][inner], size = (ptrdiff_t)j->element_size;
  while (begin < end) {
    const size_t row = begin / width, column = begin % width;
    const size_t count = width - column < end - begin ? width - column : end - begin;
    const ptrdiff_t target = (ptrdiff_t)output_slice * j->slices->output_step +
                             contrast_row_offset(&j->nest, 0, row) + (ptrdiff_t)column * to;
    const ptrdiff_t source = (ptrdiff_t)input_slice * j->slices->input_step +
                             contrast_row_offset(&j->nest, 1, row) + (ptrdiff_t)column * from;
    copy_run(j->output + target * size, to, j->input + source * size, from, count, j->element_size);
    begin += count;
  }
}

static inline size_t index_at(const contrast_slices *slices, size_t position) {
  return (size_t)slices->indices[(ptrdiff_t)position * slices->indices_step];
}

static void take_part(void *context, size_t begin, size_t end) {
  const slice_job *j = context;
  for (size_t i = begin; i < end; i++) copy_slice(j, i, index_at(j->slices, i), 0, j->nest.count);
}

void contrast_take_rows(const contrast_slices *slices, size_t element_size, void *output, const void *input) {
  slice_job j = job_of(slices, element_size, output, input);
  if (j.nest.count > 0) contrast_parallel(slices->count, GRAIN / j.nest.count + 1, take_part, &j);
}

// Where slices may meet, the threads share out the elements of a slice rather than the slices: each element sees the
// indices in their order, whatever the thread count.

static void put_part(void *context, size_t begin, size_t end) {
  const slice_job *j = context;
  for (size_t i = 0; i < j->slices->count; i++) copy_slice(j, index_at(j->slices, i), i, begin, end);
}

/// Elements of a slice that one thread should have.
static size_t slice_grain(const slice_job *j) {
  const size_t grain = GRAIN / (j->slices->count + 1) + 1;
  return grain < 64 ? 64 : grain;
}

void contrast_put_rows(const contrast_slices *slices, size_t element_size, void *output, const void *input) {
  slice_job j = job_of(slices, element_size, output, input);
  if (j.nest.count > 0 && slices->count > 0) contrast_parallel(j.nest.count, slice_grain(&j), put_part, &j);
}

static void add_part(void *context, size_t begin, size_t end) {
  const slice_job *j = context;
  const int inner = j->nest.rank - 1;
  const size_t width = (size_t)j->nest.sizes[inner];
  const ptrdiff_t to_step = j->nest.strides[0][inner], from_step = j->nest.strides[1][inner];
  for (size_t i = 0; i < j->slices->count; i++) {
    float *output = (float *)j->output + (ptrdiff_t)index_at(j->slices, i) * j->slices->output_step;
    const float *input = (const float *)j->input + (ptrdiff_t)i * j->slices->input_step;
    for (size_t at = begin; at < end;) {
      const size_t row = at / width, column = at % width;
      const size_t count = width - column < end - at ? width - column : end - at;
      float *to = output + contrast_row_offset(&j->nest, 0, row) + (ptrdiff_t)column * to_step;
      const float *from = input + contrast_row_offset(&j->nest, 1, row) + (ptrdiff_t)column * from_step;
      if (to_step == 1 && from_step == 1) {
        for (size_t c = 0; c < count; c++) to[c] += from[c];
      } else {
        for (size_t c = 0; c < count; c++) to[(ptrdiff_t)c * to_step] += from[(ptrdiff_t)c * from_step];
      }
      at += count;
    }
  }
}

void contrast_add_rows(const contrast_slices *slices, float *output, const float *input) {
  slice_job j = job_of(slices, sizeof(float), output, input);
  if (j.nest.count > 0 && slices->count > 0) contrast_parallel(j.nest.count, slice_grain(&j), add_part, &j);
}

// MARK: Along any dimension

typedef struct {
  /// Operand 0 the output, 1 the indices, 2 the input.
  contrast_nest nest;
  char *output;
  const char *input;
  const int64_t *indices;
  size_t element_size;
  ptrdiff_t step;
  /// The indexed dimension of a scatter, taken out of the nest.
  size_t length;
  ptrdiff_t indices_step, input_step;
} gather_job;

static void gather_part(void *context, size_t begin, size_t end) {
  const gather_job *j = context;
  const int inner = j->nest.rank - 1;
  const size_t width = (size_t)j->nest.sizes[inner];
  const ptrdiff_t *const strides[3] = {j->nest.strides[0], j->nest.strides[1], j->nest.strides[2]};
  while (begin < end) {
    const size_t row = begin / width, column = begin % width;
    const size_t count = width - column < end - begin ? width - column : end - begin;
    const ptrdiff_t to = contrast_row_offset(&j->nest, 0, row), at = contrast_row_offset(&j->nest, 1, row);
    const ptrdiff_t from = contrast_row_offset(&j->nest, 2, row);
    for (size_t c = column; c < column + count; c++) {
      const ptrdiff_t index = (ptrdiff_t)j->indices[at + (ptrdiff_t)c * strides[1][inner]] * j->step;
      const ptrdiff_t target = to + (ptrdiff_t)c * strides[0][inner];
      const ptrdiff_t source = from + (ptrdiff_t)c * strides[2][inner] + index;
      if (j->element_size == 4) {
        ((uint32_t *)j->output)[target] = ((const uint32_t *)j->input)[source];
      } else if (j->element_size == 8) {
        ((uint64_t *)j->output)[target] = ((const uint64_t *)j->input)[source];
      } else {
        j->output[target] = j->input[source];
      }
    }
    begin += count;
  }
}

void contrast_gather(
    int rank, const ptrdiff_t *sizes, size_t element_size, void *output, const ptrdiff_t *output_strides,
    const int64_t *indices, const ptrdiff_t *indices_strides, const void *input, const ptrdiff_t *input_strides,
    ptrdiff_t input_step) {
  gather_job j = {.output = output, .input = input, .indices = indices, .element_size = element_size,
                  .step = input_step};
  contrast_build_nest(&j.nest, 3, rank, sizes,
                      (const ptrdiff_t *const[]){output_strides, indices_strides, input_strides});
  if (j.nest.count > 0) contrast_parallel(j.nest.count, GRAIN, gather_part, &j);
}

/// Lines along the indexed dimension, begin ..< end: no two lines meet in the output.
static void scatter_part(void *context, size_t begin, size_t end) {
  const gather_job *j = context;
  const int inner = j->nest.rank - 1;
  const size_t width = (size_t)j->nest.sizes[inner];
  for (size_t line = begin; line < end; line++) {
    const size_t row = line / width;
    const ptrdiff_t column = (ptrdiff_t)(line % width);
    float *to = (float *)j->output + contrast_row_offset(&j->nest, 0, row) + column * j->nest.strides[0][inner];
    const int64_t *at = j->indices + contrast_row_offset(&j->nest, 1, row) + column * j->nest.strides[1][inner];
    const float *from =
        (const float *)j->input + contrast_row_offset(&j->nest, 2, row) + column * j->nest.strides[2][inner];
    for (size_t i = 0; i < j->length; i++)
      to[(ptrdiff_t)at[(ptrdiff_t)i * j->indices_step] * j->step] += from[(ptrdiff_t)i * j->input_step];
  }
}

void contrast_scatter_add(
    int rank, const ptrdiff_t *sizes, int dimension, float *output, const ptrdiff_t *output_strides,
    ptrdiff_t output_step, const int64_t *indices, const ptrdiff_t *indices_strides, const float *input,
    const ptrdiff_t *input_strides) {
  gather_job j = {.output = (char *)output, .input = (const char *)input, .indices = indices, .step = output_step,
                  .length = (size_t)sizes[dimension], .indices_step = indices_strides[dimension],
                  .input_step = input_strides[dimension]};
  ptrdiff_t lines[NEST_RANK];
  for (int i = 0; i < rank; i++) lines[i] = i == dimension ? 1 : sizes[i];
  contrast_build_nest(&j.nest, 3, rank, lines,
                      (const ptrdiff_t *const[]){output_strides, indices_strides, input_strides});
  if (j.nest.count > 0 && j.length > 0) contrast_parallel(j.nest.count, GRAIN / j.length + 1, scatter_part, &j);
}
