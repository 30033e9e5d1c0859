#include "DirectConvolution.h"
#include <stdbool.h>
#include "Vectors/Level.h"
#include "ThreadTeam.h"

/// The widest panel of outputs: two of the widest vectors.
enum { WIDEST_PANEL = 32 };

/// Bytes of input that a block of pixels may touch: it stays in the second cache while all panels pass over it.
enum { BLOCK_BYTES = 192 << 10 };

/// One element of the kernel: where it reads, relative to the pixel's own place, and which weights it has.
typedef struct {
  ptrdiff_t row, column;
  size_t weights;
} tap;

/// Pixels of the written image on a regular grid, all with the same taps. The forward pass has one grid; the gradient
/// of a strided convolution has one for each remainder of rows and columns, since different taps reach them.
typedef struct {
  const float *read, *panels, *bias, *zeros;
  float *written;
  size_t images, read_height, read_width, read_channels;
  size_t written_height, written_width, written_channels;
  /// Grid position (y, x) reads around (y · read_stride) and is written at first + y · step.
  size_t rows, columns, first_row, first_column, row_step, column_step, read_stride_y, read_stride_x;
  const tap *taps;
  size_t tap_count, total_taps;
  size_t block, blocks, panel_count;
  /// The instruction level of the whole pass.
  int level;
} grid;

#define LEVEL_SOURCE "Direct/DirectConvolution.inc"
#include "Vectors/Levels.h"

typedef void (*grid_body)(const grid *g, size_t block, size_t panel);
static const grid_body grid_bodies[] = {EACH_LEVEL(convolve_block)};
static const size_t panel_widths[] = {2 * 4, 2 * 8, 2 * 16};
static const size_t tile_rows[] = {EACH_LEVEL(TILE_ROWS)};

// MARK: Weights, packed to [panel][tap][read channel][panel width], with zeros where the last panel has no channel

typedef struct {
  const float *weight;
  float *panels;
  size_t taps, read_channels, written_channels, width, read_stride, written_stride;
} packing;

static void pack_panels(void *context, size_t begin, size_t end) {
  const packing *p = context;
  for (size_t row = begin; row < end; row++) {
    const size_t channel = row % p->read_channels, at = row / p->read_channels % p->taps;
    const size_t panel = row / p->read_channels / p->taps;
    float *packed = p->panels + row * p->width;
    for (size_t lane = 0; lane < p->width; lane++) {
      const size_t written = panel * p->width + lane;
      packed[lane] = written < p->written_channels
                         ? p->weight[written * p->written_stride + channel * p->read_stride + at]
                         : 0;
    }
  }
}

static size_t panels_for(size_t channels, size_t width) { return (channels + width - 1) / width; }

