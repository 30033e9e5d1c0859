// The C kernels' whole interface to Swift.
#ifndef CONTRAST_KERNELS_H
#define CONTRAST_KERNELS_H
#include "Augmentation.h"
#include "BatchNormalization.h"
#include "Copy.h"
#include "DirectConvolution.h"
#include "Dispatch.h"
#include "Elementwise.h"
#include "Indexing.h"
#include "Pooling.h"
#include "Random.h"
#include "Reductions.h"
#include "Rows.h"
#include "ThreadTeam.h"
#include "Training.h"
#include "Winograd.h"
#endif
