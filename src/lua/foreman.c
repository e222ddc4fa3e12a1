/* SPDX-License-Identifier: MIT
   The foreman: takes what the service wants of a provider with workers, hands
   each operation to a worker that is free, and sees all of them to their end.
   Calls no Lua; all it decides by is told to it by packets. */
#include <fax/faxdev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lua/worker.h"

/* How long a worker may take to end. */
#define GRACE FAX_SECOND
#define BATCH 32

/* ---- operations that wait for a worker ---- */

static void end_refused(struct fax_call *call) {
  struct fax_progress last = FAX_PROGRESS_INIT;
  last.cause = "no_worker";
  last.evidence = "no worker of the provider was free in time";
  last.advice = "give the provider more workers";
  fax_op_end(call->op, FS_LINE_UNAVAILABLE, &last);
  call->op = NULL;
  call_drop(call);
}

static void enqueue(struct workers *all, struct fax_call *call) {
  struct waiting *last = calloc(1, sizeof *last), **at = &all->first;
  if (last == NULL) {
    if (call->kind == FAX_CALL_START)
      end_refused(call);
    else
      call_drop(call);
    return;
  }
  last->call = call;
  last->until = FaxClockNow() + all->patience;
  while (*at != NULL) at = &(*at)->next;
  *at = last;
}

/* Gives the call. */
static struct fax_call *take_out(struct waiting **at) {
  struct waiting *one = *at;
  struct fax_call *call = one->call;
  *at = one->next;
  free(one);
  return call;
}

static void expire(struct workers *all) {
  fax_deadline now = FaxClockNow();
  while (all->first != NULL && all->first->until <= now) {
    struct fax_call *call = take_out(&all->first);
    if (call->kind == FAX_CALL_START)
      end_refused(call);
    else
      call_drop(call);
  }
}

/* ---- handing out ---- */

static bool post(const struct worker *w, struct fax_call *call) {
  return FaxPostCompletion(w->port, sizeof *call, (ULONG_PTR)(CALL_TAG | 1),
                           call);
}

static struct worker *idle_worker(struct workers *all) {
  for (DWORD i = 0; i < all->count; i++)
    if (all->worker[i].state == WORKER_IDLE) return &all->worker[i];
  return NULL;
}

/* One reference is the worker's, which fax_op_end takes; the foreman holds
   another, so that it can end an operation under a worker that does not. */
static void start(struct worker *w, struct fax_call *call) {
  w->op = fax_op_ref(call->op);
  w->state = WORKER_BUSY;
  if (post(w, call)) return;
  fax_op_unref(w->op); /* it has closed its loop, and is gone soon */
  w->op = NULL;
  end_refused(call);
}

/* What concerns a device and no operation is for the first worker, so that one
   state knows of all of them. */
static void hand_out(struct workers *all) {
  while (all->open && all->first != NULL) {
    bool starts = all->first->call->kind == FAX_CALL_START;
    struct worker *w = starts ? idle_worker(all) : &all->worker[0];
    if (w == NULL) return;
    struct fax_call *call = take_out(&all->first);
    if (starts)
      start(w, call);
    else if (!post(w, call))
      call_drop(call);
  }
}

/* ---- the end ---- */

static void end_lost(struct fax_op *op) {
  struct fax_progress last = FAX_PROGRESS_INIT;
  last.cause = "provider_lost";
  last.evidence = "the program that was the provider let go of the operation";
  fax_op_end(op, FS_FATAL_ERROR, &last);
}

static void stop_worker(struct worker *w) {
  if (w->stop != NULL && post(w, w->stop)) w->stop = NULL;
}

static void begin_end(struct workers *all) {
  if (all->closing) return;
  all->closing = true;
  all->until = FaxClockNow() + GRACE;
  while (all->first != NULL) call_drop(take_out(&all->first));
  for (DWORD i = 0; i < all->count; i++)
    if (all->worker[i].state != WORKER_LOADING) stop_worker(&all->worker[i]);
}

/* Nobody runs the provider any more: its operations fail now, also those whose
   worker does not come back. */
static void lose(struct workers *all) {
  all->lost = true;
  for (DWORD i = 0; i < all->count; i++)
    if (all->worker[i].op != NULL) end_lost(all->worker[i].op);
  begin_end(all);
}

/* ---- what the service wants ---- */

/* To the worker that has the operation. */
static void pass_on(struct workers *all, struct fax_call *call) {
  for (DWORD i = 0; i < all->count; i++)
    if (all->worker[i].op == call->op && post(&all->worker[i], call)) return;
  call_drop(call);
}

static void abort_one(struct workers *all, struct fax_call *call) {
  struct waiting **at = &all->first;
  while (*at != NULL && (*at)->call->op != call->op) at = &(*at)->next;
  if (*at != NULL) {
    struct fax_call *never = take_out(at);
    fax_op_end(never->op, FS_USER_ABORT, NULL);
    never->op = NULL;
    call_drop(never);
    call_drop(call);
    return;
  }
  pass_on(all, call);
}

