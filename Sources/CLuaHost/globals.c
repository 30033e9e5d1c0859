// Reading an undefined global variable is an error, with the nearest defined name; and calls that scripts may not make.
#include <string.h>
#include "internal.h"

/// Names that libraries probe to find out about older versions of Lua: these read as nil.
static bool is_probe(const char *name) {
  static const char *const probes[] = {"jit", "unpack", "loadstring", "setfenv", "getfenv", "module", "bit", "bit32",
                                       "love", "ngx", "_PROMPT", "_PROMPT2", NULL};
  for (const char *const *probe = probes; *probe != NULL; probe++)
    if (strcmp(*probe, name) == 0) return true;
  return false;
}

/// Optimal string alignment distance, of words up to 63 bytes.
int32_t luahost_distance(const char *first, size_t n, const char *second, size_t m) {
  enum { LONGEST = 63 };
  if (n > LONGEST || m > LONGEST) return LONGEST;
  int rows[3][LONGEST + 1];
  for (size_t j = 0; j <= m; j++) rows[0][j] = (int)j;
  for (size_t i = 1; i <= n; i++) {
    int *row = rows[i % 3], *above = rows[(i - 1) % 3], *two_above = rows[(i + 1) % 3];
    row[0] = (int)i;
    for (size_t j = 1; j <= m; j++) {
      int best = above[j - 1] + (first[i - 1] != second[j - 1]);
      if (above[j] + 1 < best) best = above[j] + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      const bool swapped = i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1];
      if (swapped && two_above[j - 2] + 1 < best) best = two_above[j - 2] + 1;
      row[j] = best;
    }
  }
  return rows[n % 3][m];
}

static int undefined_global(lua_State *L) {  // _G, name
  if (lua_type(L, 2) != LUA_TSTRING) return 0;
  size_t length;
  const char *name = lua_tolstring(L, 2, &length);
  if (is_probe(name)) return 0;
  const char *nearest = NULL;
  size_t nearest_length = 0;
  int32_t least = length < 4 ? 1 : length < 8 ? 2 : 3;
  least += 1;
  lua_pushnil(L);
  while (lua_next(L, 1)) {
    lua_pop(L, 1);
    if (lua_type(L, -1) != LUA_TSTRING) continue;
    size_t candidate_length;
    const char *candidate = lua_tolstring(L, -1, &candidate_length);
    const int32_t distance = luahost_distance(name, length, candidate, candidate_length);
    // Table order is not fixed: of equally near names, the first in the alphabet.
    if (distance > least || (distance == least && (nearest == NULL || strcmp(candidate, nearest) >= 0))) continue;
    least = distance;
    nearest = candidate;
    nearest_length = candidate_length;
  }
  push_position(L, 1);
  if (nearest != NULL && nearest_length > 0)
    lua_pushfstring(L, "undefined variable '%s'; did you mean '%s'?", name, nearest);
  else
    lua_pushfstring(L, "undefined variable '%s'", name);
  lua_concat(L, 2);
  return lua_error(L);
}

/// Native memory drives the collector, so a script may ask for a collection but not change when they happen.
static int bounded_collectgarbage(lua_State *L) {
  static const char *const options[] = {"collect", "count", "step", "isrunning", "generational", "incremental",
                                        "restart", "stop", "setpause", "setstepmul", NULL};
  const int option = luaL_checkoption(L, 1, "collect", options);
  switch (option) {
    case 0: lua_gc(L, LUA_GCCOLLECT); lua_pushinteger(L, 0); return 1;
    case 1: lua_pushnumber(L, lua_gc(L, LUA_GCCOUNT) + lua_gc(L, LUA_GCCOUNTB) / 1024.0); return 1;
    case 2: lua_pushboolean(L, lua_gc(L, LUA_GCSTEP, 0)); return 1;
    case 3: lua_pushboolean(L, 1); return 1;
    case 4: case 5: lua_pushliteral(L, "generational"); return 1;
    case 6: lua_pushinteger(L, 0); return 1;
    default: return luaL_error(L, "collectgarbage: '%s' is not available (tensor memory drives the collector)",
                               options[option]);
  }
}

/// debug.*: nothing that could change what the host's own functions and objects consist of.
static void limit_debug(lua_State *L) {
  static const char *const removed[] = {"setupvalue", "upvaluejoin", "upvalueid", "setmetatable", "setuservalue",
                                        "getregistry", "setcstacklimit", "setlocal", "getupvalue", NULL};
  lua_getglobal(L, "debug");
  for (const char *const *name = removed; *name != NULL; name++) {
    lua_pushnil(L);
    lua_setfield(L, -2, *name);
  }
  lua_pop(L, 1);
}

void open_globals(lua_State *L) {
  lua_pushcfunction(L, bounded_collectgarbage);
  lua_setglobal(L, "collectgarbage");
  lua_getglobal(L, "os");
  lua_pushcfunction(L, os_exit);
  lua_setfield(L, -2, "exit");
  lua_pushnil(L);
  lua_setfield(L, -2, "setlocale");  // string comparison reads too far in odd locales (fixed in Lua 5.4.7)
  lua_pop(L, 1);
  limit_debug(L);
  lua_pushglobaltable(L);
  lua_newtable(L);
  lua_pushcfunction(L, undefined_global);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
}
