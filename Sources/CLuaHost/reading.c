// What Swift reads: strings as they are, tables without metamethods, all within the stack Lua has left.
#include <string.h>
#include "internal.h"

const char *luahost_string(lua_State *L, int32_t index, size_t *length) {
  return lua_type(L, index) == LUA_TSTRING ? lua_tolstring(L, index, length) : NULL;
}

void luahost_pop(lua_State *L, int32_t count) { lua_settop(L, -count - 1); }

bool luahost_push_value(lua_State *L, int32_t index) {
  index = lua_absindex(L, index);
  if (!lua_checkstack(L, 4)) return false;
  lua_pushvalue(L, index);
  return true;
}

bool luahost_push_nil(lua_State *L) {
  if (!lua_checkstack(L, 4)) return false;
  lua_pushnil(L);
  return true;
}

bool luahost_push_item(lua_State *L, int32_t table, int64_t position) {
  if (!lua_checkstack(L, 4)) return false;
  lua_rawgeti(L, table, position);
  return true;
}

typedef struct name { const char *bytes; size_t length; } name;

static int field_protected(lua_State *L) {  // table, name
  const name *key = lua_touserdata(L, 2);
  lua_pushlstring(L, key->bytes, key->length);
  lua_rawget(L, 1);
  return 1;
}

bool luahost_push_field(luahost *host, lua_State *L, int32_t table, const char *bytes, size_t length) {
  (void)host;
  if (!lua_checkstack(L, 6)) return false;
  name key = {bytes, length};
  table = lua_absindex(L, table);
  lua_pushcfunction(L, field_protected);
  lua_pushvalue(L, table);
  lua_pushlightuserdata(L, &key);
  if (lua_pcall(L, 2, 1, 0) == LUA_OK) return true;
  lua_settop(L, -2);
  return false;
}

static int next_protected(lua_State *L) {
  return lua_next(L, 1) ? 2 : 0;
}

bool luahost_next(luahost *host, lua_State *L, int32_t table) {
  (void)host;
  table = lua_absindex(L, table);
  if (!lua_checkstack(L, 6)) { lua_settop(L, -2); return false; }
  lua_pushcfunction(L, next_protected);
  lua_insert(L, -2);
  lua_pushvalue(L, table);
  lua_insert(L, -2);
  if (lua_pcall(L, 2, 2, 0) != LUA_OK) { lua_settop(L, -2); return false; }
  if (!lua_isnil(L, -2)) return true;
  lua_settop(L, -3);
  return false;
}

const void *luahost_declaration(luahost *host, lua_State *L, int32_t index) {
  luahost_class *class_;
  index = lua_absindex(L, index);
  const int type = lua_type(L, index);
  if (type == LUA_TNIL || type == LUA_TNONE || !lua_checkstack(L, 4)) return NULL;
  lua_rawgeti(L, LUA_REGISTRYINDEX, host->declarations_reference);
  if (box_at(host, L, index, &class_) != NULL) lua_rawgeti(L, LUA_REGISTRYINDEX, class_->table_reference);
  else lua_pushvalue(L, index);
  lua_rawget(L, -2);
  const void *declaration = lua_touserdata(L, -1);
  lua_settop(L, -3);
  return declaration;
}

bool luahost_push_global(luahost *host, const char *global) {
  lua_State *L = host->current;
  if (host->closed || !lua_checkstack(L, 6)) return false;
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  const bool found = luahost_push_field(host, L, -1, global, strlen(global));
  if (found) lua_copy(L, -1, -2);
  lua_settop(L, -2);
  return found;
}
