/* SPDX-License-Identifier: MIT
   One worker: a thread, its Lua state, and the box by which that tells the
   foreman. The only place where C calls Lua: lua/fax/provider/worker.lua is
   what the thread does. */
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lua/worker.h"

static void drop_note(struct fax_call *note) {
  if (note != NULL) call_drop(note);
}

/* Nothing goes on without the foreman knowing: a lack of memory is waited for.
   Takes the note. */
static void tell(const struct worker *w, enum worker_tells what,
                 struct fax_call *note) {
  ULONG_PTR key = (ULONG_PTR)(WORKER_TAG | w->index);
  while (!FaxPostCompletion(w->all->port, what, key, note)) {
    if (FaxGetLastError() != ERROR_NOT_ENOUGH_MEMORY) { /* there is none */
      drop_note(note);
      return;
    }
    FaxClockWait(FaxClockNow() + FAX_SECOND, NULL);
  }
}

/* ---- the box ---- */

struct worker *worker_check(lua_State *L) {
  return box_object(box_check(L, 1, WORKER_TYPE));
}

/* The thread has it, not the box. */
static int worker_close(lua_State *L) {
  box_empty(box_check(L, 1, WORKER_TYPE));
  return 0;
}

static int say(lua_State *L, struct worker *w, DWORD kind, const char *text) {
  struct fax_call *note = call_note(kind, text);
  if (note == NULL) return luaL_error(L, "out of memory");
  tell(w, WORKER_SAYS, note);
  return 0;
}

/* loaded(queue of its loop, names of its callbacks) */
static int worker_loaded(lua_State *L) {
  struct worker *w = worker_check(L);
  HANDLE port = queue_port(L, 2);
  const char *names = check_text(L, 3);
  if (w == NULL || port == NULL) return fail_closed(L, "worker");
  w->port = port;
  return say(L, w, CALL_LOADED, names);
}

/* failed("ERROR_... sentence"): it could not be loaded */
static int worker_failed(lua_State *L) {
  struct worker *w = worker_check(L);
  const char *text = check_text(L, 2);
  return w == NULL ? fail_closed(L, "worker") : say(L, w, CALL_FAILED, text);
}

/* error(text): for the owner's loop to report */
static int worker_error(lua_State *L) {
  struct worker *w = worker_check(L);
  const char *text = check_text(L, 2);
  return w == NULL ? fail_closed(L, "worker") : say(L, w, CALL_ERROR, text);
}

/* free(): the operation is over, whoever ended it */
static int worker_free(lua_State *L) {
  struct worker *w = worker_check(L);
  if (w != NULL) tell(w, WORKER_FREE, NULL);
  return 0;
}

/* devices() -> their ids; only once there was a call */
static int worker_devices(lua_State *L) {
  const struct worker *w = worker_check(L);
  if (w == NULL) return fail_closed(L, "worker");
  lua_createtable(L, (int)w->all->id_count, 0); /* -- list */
  for (DWORD i = 0; i < w->all->id_count; i++) {
    lua_pushinteger(L, (lua_Integer)w->all->ids[i]);
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}

/* ring(device, rings, caller id or nil) */
static int worker_ring(lua_State *L) {
  const struct worker *w = worker_check(L);
  DWORD device = check_dword(L, 2);
  DWORD rings = check_dword(L, 3);
  const char *caller_id = opt_text(L, 4);
  if (w == NULL) return fail_closed(L, "FaxRingDevice");
  if (!FaxRingDevice(w->all->provider, device, rings, caller_id))
    return fail_last(L, "FaxRingDevice");
  lua_pushboolean(L, 1);
  return 1;
}

static const luaL_Reg worker_methods[] = {{"loaded", worker_loaded},
                                          {"failed", worker_failed},
                                          {"error", worker_error},
                                          {"free", worker_free},
                                          {"ring", worker_ring},
                                          {"devices", worker_devices},
                                          {NULL, NULL}};

void worker_open(lua_State *L) {
  box_type(L, WORKER_TYPE, worker_methods, worker_close);
  lua_getfield(L, -1, "__index"); /* -- core, mt, methods */
  worker_command_methods(L);
  lua_pop(L, 2); /* -- core */
}

/* ---- the state ---- */

/* Modules are found where the owner finds them. */
static void set_package(lua_State *L, const struct workers *all) {
  lua_getglobal(L, "package"); /* -- package */
  lua_pushstring(L, all->path);
  lua_setfield(L, -2, "path");
  lua_pushstring(L, all->cpath);
  lua_setfield(L, -2, "cpath");
  lua_getfield(L, -1, "preload"); /* -- package, preload */
  lua_pushcfunction(L, luaopen_fax_core);
  lua_setfield(L, -2, "fax.core");
  lua_pop(L, 2);
}

static void push_module(lua_State *L, const char *name) {
  lua_getglobal(L, "require");
  lua_pushstring(L, name);
  lua_call(L, 1, 1); /* -- module */
}

static int state_run(lua_State *L) {
  struct worker *w = lua_touserdata(L, 1);
  luaL_openlibs(L);
  set_package(L, w->all);
  push_module(L, "fax.core");            /* -- core; the box's type */
  push_module(L, "fax.provider.worker"); /* -- core, run */
  box_fill(box_push(L, WORKER_TYPE), w); /* -- core, run, box */
  lua_pushlstring(L, w->all->config, w->all->config_length);
  lua_call(L, 2, 0);
  return 0;
}

/* What the Lua code does not catch itself: no memory, a module that is not
   found. */
static void tell_failure(const struct worker *w, const char *why) {
  char text[1024];
  bool loaded = w->port != NULL;
  if (why == NULL) why = "no reason was given";
  if (loaded)
    snprintf(text, sizeof text, "worker %u has ended: %s", w->index + 1, why);
  else
    snprintf(text, sizeof text, "ERROR_MOD_NOT_FOUND fax.provider: %s", why);
  struct fax_call *note = call_note(loaded ? CALL_ERROR : CALL_FAILED, text);
  if (note != NULL) tell(w, WORKER_SAYS, note);
}

void *worker_main(void *arg) {
  struct worker *w = arg;
  struct workers *all = w->all;
  lua_State *L;
  workers_thread_begin(all, "fax-worker");
  L = luaL_newstate();
  if (L == NULL)
    tell_failure(w, "out of memory");
  else if (compat_cpcall(L, state_run, w) != 0)
    tell_failure(w, lua_tostring(L, -1));
  if (L != NULL) lua_close(L);
  tell(w, WORKER_GONE, NULL);
  workers_unref(all);
  FaxClockLeave();
  return NULL;
}
