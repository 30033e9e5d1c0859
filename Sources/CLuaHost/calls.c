// Calls into Lua: callbacks from native functions, and chunks from outside.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "internal.h"

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
