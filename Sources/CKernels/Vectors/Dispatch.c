// Chooses the instruction level once, when the program is loaded. No IFUNC (target_clones): its resolvers run before
// the thread sanitizer is ready, and crash there.
#include "Dispatch.h"
#include <stdlib.h>
#include <string.h>

static int process_level = CONTRAST_BASELINE;
static _Thread_local int own_level = CONTRAST_NO_LEVEL;

static int best_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
        __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("f16c")))
    return CONTRAST_BASELINE;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd"))
    return CONTRAST_AVX512;
  return CONTRAST_AVX2;
#else
  return CONTRAST_BASELINE;
#endif
}

int contrast_level(void) { return own_level == CONTRAST_NO_LEVEL ? process_level : own_level; }

int contrast_own_level(void) { return own_level; }

void contrast_set_own_level(int level) {
  const int highest = level < process_level ? level : process_level;
  own_level = highest < CONTRAST_NO_LEVEL ? CONTRAST_NO_LEVEL : highest;
}

__attribute__((constructor)) static void choose_level(void) {
  const char *wish = getenv("CONTRAST_MAX_ISA");
  int highest = best_level();
  if (wish && !strcmp(wish, "sse2")) highest = CONTRAST_BASELINE;
  if (wish && !strcmp(wish, "avx2") && highest > CONTRAST_AVX2) highest = CONTRAST_AVX2;
  process_level = highest;
}
