// Which instruction level the kernels run at.
#ifndef CONTRAST_DISPATCH_H
#define CONTRAST_DISPATCH_H

/// Instruction levels, in rising order. Off x86-64 only the baseline exists (NEON on aarch64).
enum { CONTRAST_NO_LEVEL = -1, CONTRAST_BASELINE = 0, CONTRAST_AVX2 = 1, CONTRAST_AVX512 = 2 };

/// The level in use, an index into tables of functions: the best that the processor has, unless the environment lowers
/// it with CONTRAST_MAX_ISA=sse2|avx2|avx512, or the calling thread has a level of its own.
int contrast_level(void);

/// The calling thread's own level; CONTRAST_NO_LEVEL where it has none.
int contrast_own_level(void);

/// Gives the calling thread, and the team while it works for that thread, a level of its own, at most the process's.
/// CONTRAST_NO_LEVEL takes it back. For tests: threads that run beside this one are not disturbed.
void contrast_set_own_level(int level);

#endif
