// Classes: one metatable each. Methods are found in a table; properties and indices through a C `__index`.
#include <stdlib.h>
#include <string.h>
#include "internal.h"

bool add_type_key(luahost *host, const void *key, luahost_class *class_) {
  if (2 * (host->type_count + 1) > host->type_capacity) {
    const size_t old_capacity = host->type_capacity, capacity = old_capacity == 0 ? 64 : 2 * old_capacity;
    const void **old_keys = host->type_keys;
    luahost_class **old_values = host->type_values;
    const void **keys = calloc(capacity, sizeof *keys);
    luahost_class **values = calloc(capacity, sizeof *values);
    if (keys == NULL || values == NULL) { free(keys); free(values); return false; }
    host->type_keys = keys;
    host->type_values = values;
    host->type_capacity = capacity;
    host->type_count = 0;
    for (size_t i = 0; i < old_capacity; i++)
      if (old_keys[i] != NULL) add_type_key(host, old_keys[i], old_values[i]);
    free(old_keys);
    free(old_values);
  }
  const size_t mask = host->type_capacity - 1;
  size_t slot = (size_t)(((uintptr_t)key >> 4) * 0x9E3779B97F4A7C15u) & mask;
  while (host->type_keys[slot] != NULL && host->type_keys[slot] != key) slot = (slot + 1) & mask;
  host->type_count += host->type_keys[slot] == NULL;
  host->type_keys[slot] = key;
  host->type_values[slot] = class_;
  return true;
}

bool luahost_class_alias(luahost *host, const void *type, luahost_class *class_) {
  return add_type_key(host, type, class_);
}

const char *luahost_class_name(const luahost_class *class_) { return class_->name; }

// ---- `object.name`, `object[key]` ------------------------------------------------------------------------------

// Upvalues: 1 methods, 2 getters or setters, 3 the operator for other keys, 4 the error for a member that is missing.

static int read_member(lua_State *L) {
  if (lua_type(L, 2) == LUA_TSTRING) {
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(2)) != LUA_TNIL) {
      lua_pushvalue(L, 1);
      lua_call(L, 1, 1);
      return 1;
    }
  } else if (!lua_isnil(L, lua_upvalueindex(3))) {
    lua_settop(L, 2);
    lua_pushvalue(L, lua_upvalueindex(3));
    lua_insert(L, 1);
    lua_call(L, 2, 1);
    return 1;
  }
  lua_settop(L, 2);
  lua_pushvalue(L, lua_upvalueindex(4));
  lua_insert(L, 1);
  lua_call(L, 2, 1);
  return 1;
}

static int write_member(lua_State *L) {
  lua_settop(L, 3);
  int setter = lua_type(L, 2) == LUA_TSTRING;
  if (setter) {
    lua_pushvalue(L, 2);
    setter = lua_rawget(L, lua_upvalueindex(2)) != LUA_TNIL;
    if (setter) {
      lua_pushvalue(L, 1);
      lua_pushvalue(L, 3);
      lua_call(L, 2, 0);
      return 0;
    }
  } else if (!lua_isnil(L, lua_upvalueindex(3))) {
    lua_pushvalue(L, lua_upvalueindex(3));
    lua_insert(L, 1);
    lua_call(L, 3, 0);
    return 0;
  }
  lua_pushvalue(L, lua_upvalueindex(4));
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 3);
  lua_call(L, 3, 0);
  return 0;
}

static int same_object(lua_State *L) {
  luahost *host = host_of(L);
  luahost_class *class_;
  luahost_box *first = box_at(host, L, 1, &class_), *second = box_at(host, L, 2, &class_);
  lua_pushboolean(L, first != NULL && second != NULL && first->object != NULL && first->object == second->object);
  return 1;
}

// ---- Setting up, protected -------------------------------------------------------------------------------------

typedef struct setup {
  luahost *host;
  luahost_class *class_;
  enum luahost_member member;
  const char *name;
  luahost_function *function;
  const void *declaration;
} setup;

static int new_table(lua_State *L, int base) {
  lua_newtable(L);
  if (base != LUA_NOREF) {  // inherited members are copied, so that a lookup stays one step
    lua_rawgeti(L, LUA_REGISTRYINDEX, base);
    lua_pushnil(L);
    while (lua_next(L, -2)) {
      lua_pushvalue(L, -2);
      lua_insert(L, -2);
      lua_rawset(L, -5);
    }
    lua_pop(L, 1);
  }
  return luaL_ref(L, LUA_REGISTRYINDEX);
}

static int create_protected(lua_State *L) {
  setup *s = lua_touserdata(L, 1);
  luahost_class *class_ = s->class_, *base = class_->base;
  class_->methods_reference = new_table(L, base ? base->methods_reference : LUA_NOREF);
  class_->getters_reference = new_table(L, base ? base->getters_reference : LUA_NOREF);
  class_->setters_reference = new_table(L, base ? base->setters_reference : LUA_NOREF);
  class_->metatable_reference = new_table(L, base ? base->metatable_reference : LUA_NOREF);
  class_->table_reference = new_table(L, LUA_NOREF);
  lua_rawgeti(L, LUA_REGISTRYINDEX, class_->metatable_reference);
  class_->metatable = lua_topointer(L, -1);
  lua_pushcfunction(L, box_collect);
  lua_setfield(L, -2, "__gc");
  lua_pushcfunction(L, box_close);
  lua_setfield(L, -2, "__close");
  lua_pushcfunction(L, same_object);
  lua_setfield(L, -2, "__eq");
  lua_pushstring(L, class_->name);
  lua_setfield(L, -2, "__name");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_rawgeti(L, LUA_REGISTRYINDEX, class_->methods_reference);
  lua_pushcfunction(L, box_close);
  lua_setfield(L, -2, "close");
  return 0;
}

