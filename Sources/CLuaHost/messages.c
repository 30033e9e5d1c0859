// What becomes of errors: the messages and tracebacks that the host keeps, and the place that they name.
#include <stdlib.h>
#include <string.h>
#include "internal.h"

static void set_text(char **text, size_t *length, size_t *capacity, const char *bytes, size_t count) {
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

/// Pushes "file:line: " of the nearest Lua function from `level` up, or "".
void push_position(lua_State *L, int level) {
  lua_Debug ar;
  for (int i = level; i < level + 10 && lua_getstack(L, i, &ar); i++) {
    lua_getinfo(L, "Sl", &ar);
    if (ar.currentline > 0) {
      lua_pushfstring(L, "%s:%d: ", ar.short_src, ar.currentline);
      return;
    }
  }
  lua_pushliteral(L, "");
}
