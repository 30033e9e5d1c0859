// Native bytes drive the collector, because Lua sees a tensor of any size as a few words.
//
// Generational mode; one young collection for each 64 MB that native objects grew by, a full one when they hold more
// than twice what was left after the last full one, and 64 MB. What `scope` or `<close>` released needs no collection.
#include "internal.h"

static const int64_t young_step = 64 << 20;

static int64_t native_bytes(const luahost *host) {
  return host->callbacks.native_bytes == NULL ? 0 : host->callbacks.native_bytes();
}

static void collect(lua_State *L, luahost *host) {
  lua_gc(L, LUA_GCCOLLECT);
  host->collections += 1;
  host->young_base = native_bytes(host);
  host->full_threshold = 2 * host->young_base + young_step;
}

void relieve_pressure(lua_State *L, luahost *host) {
  const int64_t live = native_bytes(host);
  if (live < host->young_base) host->young_base = live;
  if (live - host->young_base < young_step) return;
  lua_gc(L, LUA_GCSTEP, 0);  // in generational mode: one young collection
  host->collections += 1;
  host->young_base = native_bytes(host);
  if (host->young_base > host->full_threshold) collect(L, host);
}

bool luahost_collect(luahost *host) {
  if (host->closed || (host->depth > 0 && !pthread_equal(host->thread, pthread_self()))) return false;
  collect(host->current, host);
  return true;
}

int64_t luahost_collections(const luahost *host) { return host->collections; }

void luahost_set_native_bytes(luahost *host, int64_t (*read)(void)) {
  host->callbacks.native_bytes = read;
  host->young_base = native_bytes(host);
  host->full_threshold = 2 * host->young_base + young_step;
}
