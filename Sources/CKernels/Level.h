// Vectors as wide as the instruction level's registers, for the sources that Levels.h compiles once for each level.
//
// Such a source sees: LANES, the lanes of a float vector; HAS_FMA; and AT_LEVEL(name), the name with the level's suffix.
// It declares its vector types from LANES with VECTOR(type, count).
#ifndef CONTRAST_LEVEL_H
#define CONTRAST_LEVEL_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// The level in use: an index into tables of functions, one for each level.
extern int contrast_current_level;

#define VECTOR(type, count) type __attribute__((ext_vector_type(count)))
#define INLINE static inline __attribute__((always_inline, unused))
#define JOIN_NAMES_(a, b) a##b
#define JOIN_NAMES(a, b) JOIN_NAMES_(a, b)

// The three levels' versions of `name`, for tables indexed by contrast_current_level.
#if defined(__x86_64__)
#define EACH_LEVEL(name) name##_baseline, name##_avx2, name##_avx512
#else
#define EACH_LEVEL(name) name##_baseline, name##_baseline, name##_baseline
#endif

#endif
