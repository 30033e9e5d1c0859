// Compiles LEVEL_SOURCE once for each instruction level. Use:
//   #define LEVEL_SOURCE "Rows/Softmax.inc"
//   #include "Vectors/Levels.h"
//   static void (*const softmax[])(...) = {EACH_LEVEL(softmax)};   …   softmax[contrast_level()](...)
// No include guard: each including file compiles its own source.
#include "Vectors/Level.h"

// Products and sums are fused only where the source says so, so that the levels agree wherever it does not.
#pragma STDC FP_CONTRACT OFF
// A misspelt feature would otherwise be ignored with a warning, and the kernel run ten times slower.
#pragma clang diagnostic push
#pragma clang diagnostic error "-Wignored-attributes"
#pragma clang diagnostic ignored "-Wpsabi"

#define LEVEL_SUFFIX _baseline
#define LANES 4
#if defined(__aarch64__)
#define HAS_FMA 1
#else
#define HAS_FMA 0
#endif
#include LEVEL_SOURCE
#undef LEVEL_SUFFIX
#undef LANES
#undef HAS_FMA

#if defined(__x86_64__)
#define HAS_FMA 1

#define LEVEL_SUFFIX _avx2
#define LANES 8
#pragma clang attribute push(__attribute__((target("avx,avx2,fma,bmi,bmi2,f16c"))), apply_to = function)
#include LEVEL_SOURCE
#pragma clang attribute pop
#undef LEVEL_SUFFIX
#undef LANES

#define LEVEL_SUFFIX _avx512
#define LANES 16
#pragma clang attribute push( \
    __attribute__((target("avx,avx2,fma,bmi,bmi2,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512cd"))), \
    apply_to = function)
#include LEVEL_SOURCE
#pragma clang attribute pop
#undef LEVEL_SUFFIX
#undef LANES
#undef HAS_FMA
#endif

#pragma clang diagnostic pop
#undef LEVEL_SOURCE
