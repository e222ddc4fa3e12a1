/* SPDX-License-Identifier: MIT
   What becomes of received faxes: the order of the routing methods through a
   server handle; which are on for a port and what they know, through its own.
 */
#include <string.h>

#include "lua/binding.h"

static struct record_ref global_routing = {"FAX_GLOBAL_ROUTING_INFO", NULL};
static struct record_ref routing_method = {"FAX_ROUTING_METHOD", NULL};

/* ---- of the service ---- */

static int global_get(lua_State *L) {
  HANDLE handle = server_handle(L);
  struct box *block = block_push(L); /* -- block */
  PFAX_GLOBAL_ROUTING_INFO methods;
  DWORD count;
  if (handle == NULL) return fail_closed(L, "FaxEnumGlobalRoutingInfo");
  if (!FaxEnumGlobalRoutingInfo(handle, &methods, &count))
    return fail_last(L, "FaxEnumGlobalRoutingInfo");
  box_fill(block, methods);
  record_push_array(L, record_get(&global_routing), methods, count);
  block_free(block);
  return 1;
}

/* set_global_routing_info(guid, priority) */
static int global_set(lua_State *L) {
  HANDLE handle = server_handle(L);
  FAX_GLOBAL_ROUTING_INFO info;
  memset(&info, 0, sizeof info);
  info.SizeOfStruct = sizeof info;
  info.Guid = check_text(L, 2);
  info.Priority = check_dword(L, 3);
  if (handle == NULL) return fail_closed(L, "FaxSetGlobalRoutingInfo");
  if (!FaxSetGlobalRoutingInfo(handle, &info))
    return fail_last(L, "FaxSetGlobalRoutingInfo");
  lua_pushboolean(L, 1);
  return 1;
}

static const luaL_Reg server_methods[] = {
    {"global_routing_info", global_get},
    {"_set_global_routing_info", global_set},
    {NULL, NULL}};

void server_routing_methods(lua_State *L) {
  luaL_setfuncs(L, server_methods, 0);
}

/* ---- of a port ---- */

static int routing_methods(lua_State *L) {
  HANDLE handle = port_handle(L);
  struct box *block = block_push(L); /* -- block */
  PFAX_ROUTING_METHOD methods;
  DWORD count;
  if (handle == NULL) return fail_closed(L, "FaxEnumRoutingMethods");
  if (!FaxEnumRoutingMethods(handle, &methods, &count))
    return fail_last(L, "FaxEnumRoutingMethods");
  box_fill(block, methods);
  record_push_array(L, record_get(&routing_method), methods, count);
  block_free(block);
  return 1;
}

/* enable_routing_method(guid, enabled) */
static int routing_enable(lua_State *L) {
  HANDLE handle = port_handle(L);
  const char *guid = check_text(L, 2);
  luaL_checktype(L, 3, LUA_TBOOLEAN);
  if (handle == NULL) return fail_closed(L, "FaxEnableRoutingMethod");
  if (!FaxEnableRoutingMethod(handle, guid, lua_toboolean(L, 3) ? TRUE : FALSE))
    return fail_last(L, "FaxEnableRoutingMethod");
  lua_pushboolean(L, 1);
  return 1;
}

/* routing_info(guid) -> bytes */
static int routing_info(lua_State *L) {
  HANDLE handle = port_handle(L);
  const char *guid = check_text(L, 2);
  struct box *block = block_push(L); /* -- block */
  BYTE *bytes;
  DWORD size;
  if (handle == NULL) return fail_closed(L, "FaxGetRoutingInfo");
  if (!FaxGetRoutingInfo(handle, guid, &bytes, &size))
    return fail_last(L, "FaxGetRoutingInfo");
  box_fill(block, bytes);
  lua_pushlstring(L, (const char *)bytes, size);
  block_free(block);
  return 1;
}

/* set_routing_info(guid, bytes) */
static int routing_set_info(lua_State *L) {
  HANDLE handle = port_handle(L);
  const char *guid = check_text(L, 2);
  const char *bytes;
  size_t size;
  luaL_checktype(L, 3, LUA_TSTRING);
  bytes = lua_tolstring(L, 3, &size);
  luaL_argcheck(L, size <= UINT32_MAX, 3, "less than 4 GiB expected");
  if (handle == NULL) return fail_closed(L, "FaxSetRoutingInfo");
  if (!FaxSetRoutingInfo(handle, guid, (const BYTE *)bytes, (DWORD)size))
    return fail_last(L, "FaxSetRoutingInfo");
  lua_pushboolean(L, 1);
  return 1;
}

static const luaL_Reg port_methods[] = {
    {"routing_methods", routing_methods},
    {"_enable_routing_method", routing_enable},
    {"_routing_info", routing_info},
    {"_set_routing_info", routing_set_info},
    {NULL, NULL}};

void port_routing_methods(lua_State *L) {
  luaL_setfuncs(L, port_methods, 0);
}
