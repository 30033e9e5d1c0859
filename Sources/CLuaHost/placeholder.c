#include <lua.h>
#include "CLuaHost.h"
int contrast_lua_version(void) { return LUA_VERSION_NUM; }
