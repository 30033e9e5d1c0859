// Lua values that Swift holds, by number in the registry.
#include <stdlib.h>
#include "internal.h"

static int reference_protected(lua_State *L) {
  const int reference = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_pushinteger(L, reference);
  return 1;
}

int32_t luahost_reference(luahost *host, lua_State *L, int32_t index) {
  if (host->closed || !lua_checkstack(L, 4)) return 0;
  index = lua_absindex(L, index);
  lua_pushcfunction(L, reference_protected);
  lua_pushvalue(L, index);
  const int status = lua_pcall(L, 1, 1, 0);
  const int32_t reference = status == LUA_OK ? (int32_t)lua_tointeger(L, -1) : 0;
  lua_settop(L, -2);
  return reference;
}

/// May come from a finalizer, where Lua must not be called: so it is only noted.
void luahost_forget(luahost *host, int32_t reference) {
  if (host->closed) return;
  if (host->forgotten_count == host->forgotten_capacity) {
    const size_t capacity = 2 * host->forgotten_capacity + 64;
    int *moved = realloc(host->forgotten, capacity * sizeof *moved);
    if (moved == NULL) return;
    host->forgotten = moved;
    host->forgotten_capacity = capacity;
  }
  host->forgotten[host->forgotten_count++] = reference;
}

void drain_forgotten(lua_State *L, luahost *host) {
  while (host->forgotten_count != 0) luaL_unref(L, LUA_REGISTRYINDEX, host->forgotten[--host->forgotten_count]);
}

bool luahost_push_reference(luahost *host, lua_State *L, int32_t reference) {
  if (host->closed || !lua_checkstack(L, 4)) return false;
  lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
  return true;
}
