#include "Elementwise.h"
#include "Vectors/Level.h"
#include "Loops/Nest.h"
#include "ThreadTeam.h"
#include "Elementwise/Transpose.h"
#include <math.h>

/// `rows` rows of `columns` dense elements; the steps lead from row to row, in elements.
typedef struct {
  size_t columns, rows;
  ptrdiff_t output_step, first_step, second_step;
} grid;

typedef void (*map_kernel)(const grid *g, void *output, const void *input, float first, float second);
typedef void (*zip_kernel)(const grid *g, void *output, const void *first, const void *second, float scale);

// MARK: Logic on bytes, the same at each level

static void map_not(const grid *g, void *output, const void *input, float first, float second) {
  (void)first, (void)second;
  for (size_t row = 0; row < g->rows; row++) {
    uint8_t *to = (uint8_t *)output + (ptrdiff_t)row * g->output_step;
    const uint8_t *from = (const uint8_t *)input + (ptrdiff_t)row * g->first_step;
    for (size_t i = 0; i < g->columns; i++) to[i] = from[i] == 0;
  }
}

#define LOGIC_MODE(name, mode, expression)                                                        \
  static void zip_##name##_##mode(                                                                \
      const grid *g, void *output, const void *first, const void *second, float scale) {          \
    (void)scale;                                                                                  \
    for (size_t row = 0; row < g->rows; row++) {                                                  \
      uint8_t *to = (uint8_t *)output + (ptrdiff_t)row * g->output_step;                            \
      const uint8_t *a = (const uint8_t *)first + (ptrdiff_t)row * g->first_step;                   \
      const uint8_t *b = (const uint8_t *)second + (ptrdiff_t)row * g->second_step;                 \
      for (size_t i = 0; i < g->columns; i++) to[i] = expression;                                 \
    }                                                                                             \
  }
#define LOGIC(name, operator)                                        \
  LOGIC_MODE(name, dense, (a[i] != 0) operator(b[i] != 0))           \
  LOGIC_MODE(name, first_scalar, (a[0] != 0) operator(b[i] != 0))    \
  LOGIC_MODE(name, second_scalar, (a[i] != 0) operator(b[0] != 0))
#define LOGIC_MODES(name) {zip_##name##_dense, zip_##name##_first_scalar, zip_##name##_second_scalar}

LOGIC(and, &)
LOGIC(or, |)
LOGIC(exclusive_or, ^)

#define LEVEL_SOURCE "Elementwise/Elementwise.inc"
#include "Vectors/Levels.h"

static const map_kernel *const map_kernels[] = {EACH_LEVEL(map_kernels)};
static map_kernel (*const power_kernels[])(float) = {EACH_LEVEL(power_kernel)};
static const zip_kernel (*const zip_kernels[])[3] = {EACH_LEVEL(zip_kernels)};
typedef void (*select_kernel)(
    size_t, float *, const uint8_t *, const float *, ptrdiff_t, const float *, ptrdiff_t);
static const select_kernel select_runs[] = {EACH_LEVEL(select_runs)};

// MARK: How operations differ for the loops

/// Elements that one thread should have at least: a parallel region costs half a microsecond.
static size_t grain_of_map(int operation) {
  switch (operation) {
  case CONTRAST_EXPONENTIAL: case CONTRAST_LOGARITHM: case CONTRAST_LOGARITHM1P: case CONTRAST_SINE:
  case CONTRAST_COSINE: case CONTRAST_TANH: case CONTRAST_SIGMOID: case CONTRAST_SOFTPLUS: case CONTRAST_ERF:
  case CONTRAST_POWER_SCALAR:
    return 8192;
  default:
    return 32768;
  }
}

static size_t grain_of_zip(int operation) {
  return operation == CONTRAST_POWER || operation == CONTRAST_MODULO ? 2048 : 32768;
}

