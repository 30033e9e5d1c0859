#include <stdbool.h>
#include "DirectConvolution.h"
#include "Vectors/Level.h"
#include "ThreadTeam.h"

/// Pixels in a block: their tiles of input stay in the first cache.
enum { BLOCK_PIXELS = 256 };

/// The widest tile of the weight gradient at any level: output channels by input channels.
enum { WIDEST_ROWS = 12, WIDEST_PANEL = 32 };

typedef struct {
  const contrast_direct *shape;
  const float *input, *gradient;
  float *weight_gradient;
  /// For each part: sums [tap][row tile][panel][rows][width], then a block of gradients [row tile][pixel][rows].
  float *parts_memory;
  /// The instruction level of the whole pass.
  int level;
  size_t parts, rows, width, row_tiles, panels, sum_count, part_size;
} weight_job;

#define LEVEL_SOURCE "Direct/DirectGradient.inc"
#include "Vectors/Levels.h"

typedef void (*share_body)(const weight_job *job, size_t begin, size_t end, float *memory);
static const share_body share_bodies[] = {EACH_LEVEL(sum_share)};
static const size_t tile_rows[] = {EACH_LEVEL(GRADIENT_ROWS)};
static const size_t panel_widths[] = {2 * 4, 2 * 8, 2 * 16};

static size_t pixel_count(const contrast_direct *s) { return s->images * s->out_height * s->out_width; }

static size_t tiles(size_t count, size_t size) { return (count + size - 1) / size; }

size_t contrast_direct_gradient_scratch_bytes(const contrast_direct *s) {
  const size_t parts = contrast_part_count(pixel_count(s), BLOCK_PIXELS);
  const size_t rows = s->out_channels + WIDEST_ROWS, columns = s->in_channels + WIDEST_PANEL;
  return parts * (s->kernel_height * s->kernel_width * columns + BLOCK_PIXELS) * rows * sizeof(float);
}

static void run_share(void *context, size_t part) {
  const weight_job *job = context;
  const size_t pixels = pixel_count(job->shape);
  const size_t begin = pixels / job->parts * part + pixels % job->parts * part / job->parts;
  const size_t end = pixels / job->parts * (part + 1) + pixels % job->parts * (part + 1) / job->parts;
  float *memory = job->parts_memory + part * job->part_size;
  memset(memory, 0, job->part_size * sizeof(float));
  share_bodies[job->level](job, begin, end, memory);
}

/// Adds the threads' sums up, and turns tiles to [out, in, tap].
static void gather_rows(void *context, size_t begin, size_t end) {
  const weight_job *job = context;
  const contrast_direct *s = job->shape;
  const size_t taps = s->kernel_height * s->kernel_width;
  for (size_t out = begin; out < end; out++) {
    const size_t tile = out / job->rows, row = out % job->rows;
    for (size_t in = 0; in < s->in_channels; in++) {
      const size_t panel = in / job->width, lane = in % job->width;
      for (size_t tap = 0; tap < taps; tap++) {
        const size_t at = (tap * job->row_tiles + tile) * job->panels + panel;
        const float *sum = job->parts_memory + (at * job->rows + row) * job->width + lane;
        float total = 0;
        for (size_t part = 0; part < job->parts; part++) total += sum[part * job->part_size];
        job->weight_gradient[(out * s->in_channels + in) * taps + tap] = total;
      }
    }
  }
}

void contrast_direct_weight_gradient(
    const contrast_direct *s, const float *input, const float *output_gradient, float *weight_gradient,
    void *scratch) {
  const int level = contrast_level();
  weight_job job = {.shape = s, .input = input, .gradient = output_gradient, .weight_gradient = weight_gradient};
  job.parts_memory = scratch, job.level = level;
  job.parts = contrast_part_count(pixel_count(s), BLOCK_PIXELS);
  job.rows = tile_rows[level], job.width = panel_widths[level];
  job.row_tiles = tiles(s->out_channels, job.rows), job.panels = tiles(s->in_channels, job.width);
  job.sum_count = s->kernel_height * s->kernel_width * job.row_tiles * job.panels * job.rows * job.width;
  job.part_size = job.sum_count + BLOCK_PIXELS * job.row_tiles * job.rows;
  contrast_parallel_parts(job.parts, run_share, &job);
  contrast_parallel(s->out_channels, 1, gather_rows, &job);
}
