// `contrast.scope(fn, …)`: objects made inside are released at its end, unless they are returned or kept.
#include <stdlib.h>
#include "internal.h"

enum { KEEP_DEPTH = 16 };  // how deep the walk goes into tables

/// Ends a scope wherever it stands in the row, and releases what is in it.
static void end_scope(luahost *host, int64_t number) {
  luahost_scope **place = &host->scope;
  while (*place != NULL && (*place)->number != number) place = &(*place)->outer;
  luahost_scope *ending = *place;
  if (ending == NULL) return;
  *place = ending->outer;
  while (ending->head.next != NULL) empty_box(host, ending->head.next, LUAHOST_OBJECT_LEFT_SCOPE);
  free(ending);
}

/// At the end of a run: a scope is left only if there was no memory to call its end.
void end_scopes(luahost *host) {
  while (host->scope != NULL) end_scope(host, host->scope->number);
}

/// `__close` of the userdata that holds a scope's number on the stack: so an error keeps its traceback.
static int close_scope(lua_State *L) {
  const int64_t *number = lua_touserdata(L, 1);
  if (number != NULL) end_scope(host_of(L), *number);
  return 0;
}

/// Moves the object at `index`, and those in tables, from one scope (NULL: from any) to an outer one (NULL: to none).
static void move_out(lua_State *L, int index, const luahost_scope *from, luahost_scope *to, int depth) {
  luahost *host = host_of(L);
  luahost_class *class_;
  luahost_box *box = box_at(host, L, index, &class_);
  if (box != NULL) {
    if (box->object == NULL || (from != NULL && box->scope != from)) return;
    unlink_box(box);
    link_box(host, to, box);
  } else if (lua_type(L, index) == LUA_TTABLE && depth < KEEP_DEPTH) {
    luaL_checkstack(L, 4, "values nested too deeply");
    index = lua_absindex(L, index);
    lua_pushnil(L);
    while (lua_next(L, index)) {
      move_out(L, -1, from, to, depth + 1);
      lua_pop(L, 1);
    }
  }
}

static int scope_call(lua_State *L) {
  luahost *host = host_of(L);
  if (lua_type(L, 1) != LUA_TFUNCTION)
    return luaL_error(L, "bad argument 'body' to 'scope' (function expected, got %s)", luaL_typename(L, 1));
  int64_t *number = lua_newuserdatauv(L, sizeof *number, 0);
  *number = 0;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_setmetatable(L, -2);
  lua_insert(L, 1);
  lua_toclose(L, 1);
  luahost_scope *own = calloc(1, sizeof *own);
  if (own == NULL) return luaL_error(L, "not enough memory");
  own->outer = host->scope;
  own->number = *number = ++host->scope_count;
  host->scope = own;
  lua_call(L, lua_gettop(L) - 2, LUA_MULTRET);
  for (int i = 2; i <= lua_gettop(L); i++) move_out(L, i, own, own->outer, 0);
  const int results = lua_gettop(L) - 1;
  lua_closeslot(L, 1);
  return results;
}

static int scope_keep(lua_State *L) {
  for (int i = 1; i <= lua_gettop(L); i++) move_out(L, i, NULL, NULL, 0);
  return lua_gettop(L);
}

/// Pushes `scope` or `keep`.
void push_scope_function(lua_State *L, bool keep) {
  if (keep) {
    lua_pushcfunction(L, scope_keep);
    return;
  }
  lua_newtable(L);
  lua_pushcfunction(L, close_scope);
  lua_setfield(L, -2, "__close");
  lua_pushcfunction(L, close_scope);
  lua_setfield(L, -2, "__gc");
  lua_pushcclosure(L, scope_call, 1);
}
