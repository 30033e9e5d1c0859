// Calls into Lua: callbacks from native functions, chunks from outside, and what becomes of their errors.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

void set_text(char **text, size_t *length, size_t *capacity, const char *bytes, size_t count) {
  if (count + 1 > *capacity) {
    char *moved = realloc(*text, 2 * count + 64);
    if (moved == NULL) { *length = 0; return; }
    *text = moved;
    *capacity = 2 * count + 64;
  }
  if (count != 0) memmove(*text, bytes, count);
  (*text)[count] = 0;
  *length = count;
}

void luahost_set_message(luahost *host, const char *bytes, size_t length) {
  set_text(&host->message, &host->message_length, &host->message_capacity, bytes, length);
}
const char *luahost_message(const luahost *host, size_t *length) {
  *length = host->message_length;
  return host->message == NULL ? "" : host->message;
}
const char *luahost_traceback(const luahost *host, size_t *length) {
  *length = host->traceback_length;
  return host->traceback == NULL ? "" : host->traceback;
}

// ---- Error objects ---------------------------------------------------------------------------------------------

/// Replaces the error object at 1 by a string: itself, what `__tostring` gives, or a word about its type.
static int describe_error(lua_State *L) {
  if (lua_type(L, 1) == LUA_TSTRING || lua_type(L, 1) == LUA_TNUMBER) {
    lua_tostring(L, 1);
    lua_settop(L, 1);
    return 1;
  }
  if (host_of(L)->stop == STOP_NONE && luaL_getmetafield(L, 1, "__tostring") != LUA_TNIL) {
    lua_pushvalue(L, 1);
    if (lua_pcall(L, 1, 1, 0) == LUA_OK && lua_type(L, -1) == LUA_TSTRING) return 1;
  }
  lua_pushfstring(L, "(error object is a %s value)", luaL_typename(L, 1));
  return 1;
}

/// Puts the description of the error object on top into the host's message. Never raises.
void keep_message(lua_State *L, luahost *host) {
  static const char fallback[] = "not enough memory", stopped[] = "stopped while an error was described";
  const int top = lua_gettop(L);
  if (lua_type(L, -1) == LUA_TSTRING) {
    size_t length;
    const char *bytes = lua_tolstring(L, -1, &length);
    luahost_set_message(host, bytes, length);
    return;
  }
  host->relaxed = true;
  if (lua_checkstack(L, 4)) {
    lua_pushcfunction(L, describe_error);
    lua_pushvalue(L, top);
    if (lua_pcall(L, 1, 1, 0) == LUA_OK && lua_type(L, -1) == LUA_TSTRING) {
      size_t length;
      const char *bytes = lua_tolstring(L, -1, &length);
      luahost_set_message(host, bytes, length);
      lua_settop(L, top);
      host->relaxed = false;
      return;
    }
  }
  lua_settop(L, top);
  host->relaxed = false;
  if (host->stop == STOP_NONE) luahost_set_message(host, fallback, sizeof fallback - 1);
  else luahost_set_message(host, stopped, sizeof stopped - 1);
}

/// The handler of the outermost call: keeps the traceback, and lets the error object through as it is.
int message_handler(lua_State *L) {
  luahost *host = host_of(L);
  host->traceback_length = 0;
  if (host->stop == STOP_EXIT) return 1;
  host->relaxed = true;
  luaL_traceback(L, L, NULL, 1);
  host->relaxed = false;
  size_t length;
  const char *bytes = lua_tolstring(L, -1, &length);
  set_text(&host->traceback, &host->traceback_length, &host->traceback_capacity, bytes, length);
  lua_settop(L, 1);
  return 1;
}

// ---- References ------------------------------------------------------------------------------------------------

static int reference_protected(lua_State *L) {
  const int reference = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_pushinteger(L, reference);
  return 1;
}

int32_t luahost_reference(luahost *host, lua_State *L, int32_t index) {
  if (host->closed || !lua_checkstack(L, 4)) return 0;
  index = lua_absindex(L, index);
  lua_pushcfunction(L, reference_protected);
  lua_pushvalue(L, index);
  const int status = lua_pcall(L, 1, 1, 0);
  const int32_t reference = status == LUA_OK ? (int32_t)lua_tointeger(L, -1) : 0;
  lua_settop(L, -2);
  return reference;
}

/// May come from a finalizer, where Lua must not be called: so it is only noted.
void luahost_forget(luahost *host, int32_t reference) {
  if (host->closed) return;
  if (host->forgotten_count == host->forgotten_capacity) {
    const size_t capacity = 2 * host->forgotten_capacity + 64;
    int *moved = realloc(host->forgotten, capacity * sizeof *moved);
    if (moved == NULL) return;
    host->forgotten = moved;
    host->forgotten_capacity = capacity;
  }
  host->forgotten[host->forgotten_count++] = reference;
}

void drain_forgotten(lua_State *L, luahost *host) {
  while (host->forgotten_count != 0) luaL_unref(L, LUA_REGISTRYINDEX, host->forgotten[--host->forgotten_count]);
}

bool luahost_push_reference(luahost *host, lua_State *L, int32_t reference) {
  if (host->closed || !lua_checkstack(L, 4)) return false;
  lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
  return true;
}

// ---- Callbacks -------------------------------------------------------------------------------------------------

typedef struct call_request { luahost *host; int32_t reference, results; size_t mark; } call_request;