static size_t output_size_of_zip(int operation) {
  return operation >= CONTRAST_EQUAL && operation <= CONTRAST_EXCLUSIVE_OR ? 1 : 4;
}

static size_t input_size_of_zip(int operation) {
  return operation >= CONTRAST_AND && operation <= CONTRAST_EXCLUSIVE_OR ? 1 : 4;
}

// MARK: Walking a nest

/// What is not dense is worked on in bands of BAND rows of CHUNK elements, made dense beside in the first-level cache.
enum { CHUNK = 256, BAND = 16 };
typedef char band_room[BAND * CHUNK * 4];

typedef struct {
  contrast_nest nest;
  char *operands[NEST_OPERANDS];
  size_t element_sizes[NEST_OPERANDS];
  map_kernel map;
  const zip_kernel *zip;
  float first, second;
} job;

static inline char *address(const job *j, int operand, size_t row, size_t column) {
  const contrast_nest *nest = &j->nest;
  const ptrdiff_t offset = contrast_row_offset(nest, operand, row) +
                         (ptrdiff_t)column * nest->strides[operand][nest->rank - 1];
  return j->operands[operand] + offset * (ptrdiff_t)j->element_sizes[operand];
}

static inline ptrdiff_t inner_stride(const job *j, int operand) { return j->nest.strides[operand][j->nest.rank - 1]; }

static inline ptrdiff_t row_step(const job *j, int operand) {
  return j->nest.rank > 1 ? j->nest.strides[operand][j->nest.rank - 2] : 0;
}

/// Calls `run` for runs of elements begin ..< end that lie in one row, or in whole rows of one outer dimension.
static inline __attribute__((always_inline)) void walk(
    const job *j, size_t begin, size_t end,
    void (*run)(const job *j, size_t row, size_t column, size_t columns, size_t rows)) {
  const size_t width = (size_t)j->nest.sizes[j->nest.rank - 1];
  const size_t height = j->nest.rank > 1 ? (size_t)j->nest.sizes[j->nest.rank - 2] : 1;
  while (begin < end) {
    const size_t row = begin / width, column = begin % width;
    if (column > 0 || end - begin < width) {
      const size_t columns = width - column < end - begin ? width - column : end - begin;
      run(j, row, column, columns, 1);
      begin += columns;
    } else {
      size_t rows = (end - begin) / width;
      if (rows > height - row % height) rows = height - row % height;
      run(j, row, 0, width, rows);
      begin += rows * width;
    }
  }
}

typedef struct {
  size_t row, rows, column, columns;
} band;

/// An operand's part in a band as dense rows: in place where they are, else gathered into `room`. `step` receives what
/// leads from row to row.
static inline void *dense_rows(const job *j, int operand, band b, void *room, ptrdiff_t *step) {
  const ptrdiff_t stride = inner_stride(j, operand), size = (ptrdiff_t)j->element_sizes[operand];
  char *from = address(j, operand, b.row, b.column);
  *step = row_step(j, operand);
  if (stride == 1) return from;
  if (*step == 1 && b.rows > 1) {
    contrast_transpose_band(room, CHUNK, from, stride, b.rows, b.columns, (size_t)size);
  } else {
    for (ptrdiff_t row = 0; row < (ptrdiff_t)b.rows; row++)
      contrast_gather_run(
          (char *)room + row * CHUNK * size, from + row * *step * size, stride, b.columns, (size_t)size);
  }
  *step = CHUNK;
  return room;
}

/// Where a band's results go first: to their places if those are dense, else to `room`.
static inline void *output_rows(const job *j, band b, void *room, ptrdiff_t *step) {
  const bool isDense = inner_stride(j, 0) == 1;
  *step = isDense ? row_step(j, 0) : CHUNK;
  return isDense ? address(j, 0, b.row, b.column) : room;
}

