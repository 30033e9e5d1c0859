#include "Vectors/Level.h"
#include "Winograd/WinogradPlan.h"

#define LEVEL_SOURCE "Winograd/Winograd.inc"
#include "Vectors/Levels.h"

static const winograd_functions *const tables[] = {EACH_LEVEL(&winograd_table)};

const winograd_functions *contrast_winograd_functions(void) { return tables[contrast_level()]; }
