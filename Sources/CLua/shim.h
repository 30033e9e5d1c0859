#include <lua.h>
#include <lauxlib.h>
#include <lualib.h>
#if LUA_VERSION_NUM != 504
#error "contrast-lua needs Lua 5.4"
#endif