static bool protect(luahost *host, lua_CFunction body, setup *s) {
  lua_State *L = host->main;
  const int top = lua_gettop(L);
  if (!lua_checkstack(L, 8)) return false;
  lua_pushcfunction(L, body);
  lua_pushlightuserdata(L, s);
  const bool done = lua_pcall(L, 1, 0, 0) == LUA_OK;
  lua_settop(L, top);
  return done;
}

luahost_class *luahost_class_create(luahost *host, const char *name, const void *type, luahost_class *base) {
  luahost_class *class_ = calloc(1, sizeof *class_);
  if (class_ == NULL) return NULL;
  class_->name = strdup(name);
  class_->type = type;
  class_->base = base;
  class_->next = host->classes;
  host->classes = class_;
  setup s = {.host = host, .class_ = class_};
  const bool done = class_->name != NULL && protect(host, create_protected, &s)
    && add_type_key(host, class_->metatable, class_) && add_type_key(host, type, class_);
  return done ? class_ : NULL;
}

static void register_declaration(lua_State *L, luahost *host, const void *declaration) {
  if (declaration == NULL) return;
  lua_rawgeti(L, LUA_REGISTRYINDEX, host->declarations_reference);
  lua_pushvalue(L, -2);
  lua_pushlightuserdata(L, (void *)declaration);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

static int add_protected(lua_State *L) {
  setup *s = lua_touserdata(L, 1);
  luahost_class *class_ = s->class_;
  int table = class_->metatable_reference;
  switch (s->member) {
    case LUAHOST_MEMBER_METHOD: table = class_->methods_reference; break;
    case LUAHOST_MEMBER_STATIC: table = class_->table_reference; break;
    case LUAHOST_MEMBER_GETTER: table = class_->getters_reference; break;
    case LUAHOST_MEMBER_SETTER: table = class_->setters_reference; break;
    case LUAHOST_MEMBER_META: break;
    case LUAHOST_MEMBER_CONSTRUCTOR:
      lua_newtable(L);
      push_function(L, s->host, s->function);
      lua_setfield(L, -2, "__call");
      lua_pushboolean(L, 0);
      lua_setfield(L, -2, "__metatable");
      lua_rawgeti(L, LUA_REGISTRYINDEX, class_->table_reference);
      lua_insert(L, -2);
      lua_setmetatable(L, -2);
      return 0;
  }
  lua_rawgeti(L, LUA_REGISTRYINDEX, table);
  push_function(L, s->host, s->function);
  register_declaration(L, s->host, s->declaration);
  lua_setfield(L, -2, s->name);
  return 0;
}

bool luahost_class_add(
  luahost *host, luahost_class *class_, enum luahost_member member, const char *name, luahost_function *function,
  const void *declaration
) {
  setup s = {host, class_, member, name, function, declaration};
  return protect(host, add_protected, &s);
}

/// Puts the operator aside that was stored as `name` in the metatable under `hidden`, where a subclass finds it again.
static bool push_hidden(lua_State *L, const char *name, const char *hidden, lua_CFunction own) {
  lua_getfield(L, 2, name);
  if (lua_iscfunction(L, -1) && lua_tocfunction(L, -1) != own) {
    lua_pushvalue(L, -1);
    lua_setfield(L, 2, hidden);
    return true;
  }
  lua_pop(L, 1);
  lua_getfield(L, 2, hidden);
  return !lua_isnil(L, -1);
}

static int finish_protected(lua_State *L) {
  setup *s = lua_touserdata(L, 1);
  luahost_class *class_ = s->class_;
  lua_rawgeti(L, LUA_REGISTRYINDEX, class_->metatable_reference);
  static const struct { const char *name, *hidden; lua_CFunction own; } access[] = {
    {"__index", "index", read_member}, {"__newindex", "newindex", write_member}};
  for (int i = 0; i < 2; i++) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, class_->methods_reference);
    lua_rawgeti(L, LUA_REGISTRYINDEX, i == 0 ? class_->getters_reference : class_->setters_reference);
    push_hidden(L, access[i].name, access[i].hidden, access[i].own);
    push_function(L, s->host, s->function);
    lua_pushcclosure(L, access[i].own, 4);
    lua_setfield(L, 2, access[i].name);
  }
  lua_rawgeti(L, LUA_REGISTRYINDEX, class_->table_reference);
  register_declaration(L, s->host, s->declaration);
  return 0;
}

bool luahost_class_finish(luahost *host, luahost_class *class_, luahost_function *missing, const void *declaration) {
  setup s = {.host = host, .class_ = class_, .function = missing, .declaration = declaration};
  return protect(host, finish_protected, &s);
}

void free_classes(luahost *host) {
  for (luahost_class *class_ = host->classes, *next; class_ != NULL; class_ = next) {
    next = class_->next;
    free(class_->name);
    free(class_);
  }
  free(host->type_keys);
  free(host->type_values);
}
