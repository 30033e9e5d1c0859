// Keeps threads that wait for each other from burning the processor time that the other one needs.
//
// GNU OpenMP lets a thread that waits for its team spin for milliseconds. While all cores are free that is right; when
// another program runs beside, the spinning thread holds the core on which the awaited one should run, and a training
// step takes three times as long. Some microseconds of spinning keep the first case fast and the second one bearable.
//
// The library takes the number from the environment as the process received it, before any code of the program runs. So
// the program starts itself once more with the number set; functions in `.preinit_array` run ahead of every library's
// start-up code, which makes that cost the loading of the libraries only: about two milliseconds.
#include <limits.h>
#include <string.h>
#include <unistd.h>
#include "CLaunch.h"

static int is_set(char **environment, const char *name) {
  const size_t length = strlen(name);
  for (; *environment != NULL; environment++) {
    if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=') return 1;
  }
  return 0;
}

static void limit_spinning(int count, char **arguments, char **environment) {
  (void)count;
  enum { MOST = 4096 };
  static char *extended[MOST + 2];
  static char path[PATH_MAX];
  if (is_set(environment, "GOMP_SPINCOUNT") || is_set(environment, "OMP_WAIT_POLICY")) return;
  size_t entries = 0;
  while (environment[entries] != NULL) {
    if (entries == MOST) return;
    extended[entries] = environment[entries];
    entries++;
  }
  extended[entries] = "GOMP_SPINCOUNT=" CONTRAST_SPIN_COUNT;
  // The program's own path, not /proc/self/exe: that would be its name in lists of processes.
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length <= 0) return;
  // Started as an argument of the dynamic loader, the process is the loader: starting that again would lose the program.
  const char *name = strrchr(path, '/');
  if (name != NULL && strncmp(name, "/ld-", 4) != 0) execve(path, arguments, extended);
  // Where that fails, the program runs all the same.
}

__attribute__((section(".preinit_array"), used)) static void (*const before_libraries)(int, char **, char **) =
    limit_spinning;
