// Optimizer steps over many tensors in one parallel region. Arrays are dense, and equal in order within an entry.
#ifndef CONTRAST_TRAINING_H
#define CONTRAST_TRAINING_H
#include <stddef.h>

typedef struct {
  size_t count;
  float *parameter;
  const float *gradient;
  /// NULL without momentum.
  float *velocity;
  float learning_rate, weight_decay, trust;
} contrast_sgd_entry;

/// d = trust · (g + decay · p); v ← momentum · v + (1 − dampening) · d (the first time v ← d); the step is v, or with
/// Nesterov d + momentum · v; p ← p − rate · step.
void contrast_sgd(
    const contrast_sgd_entry *entries, size_t count, float momentum, float dampening, int nesterov, int is_first_step);

typedef struct {
  size_t count;
  float *parameter;
  const float *gradient;
  float *first_moment, *second_moment;
  float learning_rate, weight_decay;
} contrast_adamw_entry;

/// Loshchilov, Hutter, 2019, arXiv:1711.05101, algorithm 2, as PyTorch has it; `step` counts from 1.
void contrast_adamw(
    const contrast_adamw_entry *entries, size_t count, double beta1, double beta2, double epsilon, long step);

typedef struct {
  size_t count;
  float *average;
  const float *value;
} contrast_average_entry;

/// average ← average + (1 − decay) · (value − average); decay 0 copies.
void contrast_moving_average(const contrast_average_entry *entries, size_t count, double decay);

#endif
