// Which instruction level the kernels run at.
#ifndef CONTRAST_DISPATCH_H
#define CONTRAST_DISPATCH_H

/// Instruction levels, in rising order. Off x86-64 only the baseline exists (NEON on aarch64).
enum { CONTRAST_BASELINE = 0, CONTRAST_AVX2 = 1, CONTRAST_AVX512 = 2 };

/// The level in use: the best that the processor has, unless the environment lowers it with
/// CONTRAST_MAX_ISA=sse2|avx2|avx512.
int contrast_level(void);

/// Changes the level for tests, to at most what the processor has, and returns the level now in use.
/// Not to be called while a kernel runs.
int contrast_select_level(int level);

#endif