/// `is_gradient` exchanges the roles of input and output channels.
static void pack(const contrast_direct *s, const float *weight, float *panels, int level, bool is_gradient) {
  const size_t taps = s->kernel_height * s->kernel_width;
  const size_t width = panel_widths[level];
  packing p = {weight, panels, taps, s->in_channels, s->out_channels, width, taps, s->in_channels * taps};
  if (is_gradient) {
    p.read_channels = s->out_channels, p.written_channels = s->in_channels;
    p.read_stride = s->in_channels * taps, p.written_stride = taps;
  }
  contrast_parallel(panels_for(p.written_channels, width) * taps * p.read_channels, 1024, pack_panels, &p);
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static size_t aligned(size_t bytes) { return (bytes + 63) & ~(size_t)63; }

static size_t panel_bytes(const contrast_direct *s) {
  const size_t taps = s->kernel_height * s->kernel_width;
  const size_t forward = s->in_channels * (s->out_channels + WIDEST_PANEL);
  return aligned(taps * larger(forward, s->out_channels * (s->in_channels + WIDEST_PANEL)) * sizeof(float));
}

static size_t zero_bytes(const contrast_direct *s) {
  return aligned(larger(s->in_channels, s->out_channels) * sizeof(float));
}

// In this order: the packed weights, a pixel of zeros for what lies outside the image, the taps.
size_t contrast_direct_scratch_bytes(const contrast_direct *s) {
  return panel_bytes(s) + zero_bytes(s) + s->kernel_height * s->kernel_width * sizeof(tap);
}

// MARK: The passes

static void run_blocks(void *context, size_t begin, size_t end) {
  const grid *g = context;
  // Panels turn fastest: a block of pixels stays in the cache for all of them.
  for (size_t i = begin; i < end; i++) grid_bodies[g->level](g, i / g->panel_count, i % g->panel_count);
}

static void run(grid *g) {
  const size_t pixels = g->images * g->rows * g->columns, tile = tile_rows[g->level];
  const size_t pixel_bytes = g->read_channels * g->read_stride_y * g->read_stride_x * sizeof(float);
  const size_t tiles = BLOCK_BYTES / (pixel_bytes * tile);
  g->block = tile * (tiles < 2 ? 2 : tiles > 16 ? 16 : tiles);
  g->blocks = (pixels + g->block - 1) / g->block;
  g->panel_count = panels_for(g->written_channels, panel_widths[g->level]);
  if (pixels > 0) contrast_parallel(g->blocks * g->panel_count, 1, run_blocks, g);
}

static grid start(const contrast_direct *s, const float *read, float *written, char *scratch) {
  float *zeros = (float *)(scratch + panel_bytes(s));
  memset(zeros, 0, zero_bytes(s));
  grid g = {.read = read, .written = written, .panels = (float *)scratch, .zeros = zeros, .images = s->images};
  g.taps = (tap *)(scratch + panel_bytes(s) + zero_bytes(s));
  g.total_taps = s->kernel_height * s->kernel_width;
  g.level = contrast_level();
  return g;
}

void contrast_direct_forward(
    const contrast_direct *s, const float *input, const float *weight, const float *bias, float *output,
    void *scratch) {
  grid g = start(s, input, output, scratch);
  pack(s, weight, scratch, g.level, false);
  tap *taps = (tap *)g.taps;
  for (size_t y = 0; y < s->kernel_height; y++) {
    for (size_t x = 0; x < s->kernel_width; x++) {
      const tap made = {(ptrdiff_t)(y * s->dilation_y) - (ptrdiff_t)s->padding_y,
                        (ptrdiff_t)(x * s->dilation_x) - (ptrdiff_t)s->padding_x, y * s->kernel_width + x};
      taps[g.tap_count++] = made;
    }
  }
  g.bias = bias;
  g.read_height = s->in_height, g.read_width = s->in_width, g.read_channels = s->in_channels;
  g.written_height = g.rows = s->out_height, g.written_width = g.columns = s->out_width;
  g.written_channels = s->out_channels;
  g.row_step = g.column_step = 1;
  g.read_stride_y = s->stride_y, g.read_stride_x = s->stride_x;
  run(&g);
}

/// The grid of input pixels whose rows and columns leave the given remainders on division by the strides. Kernel element
/// k reaches input row r + stride · t from output row t + (r + padding − k · dilation) / stride, if that is whole.
static void gradient_grid(const contrast_direct *s, grid g, size_t row, size_t column) {
  tap *taps = (tap *)g.taps;
  for (size_t y = 0; y < s->kernel_height; y++) {
    for (size_t x = 0; x < s->kernel_width; x++) {
      const ptrdiff_t dy = (ptrdiff_t)(row + s->padding_y) - (ptrdiff_t)(y * s->dilation_y);
      const ptrdiff_t dx = (ptrdiff_t)(column + s->padding_x) - (ptrdiff_t)(x * s->dilation_x);
      if (dy % (ptrdiff_t)s->stride_y != 0 || dx % (ptrdiff_t)s->stride_x != 0) continue;
      const tap made = {dy / (ptrdiff_t)s->stride_y, dx / (ptrdiff_t)s->stride_x, y * s->kernel_width + x};
      taps[g.tap_count++] = made;
    }
  }
  g.rows = (s->in_height - row + s->stride_y - 1) / s->stride_y;
  g.columns = (s->in_width - column + s->stride_x - 1) / s->stride_x;
  g.first_row = row, g.first_column = column;
  run(&g);
}

void contrast_direct_input_gradient(
    const contrast_direct *s, const float *output_gradient, const float *weight, float *input_gradient,
    void *scratch) {
  grid g = start(s, output_gradient, input_gradient, scratch);
  pack(s, weight, scratch, g.level, true);
  g.read_height = s->out_height, g.read_width = s->out_width, g.read_channels = s->out_channels;
  g.written_height = s->in_height, g.written_width = s->in_width, g.written_channels = s->in_channels;
  g.row_step = s->stride_y, g.column_step = s->stride_x;
  g.read_stride_y = g.read_stride_x = 1;
  for (size_t row = 0; row < s->stride_y && row < s->in_height; row++) {
    for (size_t column = 0; column < s->stride_x && column < s->in_width; column++) gradient_grid(s, g, row, column);
  }
}
