// Userdata that hold Swift objects, and the type check: a metatable is known by its address, never by its name.
#include <stdlib.h>
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
  return *(luahost_box **)lua_touserdata(L, index);
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
  luahost_class *class_ = NULL;
  box_at(host, L, index, &class_);
  return class_ == NULL ? NULL : class_->name;
}

static void link_after(luahost_box *head, luahost_box *box) {
  box->previous = head;
  box->next = head->next;
  if (head->next != NULL) head->next->previous = box;
  head->next = box;
}

void link_box(luahost *host, luahost_scope *scope, luahost_box *box) {
  box->scope = scope;
  link_after(scope != NULL ? &scope->head : &host->boxes, box);
}

void unlink_box(luahost_box *box) {
  if (box->previous == NULL) return;
  box->previous->next = box->next;
  if (box->next != NULL) box->next->previous = box->previous;
  box->previous = box->next = NULL;
}

luahost_box **push_empty_box(lua_State *L) {
  luahost_box **place = lua_newuserdatauv(L, sizeof(luahost_box *), 0);
  *place = NULL;
  return place;
}

static luahost_box *new_box(luahost *host) {
  luahost_box *box = host->free_boxes;
  if (box != NULL) {
    host->free_boxes = box->next;
  } else if ((box = malloc(sizeof *box)) == NULL) {
    abort();  // 32 bytes of C memory: there is nothing left to go on with
  }
  return box;
}

void fill_box(lua_State *L, int index, luahost_class *class_, void *object) {
  luahost *host = host_of(L);
  luahost_box *box = new_box(host);
  *box = (luahost_box){.object = object, .state = LUAHOST_OBJECT_OF_TYPE};
  *(luahost_box **)lua_touserdata(L, index) = box;
  host->live_objects += 1;
  link_box(host, host->scope, box);
  lua_rawgeti(L, LUA_REGISTRYINDEX, class_->metatable_reference);
  lua_setmetatable(L, index);
}

void empty_box(luahost *host, luahost_box *box, enum luahost_object_state state) {
  void *object = box->object;
  if (object == NULL) return;
  unlink_box(box);
  link_after(&host->emptied_boxes, box);
  box->object = NULL;
  box->state = state;
  host->live_objects -= 1;
  host->callbacks.release(object);
}

/// `__close` and `close`: as often as one likes.
int box_close(lua_State *L) {
  luahost *host = host_of(L);
  luahost_class *class_;
  luahost_box *box = box_at(host, L, 1, &class_);
  if (box != NULL) empty_box(host, box, LUAHOST_OBJECT_CLOSED);
  return 0;
}

/// `__gc`: nobody can reach the userdata any more.
int box_collect(lua_State *L) {
  luahost *host = host_of(L);
  luahost_class *class_;
  luahost_box *box = box_at(host, L, 1, &class_);
  if (box == NULL) return 0;
  *(luahost_box **)lua_touserdata(L, 1) = NULL;
  empty_box(host, box, LUAHOST_OBJECT_CLOSED);
  unlink_box(box);
  box->next = host->free_boxes;
  host->free_boxes = box;
  return 0;
}

/// After the Lua state is closed: releases the objects whose finalizers could not be called.
void free_boxes(luahost *host) {
  while (host->boxes.next != NULL) empty_box(host, host->boxes.next, LUAHOST_OBJECT_CLOSED);
  luahost_box *const rows[] = {host->free_boxes, host->emptied_boxes.next};
  for (int i = 0; i < 2; i++) {
    for (luahost_box *box = rows[i], *next; box != NULL; box = next) {
      next = box->next;
      free(box);
    }
  }
  host->free_boxes = host->emptied_boxes.next = NULL;
}

int64_t luahost_live_objects(const luahost *host) { return host->live_objects; }
