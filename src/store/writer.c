/* SPDX-License-Identifier: MIT
   The writer's thread: takes all lists that wait, writes them with one sync,
   and tells who waits. While it writes the next ones gather. */
#include <sched.h>
#include <stdio.h>

#include "base/error.h"
#include "base/log.h"
#include "store/own.h"

/* Until a disk that refused is tried again, when nothing new comes. */
#define PAUSE (5 * FAX_SECOND)

/* All of `from` to the end, or to the beginning, of `to`. */
static void move_behind(struct list *to, struct list *from) {
  list_each_safe(link, from) {
    list_remove(link);
    list_append(to, link);
  }
}

static void note_health(struct store *s, DWORD error, int64_t took) {
  pthread_mutex_lock(&s->lock);
  bool turned = (s->health == ERROR_SUCCESS) != (error == ERROR_SUCCESS);
  s->health = error;
  s->transactions++;
  s->refused += error != ERROR_SUCCESS;
  s->busy += took;
  snprintf(s->why, sizeof s->why, "%s",
           error == ERROR_SUCCESS ? "" : error_message());
  if (error != ERROR_SUCCESS) clock_cond_broadcast(&s->went_on);
  pthread_mutex_unlock(&s->lock);
  if (turned && error != ERROR_SUCCESS)
    log_line(LOG_INIT, FAX_LOG_ERROR, "store", "cannot be written: %s",
             error_message());
  else if (turned)
    log_line(LOG_INIT, FAX_LOG_INFO, "store", "can be written again");
}

/* Takes it: whoever is told finds nothing of it left. A change of state that no
   try will write any better is lost. */
static void tell(struct store_changes *c, DWORD error, const char *why) {
  store_done_fn *done = c->done;
  void *arg = c->arg;
  char copy[STORE_WHY];
  snprintf(copy, sizeof copy, "%s", why);
  if (c->insist && error != ERROR_SUCCESS)
    log_line(LOG_INIT, FAX_LOG_ERROR, "store", "a change was refused: %s", why);
  store_changes_drop(c);
  if (done != NULL) done(arg, error, copy);
}

/* Those that are told together. */
enum { TOGETHER = 64 };

struct group {
  store_together_fn *fn;
  void *args[TOGETHER];
  size_t count;
};

static void tell_group(struct group *g) {
  if (g->count != 0) g->fn(g->args, g->count);
  g->count = 0;
}

/* Takes it, as tell does. */
static void gather(struct group *g, struct store_changes *c) {
  if (g->fn != c->together || g->count == TOGETHER) tell_group(g);
  g->fn = c->together;
  g->args[g->count++] = c->arg;
  store_changes_drop(c);
}

static void tell_written(struct group *g, struct store_changes *c) {
  if (c->together != NULL && c->error == ERROR_SUCCESS) {
    gather(g, c);
    return;
  }
  tell_group(g); /* in their order */
  tell(c, c->error, c->why);
}

/* What was written, or will not be, is told and gone; what stays in the batch
   is to be tried again. Gives how many waited for it. */
static size_t settle(struct list *batch, DWORD error, const char *why) {
  struct group g = {.count = 0};
  size_t told = 0;
  list_each_safe(link, batch) {
    struct store_changes *c = list_entry(link, struct store_changes, link);
    if (c->insist && error != ERROR_SUCCESS) continue;
    list_remove(link);
    told += c->done != NULL && !c->insist;
    if (error != ERROR_SUCCESS)
      tell(c, error, why);
    else
      tell_written(&g, c);
  }
  tell_group(&g);
  return told;
}

/* Many who were told come again at once. They are let run before the next sync
   begins, or it would be for the first of them alone. Nobody waits for them:
   when none can run this costs some microseconds. */
static void let_gather(struct store *s, size_t told) {
  for (size_t n = 0; told > 1 && n < told; n++) {
    pthread_mutex_lock(&s->lock);
    bool all = s->queued >= told || s->stop;
    pthread_mutex_unlock(&s->lock);
    if (all) return;
    sched_yield();
  }
}

/* The lists are in the order of their commits. What was compacted counts as
   settled no sooner than what it became part of. */
static void note_settled(struct store *s, const struct list *kept,
                         uint64_t newest) {
  pthread_mutex_lock(&s->lock);
  s->settled =
      list_empty(kept)
          ? newest
          : list_entry(kept->next, struct store_changes, link)->number - 1;
  clock_cond_broadcast(&s->went_on);
  pthread_mutex_unlock(&s->lock);
}

/* With the lock. False: nothing waits, and the store is to be closed. */
static bool wait_for_work(struct store *s, const struct list *kept) {
  fax_deadline until = list_empty(kept) ? FAX_FOREVER : FaxClockNow() + PAUSE;
  while (list_empty(&s->queue) && !s->stop)
    if (!clock_cond_wait(&s->changed, &s->lock, until)) break;
  return !list_empty(&s->queue) || !list_empty(kept);
}

static void give_up(struct list *kept) {
  list_each_safe(link, kept) {
    struct store_changes *c = list_entry(link, struct store_changes, link);
    list_remove(link);
    tell(c, ERROR_SHUTDOWN_IN_PROGRESS, "the service stopped before");
  }
}

void writer_run(void *store) {
  struct store *s = store;
  struct list batch;
  bool last = false;
  list_init(&batch);
  while (!last) {
    pthread_mutex_lock(&s->lock);
    bool work = wait_for_work(s, &batch);
    move_behind(&batch, &s->queue);
    s->queued = 0;
    uint64_t newest = s->committed;
    last = s->closed = s->stop; /* nothing comes after this batch */
    pthread_mutex_unlock(&s->lock);
    if (!work) continue;
    files_publish(&batch);
    fax_deadline began = FaxClockNow();
    DWORD error = batch_write(s, &batch);
    note_health(s, error, FaxClockNow() - began);
    /* the sentence is written by this thread only */
    size_t told = settle(&batch, error, s->why);
    batch_compact(&batch);
    note_settled(s, &batch, newest);
    let_gather(s, told);
  }
  give_up(&batch);
  pthread_mutex_lock(&s->lock);
  s->ended = true;
  clock_cond_broadcast(&s->changed);
  clock_cond_broadcast(&s->went_on);
  pthread_mutex_unlock(&s->lock);
  mem_unref(s);
}
