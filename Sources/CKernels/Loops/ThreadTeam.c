#include "ThreadTeam.h"
#include "Dispatch.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

// libgomp's entry points, declared here because clang ships no omp.h of its own. `GOMP_parallel` is what GCC compiles
// `#pragma omp parallel` to, and a stable part of libgomp's ABI.
extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);

static _Atomic size_t team_count;  // 0 until first asked for

// What the calling thread has instead; 0 for nothing. Like the instruction level, it goes with a job to the team.
static _Thread_local size_t own_count;

// A body that calls a parallel kernel again runs it inline: nested teams would fight for the same processors.
static _Thread_local bool is_inside;

// A second thread that wants the team waits for it: two teams would fight too, and work that one thread does alone could
// round differently.
static pthread_mutex_t team_lock = PTHREAD_MUTEX_INITIALIZER;

size_t contrast_team_count(void) {
  if (own_count > 0) return own_count;
  size_t count = atomic_load_explicit(&team_count, memory_order_relaxed);
  if (count > 0) return count;
  const int available = omp_get_max_threads();
  count = available > 0 ? (size_t)available : 1;
  atomic_store_explicit(&team_count, count, memory_order_relaxed);
  return count;
}

void contrast_team_set_count(size_t count) {
  atomic_store_explicit(&team_count, count > 0 ? count : 1, memory_order_relaxed);
  contrast_team_adopt();
}

size_t contrast_team_own_count(void) { return own_count; }

void contrast_team_set_own_count(size_t count) {
  contrast_team_count();  // the process's count is first asked of libgomp, which keeps this thread's from now on
  own_count = count;
  contrast_team_adopt();
}

void contrast_team_adopt(void) {
  const int count = (int)contrast_team_count();
  if (omp_get_max_threads() != count) omp_set_num_threads(count);
}

size_t contrast_part_count(size_t count, size_t grain) {
  const size_t threads = contrast_team_count();
  const size_t pieces = grain == 0 ? count : count / grain + (count % grain != 0);
  const size_t parts = pieces < threads ? pieces : threads;
  return parts > 0 ? parts : 1;
}

typedef struct {
  size_t parts;
  void (*body)(void *context, size_t part);
  void *context;
  size_t own_count;  // the caller's, and its own level
  int own_level;
} team_job;

static void run_share(void *data) {
  const team_job *job = data;
  const size_t threads = (size_t)omp_get_num_threads();
  own_count = job->own_count;
  contrast_set_own_level(job->own_level);
  is_inside = true;
  for (size_t part = (size_t)omp_get_thread_num(); part < job->parts; part += threads) job->body(job->context, part);
  is_inside = false;
}

void contrast_parallel_parts(size_t parts, void (*body)(void *context, size_t part), void *context) {
  if (parts <= 1 || is_inside) {
    for (size_t part = 0; part < parts; part++) body(context, part);
    return;
  }
  team_job job = {parts, body, context, own_count, contrast_own_level()};
  pthread_mutex_lock(&team_lock);
  // Always the whole team: libgomp ends and starts threads when the count changes from call to call.
  GOMP_parallel(run_share, &job, (unsigned)contrast_team_count(), 0);
  pthread_mutex_unlock(&team_lock);
}

typedef struct {
  size_t count, parts;
  void (*body)(void *context, size_t begin, size_t end);
  void *context;
} range_job;

static void run_range(void *data, size_t part) {
  const range_job *job = data;
  const size_t begin = contrast_part_start(job->count, job->parts, part);
  const size_t end = contrast_part_start(job->count, job->parts, part + 1);
  if (begin < end) job->body(job->context, begin, end);
}

void contrast_parallel(
    size_t count, size_t grain, void (*body)(void *context, size_t begin, size_t end), void *context) {
  if (count == 0) return;
  range_job job = {count, contrast_part_count(count, grain), body, context};
  if (job.parts == 1) {
    body(context, 0, count);
  } else {
    contrast_parallel_parts(job.parts, run_range, &job);
  }
}
