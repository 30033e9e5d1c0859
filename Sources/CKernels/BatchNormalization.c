#include "BatchNormalization.h"
#include <math.h>
#include "Vectors/Level.h"
#include "ThreadTeam.h"

/// Below this many elements a second thread costs more than it helps.
enum { GRAIN_ELEMENTS = 16384 };

/// Rows that are summed in float before the sum is added to a double.
enum { RUN_ROWS = 32 };

typedef struct {
  size_t rows, channels, parts;
  const float *input, *residual, *gradient, *output;
  float *written, *residual_gradient;
  // Per channel, in float. The statistics: what is subtracted before summing. Otherwise: centre, scale, offset.
  const float *centre, *scale, *offset;
  // The gradient: the share of its mean and of its product with the input in each element.
  const float *gradient_mean, *slope;
  bool rectify;
  // [parts][2][channels]
  double *sums;
} batch_job;

#define LEVEL_SOURCE "BatchNormalization.inc"
#include "Vectors/Levels.h"

typedef void (*batch_body)(const batch_job *, size_t begin, size_t end, double *sums);
static const batch_body statistics_bodies[] = {EACH_LEVEL(sum_deviations)};
static const batch_body gradient_sums_bodies[] = {EACH_LEVEL(sum_gradients)};
static const batch_body apply_bodies[] = {EACH_LEVEL(apply)};
static const batch_body input_gradient_bodies[] = {EACH_LEVEL(input_gradient)};

static size_t row_grain(size_t channels) { return GRAIN_ELEMENTS / (channels + 1) + 1; }

// Two sums for each part, then five rows of channels for what is derived from them.
size_t contrast_batch_scratch_count(size_t rows, size_t channels) {
  return (2 * contrast_part_count(rows, row_grain(channels)) + 5) * channels;
}

// MARK: Sums over all rows

typedef struct {
  batch_job *job;
  batch_body body;
} parted_job;

static void sum_part(void *context, size_t part) {
  const parted_job *parted = context;
  const batch_job *job = parted->job;
  double *sums = job->sums + part * 2 * job->channels;
  memset(sums, 0, 2 * job->channels * sizeof *sums);
  const size_t begin = contrast_part_start(job->rows, job->parts, part);
  parted->body(job, begin, contrast_part_start(job->rows, job->parts, part + 1), sums);
}

/// Leaves the two sums of all rows in job->sums[0 ..< 2 · channels].
static void sum_rows(batch_job *job, batch_body body) {
  job->parts = contrast_part_count(job->rows, row_grain(job->channels));
  parted_job parted = {job, body};
  contrast_parallel_parts(job->parts, sum_part, &parted);
  for (size_t part = 1; part < job->parts; part++) {
    for (size_t i = 0; i < 2 * job->channels; i++) job->sums[i] += job->sums[part * 2 * job->channels + i];
  }
}

static float *derived_rows(const batch_job *job) {
  return (float *)(job->sums + contrast_batch_scratch_count(job->rows, job->channels) - 5 * job->channels);
}

void contrast_batch_statistics(
    const float *input, size_t rows, size_t channels, float *mean, float *variance, double *scratch) {
  batch_job job = {.rows = rows, .channels = channels, .input = input, .sums = scratch};
  // Deviations are taken from a guess at the mean, the average of a few rows from all over the batch: squares of large
  // values would drown a small variance.
  float *guess = derived_rows(&job);
  const size_t samples = rows < 16 ? rows : 16;
  for (size_t c = 0; c < channels; c++) guess[c] = 0;
  for (size_t s = 0; s < samples; s++) {
    const float *row = input + rows / samples * s * channels;
    for (size_t c = 0; c < channels; c++) guess[c] += row[c] / (float)samples;
  }
  job.centre = guess;
  sum_rows(&job, statistics_bodies[contrast_level()]);
  for (size_t c = 0; c < channels; c++) {
    const double deviation = job.sums[c] / (double)rows;
    const double spread = job.sums[channels + c] / (double)rows - deviation * deviation;
    mean[c] = (float)(guess[c] + deviation);
    // Not fmax, which would hide a NaN.
    variance[c] = spread < 0 ? 0 : (float)spread;
  }
}

// MARK: Element by element

typedef struct {
  const batch_job *job;
  batch_body body;
} ranged_job;

static void run_range(void *context, size_t begin, size_t end) {
  const ranged_job *ranged = context;
  ranged->body(ranged->job, begin, end, NULL);
}

static void each_row(const batch_job *job, batch_body body) {
  ranged_job ranged = {job, body};
  contrast_parallel(job->rows, row_grain(job->channels), run_range, &ranged);
}

static double inverse_deviation(const contrast_batch *batch, size_t channel) {
  return 1 / sqrt((double)batch->variance[channel] + batch->epsilon);
}

void contrast_batch_apply(
    const contrast_batch *batch, const float *input, const float *residual, bool rectify, float *output,
    double *scratch) {
  const size_t channels = batch->channels;
  batch_job job = {.rows = batch->rows, .channels = channels, .input = input, .residual = residual};
  job.written = output, job.rectify = rectify, job.centre = batch->mean, job.sums = scratch;
  float *scale = derived_rows(&job), *offset = scale + channels;
  for (size_t c = 0; c < channels; c++) {
    scale[c] = (float)(inverse_deviation(batch, c) * (batch->weight ? batch->weight[c] : 1));
    offset[c] = batch->bias ? batch->bias[c] : 0;
  }
  job.scale = scale, job.offset = offset;
  each_row(&job, apply_bodies[contrast_level()]);
}

// With x̂ = (x − mean) / deviation, n rows and the masked gradient g (equations of Ioffe and Szegedy, section 3):
//   dx = weight / deviation · (g − Σg / n − x̂ · Σ(g x̂) / n)
void contrast_batch_gradient(
    const contrast_batch *batch, const float *output_gradient, const float *input, const float *output,
    float *input_gradient, float *weight_gradient, float *bias_gradient, float *residual_gradient, double *scratch) {
  const size_t channels = batch->channels;
  batch_job job = {.rows = batch->rows, .channels = channels, .input = input, .gradient = output_gradient};
  job.output = output, job.centre = batch->mean, job.sums = scratch;
  sum_rows(&job, gradient_sums_bodies[contrast_level()]);
  float *scale = derived_rows(&job), *gradient_mean = scale + channels, *slope = scale + 2 * channels;
  const double rows = (double)batch->rows;
  for (size_t c = 0; c < channels; c++) {
    const double inverse = inverse_deviation(batch, c);
    const double normalised_sum = job.sums[channels + c] * inverse;
    scale[c] = (float)(inverse * (batch->weight ? batch->weight[c] : 1));
    gradient_mean[c] = (float)(job.sums[c] / rows);
    slope[c] = (float)(normalised_sum / rows * inverse);
    if (weight_gradient) weight_gradient[c] = (float)normalised_sum;
    if (bias_gradient) bias_gradient[c] = (float)job.sums[c];
  }
  job.scale = scale, job.gradient_mean = gradient_mean, job.slope = slope;
  job.written = input_gradient, job.residual_gradient = residual_gradient;
  each_row(&job, input_gradient_bodies[contrast_level()]);
}
