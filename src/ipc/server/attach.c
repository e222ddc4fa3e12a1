/* SPDX-License-Identifier: MIT
   Providers that a client attaches: what the service wants of them goes out as
   notifications, what they say comes in as others. Documents travel as
   descriptors: the client needs no right in the directory. When the client has
   gone, its operations are lost. */
#include <errno.h>
#include <fax/faxdev.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "ipc/server/push.h"
#include "method/find.h"
#include "provider/provider.h"
#include "service/service.h"

struct lent_op {
  struct list link; /* with the push's lock */
  DWORD id;
  struct fax_op *op; /* with the reference that the start gave */
};

/* ---- operations ---- */

static DWORD lend(struct push *p, struct fax_op *op, DWORD *id_out) {
  struct lent_op *o = mem_alloc(sizeof *o);
  if (o == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  list_init(&o->link);
  o->op = op;
  pthread_mutex_lock(&p->lock);
  *id_out = o->id = ++p->last_op;
  list_append(&p->ops, &o->link);
  pthread_mutex_unlock(&p->lock);
  return ERROR_SUCCESS;
}

/* 0: the client has ended it already. */
static DWORD id_of(struct push *p, const struct fax_op *op) {
  DWORD id = 0;
  pthread_mutex_lock(&p->lock);
  list_each(link, &p->ops) {
    const struct lent_op *o = list_entry(link, struct lent_op, link);
    if (o->op == op) id = o->id;
  }
  pthread_mutex_unlock(&p->lock);
  return id;
}

/* Only the session's thread takes one out, and uses one. */
static struct lent_op *find_op(struct push *p, DWORD id) {
  struct lent_op *found = NULL;
  if (p == NULL) return NULL;
  pthread_mutex_lock(&p->lock);
  list_each(link, &p->ops) {
    struct lent_op *o = list_entry(link, struct lent_op, link);
    if (o->id == id) found = o;
  }
  pthread_mutex_unlock(&p->lock);
  return found;
}

static void end_op(struct push *p, struct lent_op *o, DWORD status,
                   const struct fax_progress *last) {
  pthread_mutex_lock(&p->lock);
  list_remove(&o->link);
  pthread_mutex_unlock(&p->lock);
  fax_op_end(o->op, status, last);
  mem_free(o);
}

/* ---- what the service wants; the thread of the push ---- */

static DWORD put_with(struct session *s, const struct call_told *told,
                      const int *fd) {
  DWORD error = ERROR_SUCCESS;
  if (fd != NULL) error = wire_flush(&s->wire, NULL, 0, PATIENCE);
  if (error == ERROR_SUCCESS)
    error =
        push_put(s, "provider.call", record_to_json(&call_told_record, told));
  if (error == ERROR_SUCCESS && fd != NULL)
    error = wire_flush(&s->wire, fd, 1, PATIENCE);
  return error;
}

static void refuse(struct fax_op *op) {
  struct fax_progress last = FAX_PROGRESS_INIT;
  last.cause = "provider_refused";
  last.evidence = "its document could not be handed to the provider";
  fax_op_end(op, FS_FATAL_ERROR, &last);
}

/* Takes the call's reference. */
static DWORD put_start(struct session *s, const struct fax_call *call,
                       struct call_told *told) {
  struct fax_operation operation = *fax_op_told(call->op);
  int fd = -1;
  told->receive = fax_op_kind(call->op) == FAX_OP_RECEIVE;
  told->operation = &operation;
  told->caller_name = fax_op_caller_name(call->op);
  told->receiver_name = fax_op_receiver_name(call->op);
  if (!told->receive) {
    fd = open(fax_op_file(call->op), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
      refuse(call->op);
      return ERROR_SUCCESS;
    }
  }
  DWORD error = lend(s->push, call->op, &told->op);
  if (error != ERROR_SUCCESS)
    refuse(call->op);
  else
    error = put_with(s, told, fd >= 0 ? &fd : NULL);
  if (fd >= 0) close(fd);
  return error;
}

/* Of an operation that goes on there. Takes the call's reference. */
static DWORD put_about(struct session *s, const struct fax_call *call,
                       struct call_told *told) {
  told->op = id_of(s->push, call->op);
  fax_op_unref(call->op);
  return told->op != 0 ? put_with(s, told, NULL) : ERROR_SUCCESS;
}

DWORD push_call(struct session *s, const struct pushed *pushed,
                struct fax_call *call) {
  struct call_told told = {.provider = pushed->number,
                           .kind = call->kind,
                           .device_id = call->device_id,
                           .receive = call->receive,
                           .send = call->send,
                           .page = call->page,
                           .error = call->error};
  DWORD error;
  if (call->kind == FAX_CALL_START)
    error = put_start(s, call, &told);
  else if (call->op != NULL)
    error = put_about(s, call, &told);
  else
    error = put_with(s, &told, NULL);
  mem_free_tagged(call, MEM_CALL);
  return error;
}

/* ---- coming and going; the session's thread ---- */

static DWORD fill_devices(HANDLE handle, struct attach_given *given,
                          struct arena *arena) {
  struct attachment *a;
  DWORD error = find_provider(handle, &a);
  if (error != ERROR_SUCCESS) return error;
  given->device_count = attachment_device_count(a);
  given->devices =
      arena_alloc(arena, given->device_count * sizeof *given->devices);
  error = given->devices != NULL
              ? attachment_devices(a, given->devices, given->device_count)
              : ERROR_NOT_ENOUGH_MEMORY;
  mem_unref(a);
  return error;
}

/* What was reserved is known to the thread from now on. */
static DWORD attach_as(struct session *s, struct connection *c,
                       struct fax_attach *attach, struct pushed *pushed) {
  HANDLE handle;
  attach->size = sizeof *attach;
  attach->port = s->push->handle;
  attach->key = pushed->number;
  DWORD error = attachment_open(c, attach, &handle);
  if (error != ERROR_SUCCESS) return error;
  pthread_mutex_lock(&s->push->lock);
  pushed->provider = handle;
  pthread_mutex_unlock(&s->push->lock);
  return ERROR_SUCCESS;
}

static DWORD attach(struct session *s, DWORD on, struct fax_attach *asked,
                    struct attach_given *given, struct arena *arena) {
  HANDLE handle;
  struct connection *c;
  struct pushed *pushed;
  DWORD error = entry_handle(s, on, &handle);
  if (error == ERROR_SUCCESS) error = push_begin(s);
  if (error == ERROR_SUCCESS) error = find_server(handle, &c);
  if (error != ERROR_SUCCESS) return error;
  error = push_reserve(s->push, (struct pushed){0}, &pushed);
  if (error == ERROR_SUCCESS) {
    error = attach_as(s, c, asked, pushed);
    given->provider = pushed->number;
    if (error == ERROR_SUCCESS)
      error = fill_devices(pushed->provider, given, arena);
    else
      push_free_number(s->push, pushed);
    if (error != ERROR_SUCCESS) push_release(s);
  }
  mem_unref(c);
  return error;
}

DWORD serve_attach(struct session *s, struct request *r,
                   struct answer *answer) {
  struct arena a = {0};
  struct fax_attach asked;
  struct attach_given given = {0};
  DWORD error = params_of(r, &attach_record, &asked, &a);
  if (error == ERROR_SUCCESS) {
    clock_join();
    clock_enter();
    error = attach(s, r->on, &asked, &given, &a);
    clock_leave();
  }
  if (error == ERROR_SUCCESS) {
    answer->result = record_to_json(&attach_given_record, &given);
    answer->sent = push_release;
  }
  arena_free(&a);
  return error;
}

static struct pushed *find_pushed(struct session *s, DWORD number) {
  for (DWORD i = 0; s->push != NULL && i < SUBSCRIPTIONS; i++) {
    struct pushed *pushed = &s->push->list[i];
    if (number != 0 && pushed->number == number && pushed->provider != NULL)
      return pushed;
  }
  return NULL;
}

/* Calls about its last operations still come, and a stop. */
DWORD serve_detach(struct session *s, struct request *r,
                   struct answer *answer) {
  json_int_t number = 0;
  if (!message_number(r->message.params, "provider", UINT32_MAX, 0, &number))
    return error_say(ERROR_INVALID_DATA, "`provider` is a number");
  const struct pushed *pushed = find_pushed(s, (DWORD)number);
  if (pushed == NULL)
    return error_say(ERROR_INVALID_PARAMETER, "that is no provider");
  answer->result = json_object();
  clock_join();
  clock_enter();
  DWORD error = method_close(pushed->provider);
  clock_leave();
  return error;
}

static DWORD ring(struct session *s, const struct ring_said *said) {
  struct attachment *a;
  const struct pushed *pushed = find_pushed(s, said->provider);
  if (pushed == NULL)
    return error_say(ERROR_INVALID_PARAMETER, "that is no provider");
  DWORD error = find_provider(pushed->provider, &a);
  if (error != ERROR_SUCCESS) return error;
  clock_join();
  clock_enter();
  error = attachment_ring(a, said->device_id, said->rings, said->caller_id);
  clock_leave();
  mem_unref(a);
  return error;
}

DWORD serve_ring(struct session *s, struct request *r, struct answer *answer) {
  struct arena a = {0};
  struct ring_said said;
  DWORD error = params_of(r, &ring_said_record, &said, &a);
  if (error == ERROR_SUCCESS) error = ring(s, &said);
  arena_free(&a);
  if (error == ERROR_SUCCESS) answer->result = json_object();
  return error;
}

void push_detach_all(struct session *s) {
  struct push *p = s->push;
  struct fax_progress last = FAX_PROGRESS_INIT;
  last.cause = "provider_lost";
  last.evidence = "the program that was the provider has gone";
  for (DWORD i = 0; i < SUBSCRIPTIONS; i++)
    if (p->list[i].number != 0 && p->list[i].provider != NULL)
      method_close(p->list[i].provider);
  while (!list_empty(&p->ops))
    end_op(p, list_entry(p->ops.next, struct lent_op, link), FS_FATAL_ERROR,
           &last);
}

/* ---- what an operation says; the session's thread ---- */

/* Nobody knows whose file that is by now, when the service has given it up. */
static void keep_document(const struct request *r, struct fax_op *op) {
  if (fax_op_kind(op) != FAX_OP_RECEIVE || r->file_count == 0 || op_over(op))
    return;
  int fd =
      open(fax_op_file(op), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return;
  if (attach_copy(r->files[0], fd) != ERROR_SUCCESS && ftruncate(fd, 0) != 0)
    unlink(fax_op_file(op));
  close(fd);
}

static void obey(struct session *s, struct request *r, struct lent_op *o,
                 const struct op_said *said) {
  const char *what = strchr(r->message.method, '.') + 1;
  if (strcmp(what, "status") == 0) {
    fax_op_status(o->op, said->status, said->progress);
  } else if (strcmp(what, "caller") == 0) {
    fax_op_caller(o->op, said->caller_id, said->routing);
  } else if (strcmp(what, "commit") == 0) {
    fax_op_commit(o->op, said->page);
  } else {
    keep_document(r, o->op);
    end_op(s->push, o, said->status, said->progress);
  }
}

DWORD serve_operation(struct session *s, struct request *r,
                      struct answer *answer) {
  struct arena a = {0};
  struct op_said said;
  struct lent_op *o = NULL;
  DWORD error = params_of(r, &op_said_record, &said, &a);
  if (error == ERROR_SUCCESS && (o = find_op(s->push, said.op)) == NULL)
    error = error_say(ERROR_INVALID_PARAMETER, "that is no operation");
  if (error == ERROR_SUCCESS) {
    clock_join();
    clock_enter();
    obey(s, r, o, &said);
    clock_leave();
    answer->result = json_object();
  }
  arena_free(&a);
  return error;
}
