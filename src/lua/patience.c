/* SPDX-License-Identifier: MIT
   Ctrl-C while a document is being rendered. An interpreter's signal handler
   can only set a debug hook, which raises the error as soon as Lua runs again:
   a hook that was not there when the call began is the sign to give up. */
#include "lua/binding.h"

/* The main thread, whose hook it is in Lua 5.4; LuaJIT has one for all. */
static lua_State *main_thread(lua_State *L) {
#if LUA_VERSION_NUM >= 502
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD); /* -- main */
  lua_State *main = lua_tothread(L, -1);
  lua_pop(L, 1); /* of L, not of main: a coroutine may be calling */
  return main;
#else
  return L;
#endif
}

static BOOL interrupted(void *arg) {
  const struct interrupt_watch *watch = arg;
  return lua_gethook(watch->L) != watch->hook;
}

void patience_read(lua_State *L, int index, struct interrupt_watch *watch,
                   struct fax_patience *out) {
  watch->L = main_thread(L);
  watch->hook = lua_gethook(watch->L);
  out->seconds = field_dword(L, index, "time_limit", 0);
  out->interrupted = interrupted;
  out->arg = watch;
}
