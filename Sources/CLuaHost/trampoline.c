// The way from Lua into Swift and back: everything that can raise happens before or after the Swift function runs.
#include <stdlib.h>
#include <string.h>
#include "internal.h"

luahost_function *luahost_function_create(
  luahost *host, void *context, int32_t parameters, const char *const *names, const uint8_t *forms, int32_t flags,
  int32_t boxes
) {
  luahost_function *f = calloc(1, sizeof *f);
  uint8_t *own_forms = calloc((size_t)parameters + 1, 1);
  if (f == NULL || own_forms == NULL) { free(f); free(own_forms); return NULL; }
  if (parameters > 0) memcpy(own_forms, forms, (size_t)parameters);
  *f = (luahost_function){
    context, parameters, flags, boxes < LUAHOST_BOXES ? boxes : LUAHOST_BOXES, own_forms, LUA_NOREF, host->functions};
  host->functions = f;
  if ((flags & LUAHOST_NAMED) == 0) return f;
  // The names, by position and back, recorded and made under protection.
  const size_t mark = luahost_mark(host);
  const size_t map = luahost_write_map(host, 0);
  int32_t entries = 0;
  for (int32_t i = 0; i < parameters; i++) {
    if (names[i] == NULL) continue;
    luahost_write_integer(host, i + 1);
    luahost_write_string(host, names[i], strlen(names[i]));
    luahost_write_string(host, names[i], strlen(names[i]));
    luahost_write_integer(host, i + 1);
    entries += 2;
  }
  luahost_set_count(host, map, entries);
  lua_State *L = host->main;
  if (!make_recorded(host, mark)) return NULL;
  f->names_reference = luahost_reference(host, L, -1);
  lua_settop(L, -2);
  return f->names_reference == 0 ? NULL : f;
}

void *luahost_function_context(const luahost_function *function) { return function->context; }

// ---- Named options ---------------------------------------------------------------------------------------------

enum { NAMES = 2 };  // upvalue

static bool refuse(luahost_call *call, int32_t problem, int32_t index) {
  call->problem = problem;
  call->problem_index = index;
  return false;
}

/// Whether the table on `index` has names as keys. Leaves an unknown key on the stack and refuses the call.
static bool check_names(lua_State *L, luahost_call *call, int index, bool *has_names) {
  const lua_Integer items = (lua_Integer)lua_rawlen(L, index);
  *has_names = false;
  lua_pushnil(L);
  while (lua_next(L, index)) {
    lua_pop(L, 1);
    if (lua_isinteger(L, -1) && lua_tointeger(L, -1) >= 1 && lua_tointeger(L, -1) <= items) continue;
    *has_names = true;
    lua_pushvalue(L, -1);
    const bool known = lua_type(L, -1) == LUA_TSTRING && lua_rawget(L, lua_upvalueindex(NAMES)) != LUA_TNIL;
    lua_pop(L, 1);
    if (!known) return refuse(call, LUAHOST_UNKNOWN_OPTION, lua_gettop(L));
  }
  return true;
}

/// Spreads a last table of named options over the parameters that were not given before it.
static void spread_options(lua_State *L, luahost_call *call) {
  const luahost_function *f = call->function;
  const int last = call->count, parameters = f->parameters;
  const int first_name = f->flags & LUAHOST_METHOD ? 2 : 1;
  if (last < first_name || last > parameters + 1 || lua_type(L, last) != LUA_TTABLE) return;
  const int form = last <= parameters ? f->forms[last - 1] : LUAHOST_NO_TABLE;
  if (form & LUAHOST_RECORD) return;
  const bool has_items = lua_rawlen(L, last) > 0;
  bool has_names;
  luaL_checkstack(L, parameters + 8, "too many arguments");
  if (!check_names(L, call, last, &has_names)) return;
  if (!has_names && (form & LUAHOST_LIST)) return;
  // The table moves behind the parameters; its list part is the value of a list parameter, or fills one after another.
  const int table = parameters + 1;
  int next = last;
  lua_settop(L, table);
  if (last <= parameters) lua_copy(L, last, table);
  for (int i = last; i <= parameters; i++) { lua_pushnil(L); lua_replace(L, i); }
  call->count = parameters;
  if (has_items && (form & LUAHOST_LIST)) {
    lua_pushvalue(L, table);
    lua_replace(L, next++);
  } else if (has_items) {
    const lua_Integer items = (lua_Integer)lua_rawlen(L, table);
    if (items > parameters - last + 1) {
      call->count = last - 1 + (items < INT32_MAX / 2 ? (int32_t)items : INT32_MAX / 2);
      refuse(call, LUAHOST_TOO_MANY, 0);
      return;
    }
    for (lua_Integer i = 1; i <= items; i++) { lua_rawgeti(L, table, i); lua_replace(L, next++); }
  }
  for (int i = first_name; i <= parameters; i++) {
    lua_rawgeti(L, lua_upvalueindex(NAMES), i);
    if (lua_rawget(L, table) == LUA_TNIL) { lua_pop(L, 1); continue; }
    if (i < next) { refuse(call, LUAHOST_GIVEN_TWICE, i); return; }
    lua_replace(L, i);
  }
  lua_settop(L, parameters);
}

