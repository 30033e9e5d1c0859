// coroutine.create, wrap, resume, close: as Lua's, but the host knows which coroutine runs, so that it can be stopped,
// and nested closing has a bound (Lua 5.4.4 overflows the C stack there; fixed upstream in 5.4.5).
#include "internal.h"

enum { CLOSE_DEPTH = 100 };

/// Makes `next` the running coroutine; the hook follows while the script is being stopped.
static lua_State *switch_to(luahost *host, lua_State *next) {
  lua_State *previous = host->current;
  host->current = next;
  if (host->stop != STOP_NONE) arm(next);
  return previous;
}

/// Resumes with `count` values from the top of L. Returns the number of results on L, or -1 with the error on L.
static int resume(lua_State *L, lua_State *coroutine, int count) {
  luahost *host = host_of(L);
  int results = 0;
  if (!lua_checkstack(coroutine, count)) {
    lua_pushliteral(L, "too many arguments to resume");
    return -1;
  }
  lua_xmove(L, coroutine, count);
  luahost_call *frame = host->frame;
  lua_State *previous = switch_to(host, coroutine);
  const int status = lua_resume(coroutine, L, count, &results);
  switch_to(host, previous);
  host->frame = frame;
  if (status != LUA_OK && status != LUA_YIELD) {
    lua_xmove(coroutine, L, 1);
    return -1;
  }
  if (!lua_checkstack(L, results + 1)) {
    lua_settop(coroutine, -results - 1);
    lua_pushliteral(L, "too many results to resume");
    return -1;
  }
  lua_xmove(coroutine, L, results);
  return results;
}

static lua_State *coroutine_argument(lua_State *L) {
  lua_State *coroutine = lua_tothread(L, 1);
  luaL_argexpected(L, coroutine != NULL, 1, "coroutine");
  return coroutine;
}

static int coroutine_resume(lua_State *L) {
  lua_State *coroutine = coroutine_argument(L);
  const int results = resume(L, coroutine, lua_gettop(L) - 1);
  lua_pushboolean(L, results >= 0);
  const int count = results >= 0 ? results + 1 : 2;
  lua_insert(L, -count);
  return count;
}

/// Closes under the bound; the error object, if any, is on the coroutine's stack.
static int close_coroutine(lua_State *L, lua_State *coroutine) {
  luahost *host = host_of(L);
  if (host->close_depth >= CLOSE_DEPTH) return luaL_error(L, "C stack overflow (coroutine.close nested too deeply)");
  host->close_depth += 1;
  lua_State *previous = switch_to(host, coroutine);
  const int status = lua_resetthread(coroutine);  // protected: it cannot raise
  switch_to(host, previous);
  host->close_depth -= 1;
  return status;
}

static int wrapped(lua_State *L) {
  lua_State *coroutine = lua_tothread(L, lua_upvalueindex(1));
  const int results = resume(L, coroutine, lua_gettop(L));
  if (results >= 0) return results;
  const int status = lua_status(coroutine);
  if (status != LUA_OK && status != LUA_YIELD) {  // it failed: closing its variables may change the error
    lua_pushvalue(L, -1);
    lua_xmove(L, coroutine, 1);
    if (close_coroutine(L, coroutine) != LUA_OK) lua_xmove(coroutine, L, 1);
  }
  if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING && host_of(L)->stop == STOP_NONE) {
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

static int coroutine_create(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *coroutine = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, coroutine, 1);
  return 1;
}

static int coroutine_wrap(lua_State *L) {
  coroutine_create(L);
  lua_pushcclosure(L, wrapped, 1);
  return 1;
}

static int coroutine_close(lua_State *L) {
  lua_State *coroutine = coroutine_argument(L);
  lua_Debug ar;
  if (coroutine == L) return luaL_error(L, "cannot close a running coroutine");
  if (lua_status(coroutine) == LUA_OK && lua_getstack(coroutine, 0, &ar))
    return luaL_error(L, "cannot close a normal coroutine");
  const bool closed = close_coroutine(L, coroutine) == LUA_OK;
  lua_pushboolean(L, closed);
  if (closed) return 1;
  lua_xmove(coroutine, L, 1);
  return 2;
}

// ---- xpcall ----------------------------------------------------------------------------------------------------

/// Hooks are off while a message handler runs, so the script's own is skipped when the script is to stop.
static int guarded_handler(lua_State *L) {
  if (host_of(L)->stop != STOP_NONE) return 1;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, 1, 1);
  return 1;
}

static int finish_xpcall(lua_State *L, int status, lua_KContext context) {
  if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - (int)context;
  lua_pushboolean(L, 0);
  lua_pushvalue(L, -2);
  return 2;
}

static int guarded_xpcall(lua_State *L) {
  const int arguments = lua_gettop(L) - 2;
  luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_pushvalue(L, 2);
  lua_pushcclosure(L, guarded_handler, 1);
  lua_replace(L, 2);
  lua_pushboolean(L, 1);
  lua_pushvalue(L, 1);
  lua_rotate(L, 3, 2);  // function, handler, true, function, arguments…
  return finish_xpcall(L, lua_pcallk(L, arguments, LUA_MULTRET, 2, 2, finish_xpcall), 2);
}

void open_coroutines(lua_State *L) {
  static const luaL_Reg functions[] = {
    {"create", coroutine_create}, {"resume", coroutine_resume}, {"wrap", coroutine_wrap}, {"close", coroutine_close},
    {NULL, NULL}};
  lua_getglobal(L, "coroutine");
  luaL_setfuncs(L, functions, 0);
  lua_pushcfunction(L, guarded_xpcall);
  lua_setglobal(L, "xpcall");
}
