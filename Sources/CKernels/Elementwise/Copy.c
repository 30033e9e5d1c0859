#include "Copy.h"
#include "Vectors/Level.h"
#include "Loops/Nest.h"
#include "ThreadTeam.h"
#include "Elementwise/Transpose.h"

/// Dense runs of `count` elements from one type to another.
typedef void (*converter)(void *output, const void *input, size_t count);

static void copy_words(void *output, const void *input, size_t count) { memcpy(output, input, count * 4); }
static void copy_long_words(void *output, const void *input, size_t count) { memcpy(output, input, count * 8); }
static void copy_bytes(void *output, const void *input, size_t count) { memcpy(output, input, count); }

static inline int64_t integer_from_real(double x) {
  return x != x ? 0 : x >= 0x1p63 ? INT64_MAX : x < -0x1p63 ? INT64_MIN : (int64_t)x;
}
static inline uint8_t byte_from_real(double x) { return x > 0 ? (x < 255 ? (uint8_t)x : 255) : 0; }
static inline uint8_t byte_from_float(float x) {
  const float raised = x > 0 ? x : 0;  // NaN too becomes 0
  return (uint8_t)(int32_t)(raised < 255 ? raised : 255);
}

#define LEVEL_SOURCE "Elementwise/Copy.inc"
#include "Vectors/Levels.h"

static const converter (*const converters[])[CONTRAST_TYPE_COUNT] = {EACH_LEVEL(converters)};
typedef void (*tile_kernel)(uint32_t *, ptrdiff_t, const uint32_t *, ptrdiff_t);
static const tile_kernel transpose_tiles[] = {EACH_LEVEL(transpose_tile)};
static const size_t type_sizes[CONTRAST_TYPE_COUNT] = {4, 8, 8, 1, 1};

enum { CHUNK = 512, GRAIN = 32768 };

typedef struct {
  contrast_nest nest;
  char *output;
  const char *input;
  size_t output_size, input_size;
  converter convert;
} job;

// MARK: Rows

static void copy_run(
    const job *j, char *to, ptrdiff_t to_stride, const char *from, ptrdiff_t from_stride, size_t count) {
  if (to_stride == 1 && from_stride == 1) {
    j->convert(to, from, count);
    return;
  }
  char gathered[CHUNK * 8], converted[CHUNK * 8];
  for (size_t i = 0; i < count; i += CHUNK) {
    const size_t length = count - i < CHUNK ? count - i : CHUNK;
    const char *dense = from + (ptrdiff_t)i * from_stride * (ptrdiff_t)j->input_size;
    char *target = to + (ptrdiff_t)i * to_stride * (ptrdiff_t)j->output_size;
    if (from_stride != 1) {
      contrast_gather_run(gathered, dense, from_stride, length, j->input_size);
      dense = gathered;
    }
    if (to_stride == 1) {
      j->convert(target, dense, length);
    } else {
      j->convert(converted, dense, length);
      contrast_scatter_run(target, to_stride, converted, length, j->output_size);
    }
  }
}

/// Elements begin ..< end in the nest's order.
static void copy_part(void *context, size_t begin, size_t end) {
  const job *j = context;
  const int inner = j->nest.rank - 1;
  const size_t width = (size_t)j->nest.sizes[inner];
  const ptrdiff_t to = j->nest.strides[0][inner], from = j->nest.strides[1][inner];
  while (begin < end) {
    const size_t row = begin / width, column = begin % width;
    const size_t count = width - column < end - begin ? width - column : end - begin;
    const ptrdiff_t target = contrast_row_offset(&j->nest, 0, row) + (ptrdiff_t)column * to;
    const ptrdiff_t source = contrast_row_offset(&j->nest, 1, row) + (ptrdiff_t)column * from;
    copy_run(j, j->output + target * (ptrdiff_t)j->output_size, to, j->input + source * (ptrdiff_t)j->input_size, from,
             count);
    begin += count;
  }
}

// MARK: Transposition: the output is dense along its last dimension, the input along another

/// The dimension along which the input is dense, where that is not the output's, and both are long enough for tiles.
static int input_dense_dimension(const job *j) {
  const contrast_nest *nest = &j->nest;
  const int inner = nest->rank - 1;
  if (nest->strides[0][inner] != 1 || nest->strides[1][inner] == 1 || nest->strides[1][inner] == 0) return -1;
  for (int dimension = 0; dimension < inner; dimension++)
    if (nest->strides[1][dimension] == 1 && nest->sizes[dimension] >= 2) return dimension;
  return -1;
}

/// Moves `dimension` next to last, so that the two innermost ones span the planes to transpose.
static void move_next_to_last(contrast_nest *nest, int dimension) {
  for (; dimension < nest->rank - 2; dimension++) {
    const ptrdiff_t size = nest->sizes[dimension];
    nest->sizes[dimension] = nest->sizes[dimension + 1];
    nest->sizes[dimension + 1] = size;
    for (int operand = 0; operand < 2; operand++) {
      const ptrdiff_t stride = nest->strides[operand][dimension];
      nest->strides[operand][dimension] = nest->strides[operand][dimension + 1];
      nest->strides[operand][dimension + 1] = stride;
    }
  }
}

enum { BAND = 32 };

