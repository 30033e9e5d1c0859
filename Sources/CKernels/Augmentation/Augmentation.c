#include "Augmentation.h"
#include "Vectors/Level.h"
#include "ThreadTeam.h"
#include <math.h>
#include <stdlib.h>

#pragma STDC FP_CONTRACT OFF

/// Values that steps may write behind the end of a plane or a row: two of the widest vectors.
enum { PLANE_PADDING = 64 };

/// A picture at work: three planes of height · width whole numbers, and as many to write the next step into.
typedef struct {
  int height, width;
  size_t plane;  // values from one plane to the next
  float *planes, *spare;
  float *row;      // one row of a step in the middle of its work
  float *weights;  // resampling: those of the columns, then those of the rows
  int *first;      // resampling: where the weights of each column and row begin
  uint8_t *packed;  // a picture back in bytes, for a second resampling
} canvas;

/// What a canvas needs for a view.
typedef struct {
  size_t plane, row, weights, first, packed;
} canvas_size;

static inline size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/// How many source values one output value of an antialiased resampling depends on, at most.
static inline int tap_count(int in, int out, int interpolation) {
  const float scale = (float)in / (float)out;
  const float reach = interpolation == CONTRAST_BICUBIC ? 2 : 1;
  return 2 * (int)ceilf(scale >= 1 ? reach * scale : reach) + 1;
}

/// Columns are worked on in fours.
static inline size_t whole_fours(int count) { return ((size_t)count + 3) / 4 * 4; }

static void include_step(canvas_size *size, const contrast_augmentation_step *step, int *height, int *width) {
  if (step->kind == CONTRAST_BLUR) {
    size->row = larger(size->row, (size_t)*width + (size_t)step->kernel + PLANE_PADDING);
    size->weights = larger(size->weights, (size_t)step->kernel);
  }
  if (step->kind != CONTRAST_CROP_RESIZE) return;
  const int taps_x = tap_count(step->width, step->out_width, step->interpolation);
  const int taps_y = tap_count(step->height, step->out_height, step->interpolation);
  size->row = larger(size->row, ((size_t)step->width + (size_t)taps_x) * 3 + PLANE_PADDING);
  size->weights = larger(
      size->weights,
      whole_fours(step->out_width) * (size_t)taps_x + (size_t)step->out_height * (size_t)taps_y);
  size->first = larger(size->first, whole_fours(step->out_width) + (size_t)step->out_height);
  size->packed = larger(size->packed, (size_t)*height * (size_t)*width * 3 + CONTRAST_PIXEL_PADDING);
  *height = step->out_height;
  *width = step->out_width;
}

static void include_view(canvas_size *size, const contrast_augmented_view *view) {
  int height = view->height, width = view->width;
  const int starts_with_crop = view->step_count > 0 && view->steps[0].kind == CONTRAST_CROP_RESIZE;
  if (!starts_with_crop) size->plane = larger(size->plane, (size_t)height * (size_t)width);
  for (int k = 0; k < view->step_count; k++) {
    include_step(size, &view->steps[k], &height, &width);
    size->plane = larger(size->plane, (size_t)height * (size_t)width);
  }
}

/// All of a canvas in one block, each part on a cache line of its own; NULL when there is no memory.
static void *make_canvas(canvas *work, canvas_size size) {
  work->plane = (size.plane + PLANE_PADDING + 15) / 16 * 16;
  const size_t row = (size.row + 31) / 16 * 16, weights = (size.weights + 31) / 16 * 16;
  const size_t first = (size.first + 31) / 16 * 16, packed = (size.packed + 127) / 64 * 64;
  const size_t floats = 6 * work->plane + row + weights;
  float *block = NULL;
  if (posix_memalign((void **)&block, 64, floats * sizeof(float) + first * sizeof(int) + packed) != 0) return NULL;
  work->planes = block;
  work->spare = work->planes + 3 * work->plane;
  work->row = work->spare + 3 * work->plane;
  work->weights = work->row + row;
  work->first = (int *)(work->weights + weights);
  work->packed = (uint8_t *)(work->first + first);
  memset(block, 0, floats * sizeof(float));
  return block;
}

#define LEVEL_SOURCE "Augmentation/Augmentation.inc"
#include "Vectors/Levels.h"

typedef void (*view_maker)(const contrast_augmented_view *view, canvas *work);
static const view_maker view_makers[] = {EACH_LEVEL(make_view)};

typedef struct {
  const contrast_augmented_view *views;
  int has_failed;
} augmentation_job;

static void make_views(void *context, size_t begin, size_t end) {
  augmentation_job *job = context;
  canvas_size size = {0};
  for (size_t k = begin; k < end; k++) include_view(&size, &job->views[k]);
  canvas work;
  void *block = make_canvas(&work, size);
  if (!block) {
    __atomic_store_n(&job->has_failed, 1, __ATOMIC_RELAXED);
    return;
  }
  const view_maker make = view_makers[contrast_level()];
  for (size_t k = begin; k < end; k++) make(&job->views[k], &work);
  free(block);
}

int contrast_augment(const contrast_augmented_view *views, size_t count) {
  augmentation_job job = {views, 0};
  contrast_parallel(count, 4, make_views, &job);
  return job.has_failed ? -1 : 0;
}
