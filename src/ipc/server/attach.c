/* SPDX-License-Identifier: MIT
   Operations of providers that a client attached: what the service wants of
   them goes out as notifications, what they say comes in as others. Documents
   travel as descriptors: the client needs no right in the directory. When the
   client has gone, its operations are lost. */
#include <errno.h>
#include <fax/faxdev.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "ipc/server/push.h"
#include "provider/provider.h"
#include "service/service.h"

struct lent_op {
  struct list link; /* with the push's lock */
  DWORD id, provider;
  struct fax_op *op; /* with the reference that the start gave */
};

/* ---- operations ---- */

static DWORD lend(struct push *p, DWORD provider, struct fax_op *op,
                  DWORD *id_out) {
  struct lent_op *o = mem_alloc(sizeof *o);
  if (o == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  list_init(&o->link);
  o->op = op;
  o->provider = provider;
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
  if (fd != NULL) error = wire_flush(&s->wire, NULL, 0, s->server->patience);
  if (told->acknowledge) push_expect(s->push);
  if (error == ERROR_SUCCESS)
    error =
        push_put(s, "provider.call", record_to_json(&call_told_record, told));
  if (error == ERROR_SUCCESS && fd != NULL)
    error = wire_flush(&s->wire, fd, 1, s->server->patience);
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
  DWORD error = lend(s->push, told->provider, call->op, &told->op);
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
  struct call_told told = {
      .provider = pushed->number,
      .kind = call->kind,
      .device_id = call->device_id,
      .receive = call->receive,
      .send = call->send,
      .page = call->page,
      .error = call->error,
      .acknowledge = pushed->acknowledges && clock_is_virtual()};
  DWORD error;
  if (call->kind == FAX_CALL_START)
    error = put_start(s, call, &told);
  else if (call->op != NULL)
    error = put_about(s, call, &told);
  else
    error = put_with(s, &told, NULL);
  if (call->kind == FAX_CALL_STOP) push_stopped(s->push, pushed->number);
  mem_free_tagged(call, MEM_CALL);
  return error;
}

static struct lent_op *first_of(struct push *p, DWORD provider) {
  struct lent_op *found = NULL;
  pthread_mutex_lock(&p->lock);
  list_each(link, &p->ops) {
    struct lent_op *o = list_entry(link, struct lent_op, link);
    if (found == NULL && (provider == 0 || o->provider == provider)) found = o;
  }
  pthread_mutex_unlock(&p->lock);
  return found;
}

void push_lose_ops(struct push *p, DWORD provider) {
  struct fax_progress last = FAX_PROGRESS_INIT;
  struct lent_op *o;
  last.cause = "provider_lost";
  last.evidence = "the program that was the provider has gone";
  while ((o = first_of(p, provider)) != NULL)
    end_op(p, o, FS_FATAL_ERROR, &last);
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
