// string.gmatch without state between calls (Lua up to 5.4.8 crashes when an iterator is used again after "pattern too
// complex"), no string.dump, and the metatable of strings locked.
#include "internal.h"

enum { TEXT = 1, PATTERN, POSITION, LAST_END, FIND };  // upvalues

static int next_match(lua_State *L) {
  for (;;) {
    lua_settop(L, 0);
    lua_pushvalue(L, lua_upvalueindex(FIND));
    for (int i = TEXT; i <= POSITION; i++) lua_pushvalue(L, lua_upvalueindex(i));
    lua_call(L, 3, LUA_MULTRET);
    if (lua_isnil(L, 1)) {
      lua_pushinteger(L, (lua_Integer)lua_rawlen(L, lua_upvalueindex(TEXT)) + 2);
      lua_replace(L, lua_upvalueindex(POSITION));
      return 1;
    }
    const lua_Integer start = lua_tointeger(L, 1), end = lua_tointeger(L, 2);
    const bool repeated = end == lua_tointeger(L, lua_upvalueindex(LAST_END));
    lua_pushinteger(L, repeated || end < start ? start + 1 : end + 1);
    lua_replace(L, lua_upvalueindex(POSITION));
    if (repeated) continue;  // an empty match where the last one ended
    lua_pushinteger(L, end);
    lua_replace(L, lua_upvalueindex(LAST_END));
    const int captures = lua_gettop(L) - 2;
    if (captures > 0) return captures;
    size_t length;
    const char *text = lua_tolstring(L, lua_upvalueindex(TEXT), &length);
    lua_pushlstring(L, text + start - 1, (size_t)(end - start + 1));
    return 1;
  }
}

/// Upvalue: string.find.
static int stateless_gmatch(lua_State *L) {
  size_t length, pattern_length;
  luaL_checklstring(L, 1, &length);
  const char *pattern = luaL_checklstring(L, 2, &pattern_length);
  lua_Integer start = luaL_optinteger(L, 3, 1);
  if (start < 0) start = start < -(lua_Integer)length ? 1 : (lua_Integer)length + start + 1;
  if (start == 0) start = 1;
  if (start > (lua_Integer)length + 1) start = (lua_Integer)length + 2;
  lua_settop(L, 2);
  if (pattern_length > 0 && pattern[0] == '^') {  // no anchor in gmatch: the character itself
    lua_pushliteral(L, "%");
    lua_pushvalue(L, 2);
    lua_concat(L, 2);
    lua_replace(L, 2);
  }
  lua_pushinteger(L, start);
  lua_pushinteger(L, -1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushcclosure(L, next_match, 5);
  return 1;
}

void open_strings(lua_State *L) {
  lua_getglobal(L, "string");
  lua_getfield(L, -1, "find");
  lua_pushcclosure(L, stateless_gmatch, 1);
  lua_setfield(L, -2, "gmatch");
  lua_pushnil(L);
  lua_setfield(L, -2, "dump");
  lua_pushliteral(L, "");
  if (!lua_getmetatable(L, -1)) return;
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
}