/// Gives every parameter a place, so that a missing argument can never be mistaken for something pushed later.
static void arrange_arguments(lua_State *L, luahost_call *call) {
  const luahost_function *f = call->function;
  if (f->flags & LUAHOST_SKIP_FIRST && call->count > 0) { lua_remove(L, 1); call->count -= 1; }
  if (f->flags & LUAHOST_NAMED) spread_options(L, call);
  if (call->count < f->parameters) {
    if (call->problem == LUAHOST_NO_PROBLEM) lua_settop(L, f->parameters);
  } else if (call->count > f->parameters && (f->flags & LUAHOST_LENIENT) == 0) {
    int extra = call->count;
    while (call->problem == LUAHOST_NO_PROBLEM && extra > f->parameters && lua_isnil(L, extra)) extra -= 1;
    if (call->problem == LUAHOST_NO_PROBLEM && extra > f->parameters) refuse(call, LUAHOST_TOO_MANY, 0);
  }
}

// ---- Results ---------------------------------------------------------------------------------------------------

/// Plain values and the objects that have a box need no memory, so they cannot fail. Returns -1 when there is more.
static int return_plainly(lua_State *L, luahost *host, luahost_call *call) {
  const size_t count = host->record_count - call->mark;
  if (count > 8) return -1;
  int objects = 0;
  for (size_t i = 0; i < count; i++) {
    const record *r = &host->records[call->mark + i];
    if (r->kind <= RECORD_NUMBER) continue;
    if (r->kind != RECORD_OBJECT || objects == call->box_count) return -1;
    objects += 1;
  }
  objects = 0;
  for (size_t i = 0; i < count; i++) {
    record *r = &host->records[call->mark + i];
    switch (r->kind) {
      case RECORD_NIL: lua_pushnil(L); break;
      case RECORD_BOOLEAN: lua_pushboolean(L, r->count); break;
      case RECORD_INTEGER: lua_pushinteger(L, r->value.integer); break;
      case RECORD_NUMBER: lua_pushnumber(L, r->value.number); break;
      default:
        fill_box(L, call->first_box + objects, r->value.class_, r->object);
        lua_pushvalue(L, call->first_box + objects);
        objects += 1;
    }
  }
  host->record_count = call->mark;
  return (int)count;
}

static int play_results(lua_State *L) {
  luahost_call *call = lua_touserdata(L, 1);
  return play(L, call->host, call->mark, NULL);
}

/// Strings, tables and further objects need memory: under protection, so that a failure releases what was recorded.
static int return_protected(lua_State *L, luahost *host, luahost_call *call) {
  const int before = lua_gettop(L);
  lua_pushcfunction(L, play_results);
  lua_pushlightuserdata(L, call);
  const int status = lua_pcall(L, 1, LUA_MULTRET, 0);
  luahost_rewind(host, call->mark);
  return status == LUA_OK ? lua_gettop(L) - before : lua_error(L);
}

static int raise_error(lua_State *L, luahost *host, luahost_call *call, int status) {
  luahost_rewind(host, call->mark);
  if (host->stop != STOP_NONE) return raise_stop(L);
  if (status == LUAHOST_RAISE_AGAIN) {
    lua_pushvalue(L, call->error_slot);
  } else {
    push_position(L, 1);
    lua_pushlstring(L, host->message == NULL ? "" : host->message, host->message_length);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

/// Upvalues: 1 the function, 2 the names of its parameters.
int trampoline(lua_State *L) {
  luahost *host = host_of(L);
  const luahost_function *f = lua_touserdata(L, lua_upvalueindex(1));
  luahost_call call = {.state = L, .host = host, .function = f, .count = lua_gettop(L)};
  luaL_checkstack(L, LUA_MINSTACK + f->parameters, "too many arguments");
  arrange_arguments(L, &call);
  lua_pushnil(L);
  call.error_slot = lua_gettop(L);
  if (host->forgotten_count != 0) drain_forgotten(L, host);
  // Native bytes grow only in calls that make objects; asking in one of 16 others finds what iterators allocate.
  if (host->callbacks.native_bytes != NULL && (f->boxes != 0 || (++host->calls & 15) == 0)) relieve_pressure(L, host);
  call.first_box = call.error_slot + 1;
  for (; call.box_count < f->boxes; call.box_count++) push_empty_box(L);
  call.mark = host->record_count;
  luahost_call *outer = host->frame;
  host->frame = &call;
  const int status = host->callbacks.call(&call, f->context);
  host->frame = outer;
  if (status != LUAHOST_DONE) return raise_error(L, host, &call, status);
  const int results = return_plainly(L, host, &call);
  return results >= 0 ? results : return_protected(L, host, &call);
}
