// Keeps threads that wait for each other from burning the processor time that the other one needs.
//
// GNU OpenMP lets a thread that waits for its team spin for milliseconds. While all cores are free that is right; when
// another program runs beside, the spinning thread holds the core on which the awaited one should run, and a training
// step takes three times as long. A tenth of a millisecond of spinning keeps the first case fast and the second one
// bearable. The library reads its settings when it is loaded, so they must be there before: functions in
// `.preinit_array` run ahead of every library's own start-up code.
#include <stdlib.h>
#include "CLaunch.h"

static void limit_spinning(int count, char **arguments, char **environment) {
  (void)count;
  (void)arguments;
  (void)environment;
  if (getenv("OMP_WAIT_POLICY") == NULL) setenv("GOMP_SPINCOUNT", CONTRAST_SPIN_COUNT, 0);
}

__attribute__((section(".preinit_array"), used)) static void (*const before_libraries)(int, char **, char **) =
    limit_spinning;
