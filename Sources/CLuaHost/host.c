// A host: one Lua state, its libraries, and what C needs to know about it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

static int panic(lua_State *L) {
  // Reached only when an error escapes every protected call, which would be a defect of this program.
  const char *message = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "error object is not a string";
  fprintf(stderr, "unprotected Lua error: %s\n", message);
  _exit(70);
}

/// Errors in finalizers arrive here, in pieces.
static void warn(void *context, const char *message, int continues) {
  luahost *host = context;
  static _Thread_local bool inside = false;
  if (host->stop != STOP_NONE || (!inside && !continues && message[0] == '@')) return;
  fprintf(stderr, "%s%s%s", inside ? "" : "Lua warning: ", message, continues ? "" : "\n");
  inside = continues;
}

static int open_protected(lua_State *L) {
  const luahost *host = lua_touserdata(L, 1);
  luaL_openlibs(L);
  void (*const libraries[])(lua_State *) = {open_coroutines, open_strings, open_globals, open_output};
  lua_settop(L, 0);
  open_chunks(L, host);
  for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
    libraries[i](L);
    lua_settop(L, 0);
  }
  if (host->options.sandbox) open_sandbox(L);
  lua_newtable(L);
  ((luahost *)host)->declarations_reference = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

static char *copied(const char *text) { return text == NULL ? NULL : strdup(text); }

luahost *luahost_create(const luahost_options *options, const luahost_callbacks *callbacks, void *context) {
  luahost *host = calloc(1, sizeof *host);
  if (host == NULL) return NULL;
  host->options = *options;
  host->options.program = copied(options->program);
  host->options.search_path = copied(options->search_path);
  host->callbacks = *callbacks;
  host->context = context;
  host->references = 1;
  host->full_threshold = 64 << 20;
  host->trampoline = trampoline;
  host->main = host->current = lua_newstate(host_allocate, host);
  if (host->main == NULL) { host->closed = true; luahost_release(host); return NULL; }
  lua_State *L = host->main;
  *(luahost **)lua_getextraspace(L) = host;
  lua_atpanic(L, panic);
  lua_setwarnf(L, warn, host);
  lua_gc(L, LUA_GCGEN, 0, 0);
  lua_pushcfunction(L, open_protected);
  lua_pushlightuserdata(L, host);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
    keep_message(L, host);
    luahost_close(host);
    luahost_release(host);
    return NULL;
  }
  return host;
}

void luahost_close(luahost *host) {
  if (host->closed) return;
  flush_output(host);
  luahost *outer;
  enter_run(host, &outer);
  host->stop = STOP_NONE;
  lua_close(host->main);  // runs finalizers
  host->main = NULL;
  leave_run(host, outer);
  free_boxes(host);
  forget_interrupts(host);
  host->closed = true;
  host->current = NULL;
}

void luahost_retain(luahost *host) { host->references += 1; }

void luahost_release(luahost *host) {
  if (--host->references > 0) return;
  for (luahost_function *f = host->functions, *next; f != NULL; f = next) {
    next = f->next;
    free(f->forms);
    free(f);
  }
  free_classes(host);
  free(host->records);
  free(host->bytes);
  free(host->forgotten);
  free(host->message);
  free(host->traceback);
  free((char *)host->options.program);
  free((char *)host->options.search_path);
  free(host);
}

bool luahost_is_closed(const luahost *host) { return host->closed; }
void *luahost_context(const luahost *host) { return host->context; }
void luahost_set_context(luahost *host, void *context) { host->context = context; }
lua_State *luahost_current(const luahost *host) { return host->current; }
void luahost_set_print(luahost *host, bool redirected) { host->redirected = redirected; }

// ---- Modules and globals ---------------------------------------------------------------------------

typedef struct request { const char *name; bool preload; } request;

static int give_module(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  return 1;
}

static int store_protected(lua_State *L) {  // request, value
  const request *r = lua_touserdata(L, 1);
  if (r->preload) {
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, give_module, 1);
  } else {
    lua_pushglobaltable(L);
    lua_pushvalue(L, 2);
  }
  lua_pushstring(L, r->name);
  lua_insert(L, -2);
  lua_rawset(L, -3);
  return 0;
}

static bool store(luahost *host, const char *name, size_t mark, bool preload) {
  lua_State *L = host->main;
  if (host->closed || !make_recorded(host, mark)) return false;
  request r = {name, preload};
  lua_pushcfunction(L, store_protected);
  lua_insert(L, -2);
  lua_pushlightuserdata(L, &r);
  lua_insert(L, -2);
  const bool done = lua_pcall(L, 2, 0, 0) == LUA_OK;
  if (!done) { keep_message(L, host); lua_settop(L, -2); }
  return done;
}

bool luahost_preload(luahost *host, const char *name, size_t mark) { return store(host, name, mark, true); }
bool luahost_set_global(luahost *host, const char *name, size_t mark) { return store(host, name, mark, false); }
