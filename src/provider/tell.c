/* SPDX-License-Identifier: MIT
   What is told of an operation reaches the service one by one and in order.
   Whoever tells first delivers, also for those who tell meanwhile; so no one
   waits, and no lock is held in a callback. */
#include "base/mem.h"
#include "base/text.h"
#include "provider/own.h"
#include "provider/progress.h"

struct telling *telling_new(void) {
  struct telling *t = mem_alloc(sizeof *t);

  if (t != NULL) progress_init(&t->progress);
  return t;
}

static void telling_free(struct telling *t) {
  progress_clear(&t->progress);
  mem_free(t->caller_id);
  mem_free(t->routing);
  mem_free(t);
}

static void tell(struct fax_op *op, const struct telling *t) {
  const struct provider_events *events = &op->provider->events;

  if (!provider_enter(op->provider)) return;
  if (t->kind == TELL_CALLER)
    events->caller(op->arg, t->caller_id, t->routing);
  else if (t->kind == TELL_COMMIT && events->commit != NULL)
    events->commit(op->arg, t->page);
  else if (t->kind == TELL_COMMIT)
    op_committed(op, t->page, ERROR_SUCCESS); /* nobody notes anything */
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

void op_deliver(struct fax_op *op) {
  pthread_mutex_lock(&op->lock);
  if (!op->delivering) {
    op->delivering = true;
    while (deliver_next(op)) continue;
    op->delivering = false;
  }
  pthread_mutex_unlock(&op->lock);
}

/* With the lock: notes the status and appends a copy of all that is known, but
   of the time line, which goes with the end. No memory: the service learns it
   with the next one. */
static void note_status(struct fax_op *op, DWORD status,
                        const struct fax_progress *progress) {
  struct telling *t = telling_new();
  struct fax_progress known; /* borrows */

  op->status = status;
  if (progress != NULL) progress_merge(&op->latest, progress);
  if (t == NULL) return;
  t->status = status;
  known = op->latest;
  known.timeline = NULL;
  progress_merge(&t->progress, &known);
  list_append(&op->due, &t->link);
}

void fax_op_status(struct fax_op *op, DWORD status,
                   const struct fax_progress *progress) {
  bool open;

  pthread_mutex_lock(&op->lock);
  open = !op->ended && op->provider != NULL;
  if (open) note_status(op, status, progress);
  pthread_mutex_unlock(&op->lock);
  if (open) op_deliver(op);
}

void op_progress(struct fax_op *op, const struct fax_progress *progress) {
  bool open;

  pthread_mutex_lock(&op->lock);
  open = !op->ended && op->provider != NULL;
  if (open) note_status(op, op->status, progress);
  pthread_mutex_unlock(&op->lock);
  if (open) op_deliver(op);
}

void fax_op_caller(struct fax_op *op, const char *caller_id,
                   const char *routing) {
  struct telling *t = telling_new();
  bool open;

  if (t == NULL) return;
  t->kind = TELL_CALLER;
  if (caller_id != NULL && text_is_utf8(caller_id))
    t->caller_id = mem_text(caller_id);
  if (routing != NULL && text_is_utf8(routing)) t->routing = mem_text(routing);
  pthread_mutex_lock(&op->lock);
  open = !op->ended && op->provider != NULL;
  if (open) list_append(&op->due, &t->link);
  pthread_mutex_unlock(&op->lock);
  if (open)
    op_deliver(op);
  else
    telling_free(t);
}
