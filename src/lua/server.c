/* SPDX-License-Identifier: MIT
   A server handle: connecting, rights, ports, the inbox; its jobs are in
   server_jobs.c, its settings in server_config.c and routing.c. One C function
   for each Fax* function, no policy. */
#include <stdio.h>

#include "lua/binding.h"

static struct record_ref port_info = {"FAX_PORT_INFO", NULL};
static struct record_ref received = {"fax_received", NULL};
static struct record_ref provider_info = {"fax_provider_info", NULL};

HANDLE server_handle(lua_State *L) {
  return box_object(box_check(L, 1, SERVER_TYPE));
}

static int server_close(lua_State *L) {
  HANDLE handle = box_empty(box_check(L, 1, SERVER_TYPE));
  if (handle != NULL) FaxClose(handle);
  return 0;
}

/* connect(rights, user, socket, directory), each of them or nil */
static int server_connect(lua_State *L) {
  struct fax_connect connect = {.size = sizeof connect,
                                .rights = FAX_ALL_ACCESS};
  struct box *box;
  HANDLE handle;
  if (!lua_isnoneornil(L, 1)) connect.rights = check_dword(L, 1);
  connect.user = opt_text(L, 2);
  connect.socket = opt_text(L, 3);
  connect.directory = opt_text(L, 4);
  box = box_push(L, SERVER_TYPE); /* -- box */
  if (!FaxConnect(&connect, &handle))
    return fail_last(L, "FaxConnectFaxServer");
  box_fill(box, handle);
  return 1;
}

static int server_closed(lua_State *L) {
  lua_pushboolean(L, server_handle(L) == NULL);
  return 1;
}

/* boot() -> the id of the run as digits, whether it is in another process */
static int server_boot(lua_State *L) {
  HANDLE handle = server_handle(L);
  DWORDLONG boot;
  BOOL elsewhere;
  char digits[24];
  if (handle == NULL) return fail_closed(L, "FaxServerBoot");
  if (!FaxServerBoot(handle, &boot, &elsewhere))
    return fail_last(L, "FaxServerBoot");
  snprintf(digits, sizeof digits, "%llu", (unsigned long long)boot);
  lua_pushstring(L, digits);
  lua_pushboolean(L, elsewhere);
  return 2;
}

/* access_check(rights): true, false, or what failed */
static int server_access_check(lua_State *L) {
  HANDLE handle = server_handle(L);
  DWORD rights = check_dword(L, 2);
  BOOL allowed;
  if (handle == NULL) return fail_closed(L, "FaxAccessCheck");
  allowed = FaxAccessCheck(handle, rights);
  if (!allowed && FaxGetLastError() != ERROR_SUCCESS)
    return fail_last(L, "FaxAccessCheck");
  lua_pushboolean(L, allowed);
  return 1;
}

static int server_ports(lua_State *L) {
  HANDLE handle = server_handle(L);
  struct box *block = block_push(L); /* -- block */
  PFAX_PORT_INFO ports;
  DWORD count;
  if (handle == NULL) return fail_closed(L, "FaxEnumPorts");
  if (!FaxEnumPorts(handle, &ports, &count))
    return fail_last(L, "FaxEnumPorts");
  box_fill(block, ports);
  record_push_array(L, record_get(&port_info), ports, count);
  block_free(block);
  return 1;
}

/* open_port(device, mode) */
static int server_open_port(lua_State *L) {
  HANDLE handle = server_handle(L);
  DWORD device = check_dword(L, 2);
  DWORD mode = check_dword(L, 3);
  if (handle == NULL) return fail_closed(L, "FaxOpenPort");
  return port_wrap(L, handle, device, mode);
}

FILETIME to_filetime(lua_Number seconds) {
  FILETIME time = {0, 0};
  uint64_t steps;
  if (!(seconds > 0) || seconds > 1e12) return time;
  steps = (uint64_t)(seconds * 1e7) + UINT64_C(116444736000000000);
  time.dwLowDateTime = (DWORD)steps;
  time.dwHighDateTime = (DWORD)(steps >> 32);
  return time;
}

/* received(after or nil) */
static int server_received(lua_State *L) {
  HANDLE handle = server_handle(L);
  FILETIME after = to_filetime(luaL_optnumber(L, 2, 0));
  struct box *block = block_push(L); /* -- block */
  struct fax_received *faxes;
  DWORD count;
  if (handle == NULL) return fail_closed(L, "FaxEnumInbox");
  if (!FaxEnumInbox(handle, after, &faxes, &count))
    return fail_last(L, "FaxEnumInbox");
  box_fill(block, faxes);
  record_push_array(L, record_get(&received), faxes, count);
  block_free(block);
  return 1;
}

static int server_providers(lua_State *L) {
  HANDLE handle = server_handle(L);
  struct box *block = block_push(L); /* -- block */
  struct fax_provider_info *providers;
  DWORD count;
  if (handle == NULL) return fail_closed(L, "FaxEnumProviders");
  if (!FaxEnumProviders(handle, &providers, &count))
    return fail_last(L, "FaxEnumProviders");
  box_fill(block, providers);
  record_push_array(L, record_get(&provider_info), providers, count);
  block_free(block);
  return 1;
}

static const luaL_Reg server_methods[] = {
    {"boot", server_boot},
    {"closed", server_closed},
    {"_access_check", server_access_check},
    {"ports", server_ports},
    {"_open_port", server_open_port},
    {"_prepare", document_prepare},
    {"_received", server_received},
    {"providers", server_providers},
    {NULL, NULL}};

void server_open(lua_State *L) {
  box_type(L, SERVER_TYPE, server_methods, server_close); /* -- core, mt */
  lua_getfield(L, -1, "__index");
  server_job_methods(L);
  server_config_methods(L);
  server_policy_methods(L);
  server_dialling_methods(L);
  server_archive_methods(L);
  server_routing_methods(L);
  server_history_methods(L);
  lua_setfield(L, -3, "server_methods");
  lua_pop(L, 1); /* -- core */
  lua_pushcfunction(L, server_connect);
  lua_setfield(L, -2, "connect");
}
