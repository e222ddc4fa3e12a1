/* SPDX-License-Identifier: MIT
   The few names of Lua 5.4 that the 5.1 API (LuaJIT) lacks: all that one
   source needs to be built for both. */
#ifndef FAX_LUA_COMPAT_H
#define FAX_LUA_COMPAT_H

#include <lauxlib.h>
#include <lua.h>

#if LUA_VERSION_NUM < 502
#define lua_newuserdatauv(L, size, values) lua_newuserdata(L, size)
#define lua_rawlen(L, i) lua_objlen(L, i)
#define lua_absindex(L, i) \
  ((i) > 0 || (i) <= LUA_REGISTRYINDEX ? (i) : lua_gettop(L) + (i) + 1)
#endif

#endif
