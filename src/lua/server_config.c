/* SPDX-License-Identifier: MIT
   The settings of the service through a server handle: configuration and log
   categories. */
#include <string.h>

#include "lua/binding.h"

/* More than the documents know; who names more gets them refused by number. */
#define CATEGORIES_LIMIT 256

static struct record_ref configuration = {"FAX_CONFIGURATION", NULL};
static struct record_ref log_category = {"FAX_LOG_CATEGORY", NULL};

static int config_get(lua_State *L) {
  HANDLE handle = server_handle(L);
  struct box *block = block_push(L); /* -- block */
  PFAX_CONFIGURATION config;
  if (handle == NULL) return fail_closed(L, "FaxGetConfiguration");
  if (!FaxGetConfiguration(handle, &config))
    return fail_last(L, "FaxGetConfiguration");
  box_fill(block, config);
  record_push(L, record_get(&configuration), config);
  block_free(block);
  return 1;
}

/* set_configuration(whole record) */
static int config_set(lua_State *L) {
  HANDLE handle = server_handle(L);
  FAX_CONFIGURATION config;
  luaL_checktype(L, 2, LUA_TTABLE);
  memset(&config, 0, sizeof config);
  record_read(L, 2, record_get(&configuration), &config);
  if (handle == NULL) return fail_closed(L, "FaxSetConfiguration");
  if (!FaxSetConfiguration(handle, &config))
    return fail_last(L, "FaxSetConfiguration");
  lua_pushboolean(L, 1);
  return 1;
}

static int logging_get(lua_State *L) {
  HANDLE handle = server_handle(L);
  struct box *block = block_push(L); /* -- block */
  PFAX_LOG_CATEGORY categories;
  DWORD count;
  if (handle == NULL) return fail_closed(L, "FaxGetLoggingCategories");
  if (!FaxGetLoggingCategories(handle, &categories, &count))
    return fail_last(L, "FaxGetLoggingCategories");
  box_fill(block, categories);
  record_push_array(L, record_get(&log_category), categories, count);
  block_free(block);
  return 1;
}

/* set_logging_categories(list of records) */
static int logging_set(lua_State *L) {
  HANDLE handle = server_handle(L);
  FAX_LOG_CATEGORY *categories;
  size_t count;
  luaL_checktype(L, 2, LUA_TTABLE);
  count = lua_rawlen(L, 2);
  luaL_argcheck(L, count <= CATEGORIES_LIMIT, 2, "too many categories");
  categories = lua_newuserdatauv(L, (count + 1) * sizeof *categories, 0);
  memset(categories, 0, (count + 1) * sizeof *categories);
  for (size_t i = 0; i < count; i++) {
    luaL_checkstack(L, 4, "too many categories");
    lua_rawgeti(L, 2, (int)i + 1);
    luaL_argcheck(L, lua_istable(L, -1), 2, "a list of tables expected");
    record_read(L, lua_gettop(L), record_get(&log_category), &categories[i]);
  }
  if (handle == NULL) return fail_closed(L, "FaxSetLoggingCategories");
  if (!FaxSetLoggingCategories(handle, categories, (DWORD)count))
    return fail_last(L, "FaxSetLoggingCategories");
  lua_pushboolean(L, 1);
  return 1;
}

static const luaL_Reg methods[] = {{"configuration", config_get},
                                   {"_set_configuration", config_set},
                                   {"logging_categories", logging_get},
                                   {"_set_logging_categories", logging_set},
                                   {NULL, NULL}};

void server_config_methods(lua_State *L) {
  luaL_setfuncs(L, methods, 0);
}
