/* SPDX-License-Identifier: MIT
   A provider that this Lua state is: attached to the service, its calls come
   through the completion port of a loop. No callback is stored in C. And one in
   a shared object, of which the port gets no more than its end. */
#include <string.h>

#include "lua/binding.h"

static HANDLE provider_handle(lua_State *L) {
  return box_object(box_check(L, 1, PROVIDER_TYPE));
}

static int provider_close(lua_State *L) {
  HANDLE handle = box_empty(box_check(L, 1, PROVIDER_TYPE));
  if (handle != NULL) FaxClose(handle);
  return 0;
}

/* Reads the devices of the table at `arg`: an array in a userdata that stays on
   the stack, as the table holds the texts. */
static struct fax_attach_device *read_devices(lua_State *L, int arg,
                                              DWORD *count_out) {
  struct fax_attach_device *devices;
  size_t count;
  lua_getfield(L, arg, "devices"); /* -- list */
  luaL_checktype(L, -1, LUA_TTABLE);
  count = lua_rawlen(L, -1);
  if (count > 65535) luaL_error(L, "more than 65535 devices");
  devices = lua_newuserdatauv(L, (count + 1) * sizeof *devices, 0);
  for (size_t i = 0; i < count; i++) { /* -- list, devices */
    lua_rawgeti(L, -2, (int)i + 1);
    luaL_checktype(L, -1, LUA_TTABLE);
    int device = lua_gettop(L);
    devices[i].device_id = field_dword(L, device, "id", 0);
    devices[i].name = field_text(L, device, "name");
    devices[i].csid = field_text(L, device, "number");
    lua_pop(L, 3);
  }
  *count_out = (DWORD)count;
  return devices;
}

/* As attach; `port` gets the calls. */
static int attach_to(lua_State *L, HANDLE port, bool to_workers) {
  HANDLE server = box_object(box_check(L, 1, SERVER_TYPE));
  DWORD number = check_dword(L, 4);
  struct fax_attach attach;
  struct box *box;
  HANDLE handle;
  luaL_checktype(L, 3, LUA_TTABLE);
  memset(&attach, 0, sizeof attach);
  attach.size = sizeof attach;
  attach.name = field_text(L, 3, "name");
  attach.stall = field_dword(L, 3, "stall", 0);
  attach.calls = field_dword(L, 3, "calls", 0);
  attach.lacks = (field_bool(L, 3, "sends", TRUE) ? 0 : FPF_SEND) |
                 (field_bool(L, 3, "receives", TRUE) ? 0 : FPF_RECEIVE);
  attach.devices = read_devices(L, 3, &attach.device_count);
  attach.port = port;
  attach.key = (ULONG_PTR)(CALL_TAG | number);
  box = box_push(L, PROVIDER_TYPE); /* -- box */
  if (server == NULL || port == NULL)
    return fail_closed(L, "FaxAttachProvider");
  if (!FaxAttachProvider(server, &attach, &handle))
    return fail_last(L, "FaxAttachProvider");
  box_fill(box, handle);
  if (to_workers && !workers_opened(L, 2, handle, attach.device_count))
    return fail_last(L, "FaxAttachProvider");
  return 1;
}

/* attach(server, queue, { name =, stall =, calls =, sends =, receives =,
   devices = { { name =, id = } } }, number of the provider in its loop) */
static int provider_attach(lua_State *L) {
  return attach_to(L, queue_port(L, 2), false);
}

/* The same with workers instead of a queue. */
static int provider_attach_workers(lua_State *L) {
  return attach_to(L, workers_port(L, 2), true);
}

/* load(server, queue, { name =, path =, options = { "key=value" } }, number of
   the provider in its loop) */
static int provider_load(lua_State *L) {
  HANDLE server = box_object(box_check(L, 1, SERVER_TYPE));
  HANDLE port = queue_port(L, 2);
  DWORD number = check_dword(L, 4);
  struct fax_load load;
  struct box *box;
  HANDLE handle;
  memset(&load, 0, sizeof load);
  load.size = sizeof load;
  provider_read(L, 3, &load.provider);
  load.port = port;
  load.key = (ULONG_PTR)(CALL_TAG | number);
  box = box_push(L, PROVIDER_TYPE); /* -- box */
  if (server == NULL || port == NULL) return fail_closed(L, "FaxLoadProvider");
  if (!FaxLoadProvider(server, &load, &handle))
    return fail_last(L, "FaxLoadProvider");
  box_fill(box, handle);
  return 1;
}

/* devices() -> their ids, in the order given */
static int provider_devices(lua_State *L) {
  HANDLE handle = provider_handle(L);
  DWORD count = handle != NULL ? FaxProviderDeviceCount(handle) : 0, *ids;
  ids = lua_newuserdatauv(L, (count + 1) * sizeof *ids, 0);
  if (handle == NULL) return fail_closed(L, "FaxProviderDevices");
  if (!FaxProviderDevices(handle, ids, count))
    return fail_last(L, "FaxProviderDevices");
  lua_createtable(L, (int)count, 0); /* -- list */
  for (DWORD i = 0; i < count; i++) {
    lua_pushinteger(L, (lua_Integer)ids[i]);
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}

/* ring(device, rings, caller id or nil) */
static int provider_ring(lua_State *L) {
  HANDLE handle = provider_handle(L);
  DWORD device = check_dword(L, 2);
  DWORD rings = check_dword(L, 3);
  const char *caller_id = opt_text(L, 4);
  if (handle == NULL) return fail_closed(L, "FaxRingDevice");
  if (!FaxRingDevice(handle, device, rings, caller_id))
    return fail_last(L, "FaxRingDevice");
  lua_pushboolean(L, 1);
  return 1;
}

static int provider_closed(lua_State *L) {
  lua_pushboolean(L, provider_handle(L) == NULL);
  return 1;
}

static const luaL_Reg provider_methods[] = {{"devices", provider_devices},
                                            {"ring", provider_ring},
                                            {"closed", provider_closed},
                                            {NULL, NULL}};

void provider_open(lua_State *L) {
  box_type(L, PROVIDER_TYPE, provider_methods, provider_close);
  lua_pop(L, 1); /* -- core */
  lua_pushcfunction(L, provider_attach);
  lua_setfield(L, -2, "attach");
  lua_pushcfunction(L, provider_attach_workers);
  lua_setfield(L, -2, "attach_workers");
  lua_pushcfunction(L, provider_load);
  lua_setfield(L, -2, "load");
}
