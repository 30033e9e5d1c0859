// print: to standard output, or to whoever embeds the host.
#include <stdio.h>
#include <time.h>
#include "internal.h"

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/// A log that is piped should move on: what waits longer than this is written out by the next print.
static const double longest_wait = 0.2;

static void write_line(luahost *host, const char *bytes, size_t length) {
  if (host->redirected) {
    host->callbacks.print(host->context, bytes, length);
    return;
  }
  fwrite(bytes, 1, length, stdout);
  const double now = seconds();
  if (now - host->last_flush < longest_wait) return;
  host->last_flush = now;
  fflush(stdout);
}

static int print(lua_State *L) {
  const int count = lua_gettop(L);
  luaL_checkstack(L, 4, "too many arguments to print");
  lua_pushliteral(L, "");
  for (int i = 1; i <= count; i++) {
    if (i > 1) { lua_pushliteral(L, "\t"); lua_concat(L, 2); }
    luaL_tolstring(L, i, NULL);
    lua_concat(L, 2);
  }
  lua_pushliteral(L, "\n");
  lua_concat(L, 2);
  size_t length;
  const char *bytes = lua_tolstring(L, -1, &length);
  write_line(host_of(L), bytes, length);
  return 0;
}

void flush_output(luahost *host) {
  if (!host->redirected) fflush(stdout);
}

void open_output(lua_State *L) {
  lua_pushcfunction(L, print);
  lua_setglobal(L, "print");
}
