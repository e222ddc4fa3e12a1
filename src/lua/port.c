/* SPDX-License-Identifier: MIT
   A port handle: its record, its status, its settings; its routing is in
   routing.c. */
#include <string.h>

#include "lua/binding.h"

static struct record_ref port_info = {"FAX_PORT_INFO", NULL};
static struct record_ref device_status = {"FAX_DEVICE_STATUS", NULL};

HANDLE port_handle(lua_State *L) {
  return box_object(box_check(L, 1, PORT_TYPE));
}

static int port_close(lua_State *L) {
  HANDLE handle = box_empty(box_check(L, 1, PORT_TYPE));
  if (handle != NULL) FaxClose(handle);
  return 0;
}

int port_wrap(lua_State *L, HANDLE server, DWORD device, DWORD mode) {
  struct box *box = box_push(L, PORT_TYPE); /* -- box */
  HANDLE handle;
  if (!FaxOpenPort(server, device, mode, &handle))
    return fail_last(L, "FaxOpenPort");
  box_fill(box, handle);
  return 1;
}

static int port_closed(lua_State *L) {
  lua_pushboolean(L, port_handle(L) == NULL);
  return 1;
}

static int port_info_get(lua_State *L) {
  HANDLE handle = port_handle(L);
  struct box *block = block_push(L); /* -- block */
  PFAX_PORT_INFO info;
  if (handle == NULL) return fail_closed(L, "FaxGetPort");
  if (!FaxGetPort(handle, &info)) return fail_last(L, "FaxGetPort");
  box_fill(block, info);
  record_push(L, record_get(&port_info), info);
  block_free(block);
  return 1;
}

static int port_status(lua_State *L) {
  HANDLE handle = port_handle(L);
  struct box *block = block_push(L); /* -- block */
  PFAX_DEVICE_STATUS status;
  if (handle == NULL) return fail_closed(L, "FaxGetDeviceStatus");
  if (!FaxGetDeviceStatus(handle, &status))
    return fail_last(L, "FaxGetDeviceStatus");
  box_fill(block, status);
  record_push(L, record_get(&device_status), status);
  block_free(block);
  return 1;
}

/* set(whole record) */
static int port_set(lua_State *L) {
  HANDLE handle = port_handle(L);
  FAX_PORT_INFO info;
  luaL_checktype(L, 2, LUA_TTABLE);
  memset(&info, 0, sizeof info);
  record_read(L, 2, record_get(&port_info), &info);
  if (handle == NULL) return fail_closed(L, "FaxSetPort");
  if (!FaxSetPort(handle, &info)) return fail_last(L, "FaxSetPort");
  lua_pushboolean(L, 1);
  return 1;
}

static const luaL_Reg port_methods[] = {{"closed", port_closed},
                                        {"info", port_info_get},
                                        {"status", port_status},
                                        {"_set", port_set},
                                        {NULL, NULL}};

void port_open(lua_State *L) {
  box_type(L, PORT_TYPE, port_methods, port_close); /* -- core, mt */
  lua_getfield(L, -1, "__index");
  port_routing_methods(L);
  lua_setfield(L, -3, "port_methods");
  lua_pop(L, 1); /* -- core */
}
