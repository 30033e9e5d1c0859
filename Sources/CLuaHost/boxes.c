// Userdata that hold Swift objects, and the type check: a metatable is known by its address, never by its name.
#include "internal.h"

static size_t slot_of(const luahost *host, const void *key) {
  return (size_t)(((uintptr_t)key >> 4) * 0x9E3779B97F4A7C15u) & (host->type_capacity - 1);
}

luahost_class *class_of_key(const luahost *host, const void *key) {
  if (host->type_capacity == 0) return NULL;
  for (size_t slot = slot_of(host, key);; slot = (slot + 1) & (host->type_capacity - 1)) {
    if (host->type_keys[slot] == key) return host->type_values[slot];
    if (host->type_keys[slot] == NULL) return NULL;
  }
}

luahost_class *luahost_class_of_type(const luahost *host, const void *type) { return class_of_key(host, type); }

luahost_box *box_at(const luahost *host, lua_State *L, int index, luahost_class **class_) {
  if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index)) return NULL;
  const void *metatable = lua_topointer(L, -1);
  lua_settop(L, -2);
  luahost_class *found = class_of_key(host, metatable);
  if (found == NULL || found->metatable != metatable) return NULL;
  *class_ = found;
  return lua_touserdata(L, index);
}

void *luahost_object(
  const luahost *host, lua_State *L, int32_t index, const void *type, enum luahost_object_state *found
) {
  luahost_class *class_;
  luahost_box *box = box_at(host, L, index, &class_);
  *found = LUAHOST_NOT_AN_OBJECT;
  if (box == NULL) return NULL;
  *found = box->state;
  if (box->object == NULL) return NULL;
  *found = LUAHOST_OBJECT_OF_TYPE;
  for (; class_ != NULL; class_ = class_->base)
    if (class_->type == type) return box->object;
  *found = LUAHOST_OBJECT_OF_OTHER_TYPE;
  return box->object;
}

const char *luahost_object_class(const luahost *host, lua_State *L, int32_t index) {
  luahost_class *class_;
  return box_at(host, L, index, &class_) == NULL ? NULL : class_->name;
}

luahost_box *push_empty_box(lua_State *L) {
  luahost_box *box = lua_newuserdatauv(L, sizeof(luahost_box), 0);
  *box = (luahost_box){0};
  return box;
}

void fill_box(lua_State *L, int index, luahost_box *box, luahost_class *class_, void *object) {
  luahost *host = host_of(L);
  box->object = object;
  box->state = LUAHOST_OBJECT_OF_TYPE;
  host->live_objects += 1;
  if (host->scope != NULL) link_box(host, box);
  lua_rawgeti(L, LUA_REGISTRYINDEX, class_->metatable_reference);
  lua_setmetatable(L, index);
}

void empty_box(luahost *host, luahost_box *box, enum luahost_object_state state) {
  unlink_box(box);
  void *object = box->object;
  if (object == NULL) return;
  box->object = NULL;
  box->state = state;
  host->live_objects -= 1;
  host->callbacks.release(object);
}

/// `__gc`, `__close` and `close`: as often as one likes.
int box_release(lua_State *L) {
  luahost *host = host_of(L);
  luahost_class *class_;
  luahost_box *box = box_at(host, L, 1, &class_);
  if (box != NULL) empty_box(host, box, LUAHOST_OBJECT_CLOSED);
  return 0;
}

int64_t luahost_live_objects(const luahost *host) { return host->live_objects; }
