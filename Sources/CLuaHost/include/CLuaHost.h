int contrast_lua_version(void);
