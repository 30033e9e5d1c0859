#include "CKernels.h"
int contrast_kernels_version(void) { return 1; }
