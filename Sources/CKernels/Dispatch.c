// Chooses the instruction level once, when the program is loaded. No IFUNC (target_clones): its resolvers run before
// the thread sanitizer is ready, and crash there.
#include "Dispatch.h"
#include "Level.h"
#include <stdlib.h>
#include <string.h>

int contrast_current_level = CONTRAST_BASELINE;

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

int contrast_level(void) { return contrast_current_level; }

int contrast_select_level(int level) {
  int best = best_level();
  contrast_current_level = level < best ? (level < 0 ? 0 : level) : best;
  return contrast_current_level;
}

__attribute__((constructor)) static void choose_level(void) {
  const char *wish = getenv("CONTRAST_MAX_ISA");
  int highest = CONTRAST_AVX512;
  if (wish && !strcmp(wish, "sse2")) highest = CONTRAST_BASELINE;
  if (wish && !strcmp(wish, "avx2")) highest = CONTRAST_AVX2;
  contrast_select_level(highest);
}
