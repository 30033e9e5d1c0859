#include "Random.h"
#include "Vectors/Level.h"
#include "ThreadTeam.h"
#include <math.h>

// The multipliers and the key's increments of Philox4x32 (Salmon et al., 2011, section 4.3).
#define PHILOX_M0 0xD2511F53u
#define PHILOX_M1 0xCD9E8D57u
#define PHILOX_W0 0x9E3779B9u
#define PHILOX_W1 0xBB67AE85u

#pragma STDC FP_CONTRACT OFF

/// What to draw: `first` and `second` are the distribution's parameters.
typedef struct {
  uint64_t seed, stream;
  double first, second;
} random_request;

/// The largest float below `high`, but not below `low`: rounding must not lift a draw to the excluded end.
static inline float largest_below(float high, float low) {
  const float below = nextafterf(high, -INFINITY);
  return below > low ? below : low;
}

#define LEVEL_SOURCE "Random.inc"
#include "Vectors/Levels.h"

/// Writes `groups` whole groups, the first of which is number `group`.
typedef void (*group_writer)(const random_request *request, uint64_t group, size_t groups, void *output);

static const group_writer words_writers[] = {EACH_LEVEL(random_words)};
static const group_writer uniform_writers[] = {EACH_LEVEL(random_uniform)};
static const group_writer normal_writers[] = {EACH_LEVEL(random_normal)};

// MARK: Cutting a range into groups

typedef struct {
  random_request request;
  group_writer write;
  size_t per_group, element_size;
  uint64_t first;
  size_t count;
  char *output;
} random_job;

/// Writes elements begin ..< end of the job, whole groups in place and the ragged ends by way of a group beside.
static void write_range(void *context, size_t begin, size_t end) {
  const random_job *job = context;
  const size_t per_group = job->per_group, size = job->element_size;
  while (begin < end) {
    const uint64_t position = job->first + begin, group = position / per_group;
    const size_t within = (size_t)(position % per_group);
    char *output = job->output + begin * size;
    if (within == 0 && end - begin >= per_group) {
      const size_t groups = (end - begin) / per_group;
      job->write(&job->request, group, groups, output);
      begin += groups * per_group;
    } else {
      char whole[64 * sizeof(double)];
      size_t length = per_group - within;
      if (length > end - begin) length = end - begin;
      job->write(&job->request, group, 1, whole);
      memcpy(output, whole + within * size, length * size);
      begin += length;
    }
  }
}

static void run(random_request request, group_writer write, size_t per_group, size_t element_size, uint64_t first,
                size_t count, void *output) {
  random_job job = {request, write, per_group, element_size, first, count, output};
  contrast_parallel(count, 8192, write_range, &job);
}

// MARK: Floats

void contrast_random_uniform_float(
    uint64_t seed, uint64_t stream, uint64_t first, size_t count, double low, double high, float *output) {
  run((random_request){seed, stream, low, high}, uniform_writers[contrast_level()], 64, sizeof *output, first,
      count, output);
}

void contrast_random_normal_float(
    uint64_t seed, uint64_t stream, uint64_t first, size_t count, double mean, double deviation, float *output) {
  run((random_request){seed, stream, mean, deviation}, normal_writers[contrast_level()], 64, sizeof *output,
      first, count, output);
}

// MARK: Doubles: words from the vector kernel, the rest one by one

/// The 64 random bits of element 16 · half + lane of a group of doubles.
static inline uint64_t long_word(const uint32_t words[64], int half, int lane) {
  return words[half * 32 + lane] | (uint64_t)words[half * 32 + 16 + lane] << 32;
}

static void write_uniform_doubles(const random_request *request, uint64_t group, size_t groups, void *output) {
  const double low = request->first, span = request->second - request->first;
  const double below = nextafter(request->second, -INFINITY), highest = below > low ? below : low;
  double *doubles = output;
  for (size_t i = 0; i < groups; i++, doubles += 32) {
    uint32_t words[64];
    words_writers[contrast_level()](request, group + i, 1, words);
    for (int element = 0; element < 32; element++) {
      const double value = low + span * ((double)(long_word(words, element / 16, element % 16) >> 11) * 0x1p-53);
      doubles[element] = value < highest ? value : highest;
    }
  }
}

