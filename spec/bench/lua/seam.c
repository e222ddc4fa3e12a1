/* SPDX-License-Identifier: MIT
   The service's side of the provider seam, for the benchmark of operations of
   a provider in Lua: hands operations to it and counts those that ended, with
   no queue, no port and no event. It is in one shared object with the binding
   and the objects of libfax, whose hidden names it uses. */
#include <fax/faxdev.h>
#include <lauxlib.h>
#include <lua.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/completion.h"
#include "base/handle.h"
#include "base/mem.h"
#include "provider/provider.h"

#define SEAM_TYPE "seam.provider"
#define DEVICE 7

#if LUA_VERSION_NUM < 502
#define lua_newuserdatauv(L, size, values) lua_newuserdata(L, size)
#endif

FAX_EXPORT int luaopen_seam(lua_State *L);

struct seam {
  struct fax_provider *provider;
  size_t completed, released;
};

static struct seam *seam_check(lua_State *L) {
  return luaL_checkudata(L, 1, SEAM_TYPE);
}

/* ---- what the provider tells; all of it comes on the loop's own thread ----
 */

static void on_status(void *arg, DWORD status,
                      const struct fax_progress *progress) {
  (void)arg;
  (void)status;
  (void)progress;
}

static void on_caller(void *arg, const char *caller_id, const char *routing) {
  (void)arg;
  (void)caller_id;
  (void)routing;
}

static void on_ended(void *arg, DWORD status, const struct fax_progress *last) {
  struct seam *s = arg;
  (void)last;
  if (status == FS_COMPLETED) s->completed++;
}

static void on_released(void *arg) {
  struct seam *s = arg;
  s->released++;
}

static void on_ring(void *arg, const struct fax_provider *p, DWORD device,
                    DWORD rings, const char *caller) {
  (void)arg;
  (void)p;
  (void)device;
  (void)rings;
  (void)caller;
}

static const struct provider_events events = {on_status,   on_caller, on_ended,
                                              on_released, on_ring,   NULL};

/* ---- in the place of core.attach and its box ---- */

/* attach(handle of the queue, key) */
static int seam_attach(lua_State *L) {
  HANDLE handle = (HANDLE)(ULONG_PTR)strtoull(luaL_checkstring(L, 1), NULL, 10);
  DWORD number = (DWORD)luaL_checkinteger(L, 2);
  struct provider_device device = {.device_id = DEVICE, .name = "line"};
  struct fax_attach attach = {.size = sizeof attach, .name = "seam"};
  struct completion_port *port;
  struct seam *s = lua_newuserdatauv(L, sizeof *s, 0);
  DWORD error;
  memset(s, 0, sizeof *s);
  luaL_getmetatable(L, SEAM_TYPE);
  lua_setmetatable(L, -2);
  port = handle_get(handle, HANDLE_COMPLETION);
  if (port == NULL) return luaL_error(L, "attach: no completion port");
  attach.device_count = 1;
  attach.key = (ULONG_PTR)(UINT64_C(0x6661786300000000) | number);
  error = provider_attach(&attach, port, &device, &events, s, &s->provider);
  mem_unref(port);
  return error == ERROR_SUCCESS ? 1 : luaL_error(L, "attach: %d", (int)error);
}

static int seam_close(lua_State *L) {
  struct seam *s = seam_check(L);
  if (s->provider != NULL) {
    provider_stop(s->provider, FAX_FOREVER);
    s->provider = mem_unref(s->provider);
  }
  return 0;
}

static int seam_closed(lua_State *L) {
  lua_pushboolean(L, seam_check(L)->provider == NULL);
  return 1;
}

static int seam_devices(lua_State *L) {
  lua_newtable(L);
  lua_pushinteger(L, DEVICE);
  lua_rawseti(L, -2, 1);
  return 1;
}

/* ---- operations ---- */

/* What the service tells of a fax, with texts of the usual length. */
static DWORD start_one(struct seam *s, DWORD id) {
  struct op_order order = {.kind = FAX_OP_SEND,
                           .file = "/var/spool/fax/queue/0123456789abcdef.tif",
                           .receiver_name = "Recipient",
                           .told = {.size = sizeof order.told,
                                    .job_id = id,
                                    .device_id = DEVICE,
                                    .called_number = "+49 30 1234567",
                                    .local_id = "+49 30 7654321",
                                    .first_page = 1,
                                    .ecm = TRUE}};
  struct fax_op *op;
  DWORD error = op_new(&order, s, &op);
  if (error != ERROR_SUCCESS) return error;
  error = op_start(s->provider, op);
  mem_unref(op);
  return error;
}

/* start(count) */
static int seam_start(lua_State *L) {
  struct seam *s = seam_check(L);
  lua_Integer count = luaL_checkinteger(L, 2);
  for (lua_Integer i = 1; i <= count; i++)
    if (start_one(s, (DWORD)i) != ERROR_SUCCESS)
      return luaL_error(L, "start: no memory");
  return 0;
}

/* ended() -> how many are over, how many of them with FS_COMPLETED */
static int seam_ended(lua_State *L) {
  const struct seam *s = seam_check(L);
  lua_pushinteger(L, (lua_Integer)s->released);
  lua_pushinteger(L, (lua_Integer)s->completed);
  return 2;
}

/* allocated() -> bytes of malloc in use, in the whole process */
static int seam_allocated(lua_State *L) {
  struct mallinfo2 info = mallinfo2();
  lua_pushnumber(L, (lua_Number)(info.uordblks + info.hblkhd));
  return 1;
}

static const luaL_Reg methods[] = {
    {"close", seam_close}, {"closed", seam_closed}, {"devices", seam_devices},
    {"start", seam_start}, {"ended", seam_ended},   {NULL, NULL}};

static void set_functions(lua_State *L, const luaL_Reg *list) {
  for (; list->name != NULL; list++) {
    lua_pushcfunction(L, list->func);
    lua_setfield(L, -2, list->name);
  }
}

int luaopen_seam(lua_State *L) {
  luaL_newmetatable(L, SEAM_TYPE); /* -- mt */
  lua_newtable(L);
  set_functions(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  lua_newtable(L); /* -- seam */
  lua_pushcfunction(L, seam_attach);
  lua_setfield(L, -2, "attach");
  lua_pushcfunction(L, seam_allocated);
  lua_setfield(L, -2, "allocated");
  return 1;
}
