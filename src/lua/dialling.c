/* SPDX-License-Identifier: MIT
   The rules of dialling that a service is started with, and what becomes of a
   number by them. */
#include <string.h>

#include "lua/binding.h"

/* lua/fax/dialling.lua has checked what they are; these are limits of memory.
 */
#define MOST_ROUTES 100000

/* The list of that name stays on the stack; NULL: there is none. */
static size_t push_list(lua_State *L, int table, const char *name) {
  luaL_checkstack(L, 8, "too many rules");
  lua_getfield(L, table, name); /* -- list */
  if (lua_isnil(L, -1)) return 0;
  luaL_checktype(L, -1, LUA_TTABLE);
  size_t count = lua_rawlen(L, -1);
  if (count > MOST_ROUTES)
    luaL_error(L, "dialling.%s: more than %d", name, MOST_ROUTES);
  return count;
}

/* What a group points to stays on the stack. */
static void read_groups(lua_State *L, int table, struct fax_dialling *d) {
  size_t count = push_list(L, table, "groups");
  int list = lua_gettop(L);
  if (count > FAX_DIAL_GROUPS_MOST) {
    d->group_count = (DWORD)count; /* the library says so */
    return;
  }
  struct fax_dial_group *groups =
      lua_newuserdatauv(L, (count + 1) * sizeof *groups, 0);
  for (size_t i = 0; i < count; i++) {
    luaL_checkstack(L, 8, "too many groups");
    lua_rawgeti(L, list, (int)i + 1); /* -- group, which stays */
    luaL_checktype(L, -1, LUA_TTABLE);
    int group = lua_gettop(L);
    groups[i].name = field_text(L, group, "name");
    groups[i].ports = field_texts(L, group, "ports", NULL);
  }
  d->groups = groups;
  d->group_count = (DWORD)count;
}

/* Its texts are the list's. */
static void read_routes(lua_State *L, int table, struct fax_dialling *d) {
  size_t count = push_list(L, table, "routes");
  int list = lua_gettop(L);
  struct fax_dial_route *routes =
      lua_newuserdatauv(L, (count + 1) * sizeof *routes, 0);
  for (size_t i = 0; i < count; i++) {
    lua_rawgeti(L, list, (int)i + 1);
    luaL_checktype(L, -1, LUA_TTABLE);
    int route = lua_gettop(L);
    routes[i].prefix = field_text(L, route, "prefix");
    routes[i].group = field_text(L, route, "group");
    lua_settop(L, route - 1);
  }
  d->routes = routes;
  d->route_count = (DWORD)count;
}

const struct fax_dialling *dialling_read(lua_State *L, int config,
                                         struct fax_dialling *d) {
  lua_getfield(L, config, "dialling"); /* -- dialling, which stays */
  if (lua_isnil(L, -1)) return NULL;
  luaL_checktype(L, -1, LUA_TTABLE);
  int table = lua_gettop(L);
  memset(d, 0, sizeof *d);
  d->size = sizeof *d;
  d->country = field_text(L, table, "country");
  d->international = field_text(L, table, "international");
  d->national = field_text(L, table, "national");
  d->national_digits = field_dword(L, table, "national_digits", 0);
  read_groups(L, table, d);
  read_routes(L, table, d);
  d->blocked = field_texts(L, table, "blocked", NULL);
  return d;
}

/* ---- a number ---- */

static struct record_ref plan = {"fax_dial_plan", NULL};

/* _dial_plan(number) */
static int server_dial_plan(lua_State *L) {
  HANDLE handle = server_handle(L);
  const char *number = check_text(L, 2);
  struct box *block = block_push(L); /* -- block */
  struct fax_dial_plan *found;
  if (handle == NULL) return fail_closed(L, "FaxGetDialPlan");
  if (!FaxGetDialPlan(handle, number, &found))
    return fail_last(L, "FaxGetDialPlan");
  box_fill(block, found);
  record_push(L, record_get(&plan), found);
  block_free(block);
  return 1;
}

static const luaL_Reg methods[] = {{"_dial_plan", server_dial_plan},
                                   {NULL, NULL}};

void server_dialling_methods(lua_State *L) {
  luaL_setfuncs(L, methods, 0);
}