static int call_protected(lua_State *L) {
  const call_request *request = lua_touserdata(L, 1);
  lua_settop(L, 0);
  lua_rawgeti(L, LUA_REGISTRYINDEX, request->reference);
  const int count = play(L, request->host, request->mark, NULL);
  luahost_rewind(request->host, request->mark);
  lua_call(L, count, request->results);
  return lua_gettop(L);
}

bool luahost_call_reference(luahost *host, int32_t reference, size_t mark, int32_t results) {
  static const char too_deep[] = "stack overflow in a callback";
  lua_State *L = host->current;
  if (host->closed || !lua_checkstack(L, results + 8)) {
    luahost_rewind(host, mark);
    luahost_set_message(host, too_deep, sizeof too_deep - 1);
    return false;
  }
  luahost_call *frame = host->frame;
  call_request request = {host, reference, results, mark};
  lua_pushcfunction(L, call_protected);
  lua_pushlightuserdata(L, &request);
  const int status = lua_pcall(L, 1, results, 0);
  host->frame = frame;
  if (status == LUA_OK) return true;
  luahost_rewind(host, mark);
  keep_message(L, host);
  if (frame != NULL && frame->state == L) lua_copy(L, -1, frame->error_slot);
  lua_settop(L, -2);
  return false;
}

const luahost_call *luahost_frame(const luahost *host) { return host->frame; }

// ---- Chunks and calls from outside -----------------------------------------------------------------------------

typedef struct run_request { luahost *host; const luahost_chunk *chunk; } run_request;

static void set_arguments(lua_State *L, const luahost *host, const luahost_chunk *chunk) {
  if (chunk->script == NULL) return;
  lua_createtable(L, chunk->argument_count, 2);
  lua_pushstring(L, chunk->script);
  lua_rawseti(L, -2, 0);
  if (host->options.program != NULL) { lua_pushstring(L, host->options.program); lua_rawseti(L, -2, -1); }
  for (int32_t i = 0; i < chunk->argument_count; i++) {
    lua_pushstring(L, chunk->arguments[i]);
    lua_rawseti(L, -2, i + 1);
  }
  lua_pushglobaltable(L);
  lua_pushliteral(L, "arg");
  lua_pushvalue(L, -3);
  lua_rawset(L, -3);
  lua_pop(L, 2);
}

static void load_chunk(lua_State *L, const luahost_chunk *chunk) {
  int status;
  if (chunk->code != NULL) {
    status = luaL_loadbufferx(L, chunk->code, chunk->code_length, chunk->name, "t");
  } else {
    if (chunk->path != NULL) {
      FILE *file = fopen(chunk->path, "r");
      if (file == NULL) luaL_error(L, "cannot open '%s': %s", chunk->path, strerror(errno));
      fclose(file);
    }
    status = luaL_loadfilex(L, chunk->path, "t");
  }
  if (status != LUA_OK) lua_error(L);
}

static int run_protected(lua_State *L) {
  const run_request *request = lua_touserdata(L, 1);
  const luahost_chunk *chunk = request->chunk;
  lua_settop(L, 0);
  set_arguments(L, request->host, chunk);
  load_chunk(L, chunk);
  luaL_checkstack(L, chunk->argument_count + 4, "too many arguments");
  for (int32_t i = 0; i < chunk->argument_count; i++) lua_pushstring(L, chunk->arguments[i]);
  lua_call(L, chunk->argument_count, chunk->results);
  return lua_gettop(L);
}

static enum luahost_end end_of(luahost *host, int status) {
  switch (host->stop) {
    case STOP_EXIT: return LUAHOST_EXITED;
    case STOP_TIME: return LUAHOST_TIMED_OUT;
    case STOP_INTERRUPT: return LUAHOST_INTERRUPTED;
    default: return status == LUA_OK ? LUAHOST_FINISHED : LUAHOST_ERROR;
  }
}

static enum luahost_end run(luahost *host, const luahost_chunk *chunk, call_request *call) {
  lua_State *L = host->current;
  luahost *outer;
  luahost_call *frame = host->frame;
  run_request request = {host, chunk};
  const int32_t results = chunk == NULL ? call->results : chunk->results;
  host->message_length = host->traceback_length = 0;
  if (host->closed || !lua_checkstack(L, 16)) {
    static const char unusable[] = "the host is closed, or its stack is full";
    luahost_set_message(host, unusable, sizeof unusable - 1);
    return LUAHOST_ERROR;
  }
  const int base = lua_gettop(L);
  drain_forgotten(L, host);
  enter_run(host, &outer);
  lua_pushcfunction(L, message_handler);
  lua_pushcfunction(L, chunk == NULL ? call_protected : run_protected);
  lua_pushlightuserdata(L, chunk == NULL ? (void *)call : (void *)&request);
  const int status = lua_pcall(L, 1, results, base + 1);
  host->frame = frame;
  if (status != LUA_OK) keep_message(L, host);  // may run a `__tostring`, which may have to be stopped
  const enum luahost_end end = end_of(host, status);
  if (status != LUA_OK) {
    lua_settop(L, base);
    if (call != NULL) luahost_rewind(host, call->mark);
  } else {
    lua_remove(L, base + 1);
    if (end != LUAHOST_FINISHED) lua_settop(L, base);
  }
  leave_run(host, outer);
  return end;
}

enum luahost_end luahost_run(luahost *host, const luahost_chunk *chunk) { return run(host, chunk, NULL); }

enum luahost_end luahost_run_reference(luahost *host, int32_t reference, size_t mark, int32_t results) {
  call_request call = {host, reference, results, mark};
  return run(host, NULL, &call);
}

int32_t luahost_exit_code(const luahost *host) { return host->exit_code; }
