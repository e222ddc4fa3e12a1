/* SPDX-License-Identifier: MIT
   One operation, whatever kind of provider runs it: it ends exactly once, and
   what is told of it reaches the service one by one and in order. Whoever tells
   first delivers, also for those who tell meanwhile; so no one waits. */
#include <fax/faxdev.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/error.h"
#include "base/list.h"
#include "base/mem.h"
#include "provider/own.h"
#include "provider/progress.h"

struct fax_op {
  enum fax_op_kind kind;
  char *file, *caller_name, *receiver_name;
  struct fax_operation told; /* owns its texts */
  void *arg;
  _Atomic(void *) data;

  pthread_mutex_t lock;          /* what follows */
  struct fax_provider *provider; /* counted; from op_start on */
  struct list due;               /* struct telling, not delivered yet */
  struct fax_progress latest;    /* owns its texts; still after the end */
  DWORD status;
  bool aborted;                /* before it was started */
  bool ended, released;        /* what happened */
  bool end_told, release_told; /* what the service knows of it */
  bool delivering;
};

struct telling {
  struct list link;
  bool of_caller;
  DWORD status;
  struct fax_progress progress; /* owns its texts */
  char *caller_id, *routing;
};

static void op_destroy(void *object) {
  struct fax_op *op = object;

  mem_free(op->file);
  mem_free(op->caller_name);
  mem_free(op->receiver_name);
  mem_free((void *)op->told.called_number);
  mem_free((void *)op->told.caller_number);
  mem_free((void *)op->told.trunk);
  mem_free((void *)op->told.local_id);
  mem_free((void *)op->told.branding);
  progress_clear(&op->latest);
  pthread_mutex_destroy(&op->lock);
  mem_unref(op->provider);
}

/* False: no memory. */
static bool copy_text(const char *text, char **copy_out) {
  *copy_out = mem_text(text);
  return text == NULL || *copy_out != NULL;
}

static bool copy_told(struct fax_op *op, const struct fax_operation *from) {
  char *called, *caller, *trunk, *id, *branding;
  bool ok = copy_text(from->called_number, &called);

  ok = copy_text(from->caller_number, &caller) && ok;
  ok = copy_text(from->trunk, &trunk) && ok;
  ok = copy_text(from->local_id, &id) && ok;
  ok = copy_text(from->branding, &branding) && ok;
  op->told = *from;
  op->told.size = sizeof op->told;
  op->told.called_number = called;
  op->told.caller_number = caller;
  op->told.trunk = trunk;
  op->told.local_id = id;
  op->told.branding = branding;
  return ok;
}

