#include "Training.h"
#include "Vectors/Level.h"
#include "ThreadTeam.h"
#include <math.h>

typedef struct {
  float momentum, dampening;
  int nesterov, is_first_step;
} sgd_settings;

typedef struct {
  float beta1, share1, beta2, share2, epsilon;
  /// 1 − β₁ᵗ, and 1 / √(1 − β₂ᵗ).
  double first_correction;
  float second_scale;
} adamw_settings;

typedef struct {
  float share;
} average_settings;

#define LEVEL_SOURCE "Training.inc"
#include "Vectors/Levels.h"

enum { GRAIN = 16384 };

/// Declares `NAME_part`, the part begin ..< end of all entries' elements laid end to end, for the runs of each level.
#define ALL_ENTRIES(NAME, ENTRY, SETTINGS)                                                                  \
  static void (*const NAME##_runs[])(const SETTINGS *, const ENTRY *, size_t, size_t) = {EACH_LEVEL(NAME##_run)}; \
  typedef struct {                                                                                          \
    const ENTRY *entries;                                                                                   \
    SETTINGS settings;                                                                                      \
  } NAME##_job;                                                                                             \
  static void NAME##_part(void *context, size_t begin, size_t end) {                                        \
    const NAME##_job *j = context;                                                                          \
    const ENTRY *entry = j->entries;                                                                        \
    size_t start = 0;                                                                                       \
    for (; begin < end; entry++) {                                                                          \
      const size_t stop = start + entry->count;                                                             \
      if (begin < stop) {                                                                                   \
        const size_t last = end < stop ? end : stop;                                                        \
        NAME##_runs[contrast_level()](&j->settings, entry, begin - start, last - start);                    \
        begin = last;                                                                                       \
      }                                                                                                     \
      start = stop;                                                                                         \
    }                                                                                                       \
  }                                                                                                         \
  static void NAME##_all(const ENTRY *entries, size_t count, SETTINGS settings) {                           \
    NAME##_job j = {entries, settings};                                                                     \
    size_t elements = 0;                                                                                    \
    for (size_t i = 0; i < count; i++) elements += entries[i].count;                                        \
    if (elements > 0) contrast_parallel(elements, GRAIN, NAME##_part, &j);                                  \
  }

ALL_ENTRIES(sgd, contrast_sgd_entry, sgd_settings)
ALL_ENTRIES(adamw, contrast_adamw_entry, adamw_settings)
ALL_ENTRIES(average, contrast_average_entry, average_settings)

void contrast_sgd(
    const contrast_sgd_entry *entries, size_t count, float momentum, float dampening, int nesterov, int is_first_step) {
  sgd_all(entries, count, (sgd_settings){momentum, dampening, nesterov, is_first_step});
}

void contrast_adamw(
    const contrast_adamw_entry *entries, size_t count, double beta1, double beta2, double epsilon, long step) {
  adamw_all(entries, count,
            (adamw_settings){
                .beta1 = (float)beta1,
                .share1 = (float)(1 - beta1),
                .beta2 = (float)beta2,
                .share2 = (float)(1 - beta2),
                .epsilon = (float)epsilon,
                .first_correction = 1 - pow(beta1, (double)step),
                .second_scale = (float)(1 / sqrt(1 - pow(beta2, (double)step))),
            });
}

void contrast_moving_average(const contrast_average_entry *entries, size_t count, double decay) {
  average_all(entries, count, (average_settings){(float)(1 - decay)});
}
