// Vectors as wide as the instruction level's registers, for the sources that Levels.h compiles once for each level.
//
// Such a source sees: LANES, the lanes of a float vector; HAS_FMA; AT_LEVEL(name), the name with the level's suffix;
// and, once it has included Vectors.inc, the vector types FLOATS, INTEGERS, WORDS, DOUBLES and LONGS of LANES lanes.
#ifndef CONTRAST_LEVEL_H
#define CONTRAST_LEVEL_H
#include "Dispatch.h"
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define VECTOR(type, count) type __attribute__((ext_vector_type(count)))
#define INLINE static inline __attribute__((always_inline, unused))
// A function of vectors: their type tells the levels' versions of one name apart.
#define LANEWISE INLINE __attribute__((overloadable))
#define JOIN_NAMES_(a, b) a##b
#define JOIN_NAMES(a, b) JOIN_NAMES_(a, b)

#define AT_LEVEL(name) JOIN_NAMES(name, LEVEL_SUFFIX)

// The three levels' versions of `name`, for tables indexed by contrast_level().
#if defined(__x86_64__)
#define EACH_LEVEL(name) name##_baseline, name##_avx2, name##_avx512
#else
#define EACH_LEVEL(name) name##_baseline, name##_baseline, name##_baseline
#endif

#endif
