// Random numbers from Philox4x32-10.
// Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
//
// Each number is a pure function of (seed, stream, index), with the same bits at every instruction level, thread count
// and order of asking. The block cipher's key is the seed, its 128-bit counter (block, stream). Sixteen blocks of four
// words serve a group of 64 elements: element i takes word (i % 64) / 16 of block (i / 64) · 16 + i % 16, so that words
// need no shuffling on their way out of vector registers. Doubles take two words each: groups of 32 elements, of which
// element i takes words 2 (i / 16) and the next of block i % 16. Normal numbers come in pairs, 16 elements apart.
#ifndef CONTRAST_RANDOM_H
#define CONTRAST_RANDOM_H
#include <stddef.h>
#include <stdint.h>

/// Elements first ..< first + count of the stream into `output`: low <= x < high with 24 random bits.
void contrast_random_uniform_float(
    uint64_t seed, uint64_t stream, uint64_t first, size_t count, double low, double high, float *output);

/// As above, with 53 random bits.
void contrast_random_uniform_double(
    uint64_t seed, uint64_t stream, uint64_t first, size_t count, double low, double high, double *output);

/// Normal numbers by Box and Muller, from 32-bit uniforms; |x - mean| is at most 6.66 deviations.
void contrast_random_normal_float(
    uint64_t seed, uint64_t stream, uint64_t first, size_t count, double mean, double deviation, float *output);
/// As above, from 64-bit uniforms; at most 8.6 deviations.
void contrast_random_normal_double(
    uint64_t seed, uint64_t stream, uint64_t first, size_t count, double mean, double deviation, double *output);

/// 1 with the given probability (to within 2^-32), else 0: the same draws for both types.
void contrast_random_bernoulli_float(
    uint64_t seed, uint64_t stream, uint64_t first, size_t count, double probability, float *output);
void contrast_random_bernoulli_double(
    uint64_t seed, uint64_t stream, uint64_t first, size_t count, double probability, double *output);

#endif
