// `contrast.scope(fn, …)`: objects made inside are released at its end, unless they are returned or kept.
#include "internal.h"

/// The head of a scope's list is a userdata with `__close`: an error unwinds through it with its traceback intact.
typedef struct scope {
  luahost_box head;
  luahost_box *outer;
  bool open;
} scope;

enum { KEEP_DEPTH = 16 };  // how deep the walk goes into tables

void link_box(luahost *host, luahost_box *box) {
  luahost_box *head = host->scope;
  box->previous = head;
  box->next = head->next;
  if (head->next != NULL) head->next->previous = box;
  head->next = box;
}

void unlink_box(luahost_box *box) {
  if (box->previous == NULL) return;
  box->previous->next = box->next;
  if (box->next != NULL) box->next->previous = box->previous;
  box->previous = box->next = NULL;
}

static int end_scope(lua_State *L) {
  luahost *host = host_of(L);
  scope *ending = lua_touserdata(L, 1);
  if (ending == NULL || !ending->open) return 0;
  ending->open = false;
  host->scope = ending->outer;
  while (ending->head.next != NULL) empty_box(host, ending->head.next, LUAHOST_OBJECT_LEFT_SCOPE);
  return 0;
}

/// Takes the object at `index`, and those in tables, out of the innermost scope and into `outer` (NULL: into none).
static void move_out(lua_State *L, luahost *host, int index, luahost_box *outer, int depth) {
  luahost_class *class_;
  luahost_box *box = box_at(host, L, index, &class_);
  if (box != NULL) {
    if (box->previous == NULL) return;
    unlink_box(box);
    luahost_box *inner = host->scope;
    host->scope = outer;
    if (outer != NULL) link_box(host, box);
    host->scope = inner;
  } else if (lua_type(L, index) == LUA_TTABLE && depth < KEEP_DEPTH) {
    luaL_checkstack(L, 4, "values nested too deeply");
    index = lua_absindex(L, index);
    lua_pushnil(L);
    while (lua_next(L, index)) {
      move_out(L, host, -1, outer, depth + 1);
      lua_pop(L, 1);
    }
  }
}

static int scope_call(lua_State *L) {
  luahost *host = host_of(L);
  if (lua_type(L, 1) != LUA_TFUNCTION)
    return luaL_error(L, "bad argument 'body' to 'scope' (function expected, got %s)", luaL_typename(L, 1));
  scope *own = lua_newuserdatauv(L, sizeof(scope), 0);
  *own = (scope){.outer = host->scope};
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_setmetatable(L, -2);
  lua_insert(L, 1);
  lua_toclose(L, 1);
  own->open = true;
  host->scope = &own->head;
  lua_call(L, lua_gettop(L) - 2, LUA_MULTRET);
  for (int i = 2; i <= lua_gettop(L); i++) move_out(L, host, i, own->outer, 0);
  const int results = lua_gettop(L) - 1;
  lua_closeslot(L, 1);
  return results;
}

static int scope_keep(lua_State *L) {
  for (int i = 1; i <= lua_gettop(L); i++) move_out(L, host_of(L), i, NULL, 0);
  return lua_gettop(L);
}

/// Pushes `scope` or `keep`.
void push_scope_function(lua_State *L, bool keep) {
  if (keep) {
    lua_pushcfunction(L, scope_keep);
    return;
  }
  lua_newtable(L);
  lua_pushcfunction(L, end_scope);
  lua_setfield(L, -2, "__close");
  lua_pushcfunction(L, end_scope);
  lua_setfield(L, -2, "__gc");
  lua_pushcclosure(L, scope_call, 1);
}
