/* SPDX-License-Identifier: MIT
   A Lua script on a thread and in a state of its own. */
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>

#include "hammer.h"

static struct worker *worker_of(lua_State *L) {
  return lua_touserdata(L, lua_upvalueindex(1));
}

static int l_over(lua_State *L) {
  announce(worker_of(L), luaL_optstring(L, 1, "Lua"));
  lua_pushboolean(L, atomic_load(&stage.over));
  return 1;
}

static int l_job(lua_State *L) {
  lua_pushinteger(L, any_job(worker_of(L)));
  return 1;
}

static void set(lua_State *L, struct worker *w, const char *name,
                lua_CFunction f) {
  lua_pushlightuserdata(L, w);
  lua_pushcclosure(L, f, 1);
  lua_setglobal(L, name);
}

void *lua_worker(void *worker) {
  struct worker *w = worker;
  lua_State *L = luaL_newstate();
  luaL_openlibs(L);
  set(L, w, "over", l_over);
  set(L, w, "any_job", l_job);
  lua_pushinteger(L, w->seed);
  lua_setglobal(L, "seed");
  lua_pushstring(L, stage.document);
  lua_setglobal(L, "document");
  lua_pushstring(L, stage.directory);
  lua_setglobal(L, "directory");
  lua_pushstring(L, stage.second);
  lua_setglobal(L, "second");
  if (luaL_dofile(L, "spec/hammer/hammer.lua")) {
    fprintf(stderr, "hammer: %s\n", lua_tostring(L, -1));
    exit(1);
  }
  w->calls = (unsigned long)lua_tointeger(L, -1);
  lua_close(L);
  return NULL;
}
