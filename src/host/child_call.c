/* SPDX-License-Identifier: MIT
   The operations in fax-host: begun for the service, told of, watched. */
#include <fax/faxdev.h>

#include "base/mem.h"
#include "host/child.h"
#include "model/record.h"

/* ---- what the provider tells; any thread, no lock held ---- */

static json_t *told(const struct child_call *call, DWORD status,
                    const struct fax_progress *progress) {
  json_t *params =
      json_pack("{s:I, s:I}", "call", call->id, "status", (json_int_t)status);
  if (progress != NULL)
    json_object_set_new(params, "progress",
                        record_to_json(&record_progress, progress));
  return params;
}

static void on_status(void *arg, DWORD status,
                      const struct fax_progress *progress) {
  struct child_call *call = arg;
  pthread_mutex_lock(&call->child->lock);
  call->told++;
  pthread_mutex_unlock(&call->child->lock);
  child_tell(call->child, "status", told(call, status, progress));
}

static void set_text(json_t *params, const char *key, const char *text) {
  if (text != NULL) json_object_set_new(params, key, json_string(text));
}

static void on_caller(void *arg, const char *caller_id, const char *routing) {
  struct child_call *call = arg;
  json_t *params = json_pack("{s:I}", "call", call->id);
  set_text(params, "caller_id", caller_id);
  set_text(params, "routing", routing);
  child_tell(call->child, "caller", params);
}

static void on_ended(void *arg, DWORD status, const struct fax_progress *last) {
  struct child_call *call = arg;
  call->status = status;
  call->end = told(call, status, last);
}

/* The call is over, and the service is told of its end now. */
static void on_released(void *arg) {
  struct child_call *call = arg;
  struct child *c = call->child;
  pthread_mutex_lock(&c->lock);
  list_remove(&call->link);
  pthread_mutex_unlock(&c->lock);
  /* Rather without what is known than not at all. */
  if (child_tell(c, "ended", call->end) != ERROR_SUCCESS)
    child_tell(c, "ended", told(call, call->status, NULL));
  fax_op_unref(call->op);
  mem_free(call);
}

static void on_commit(void *arg, DWORD page) {
  struct child_call *call = arg;
  child_tell(
      call->child, "commit",
      json_pack("{s:I, s:I}", "call", call->id, "page", (json_int_t)page));
}

static void on_ring(void *arg, const struct fax_provider *p, DWORD device_id,
                    DWORD rings, const char *caller_id) {
  struct child *c = arg;
  (void)p;
  pthread_mutex_lock(&c->lock);
  while (!c->said_hello) clock_cond_wait(&c->changed, &c->lock, FAX_FOREVER);
  pthread_mutex_unlock(&c->lock);
  json_t *params = json_pack("{s:I, s:I}", "device", (json_int_t)device_id,
                             "rings", (json_int_t)rings);
  set_text(params, "caller_id", caller_id);
  child_tell(c, "ring", params);
}

const struct provider_events child_events = {on_status,   on_caller, on_ended,
                                             on_released, on_ring,   on_commit};

/* ---- what the service wants; the main thread ---- */

static void refuse(struct child *c, json_int_t id) {
  child_tell(
      c, "ended",
      json_pack("{s:I, s:I, s:{s:s, s:s}}", "call", id, "status",
                (json_int_t)FS_FATAL_ERROR, "progress", "cause", "no_memory",
                "evidence", "there was no memory to start the operation"));
}

static const char *path_of(const json_t *params, struct arena *arena) {
  const json_t *file = json_object_get(params, "file");
  if (!json_is_array(file)) return json_string_value(file);
  size_t length = json_array_size(file);
  char *path = arena_alloc(arena, length + 1);
  for (size_t i = 0; path != NULL && i < length; i++)
    path[i] = (char)json_integer_value(json_array_get(file, i));
  return path;
}