void contrast_transpose_band(
    void *output, ptrdiff_t output_step, const void *input, ptrdiff_t input_step, size_t rows, size_t columns,
    size_t element_size) {
  size_t column = 0;
  const tile_kernel transpose = transpose_tiles[contrast_level()];
  if (element_size == 4)
    for (; column + 8 <= columns; column += 8)
      for (size_t row = 0; row < rows; row += 8) {
        uint32_t *to = (uint32_t *)output + (ptrdiff_t)row * output_step + (ptrdiff_t)column;
        const uint32_t *from = (const uint32_t *)input + (ptrdiff_t)column * input_step + (ptrdiff_t)row;
        if (row + 8 <= rows) {
          transpose(to, output_step, from, input_step);
        } else {
          for (ptrdiff_t r = 0; r < (ptrdiff_t)(rows - row); r++)
            for (ptrdiff_t c = 0; c < 8; c++) to[r * output_step + c] = from[c * input_step + r];
        }
      }
  for (; column < columns; column++)
    contrast_scatter_run((char *)output + column * element_size, output_step,
                         (const char *)input + (ptrdiff_t)column * input_step * (ptrdiff_t)element_size, rows,
                         element_size);
}

/// Bands begin ..< end, counted through all planes.
static void transpose_part(void *context, size_t begin, size_t end) {
  const job *j = context;
  const contrast_nest *nest = &j->nest;
  const int inner = nest->rank - 1, middle = nest->rank - 2;
  const size_t rows = (size_t)nest->sizes[middle], columns = (size_t)nest->sizes[inner];
  const size_t bands = (rows + BAND - 1) / BAND;
  for (size_t band = begin; band < end; band++) {
    const size_t plane = band / bands, row = band % bands * BAND;
    const ptrdiff_t target = contrast_row_offset(nest, 0, plane * rows + row);
    const ptrdiff_t source = contrast_row_offset(nest, 1, plane * rows + row);
    contrast_transpose_band(j->output + target * (ptrdiff_t)j->output_size, nest->strides[0][middle],
                            j->input + source * (ptrdiff_t)j->input_size, nest->strides[1][inner],
                            rows - row < BAND ? rows - row : BAND, columns, j->output_size);
  }
}

// MARK: The functions that Swift calls

void contrast_copy(
    int rank, const ptrdiff_t *sizes, int output_type, void *output, const ptrdiff_t *output_strides, int input_type,
    const void *input, const ptrdiff_t *input_strides) {
  const converter convert = converters[contrast_level()][input_type][output_type];
  const size_t count = contrast_element_count(rank, sizes);
  if (count <= GRAIN && contrast_is_contiguous(rank, sizes, output_strides) &&
      contrast_is_contiguous(rank, sizes, input_strides)) {
    convert(output, input, count);
    return;
  }
  job j = {.output = output, .input = input, .output_size = type_sizes[output_type],
           .input_size = type_sizes[input_type], .convert = convert};
  contrast_build_nest(&j.nest, 2, rank, sizes, (const ptrdiff_t *const[]){output_strides, input_strides});
  if (j.nest.count == 0) return;
  const int dense = output_type == input_type && j.nest.rank > 1 ? input_dense_dimension(&j) : -1;
  if (dense >= 0) {
    move_next_to_last(&j.nest, dense);
    const size_t rows = (size_t)j.nest.sizes[j.nest.rank - 2], columns = (size_t)j.nest.sizes[j.nest.rank - 1];
    const size_t planes = j.nest.count / (rows * columns), band = (rows < BAND ? rows : BAND) * columns;
    contrast_parallel(planes * ((rows + BAND - 1) / BAND), GRAIN / band + 1, transpose_part, &j);
  } else {
    contrast_parallel(j.nest.count, GRAIN, copy_part, &j);
  }
}

typedef struct {
  contrast_nest nest;
  char *output;
  size_t element_size;
  uint64_t value;
} fill_job;

static void fill_run(char *to, ptrdiff_t stride, size_t element_size, uint64_t value, size_t count) {
  if (element_size == 1 && stride == 1) {
    memset(to, (int)value, count);
  } else if (element_size == 1) {
    for (size_t i = 0; i < count; i++) to[(ptrdiff_t)i * stride] = (char)value;
  } else if (element_size == 4) {
    for (size_t i = 0; i < count; i++) ((uint32_t *)to)[(ptrdiff_t)i * stride] = (uint32_t)value;
  } else {
    for (size_t i = 0; i < count; i++) ((uint64_t *)to)[(ptrdiff_t)i * stride] = value;
  }
}

static void fill_part(void *context, size_t begin, size_t end) {
  const fill_job *j = context;
  const int inner = j->nest.rank - 1;
  const size_t width = (size_t)j->nest.sizes[inner];
  const ptrdiff_t stride = j->nest.strides[0][inner];
  while (begin < end) {
    const size_t row = begin / width, column = begin % width;
    const size_t count = width - column < end - begin ? width - column : end - begin;
    const ptrdiff_t offset = contrast_row_offset(&j->nest, 0, row) + (ptrdiff_t)column * stride;
    fill_run(j->output + offset * (ptrdiff_t)j->element_size, stride, j->element_size, j->value, count);
    begin += count;
  }
}

void contrast_fill(
    int rank, const ptrdiff_t *sizes, size_t element_size, const void *value, void *output,
    const ptrdiff_t *output_strides) {
  fill_job j = {.output = output, .element_size = element_size};
  memcpy(&j.value, value, element_size);
  const size_t count = contrast_element_count(rank, sizes);
  if (count <= GRAIN && contrast_is_contiguous(rank, sizes, output_strides)) {
    fill_run(output, 1, element_size, j.value, count);
    return;
  }
  contrast_build_nest(&j.nest, 1, rank, sizes, (const ptrdiff_t *const[]){output_strides});
  if (j.nest.count > 0) contrast_parallel(j.nest.count, GRAIN, fill_part, &j);
}
