/* SPDX-License-Identifier: MIT
   The clock of the service, in seconds; specs make it virtual. */
#include "lua/binding.h"

/* A double holds them to a quarter of a microsecond at worst; the loop allows
   for that. */
static int clock_now(lua_State *L) {
  fax_deadline now = FaxClockNow();
  lua_pushnumber(
      L, (lua_Number)(now / FAX_SECOND) + (lua_Number)(now % FAX_SECOND) / 1e9);
  return 1;
}

static int clock_wall(lua_State *L) {
  lua_pushnumber(L, (lua_Number)FaxClockWall() / 1e9);
  return 1;
}

/* clock_virtual(wall seconds or nil) */
static int clock_virtual(lua_State *L) {
  lua_Number wall = luaL_optnumber(L, 1, (lua_Number)FaxClockWall() / 1e9);
  luaL_argcheck(L, wall >= 0 && wall < 9e9, 1, "seconds since 1970 expected");
  if (!FaxClockVirtual((int64_t)(wall * 1e9)))
    return fail_last(L, "FaxClockVirtual");
  lua_pushboolean(L, 1);
  return 1;
}

static int clock_is_virtual(lua_State *L) {
  lua_pushboolean(L, FaxClockIsVirtual());
  return 1;
}

static int clock_real(lua_State *L) {
  if (!FaxClockReal()) return fail_last(L, "FaxClockReal");
  lua_pushboolean(L, 1);
  return 1;
}

/* clock_wait(seconds) */
static int clock_wait(lua_State *L) {
  luaL_checknumber(L, 1);
  if (!FaxClockWait(check_after(L, 1, 0), NULL))
    return fail_last(L, "FaxClockWait");
  lua_pushboolean(L, 1);
  return 1;
}

static const luaL_Reg clock_functions[] = {{"now", clock_now},
                                           {"wall", clock_wall},
                                           {"virtual", clock_virtual},
                                           {"is_virtual", clock_is_virtual},
                                           {"real", clock_real},
                                           {"wait", clock_wait},
                                           {NULL, NULL}};

void clock_open(lua_State *L) {
  lua_newtable(L); /* -- core, clock */
  luaL_setfuncs(L, clock_functions, 0);
  lua_setfield(L, -2, "clock"); /* -- core */
}