DWORD op_new(const struct op_order *order, void *op_arg,
             struct fax_op **op_out) {
  struct fax_op *op = mem_new(sizeof *op, op_destroy);

  if (op == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  pthread_mutex_init(&op->lock, NULL);
  list_init(&op->due);
  progress_init(&op->latest);
  op->kind = order->kind;
  op->arg = op_arg;
  op->status = FS_INITIALIZING;
  if (!copy_told(op, &order->told) || !copy_text(order->file, &op->file) ||
      !copy_text(order->caller_name, &op->caller_name) ||
      !copy_text(order->receiver_name, &op->receiver_name)) {
    mem_unref(op);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *op_out = op;
  return ERROR_SUCCESS;
}

/* ---- what is told ---- */

static void telling_free(struct telling *t) {
  progress_clear(&t->progress);
  mem_free(t->caller_id);
  mem_free(t->routing);
  mem_free(t);
}

static void tell(struct fax_op *op, const struct telling *t) {
  const struct provider_events *events = &op->provider->events;

  if (!provider_enter(op->provider)) return;
  if (t->of_caller)
    events->caller(op->arg, t->caller_id, t->routing);
  else
    events->status(op->arg, t->status, &t->progress);
  provider_leave(op->provider);
}

static void tell_end(struct fax_op *op) {
  if (!provider_enter(op->provider)) return;
  op->provider->events.ended(op->arg, op->status, &op->latest);
  provider_leave(op->provider);
}

static void tell_release(struct fax_op *op) {
  if (!provider_enter(op->provider)) return;
  op->provider->events.released(op->arg);
  provider_leave(op->provider);
}

/* With the lock held, which it lets go of for the callback: delivers the next
   thing. False: there is none. */
static bool deliver_next(struct fax_op *op) {
  if (!list_empty(&op->due)) {
    struct telling *t = list_entry(op->due.next, struct telling, link);
    list_remove(&t->link);
    pthread_mutex_unlock(&op->lock);
    tell(op, t);
    telling_free(t);
  } else if (op->ended && !op->end_told) {
    op->end_told = true;
    pthread_mutex_unlock(&op->lock);
    tell_end(op);
  } else if (op->released && !op->release_told) {
    op->release_told = true;
    pthread_mutex_unlock(&op->lock);
    tell_release(op);
  } else {
    return false;
  }
  pthread_mutex_lock(&op->lock);
  return true;
}

/* The caller holds a reference. Nothing happens while another thread, or this
   one further up, delivers: that one goes on until nothing is left. */
static void deliver(struct fax_op *op) {
  pthread_mutex_lock(&op->lock);
  if (!op->delivering) {
    op->delivering = true;
    while (deliver_next(op)) continue;
    op->delivering = false;
  }
  pthread_mutex_unlock(&op->lock);
}

/* With the lock: notes the status and appends a copy of all that is known. No
   memory: the service learns it with the next one. */
static void note_status(struct fax_op *op, DWORD status,
                        const struct fax_progress *progress) {
  struct telling *t = mem_alloc(sizeof *t);

  op->status = status;
  if (progress != NULL) progress_merge(&op->latest, progress);
  if (t == NULL) return;
  t->status = status;
  progress_init(&t->progress);
  progress_merge(&t->progress, &op->latest);
  list_append(&op->due, &t->link);
}

void fax_op_status(struct fax_op *op, DWORD status,
                   const struct fax_progress *progress) {
  bool open;

  pthread_mutex_lock(&op->lock);
  open = !op->ended && op->provider != NULL;
  if (open) note_status(op, status, progress);
  pthread_mutex_unlock(&op->lock);
  if (open) deliver(op);
}

void op_progress(struct fax_op *op, const struct fax_progress *progress) {
  bool open;

  pthread_mutex_lock(&op->lock);
  open = !op->ended && op->provider != NULL;
  if (open) note_status(op, op->status, progress);
  pthread_mutex_unlock(&op->lock);
  if (open) deliver(op);
}

void fax_op_caller(struct fax_op *op, const char *caller_id,
                   const char *routing) {
  struct telling *t = mem_alloc(sizeof *t);
  bool open;

  if (t == NULL) return;
  t->of_caller = true;
  progress_init(&t->progress);
  if (caller_id != NULL && text_is_utf8(caller_id))
    t->caller_id = mem_text(caller_id);
  if (routing != NULL && text_is_utf8(routing)) t->routing = mem_text(routing);
  pthread_mutex_lock(&op->lock);
  open = !op->ended && op->provider != NULL;
  if (open) list_append(&op->due, &t->link);
  pthread_mutex_unlock(&op->lock);
  if (open)
    deliver(op);
  else
    telling_free(t);
}

/* ---- life ---- */

/* With the lock: the first end counts. */
static void note_end(struct fax_op *op, DWORD status,
                     const struct fax_progress *last) {
  if (op->ended) return;
  if (last != NULL) progress_merge(&op->latest, last);
  op->status = status;
  op->ended = true;
}

void fax_op_end(struct fax_op *op, DWORD status,
                const struct fax_progress *last) {
  bool first;

  pthread_mutex_lock(&op->lock);
  first = !op->released && op->provider != NULL;
  if (first) {
    note_end(op, status, last);
    op->released = true;
  }
  pthread_mutex_unlock(&op->lock);
  if (!first) return;
  deliver(op);
  mem_unref(op);
}

void op_kill(struct fax_op *op, DWORD status, const struct fax_progress *last) {
  bool started;

  pthread_mutex_lock(&op->lock);
  started = op->provider != NULL;
  if (started) note_end(op, status, last);
  pthread_mutex_unlock(&op->lock);
  if (!started) return;
  mem_ref(op);
  deliver(op);
  /* So that a provider that comes back does not begin to dial. */
  op_abort(op);
  mem_unref(op);
}

/* The provider refused it: its device was not used. */
static void end_refused(struct fax_op *op, DWORD code) {
  struct fax_progress last = FAX_PROGRESS_INIT;
  char evidence[512];
  const char *why = error_message();

  snprintf(evidence, sizeof evidence, "%s did not start it: %s",
           op->provider->name, why[0] != '\0' ? why : FaxErrorText(code));
  last.cause = "provider_refused";
  last.evidence = evidence;
  fax_op_end(op, FS_LINE_UNAVAILABLE, &last);
}

DWORD op_start(struct fax_provider *p, struct fax_op *op) {
  bool aborted;
  DWORD code;

  mem_ref(op); /* given back by fax_op_end */
  pthread_mutex_lock(&op->lock);
  op->provider = mem_ref(p);
  pthread_mutex_unlock(&op->lock);
  error_clear();
  code = p->ops->start(p, op);
  if (code == ERROR_NOT_ENOUGH_MEMORY) {
    mem_unref(op);
    return code;
  }
  if (code != ERROR_SUCCESS) {
    end_refused(op, code);
    return ERROR_SUCCESS;
  }
  pthread_mutex_lock(&op->lock);
  aborted = op->aborted;
  pthread_mutex_unlock(&op->lock);
  if (aborted) p->ops->abort(p, op);
  return ERROR_SUCCESS;
}

void op_abort(struct fax_op *op) {
  struct fax_provider *p;

  pthread_mutex_lock(&op->lock);
  op->aborted = true;
  p = op->provider;
  pthread_mutex_unlock(&op->lock);
  if (p != NULL) p->ops->abort(p, op);
}

bool op_over(struct fax_op *op) {
  bool over;

  pthread_mutex_lock(&op->lock);
  over = op->ended;
  pthread_mutex_unlock(&op->lock);
  return over;
}

/* ---- what a provider may ask ---- */

enum fax_op_kind fax_op_kind(const struct fax_op *op) {
  return op->kind;
}

const char *fax_op_file(const struct fax_op *op) {
  return op->file;
}

const char *fax_op_caller_name(const struct fax_op *op) {
  return op->caller_name;
}

const char *fax_op_receiver_name(const struct fax_op *op) {
  return op->receiver_name;
}

const struct fax_operation *fax_op_told(const struct fax_op *op) {
  return &op->told;
}

void fax_op_set_data(struct fax_op *op, void *data) {
  atomic_store(&op->data, data);
}

void *fax_op_data(const struct fax_op *op) {
  return atomic_load(&((struct fax_op *)op)->data);
}

struct fax_op *fax_op_ref(struct fax_op *op) {
  return mem_ref(op);
}

void fax_op_unref(struct fax_op *op) {
  mem_unref(op);
}
