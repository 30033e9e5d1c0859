#include "Pooling.h"
#include "Vectors/Level.h"
#include "ThreadTeam.h"
#include <stdbool.h>

// Channels that are worked on together; their intermediate results stay in registers or the first cache.
enum { CHANNEL_BLOCK = 64 };

/// Below this many elements a second thread costs more than it helps.
enum { GRAIN_ELEMENTS = 16384 };

/// The part of a window that lies inside the image, along one dimension.
typedef struct {
  size_t begin, end;
} span;

static inline span window_span(size_t output, size_t stride, size_t padding, size_t window, size_t size) {
  const size_t start = output * stride, stop = start + window;
  const size_t begin = start > padding ? start - padding : 0;
  const size_t end = stop > padding ? stop - padding : 0;
  const span inside = {begin < size ? begin : size, end < size ? end : size};
  return inside;
}

/// The outputs whose windows hold an input's position, along one dimension.
static inline span covering_span(size_t input, size_t stride, size_t padding, size_t window, size_t outputs) {
  const size_t position = input + padding;
  const size_t begin = position < window ? 0 : (position - window) / stride + 1;
  const size_t end = position / stride + 1;
  const span covering = {begin, end < outputs ? end : outputs};
  return covering;
}

#define LEVEL_SOURCE "Pooling.inc"
#include "Vectors/Levels.h"

typedef struct {
  const contrast_pooling *pooling;
  const float *from;
  float *to;
  const int64_t *read_positions;
  int64_t *positions;
  void (*body)(const contrast_pooling *, const float *, float *, int64_t *, size_t, size_t);
} pooling_job;

typedef void (*pooling_body)(const contrast_pooling *, const float *, float *, int64_t *, size_t, size_t);
static const pooling_body max_bodies[] = {EACH_LEVEL(max_pool_rows)};
static const pooling_body average_bodies[] = {EACH_LEVEL(average_pool_rows)};
static const pooling_body average_gradient_bodies[] = {EACH_LEVEL(average_gradient_rows)};

static void run_rows(void *context, size_t begin, size_t end) {
  const pooling_job *job = context;
  job->body(job->pooling, job->from, job->to, job->positions, begin, end);
}

static void run(
    const contrast_pooling *p, const float *from, float *to, int64_t *positions, pooling_body body, size_t rows,
    size_t row_elements) {
  pooling_job job = {p, from, to, NULL, positions, body};
  contrast_parallel(rows, GRAIN_ELEMENTS / (row_elements + 1) + 1, run_rows, &job);
}

void contrast_max_pool(const contrast_pooling *p, const float *input, float *output, int64_t *positions) {
  const size_t work = p->out_width * p->channels * p->window_height * p->window_width;
  run(p, input, output, positions, max_bodies[contrast_level()], p->batch * p->out_height, work);
}

void contrast_average_pool(const contrast_pooling *p, const float *input, float *output) {
  const size_t work = p->out_width * p->channels * p->window_height * p->window_width;
  run(p, input, output, NULL, average_bodies[contrast_level()], p->batch * p->out_height, work);
}

void contrast_average_pool_gradient(const contrast_pooling *p, const float *output_gradient, float *input_gradient) {
  const pooling_body body = average_gradient_bodies[contrast_level()];
  run(p, output_gradient, input_gradient, NULL, body, p->batch * p->in_height, p->in_width * p->channels);
}

// One image after the other, so that no two threads add at one place.
static void max_gradient_images(void *context, size_t begin, size_t end) {
  const pooling_job *job = context;
  const contrast_pooling *p = job->pooling;
  const size_t channels = p->channels, pixels = p->out_height * p->out_width;
  const size_t image = p->in_height * p->in_width * channels;
  memset(job->to + begin * image, 0, (end - begin) * image * sizeof(float));
  for (size_t n = begin; n < end; n++) {
    for (size_t pixel = 0; pixel < pixels; pixel++) {
      const size_t row = (n * pixels + pixel) * channels;
      for (size_t c = 0; c < channels; c++) {
        job->to[n * image + (size_t)job->read_positions[row + c] * channels + c] += job->from[row + c];
      }
    }
  }
}

void contrast_max_pool_gradient(
    const contrast_pooling *p, const float *output_gradient, const int64_t *positions, float *input_gradient) {
  pooling_job job = {p, output_gradient, input_gradient, positions, NULL, NULL};
  const size_t image = p->in_height * p->in_width * p->channels;
  contrast_parallel(p->batch, GRAIN_ELEMENTS / (image + 1) + 1, max_gradient_images, &job);
}
