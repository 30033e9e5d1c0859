// The C kernels' whole interface to Swift.
#ifndef CONTRAST_KERNELS_H
#define CONTRAST_KERNELS_H
#include "Augmentation.h"
#include "BatchNormalization.h"
#include "Dispatch.h"
#include "Pooling.h"
#include "Random.h"
#include "ThreadTeam.h"
#include "Winograd.h"
#endif
