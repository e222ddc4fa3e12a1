/* SPDX-License-Identifier: MIT
   What a provider written in Lua is told by packets, and its operations: a box
   holds the reference of one, and ends it, whatever closes the box. */
#include <stdatomic.h>
#include <string.h>

#include <fax/faxdev.h>

#include "lua/binding.h"

static struct record_ref progress_record = {"fax_progress", NULL};

/* Names an operation in this process; the data of the operation. */
static atomic_ullong last_number;

static void end_lost(struct fax_op *op) {
  struct fax_progress last = FAX_PROGRESS_INIT;
  last.cause = "provider_lost";
  last.evidence = "the program that was the provider let go of the operation";
  fax_op_end(op, FS_FATAL_ERROR, &last);
}

static int operation_close(lua_State *L) {
  struct fax_op *op = box_empty(box_check(L, 1, OPERATION_TYPE));
  if (op != NULL) end_lost(op);
  return 0;
}

static struct fax_op *operation_check(lua_State *L) {
  return box_object(box_check(L, 1, OPERATION_TYPE));
}

/* ---- packets ---- */

static void set_number(lua_State *L, const char *name, lua_Integer value) {
  lua_pushinteger(L, value);
  lua_setfield(L, -2, name);
}

static void set_bool(lua_State *L, const char *name, BOOL value) {
  lua_pushboolean(L, value);
  lua_setfield(L, -2, name);
}

static void set_text(lua_State *L, const char *name, const char *value) {
  lua_pushstring(L, value); /* nil for NULL */
  lua_setfield(L, -2, name);
}

struct note {
  struct fax_call call;
  char text[];
};

static const char *note_text(const struct fax_call *call) {
  return ((const struct note *)call)->text;
}

/* One of the list at `boxes`, or a new one. A userdata with a finaliser costs
   as much as the rest of an operation's start. */
static struct box *push_box(lua_State *L, int boxes) {
  int last = (int)lua_rawlen(L, boxes);
  if (last == 0) return box_push(L, OPERATION_TYPE);
  lua_rawgeti(L, boxes, last); /* -- box */
  lua_pushnil(L);
  lua_rawseti(L, boxes, last);
  return box_check(L, -1, OPERATION_TYPE);
}

/* The box takes the operation out of the packet. */
static void push_start(lua_State *L, struct fax_call *call, int boxes) {
  struct box *box = push_box(L, boxes); /* -- box */
  unsigned long long number = atomic_fetch_add(&last_number, 1) + 1;
  fax_op_set_data(call->op, (void *)(ULONG_PTR)number);
  box_fill(box, call->op);
  call->op = NULL;
}

static void push_call(lua_State *L, const struct fax_call *call) {
  lua_createtable(L, 0, 4); /* -- table */
  switch (call->kind) {
    case FAX_CALL_ABORT:
      set_text(L, "kind", "abort");
      set_number(L, "number", (lua_Integer)(ULONG_PTR)fax_op_data(call->op));
      break;
    case FAX_CALL_COMMITTED:
      set_text(L, "kind", "committed");
      set_number(L, "number", (lua_Integer)(ULONG_PTR)fax_op_data(call->op));
      set_number(L, "page", (lua_Integer)call->page);
      if (call->error != ERROR_SUCCESS)
        set_text(L, "error", FaxErrorName(call->error));
      break;
    case FAX_CALL_ENABLE:
      set_text(L, "kind", "enable");
      set_number(L, "device_id", (lua_Integer)call->device_id);
      set_bool(L, "receive", call->receive);
      set_bool(L, "send", call->send);
      break;
    case FAX_CALL_STOP:
      set_text(L, "kind", "stop");
      if (call->error != ERROR_SUCCESS)
        set_text(L, "error", FaxErrorName(call->error));
      break;
    case CALL_LOADED:
      set_text(L, "kind", "loaded");
      set_text(L, "text", note_text(call));
      break;
    case CALL_FAILED:
      set_text(L, "kind", "failed");
      set_text(L, "text", note_text(call));
      break;
    case CALL_ERROR:
      set_text(L, "kind", "error");
      set_text(L, "text", note_text(call));
      break;
    default: /* there is nothing to do */
      break;
  }
}

void call_push(lua_State *L, struct fax_call *call, int boxes) {
  luaL_checkstack(L, 4, "a call");
  if (call->kind == FAX_CALL_START && call->op != NULL)
    push_start(L, call, boxes);
  else
    push_call(L, call);
}

struct fax_call *call_note(DWORD kind, const char *text) {
  size_t length = strlen(text);
  struct note *note = FaxLocalAlloc(sizeof *note + length + 1);
  if (note == NULL) return NULL;
  note->call.size = sizeof note->call;
  note->call.kind = kind;
  memcpy(note->text, text, length);
  return &note->call;
}

void call_drop(struct fax_call *call) {
  if (call->op != NULL && call->kind == FAX_CALL_START)
    end_lost(call->op);
  else if (call->op != NULL)
    fax_op_unref(call->op);
  FaxLocalFree(call);
}

/* ---- what it is ---- */

static const char *transport_name(DWORD transport) {
  if (transport == FAX_TRANSPORT_AUDIO) return "audio";
  return transport == FAX_TRANSPORT_T38 ? "t38" : NULL;
}

