// load, loadfile, dofile, require: text only. A binary chunk is not checked by Lua, and a broken one crashes it.
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "internal.h"

/// Result of a load function: the chunk with its environment (at `environment`, 0 = none), or fail and the message.
static int finish_load(lua_State *L, int status, int environment) {
  if (status != LUA_OK) {
    luaL_pushfail(L);
    lua_insert(L, -2);
    return 2;
  }
  if (environment != 0) {
    lua_pushvalue(L, environment);
    if (!lua_setupvalue(L, -2, 1)) lua_pop(L, 1);
  }
  return 1;
}

/// The mode argument may only narrow what is allowed: text is what is left of it.
static const char *text_mode(lua_State *L, int index) {
  const char *mode = luaL_optstring(L, index, "t");
  return strchr(mode, 't') != NULL ? "t" : mode;
}

enum { PIECE = 5 };  // where `load` keeps the piece that Lua still reads

static const char *next_piece(lua_State *L, void *context, size_t *size) {
  (void)context;
  luaL_checkstack(L, 2, "too many nested functions");
  lua_pushvalue(L, 1);
  lua_call(L, 0, 1);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    *size = 0;
    return NULL;
  }
  if (!lua_isstring(L, -1)) luaL_error(L, "reader function must return a string");
  lua_replace(L, PIECE);
  return lua_tolstring(L, PIECE, size);
}

static int text_load(lua_State *L) {
  const int environment = lua_isnone(L, 4) ? 0 : 4;
  const char *mode = text_mode(L, 3);
  if (strchr(mode, 't') == NULL) return luaL_error(L, "load: only text chunks can be loaded (mode is '%s')", mode);
  size_t length;
  const char *text = lua_tolstring(L, 1, &length);
  if (text != NULL) {
    const int status = luaL_loadbufferx(L, text, length, luaL_optstring(L, 2, text), "t");
    return finish_load(L, status, environment);
  }
  const char *name = luaL_optstring(L, 2, "=(load)");
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, PIECE);
  return finish_load(L, lua_load(L, next_piece, NULL, name, "t"), environment);
}

static int text_loadfile(lua_State *L) {
  const int environment = lua_isnone(L, 3) ? 0 : 3;
  return finish_load(L, luaL_loadfilex(L, luaL_optstring(L, 1, NULL), "t"), environment);
}

static int finish_dofile(lua_State *L, int status, lua_KContext context) {
  (void)status;
  (void)context;
  return lua_gettop(L) - 1;
}

static int text_dofile(lua_State *L) {
  const char *path = luaL_optstring(L, 1, NULL);
  lua_settop(L, 1);
  if (luaL_loadfilex(L, path, "t") != LUA_OK) return lua_error(L);
  lua_callk(L, 0, LUA_MULTRET, 0, finish_dofile);
  return finish_dofile(L, 0, 0);
}

// ---- require ---------------------------------------------------------------------------------------------------

/// Letters, digits and underscores, in parts joined by dots: nothing that could leave the folder.
static bool is_module_name(const char *name) {
  bool part = false;
  for (; *name != 0; name++) {
    if (*name == '.') {
      if (!part) return false;
      part = false;
    } else if (isalnum((unsigned char)*name) || *name == '_') {
      part = true;
    } else {
      return false;
    }
  }
  return part;
}

static bool is_readable(const char *path) {
  FILE *file = fopen(path, "r");
  if (file != NULL) fclose(file);
  return file != NULL;
}

/// Looks for a module along a path like "a/?.lua;b/?/init.lua". Upvalues: the path, or nil for package.path; package.
static int search_text(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  const bool confined = lua_isstring(L, lua_upvalueindex(1));
  if (confined && !is_module_name(name)) {
    lua_pushfstring(L, "'%s' is not a module name", name);
    return 1;
  }
  if (confined) {
    lua_pushvalue(L, lua_upvalueindex(1));
  } else if (lua_getfield(L, lua_upvalueindex(2), "path") != LUA_TSTRING) {
    return luaL_error(L, "'package.path' must be a string");
  }
  const char *path = lua_tostring(L, -1);
  const char *relative = luaL_gsub(L, name, ".", "/");
  const int base = lua_gettop(L);
  lua_newtable(L);  // messages, so that the stack stays in order
  lua_Integer messages = 0;
  while (*path != 0) {
    const char *end = strchr(path, ';');
    if (end == NULL) end = path + strlen(path);
    if (end != path) {
      lua_pushlstring(L, path, (size_t)(end - path));
      const char *file = luaL_gsub(L, lua_tostring(L, -1), "?", relative);
      if (is_readable(file)) {
        if (luaL_loadfilex(L, file, "t") != LUA_OK)
          return luaL_error(L, "error loading module '%s' from file '%s':\n\t%s", name, file, lua_tostring(L, -1));
        lua_pushstring(L, file);
        return 2;
      }
      lua_pushfstring(L, "%sno file '%s'", messages == 0 ? "" : "\n\t", file);
      lua_rawseti(L, base + 1, ++messages);
      lua_settop(L, base + 1);
    }
    path = *end == 0 ? end : end + 1;
  }
  luaL_checkstack(L, (int)messages + 4, "package.path is too long");
  for (lua_Integer i = 1; i <= messages; i++) lua_rawgeti(L, base + 1, i);
  if (messages == 0) lua_pushliteral(L, "the module path is empty");
  lua_concat(L, messages == 0 ? 1 : (int)messages);
  return 1;
}

static void open_searchers(lua_State *L, const luahost *host) {
  lua_getglobal(L, "package");
  const int package = lua_gettop(L);
  if (host->options.search_path != NULL) {
    lua_pushstring(L, host->options.search_path);
    lua_setfield(L, package, "path");
  }
  lua_getfield(L, package, "searchers");
  const int searchers = lua_gettop(L);
  if (host->options.sandbox) lua_pushstring(L, host->options.search_path == NULL ? "" : host->options.search_path);
  else lua_pushnil(L);
  lua_pushvalue(L, package);
  lua_pushcclosure(L, search_text, 2);
  lua_rawseti(L, searchers, 2);
  for (int i = 3; host->options.sandbox && i <= 4; i++) {  // libraries written in C
    lua_pushnil(L);
    lua_rawseti(L, searchers, i);
  }
}

void open_chunks(lua_State *L, const luahost *host) {
  static const luaL_Reg functions[] = {
    {"load", text_load}, {"loadfile", text_loadfile}, {"dofile", text_dofile}, {NULL, NULL}};
  lua_pushglobaltable(L);
  luaL_setfuncs(L, functions, 0);
  open_searchers(L, host);
  lua_settop(L, 0);
}
