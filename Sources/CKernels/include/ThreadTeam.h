// The one team of threads that all kernels share, oneDNN's included: libgomp's.
#ifndef CONTRAST_THREAD_TEAM_H
#define CONTRAST_THREAD_TEAM_H
#include <stddef.h>

/// Threads that work on one kernel. Starts as OMP_NUM_THREADS or the number of processors this process may use.
///
/// A thread may have a count of its own.
size_t contrast_team_count(void);

/// Sets the number of threads, at least 1. Not to be called while a kernel runs; changing it often is slow.
void contrast_team_set_count(size_t count);

/// The calling thread's own count; 0 where it has none.
size_t contrast_team_own_count(void);

/// Gives the calling thread a count of its own, for the kernels that it starts; 0 takes it back. For tests: threads that
/// run beside this one are not disturbed.
void contrast_team_set_own_count(size_t count);

/// Makes libgomp use the team's count on the calling thread, which is where libgomp keeps it. Needed before oneDNN runs.
void contrast_team_adopt(void);

/// Into how many parts `contrast_parallel` cuts `count` elements: at most one for each thread, none below `grain`
/// elements, at least 1. Depends on the three numbers only, so sums over parts have the same bits each time.
size_t contrast_part_count(size_t count, size_t grain);

/// Where part number `part` of `parts` begins: count·part/parts, without overflow.
static inline size_t contrast_part_start(size_t count, size_t parts, size_t part) {
  return count / parts * part + count % parts * part / parts;
}

/// Runs `body` over 0 ..< count, cut into `contrast_part_count` ranges of nearly equal length, part k being
/// count·k/parts ..< count·(k+1)/parts. Runs inline when there is one part, or inside another parallel body.
void contrast_parallel(
    size_t count, size_t grain, void (*body)(void *context, size_t begin, size_t end), void *context);

/// Runs `body` once for each part number in 0 ..< parts: for kernels that keep a partial result for each part.
void contrast_parallel_parts(size_t parts, void (*body)(void *context, size_t part), void *context);

#endif