static inline void place_rows(const job *j, band b, const void *results) {
  const ptrdiff_t size = (ptrdiff_t)j->element_sizes[0], step = row_step(j, 0);
  char *to = address(j, 0, b.row, b.column);
  if (to == results) return;
  for (ptrdiff_t row = 0; row < (ptrdiff_t)b.rows; row++)
    contrast_scatter_run(to + row * step * size, inner_stride(j, 0), (const char *)results + row * CHUNK * size,
                         b.columns, (size_t)size);
}

/// Cuts a run into bands.
static inline __attribute__((always_inline)) void in_bands(
    const job *j, size_t row, size_t column, size_t columns, size_t rows, void (*work)(const job *j, band b)) {
  for (size_t r = row; r < row + rows; r += BAND)
    for (size_t c = column; c < column + columns; c += CHUNK)
      work(j, (band){.row = r, .rows = row + rows - r < BAND ? row + rows - r : BAND, .column = c,
                     .columns = column + columns - c < CHUNK ? column + columns - c : CHUNK});
}

static void map_band(const job *j, band b) {
  band_room input, output;
  grid g = {.columns = b.columns, .rows = b.rows};
  const void *x = dense_rows(j, 1, b, input, &g.first_step);
  void *results = output_rows(j, b, output, &g.output_step);
  j->map(&g, results, x, j->first, j->second);
  place_rows(j, b, results);
}

static void map_run(const job *j, size_t row, size_t column, size_t columns, size_t rows) {
  if (inner_stride(j, 0) == 1 && inner_stride(j, 1) == 1) {
    const grid g = {columns, rows, row_step(j, 0), row_step(j, 1), 0};
    j->map(&g, address(j, 0, row, column), address(j, 1, row, column), j->first, j->second);
  } else {
    in_bands(j, row, column, columns, rows, map_band);
  }
}

static void zip_band(const job *j, band b) {
  band_room first, second, output;
  grid g = {.columns = b.columns, .rows = b.rows};
  const void *x = dense_rows(j, 1, b, first, &g.first_step), *y = dense_rows(j, 2, b, second, &g.second_step);
  void *results = output_rows(j, b, output, &g.output_step);
  j->zip[0](&g, results, x, y, j->first);
  place_rows(j, b, results);
}

static void zip_run(const job *j, size_t row, size_t column, size_t columns, size_t rows) {
  const ptrdiff_t a = inner_stride(j, 1), b = inner_stride(j, 2);
  if (inner_stride(j, 0) == 1 && (a == 1 || a == 0) && (b == 1 || b == 0) && (a | b)) {
    const grid g = {columns, rows, row_step(j, 0), row_step(j, 1), row_step(j, 2)};
    j->zip[a == 0 ? 1 : b == 0 ? 2 : 0](
        &g, address(j, 0, row, column), address(j, 1, row, column), address(j, 2, row, column), j->first);
  } else {
    in_bands(j, row, column, columns, rows, zip_band);
  }
}

static void select_band(const job *j, band b) {
  band_room condition, first, second, output;
  const ptrdiff_t a = inner_stride(j, 2), c = inner_stride(j, 3);
  ptrdiff_t mask_step, first_step = row_step(j, 2), second_step = row_step(j, 3), output_step;
  const uint8_t *mask = dense_rows(j, 1, b, condition, &mask_step);
  const float *x = a == 0 ? (float *)address(j, 2, b.row, b.column) : dense_rows(j, 2, b, first, &first_step);
  const float *y = c == 0 ? (float *)address(j, 3, b.row, b.column) : dense_rows(j, 3, b, second, &second_step);
  float *results = output_rows(j, b, output, &output_step);
  const select_kernel kernel = select_runs[contrast_level()];
  for (ptrdiff_t row = 0; row < (ptrdiff_t)b.rows; row++)
    kernel(b.columns, results + row * output_step, mask + row * mask_step, x + row * first_step, a,
           y + row * second_step, c);
  place_rows(j, b, results);
}

