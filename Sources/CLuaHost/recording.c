// Values that Swift recorded, and how they become Lua values once nothing can be jumped over.
#include <stdlib.h>
#include <string.h>
#include "internal.h"

enum { TABLE_DEPTH = 150 };

static record *append(luahost *host, int32_t kind) {
  if (host->record_count == host->record_capacity) {
    const size_t capacity = host->record_capacity == 0 ? 256 : 2 * host->record_capacity;
    record *moved = realloc(host->records, capacity * sizeof *moved);
    if (moved == NULL) abort();  // a few kilobytes of C memory: there is nothing left to go on with
    host->records = moved;
    host->record_capacity = capacity;
  }
  record *last = &host->records[host->record_count++];
  *last = (record){.kind = kind};
  return last;
}

size_t luahost_mark(const luahost *host) { return host->record_count; }

void luahost_rewind(luahost *host, size_t mark) {
  size_t bytes = host->byte_count;
  for (size_t i = mark; i < host->record_count; i++) {
    record *r = &host->records[i];
    if ((r->kind == RECORD_STRING || r->kind == RECORD_FAILURE) && r->value.offset < bytes) bytes = r->value.offset;
    void *object = r->object;
    r->object = NULL;
    if (object != NULL) host->callbacks.release(object);
  }
  host->record_count = mark;
  host->byte_count = bytes;
}

void luahost_write_nil(luahost *host) { append(host, RECORD_NIL); }
void luahost_write_boolean(luahost *host, bool value) { append(host, RECORD_BOOLEAN)->count = value; }
void luahost_write_integer(luahost *host, int64_t value) { append(host, RECORD_INTEGER)->value.integer = value; }
void luahost_write_number(luahost *host, double value) { append(host, RECORD_NUMBER)->value.number = value; }

static void write_bytes(luahost *host, int32_t kind, const char *bytes, size_t length) {
  if (length > INT32_MAX) {
    luahost_write_failure(host, "a string of more than 2 GB cannot be given to Lua", 49);
    return;
  }
  if (host->byte_count + length > host->byte_capacity) {
    const size_t capacity = 2 * (host->byte_count + length) + 1024;
    char *moved = realloc(host->bytes, capacity);
    if (moved == NULL) abort();
    host->bytes = moved;
    host->byte_capacity = capacity;
  }
  record *r = append(host, kind);
  r->value.offset = host->byte_count;
  r->count = (int32_t)length;
  if (length != 0) memcpy(host->bytes + host->byte_count, bytes, length);
  host->byte_count += length;
}

void luahost_write_string(luahost *host, const char *bytes, size_t length) {
  write_bytes(host, RECORD_STRING, bytes, length);
}
void luahost_write_failure(luahost *host, const char *message, size_t length) {
  write_bytes(host, RECORD_FAILURE, message, length);
}

void luahost_write_object(luahost *host, luahost_class *class_, void *object) {
  record *r = append(host, RECORD_OBJECT);
  r->value.class_ = class_;
  r->object = object;
}

void luahost_write_reference(luahost *host, int32_t reference) {
  append(host, RECORD_REFERENCE)->value.integer = reference;
}
void luahost_write_function(luahost *host, luahost_function *function) {
  append(host, RECORD_FUNCTION)->value.pointer = function;
}
void luahost_write_scope(luahost *host, bool keep) { append(host, RECORD_SCOPE)->count = keep; }
void luahost_write_class(luahost *host, luahost_class *class_) { append(host, RECORD_CLASS)->value.class_ = class_; }
void luahost_write_declaration(luahost *host, const void *declaration) {
  append(host, RECORD_DECLARATION)->value.pointer = declaration;
}

size_t luahost_write_list(luahost *host, int32_t count) {
  append(host, RECORD_LIST)->count = count;
  return host->record_count - 1;
}
size_t luahost_write_map(luahost *host, int32_t count) {
  append(host, RECORD_MAP)->count = count;
  return host->record_count - 1;
}
void luahost_set_count(luahost *host, size_t table, int32_t count) { host->records[table].count = count; }

// ---- Making the values -----------------------------------------------------------------------------------------

void push_function(lua_State *L, luahost *host, luahost_function *function) {
  lua_pushlightuserdata(L, function);
  if (function->names_reference == LUA_NOREF) lua_pushnil(L);
  else lua_rawgeti(L, LUA_REGISTRYINDEX, function->names_reference);
  lua_pushcclosure(L, host->trampoline, 2);
}

static size_t play_nested(lua_State *L, luahost *host, size_t at, int depth);