/// ln u for 2⁻⁵³ <= u <= 1, by arithmetic alone: libm's differs from processor to processor in the last bit.
static double logarithm(double u) {
  uint64_t bits;
  memcpy(&bits, &u, sizeof bits);
  double exponent = (double)(int64_t)(bits >> 52) - 1023.0, mantissa;
  bits = (bits & 0x000fffffffffffffu) | 0x3ff0000000000000u;
  memcpy(&mantissa, &bits, sizeof mantissa);
  if (mantissa > 0x1.6a09e667f3bcdp0) mantissa *= 0.5, exponent += 1.0;
  const double s = (mantissa - 1.0) / (mantissa + 1.0), z = s * s;
  double series = 0;
  for (int power = 23; power >= 1; power -= 2) series = series * z + 1.0 / power;
  return exponent * 0x1.62e42fefa39efp-1 + 2.0 * s * series;
}

/// cos and sin of 2π y / 2⁶⁴ by their series within π/4.
static void unit_circle_double(uint64_t y, double *cosine, double *sine) {
  const uint64_t quadrant = (y + (1ull << 61)) >> 62;
  const double a = (double)(int64_t)(y - (quadrant << 62)) * 0x1.921fb54442d18p-62, z = a * a;
  double s = 0, c = 0;
  for (int power = 19; power >= 3; power -= 2) s = (s * -z + 1.0) / (power * (power - 1));
  for (int power = 20; power >= 2; power -= 2) c = (c * -z + 1.0) / (power * (power - 1));
  s = a - a * z * s;
  c = 1.0 - z * c;
  const double swap = s;
  if (quadrant & 1) s = c, c = swap;
  *cosine = (quadrant + 1) & 2 ? -c : c;
  *sine = quadrant & 2 ? -s : s;
}

static void write_normal_doubles(const random_request *request, uint64_t group, size_t groups, void *output) {
  const double mean = request->first, deviation = request->second;
  double *doubles = output;
  for (size_t i = 0; i < groups; i++, doubles += 32) {
    uint32_t words[64];
    words_writers[contrast_level()](request, group + i, 1, words);
    for (int lane = 0; lane < 16; lane++) {
      const double u = ((double)(long_word(words, 0, lane) >> 11) + 1.0) * 0x1p-53;
      const double radius = sqrt(-2.0 * logarithm(u));
      double cosine, sine;
      unit_circle_double(long_word(words, 1, lane), &cosine, &sine);
      doubles[lane] = mean + deviation * (radius * cosine);
      doubles[16 + lane] = mean + deviation * (radius * sine);
    }
  }
}

void contrast_random_uniform_double(
    uint64_t seed, uint64_t stream, uint64_t first, size_t count, double low, double high, double *output) {
  run((random_request){seed, stream, low, high}, write_uniform_doubles, 32, sizeof *output, first, count, output);
}

void contrast_random_normal_double(
    uint64_t seed, uint64_t stream, uint64_t first, size_t count, double mean, double deviation, double *output) {
  run((random_request){seed, stream, mean, deviation}, write_normal_doubles, 32, sizeof *output, first, count, output);
}

// MARK: Bernoulli

/// Words below this are successes: probability · 2³², exact at 0 and 1.
static uint64_t bernoulli_threshold(double probability) {
  if (!(probability > 0)) return 0;
  return probability >= 1 ? 1ull << 32 : (uint64_t)(probability * 0x1p32);
}

#define BERNOULLI(name, type)                                                                                   \
  static void write_bernoulli_##name(const random_request *request, uint64_t group, size_t groups, void *out) { \
    const uint64_t threshold = bernoulli_threshold(request->first);                                             \
    type *output = out;                                                                                         \
    for (size_t i = 0; i < groups; i++, output += 64) {                                                         \
      uint32_t words[64];                                                                                       \
      words_writers[contrast_level()](request, group + i, 1, words);                                            \
      for (int element = 0; element < 64; element++) output[element] = words[element] < threshold;              \
    }                                                                                                           \
  }                                                                                                             \
  void contrast_random_bernoulli_##name(                                                                        \
      uint64_t seed, uint64_t stream, uint64_t first, size_t count, double probability, type *output) {         \
    run((random_request){seed, stream, probability, 0}, write_bernoulli_##name, 64, sizeof *output, first,      \
        count, output);                                                                                         \
  }

BERNOULLI(float, float)
BERNOULLI(double, double)
