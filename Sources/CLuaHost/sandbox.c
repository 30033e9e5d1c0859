// The sandbox: what is on these lists is there, and nothing else.
#include <string.h>
#include "internal.h"

static void keep_only(lua_State *L, const char *library, const char *const *names) {
  lua_getglobal(L, library);
  lua_newtable(L);
  for (; *names != NULL; names++) {
    lua_getfield(L, -2, *names);
    lua_setfield(L, -2, *names);
  }
  lua_pushvalue(L, -1);
  lua_setglobal(L, library);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_pushvalue(L, -2);
  lua_setfield(L, -2, library);
  lua_settop(L, 0);
}

/// An endless `__gc` could not be stopped, because hooks are off in finalizers. Lua marks an object for finalization
/// only when its metatable has `__gc` at this moment, so this check is complete.
static int setmetatable_without_gc(lua_State *L) {
  const int type = lua_type(L, 2);
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_argexpected(L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
  if (type == LUA_TTABLE) {
    lua_pushliteral(L, "__gc");
    if (lua_rawget(L, 2) != LUA_TNIL) return luaL_error(L, "finalizers (__gc) are not allowed in the sandbox");
  }
  if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL) return luaL_error(L, "cannot change a protected metatable");
  lua_settop(L, 2);
  lua_setmetatable(L, 1);
  return 1;
}

void open_sandbox(lua_State *L) {
  static const char *const os_names[] = {"clock", "date", "difftime", "time", "exit", NULL};
  static const char *const debug_names[] = {"traceback", NULL};
  static const char *const package_names[] = {"loaded", "preload", "searchers", "path", "config", NULL};
  static const char *const globals[] = {
    "_G", "_VERSION", "assert", "collectgarbage", "coroutine", "debug", "error", "getmetatable", "ipairs", "load",
    "math", "next", "os", "package", "pairs", "pcall", "print", "rawequal", "rawget", "rawlen", "rawset", "require",
    "select", "setmetatable", "string", "table", "tonumber", "tostring", "type", "utf8", "warn", "xpcall", NULL};
  keep_only(L, "os", os_names);
  keep_only(L, "debug", debug_names);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_pushnil(L);
  lua_setfield(L, -2, "io");
  // `require` reads the package table it was made with, so that one is emptied in place.
  lua_getglobal(L, "package");
  lua_pushnil(L);
  while (lua_next(L, 2)) {
    lua_pop(L, 1);
    bool kept = false;
    for (const char *const *name = package_names; *name != NULL; name++)
      kept |= strcmp(lua_tostring(L, -1), *name) == 0;
    if (kept) continue;
    lua_pushvalue(L, -1);
    lua_pushnil(L);
    lua_rawset(L, 2);  // clearing a field while walking is allowed
  }
  lua_settop(L, 0);
  lua_pushcfunction(L, setmetatable_without_gc);
  lua_setglobal(L, "setmetatable");
  lua_pushglobaltable(L);
  lua_pushnil(L);
  while (lua_next(L, 1)) {
    lua_pop(L, 1);
    bool kept = false;
    for (const char *const *name = globals; *name != NULL; name++)
      kept |= lua_type(L, -1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), *name) == 0;
    if (kept) continue;
    lua_pushvalue(L, -1);
    lua_pushnil(L);
    lua_rawset(L, 1);
  }
}
