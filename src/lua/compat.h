/* SPDX-License-Identifier: MIT
   The few names of Lua 5.4 that the 5.1 API lacks: all that one source needs
   to be built for both. luaL_setfuncs is LuaJIT's own addition: without it the
   module loads in PUC Lua 5.1 too, which is what runs the scripts of a 5.1
   rock. */
#ifndef FAX_LUA_COMPAT_H
#define FAX_LUA_COMPAT_H

#include <lauxlib.h>
#include <lua.h>

#if LUA_VERSION_NUM < 502

static inline void compat_setfuncs(lua_State *L, const luaL_Reg *l) {
  for (; l->name != NULL; l++) {
    lua_pushcfunction(L, l->func);
    lua_setfield(L, -2, l->name);
  }
}

#undef luaL_setfuncs
#define luaL_setfuncs(L, list, upvalues) compat_setfuncs(L, list)
#define compat_cpcall lua_cpcall
#define lua_newuserdatauv(L, size, values) lua_newuserdata(L, size)
#define lua_rawlen(L, i) lua_objlen(L, i)
#define lua_absindex(L, i) \
  ((i) > 0 || (i) <= LUA_REGISTRYINDEX ? (i) : lua_gettop(L) + (i) + 1)

#else

/* Calls fn in protected mode, with `arg` as a light userdata. */
static inline int compat_cpcall(lua_State *L, lua_CFunction fn, void *arg) {
  lua_pushcfunction(L, fn);
  lua_pushlightuserdata(L, arg);
  return lua_pcall(L, 1, 0, 0);
}
#endif

#endif