static void take_call(struct workers *all, struct fax_call *call) {
  if (call->kind == FAX_CALL_STOP && all->stop == NULL) {
    all->stop = call;
    begin_end(all);
  } else if (call->kind == FAX_CALL_ABORT) {
    abort_one(all, call);
  } else if (call->kind == FAX_CALL_COMMITTED) {
    pass_on(all, call);
  } else if (!all->closing &&
             (call->kind == FAX_CALL_START || call->kind == FAX_CALL_ENABLE)) {
    enqueue(all, call);
  } else {
    call_drop(call);
  }
}

/* ---- what workers tell ---- */

static void send_out(struct workers *all, struct fax_call *call) {
  if (all->lost || !FaxPostCompletion(all->out, sizeof *call, all->key, call))
    call_drop(call);
}

/* The owner hears of the loading once: that all have, or of the first error. */
static void take_note(struct workers *all, struct worker *w,
                      struct fax_call *note) {
  DWORD kind = note->kind; /* the note is given away */
  bool last = false;
  if (kind == CALL_LOADED) {
    w->state = WORKER_IDLE;
    last = ++all->loaded == all->count;
    if (all->closing) stop_worker(w);
  }
  if (kind == CALL_ERROR || last || (kind == CALL_FAILED && !all->told))
    send_out(all, note);
  else
    call_drop(note);
  if (kind == CALL_FAILED || last) all->told = true;
}

static void take_free(struct worker *w) {
  if (w->op != NULL) fax_op_unref(w->op);
  w->op = NULL;
  if (w->state == WORKER_BUSY) w->state = WORKER_IDLE;
}

static void take_gone(struct workers *all, struct worker *w) {
  pthread_join(w->thread, NULL);
  take_free(w); /* its Lua state has ended what it held */
  w->state = WORKER_OVER;
  all->gone++;
}

static void take(struct workers *all, const struct fax_packet *p) {
  ULONG_PTR tag = p->key & KEY_TAG_MASK;
  struct worker *w = &all->worker[(DWORD)p->key % all->count];
  if (tag == CALL_TAG)
    take_call(all, p->packet);
  else if (tag == OWNER_TAG && p->bytes == OWNER_LOST)
    lose(all);
  else if (tag == OWNER_TAG)
    all->open = true;
  else if (p->bytes == WORKER_SAYS)
    take_note(all, w, p->packet);
  else if (p->bytes == WORKER_FREE)
    take_free(w);
  else
    take_gone(all, w);
}

/* ---- its thread ---- */

static void start_workers(struct workers *all) {
  for (DWORD i = 0; i < all->count; i++) {
    struct worker *w = &all->worker[i];
    if (workers_thread(all, &w->thread, worker_main, w)) continue;
    struct fax_call *note =
        call_note(CALL_FAILED, "ERROR_NOT_ENOUGH_MEMORY no more threads");
    w->state = WORKER_OVER;
    all->gone++;
    if (note != NULL) take_note(all, w, note);
  }
}

static void name_left(struct workers *all, const struct worker *w) {
  char text[128];
  size_t before = all->left == NULL ? 0 : strlen(all->left);
  if (w->op == NULL)
    snprintf(text, sizeof text, "worker %u", w->index + 1);
  else
    snprintf(text, sizeof text, "worker %u in %s of job %u", w->index + 1,
             fax_op_kind(w->op) == FAX_OP_SEND ? "send" : "receive",
             fax_op_told(w->op)->job_id);
  char *names = realloc(all->left, before + strlen(text) + 3);
  if (names == NULL) return;
  sprintf(names + before, "%s%s", before == 0 ? "" : ", ", text);
  all->left = names;
}

/* Those who did not end go on as long as they like: they hold what they use,
   and the code of the module stays. */
static void end(struct workers *all) {
  for (DWORD i = 0; i < all->count; i++) {
    if (all->worker[i].state == WORKER_OVER) continue;
    name_left(all, &all->worker[i]);
    pthread_detach(all->worker[i].thread);
  }
  FaxCloseCompletionPort(all->port);
  FaxCancelSet(all->ended);
  if (all->stop != NULL) send_out(all, all->stop);
}

static fax_deadline next_moment(const struct workers *all) {
  if (all->closing) return all->until;
  return all->first != NULL ? all->first->until : FAX_FOREVER;
}

static bool over(const struct workers *all) {
  return all->closing &&
         (all->gone == all->count || FaxClockNow() >= all->until);
}

void *foreman_main(void *arg) {
  struct workers *all = arg;
  struct fax_packet packets[BATCH];
  DWORD count;
  workers_thread_begin(all, "fax-foreman");
  start_workers(all);
  while (!over(all)) {
    FaxGetCompletions(all->port, packets, BATCH, &count, next_moment(all));
    for (DWORD i = 0; i < count; i++) take(all, &packets[i]);
    expire(all);
    hand_out(all);
  }
  end(all);
  workers_unref(all);
  FaxClockLeave();
  return NULL;
}