static DWORD make(struct child *c, const json_t *params, json_int_t id,
                  struct child_call **call_out) {
  struct arena arena = {.limit = MESSAGE_LENGTH};
  const char *kind = message_text(params, "kind");
  struct op_order order = {
      .kind = kind != NULL && *kind == 'r' ? FAX_OP_RECEIVE : FAX_OP_SEND,
      .file = path_of(params, &arena),
      .caller_name = message_text(params, "caller_name"),
      .receiver_name = message_text(params, "receiver_name")};
  struct child_call *call = mem_alloc(sizeof *call);
  if (call == NULL || order.file == NULL) {
    arena_free(&arena);
    mem_free(call);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *call = (struct child_call){.child = c, .id = id};
  list_init(&call->link);
  DWORD code =
      record_from_json(&record_operation, json_object_get(params, "operation"),
                       &order.told, &arena);
  if (code == ERROR_SUCCESS) code = op_new(&order, call, &call->op);
  arena_free(&arena);
  if (code != ERROR_SUCCESS)
    mem_free(call);
  else
    *call_out = call;
  return code;
}

static void drop(struct child *c, struct child_call *call) {
  pthread_mutex_lock(&c->lock);
  list_remove(&call->link);
  pthread_mutex_unlock(&c->lock);
  fax_op_unref(call->op);
  mem_free(call);
}

void child_start(struct child *c, const json_t *params) {
  json_int_t id;
  struct child_call *call;
  if (!message_number(params, "call", INT64_MAX, 0, &id)) return;
  if (make(c, params, id, &call) != ERROR_SUCCESS) {
    refuse(c, id);
    return;
  }
  pthread_mutex_lock(&c->lock);
  list_append(&c->calls, &call->link);
  struct fax_provider *p = c->provider;
  pthread_mutex_unlock(&c->lock);
  if (op_start(p, call->op) == ERROR_SUCCESS) return;
  drop(c, call);
  refuse(c, id);
}

/* The operation that the message is about; gives. NULL: it is over. */
static struct fax_op *find(struct child *c, const json_t *params) {
  json_int_t id;
  struct fax_op *op = NULL;
  if (!message_number(params, "call", INT64_MAX, 0, &id)) return NULL;
  pthread_mutex_lock(&c->lock);
  list_each(link, &c->calls) {
    struct child_call *call = list_entry(link, struct child_call, link);
    if (call->id == id) op = fax_op_ref(call->op);
  }
  pthread_mutex_unlock(&c->lock);
  return op;
}

void child_abort(struct child *c, const json_t *params) {
  struct fax_op *op = find(c, params);
  if (op == NULL) return;
  op_abort(op);
  fax_op_unref(op);
}

void child_committed(struct child *c, const json_t *params) {
  json_int_t page, error;
  struct fax_op *op = find(c, params);
  if (op == NULL) return;
  if (message_number(params, "page", UINT32_MAX, 0, &page) &&
      message_number(params, "error", UINT32_MAX, ERROR_SUCCESS, &error))
    op_committed(op, (DWORD)page, (DWORD)error);
  fax_op_unref(op);
}

/* ---- signs of life ---- */

/* With the lock. A worker that waits is alive; one that computes must give a
   sign now and then. */
static bool is_stuck(struct child *c, struct child_call *call) {
  struct op_work work;
  if (call->stuck) return true;
  if (!op_work(c->provider, call->op, &work)) return false;
  work.signs += call->told;
  if (work.signs != call->signs || work.cpu < call->cpu_then) {
    call->signs = work.signs;
    call->cpu_then = work.cpu;
  }
  call->stuck = work.cpu - call->cpu_then > c->stuck;
  /* The others go on without it. */
  if (call->stuck && c->driven) clock_unjoin();
  return call->stuck;
}

void child_beat(struct child *c) {
  json_t *alive = json_array(), *stuck = json_array();
  pthread_mutex_lock(&c->lock);
  list_each(link, &c->calls) {
    struct child_call *call = list_entry(link, struct child_call, link);
    json_array_append_new(is_stuck(c, call) ? stuck : alive,
                          json_integer(call->id));
  }
  pthread_mutex_unlock(&c->lock);
  child_tell(c, "beat",
             json_pack("{s:o, s:o}", "alive", alive, "stuck", stuck));
}
