#include "Level.h"
#include "WinogradPlan.h"

#define LEVEL_SOURCE "Winograd.inc"
#include "Levels.h"

static const winograd_functions *const tables[] = {EACH_LEVEL(&winograd_table)};

const winograd_functions *contrast_winograd_functions(void) { return tables[contrast_level()]; }