static void select_run(const job *j, size_t row, size_t column, size_t columns, size_t rows) {
  in_bands(j, row, column, columns, rows, select_band);
}

static void map_part(void *context, size_t begin, size_t end) { walk(context, begin, end, map_run); }
static void zip_part(void *context, size_t begin, size_t end) { walk(context, begin, end, zip_run); }
static void select_part(void *context, size_t begin, size_t end) { walk(context, begin, end, select_run); }

// MARK: The functions that Swift calls

void contrast_map(
    int operation, float first, float second, int rank, const ptrdiff_t *sizes, void *output,
    const ptrdiff_t *output_strides, const void *input, const ptrdiff_t *input_strides) {
  const size_t count = contrast_element_count(rank, sizes), grain = grain_of_map(operation);
  if (count == 0) return;
  const map_kernel kernel = operation == CONTRAST_POWER_SCALAR ? power_kernels[contrast_level()](first)
                                                               : map_kernels[contrast_level()][operation];
  if (count <= grain && contrast_is_contiguous(rank, sizes, output_strides) &&
      contrast_is_contiguous(rank, sizes, input_strides)) {
    const grid g = {count, 1, 0, 0, 0};
    kernel(&g, output, input, first, second);
    return;
  }
  job j;
  j.operands[0] = output;
  j.operands[1] = (char *)input;
  j.map = kernel;
  j.first = first;
  j.second = second;
  j.element_sizes[0] = operation == CONTRAST_NOT || operation == CONTRAST_IS_FINITE ? 1 : 4;
  j.element_sizes[1] = operation == CONTRAST_NOT ? 1 : 4;
  contrast_build_nest(&j.nest, 2, rank, sizes, (const ptrdiff_t *const[]){output_strides, input_strides});
  contrast_parallel(count, grain, map_part, &j);
}

void contrast_zip(
    int operation, float scale, int rank, const ptrdiff_t *sizes, void *output, const ptrdiff_t *output_strides,
    const void *first, const ptrdiff_t *first_strides, const void *second, const ptrdiff_t *second_strides) {
  const size_t count = contrast_element_count(rank, sizes), grain = grain_of_zip(operation);
  if (count == 0) return;
  const zip_kernel *kernels = zip_kernels[contrast_level()][operation];
  if (count <= grain && contrast_is_contiguous(rank, sizes, output_strides) &&
      contrast_is_contiguous(rank, sizes, first_strides) && contrast_is_contiguous(rank, sizes, second_strides)) {
    const grid g = {count, 1, 0, 0, 0};
    kernels[0](&g, output, first, second, scale);
    return;
  }
  job j;
  j.operands[0] = output;
  j.operands[1] = (char *)first;
  j.operands[2] = (char *)second;
  j.zip = kernels;
  j.first = scale;
  j.element_sizes[0] = output_size_of_zip(operation);
  j.element_sizes[1] = j.element_sizes[2] = input_size_of_zip(operation);
  contrast_build_nest(&j.nest, 3, rank, sizes,
                      (const ptrdiff_t *const[]){output_strides, first_strides, second_strides});
  contrast_parallel(count, grain, zip_part, &j);
}

void contrast_select(
    int rank, const ptrdiff_t *sizes, float *output, const ptrdiff_t *output_strides, const uint8_t *condition,
    const ptrdiff_t *condition_strides, const float *first, const ptrdiff_t *first_strides, const float *second,
    const ptrdiff_t *second_strides) {
  const size_t count = contrast_element_count(rank, sizes);
  if (count == 0) return;
  job j = {.operands = {(char *)output, (char *)condition, (char *)first, (char *)second},
           .element_sizes = {4, 1, 4, 4}};
  contrast_build_nest(&j.nest, 4, rank, sizes,
                      (const ptrdiff_t *const[]){output_strides, condition_strides, first_strides, second_strides});
  contrast_parallel(count, 32768, select_part, &j);
}