static size_t play_table(lua_State *L, luahost *host, size_t at, int depth) {
  const int32_t count = host->records[at].count;
  const bool is_list = host->records[at].kind == RECORD_LIST;
  if (depth > TABLE_DEPTH) luaL_error(L, "tables nested more than %d deep cannot be given to Lua", TABLE_DEPTH);
  lua_createtable(L, is_list ? count : 0, is_list ? 0 : count);
  at += 1;
  for (int32_t i = 1; i <= count; i++) {
    at = play_nested(L, host, at, depth + 1);
    if (is_list) {
      lua_rawseti(L, -2, i);
    } else {
      at = play_nested(L, host, at, depth + 1);
      lua_rawset(L, -3);
    }
  }
  return at;
}

static void play_object(lua_State *L, luahost *host, size_t at) {
  push_empty_box(L);
  record *r = &host->records[at];
  void *object = r->object;
  r->object = NULL;
  fill_box(L, lua_absindex(L, -1), r->value.class_, object);
}

static size_t play_declared(lua_State *L, luahost *host, size_t at, int depth) {
  const void *declaration = host->records[at].value.pointer;
  at = play_nested(L, host, at + 1, depth);
  lua_rawgeti(L, LUA_REGISTRYINDEX, host->declarations_reference);
  lua_pushvalue(L, -2);
  lua_pushlightuserdata(L, (void *)declaration);
  lua_rawset(L, -3);
  lua_pop(L, 1);
  return at;
}

static size_t play_nested(lua_State *L, luahost *host, size_t at, int depth) {
  luaL_checkstack(L, 6, "values nested too deeply");
  const record r = host->records[at];
  switch (r.kind) {
    case RECORD_NIL: lua_pushnil(L); break;
    case RECORD_BOOLEAN: lua_pushboolean(L, r.count); break;
    case RECORD_INTEGER: lua_pushinteger(L, r.value.integer); break;
    case RECORD_NUMBER: lua_pushnumber(L, r.value.number); break;
    case RECORD_STRING: lua_pushlstring(L, host->bytes + r.value.offset, (size_t)r.count); break;
    case RECORD_OBJECT: play_object(L, host, at); break;
    case RECORD_REFERENCE: lua_rawgeti(L, LUA_REGISTRYINDEX, r.value.integer); break;
    case RECORD_FUNCTION: push_function(L, host, (luahost_function *)r.value.pointer); break;
    case RECORD_SCOPE: push_scope_function(L, r.count); break;
    case RECORD_CLASS: lua_rawgeti(L, LUA_REGISTRYINDEX, r.value.class_->table_reference); break;
    case RECORD_DECLARATION: return play_declared(L, host, at, depth);
    case RECORD_LIST: case RECORD_MAP: return play_table(L, host, at, depth);
    default:
      push_position(L, 1);
      lua_pushlstring(L, host->bytes + r.value.offset, (size_t)r.count);
      lua_concat(L, 2);
      lua_error(L);
  }
  return at + 1;
}

size_t play_value(lua_State *L, luahost *host, size_t at) { return play_nested(L, host, at, 0); }

/// Pushes the values recorded since `from`, and returns how many. Objects go into the boxes of `call` while they last.
int play(lua_State *L, luahost *host, size_t from, luahost_call *call) {
  int count = 0, used = 0;
  for (size_t at = from; at < host->record_count; count++) {
    record *r = &host->records[at];
    if (r->kind == RECORD_OBJECT && call != NULL && used < call->box_count) {
      luaL_checkstack(L, 2, "too many results");
      void *object = r->object;
      r->object = NULL;
      fill_box(L, call->first_box + used, r->value.class_, object);
      lua_pushvalue(L, call->first_box + used);
      used += 1;
      at += 1;
    } else {
      at = play_value(L, host, at);
    }
  }
  return count;
}

// ---- Outside of any call ---------------------------------------------------------------------------------------

static int make_protected(lua_State *L) {
  const size_t *mark = lua_touserdata(L, 1);
  play_value(L, host_of(L), *mark);
  return 1;
}

bool make_recorded(luahost *host, size_t mark) {
  lua_State *L = host->main;
  if (!lua_checkstack(L, 6)) return false;
  lua_pushcfunction(L, make_protected);
  lua_pushlightuserdata(L, &mark);
  const bool done = lua_pcall(L, 1, 1, 0) == LUA_OK;
  luahost_rewind(host, mark);
  if (!done) { keep_message(L, host); lua_settop(L, -2); }
  return done;
}
