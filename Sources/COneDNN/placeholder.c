#include <oneapi/dnnl/dnnl.h>
#include "COneDNN.h"
int contrast_onednn_version(void) { return dnnl_version()->major; }