/* facts() -> what the service tells of it, in the order of fax.operation, which
   makes the table: names are looked up there once, and here for each. */
static int operation_facts(lua_State *L) {
  struct fax_op *op = operation_check(L);
  const struct fax_operation *told;
  if (op == NULL) return fail_closed(L, "fax_op_told");
  told = fax_op_told(op);
  luaL_checkstack(L, 16, "the facts of an operation");
  lua_pushinteger(L, (lua_Integer)(ULONG_PTR)fax_op_data(op));
  lua_pushstring(L, fax_op_kind(op) == FAX_OP_SEND ? "send" : "receive");
  lua_pushinteger(L, (lua_Integer)told->job_id);
  lua_pushinteger(L, (lua_Integer)told->device_id);
  lua_pushstring(L, fax_op_file(op)); /* nil for NULL */
  lua_pushboolean(L, told->ecm != 0);
  lua_pushinteger(L, (lua_Integer)told->first_page);
  lua_pushstring(L, told->called_number);
  lua_pushstring(L, told->local_id);
  lua_pushstring(L, fax_op_receiver_name(op));
  lua_pushstring(L, fax_op_caller_name(op));
  lua_pushstring(L, told->caller_number);
  lua_pushstring(L, told->branding);
  lua_pushstring(L, told->trunk);
  lua_pushstring(L, transport_name(told->transport));
  if (told->max_rate != 0)
    lua_pushinteger(L, (lua_Integer)told->max_rate);
  else
    lua_pushnil(L);
  return 16;
}

/* ---- what is told of it ---- */

/* The fields of the table at `arg`, whose texts stay on the stack; false and
   all unknown: there is none. */
static bool read_progress(lua_State *L, int arg, struct fax_progress *out) {
  *out = (struct fax_progress)FAX_PROGRESS_INIT;
  if (lua_isnoneornil(L, arg)) return false;
  luaL_checktype(L, arg, LUA_TTABLE);
  record_read(L, arg, record_get(&progress_record), out);
  return true;
}

/* status(number, progress or nil) */
static int operation_status(lua_State *L) {
  struct fax_op *op = operation_check(L);
  DWORD status = check_dword(L, 2);
  struct fax_progress progress;
  bool known;
  lua_settop(L, 3);
  known = read_progress(L, 3, &progress);
  if (op == NULL) return fail_closed(L, "fax_op_status");
  fax_op_status(op, status, known ? &progress : NULL);
  lua_pushboolean(L, 1);
  return 1;
}

/* commit(page) */
static int operation_commit(lua_State *L) {
  struct fax_op *op = operation_check(L);
  DWORD page = check_dword(L, 2);
  if (op == NULL) return fail_closed(L, "fax_op_commit");
  if (!fax_op_commit(op, page)) return fail_last(L, "fax_op_commit");
  lua_pushboolean(L, 1);
  return 1;
}

/* committed(page) -> whether it is on the disk; false after finish */
static int operation_committed(lua_State *L) {
  const struct fax_op *op = operation_check(L);
  DWORD page = check_dword(L, 2);
  lua_pushboolean(L, op != NULL && fax_op_committed(op, page));
  return 1;
}

/* caller(caller id or nil, routing or nil) */
static int operation_caller(lua_State *L) {
  struct fax_op *op = operation_check(L);
  const char *caller_id = opt_text(L, 2);
  const char *routing = opt_text(L, 3);
  if (op == NULL) return fail_closed(L, "fax_op_caller");
  fax_op_caller(op, caller_id, routing);
  lua_pushboolean(L, 1);
  return 1;
}

/* finish(number, progress or nil) */
static int operation_finish(lua_State *L) {
  struct box *box = box_check(L, 1, OPERATION_TYPE);
  DWORD status = check_dword(L, 2);
  struct fax_progress last;
  struct fax_op *op;
  bool known;
  lua_settop(L, 3);
  known = read_progress(L, 3, &last);
  op = box_empty(box);
  if (op == NULL) return fail_closed(L, "fax_op_end");
  fax_op_end(op, status, known ? &last : NULL);
  lua_pushboolean(L, 1);
  return 1;
}

/* aborted() -> whether it is to be given up; false after finish */
static int operation_aborted(lua_State *L) {
  const struct fax_op *op = operation_check(L);
  lua_pushboolean(L, op != NULL && fax_op_aborted(op));
  return 1;
}

static int operation_ended(lua_State *L) {
  lua_pushboolean(L, operation_check(L) == NULL);
  return 1;
}

static const luaL_Reg operation_methods[] = {{"facts", operation_facts},
                                             {"status", operation_status},
                                             {"commit", operation_commit},
                                             {"committed", operation_committed},
                                             {"caller", operation_caller},
                                             {"finish", operation_finish},
                                             {"aborted", operation_aborted},
                                             {"ended", operation_ended},
                                             {NULL, NULL}};

void operation_open(lua_State *L) {
  box_type(L, OPERATION_TYPE, operation_methods, operation_close);
  lua_pop(L, 1); /* -- core */
  box_push(L, OPERATION_TYPE);
  lua_setfield(L, -2, "no_operation");
}
