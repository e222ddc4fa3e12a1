/* SPDX-License-Identifier: MIT
   New jobs on their way to the store, and back when it does not take them, or
   not in time. */
#include <stdio.h>

#include "service/durable/durable.h"
#include "service/job/owner.h"
#include "service/job/patience.h"
#include "service/key/key.h"

struct durable_wait { /* counted: by who waits, and by the store's thread */
  pthread_mutex_t lock;
  struct clock_cond changed;
  bool told, entering, given_up;
  DWORD error;
  char why[256];
  struct service *service;
  durable_safe_fn *safe;
  struct job **jobs;
  DWORD count;
};

/* May drop the last use of documents. */
static void wait_destroy(void *object) {
  struct durable_wait *w = object;
  for (DWORD i = 0; i < w->count; i++) mem_unref(w->jobs[i]);
  mem_free(w->jobs);
  mem_unref(w->service);
  clock_cond_destroy(&w->changed);
  pthread_mutex_destroy(&w->lock);
}

static DWORD wait_new(struct service *s, struct job *const *jobs, DWORD count,
                      struct durable_wait **wait_out) {
  struct durable_wait *w = mem_new(sizeof *w, wait_destroy);
  if (w == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  pthread_mutex_init(&w->lock, NULL);
  clock_cond_init(&w->changed);
  w->service = mem_ref(s);
  w->jobs = mem_alloc(count * sizeof(struct job *));
  if (w->jobs == NULL) {
    mem_unref(w);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  while (w->count < count) {
    w->jobs[w->count] = mem_ref(jobs[w->count]);
    w->count++;
  }
  *wait_out = w;
  return ERROR_SUCCESS;
}

/* ---- there ---- */

/* So many enter the queue while the lock is held. */
#define AT_ONCE 64

static void tell(void *arg, DWORD error, const char *why) {
  struct durable_wait *w = arg;
  pthread_mutex_lock(&w->lock);
  w->told = true;
  w->error = error;
  if (error != ERROR_SUCCESS) snprintf(w->why, sizeof w->why, "%s", why);
  pthread_mutex_unlock(&w->lock);
  clock_cond_broadcast(&w->changed); /* it does not wake for the lock */
  mem_unref(w);
}

static void arrive(struct durable_wait *w) {
  for (DWORD i = 0; i < w->count; i++) document_arrived(w->jobs[i]->document);
}

/* Whoever waits no more has no job. */
static bool enters(struct durable_wait *w) {
  pthread_mutex_lock(&w->lock);
  w->entering = !w->given_up;
  bool entering = w->entering;
  pthread_mutex_unlock(&w->lock);
  return entering;
}

/* With the lock, of which it lets go now and then. */
static void enter(struct durable_wait *w) {
  struct service *s = w->service;
  if (!enters(w)) return;
  for (DWORD i = 0; i < w->count; i++) {
    if (i % AT_ONCE == AT_ONCE - 1) {
      pthread_mutex_unlock(&s->lock);
      pthread_mutex_lock(&s->lock);
    }
    w->safe(s, w->jobs[i]);
  }
}

/* By the store's thread, which takes the service's lock once for all: if all
   who wait took it, they would wait for each other. */
static void tell_safe(void *const *args, size_t count) {
  for (size_t i = 0; i < count; i++) arrive(args[i]);
  struct service *s = ((struct durable_wait *)args[0])->service;
  pthread_mutex_lock(&s->lock);
  for (size_t i = 0; i < count; i++) enter(args[i]);
  pthread_mutex_unlock(&s->lock);
  for (size_t i = 0; i < count; i++) tell(args[i], ERROR_SUCCESS, "");
}

static DWORD put_key(struct store_changes *c, const struct job *j) {
  if (j->key == NULL) return ERROR_SUCCESS;
  struct store_key row = key_row(j->key);
  row.job_id = j->id;
  return store_put(c, STORE_KEYS, &row);
}

/* The file is safe before the row that names it. */
static DWORD put_pages(struct store_changes *c, const struct document *d) {
  if (d->draft.path == NULL) return ERROR_SUCCESS;
  return store_file(c, d->draft.path, d->path);
}

static DWORD put_all(struct store_changes *c, const struct durable_wait *w) {
  DWORD error = ERROR_SUCCESS;
  for (DWORD i = 0; error == ERROR_SUCCESS && i < w->count; i++) {
    struct store_job row = durable_row(w->jobs[i]);
    error = store_put(c, STORE_JOBS, &row);
    if (error == ERROR_SUCCESS) error = put_pages(c, w->jobs[i]->document);
    if (error == ERROR_SUCCESS) error = put_key(c, w->jobs[i]);
  }
  return error;
}

DWORD durable_submit(struct service *s, struct job *const *jobs, DWORD count,
                     durable_safe_fn *safe, struct durable_wait **wait_out) {
  struct durable_wait *w;
  struct store_changes *c;
  DWORD error = wait_new(s, jobs, count, &w);
  if (error != ERROR_SUCCESS) return error;
  w->safe = safe;
  error = store_changes_new(&c);
  if (error == ERROR_SUCCESS) {
    error = put_all(c, w);
    if (error != ERROR_SUCCESS) store_changes_drop(c);
  }
  if (error != ERROR_SUCCESS) {
    mem_unref(w);
    return error;
  }
  store_tell_together(c, tell_safe);
  store_commit(s->store, c, STORE_TRY, tell, mem_ref(w));
  *wait_out = w;
  return ERROR_SUCCESS;
}

/* ---- and back ---- */

void durable_undo(struct service *s, struct job *const *jobs, DWORD count) {
  pthread_mutex_lock(&s->lock);
  for (DWORD i = 0; i < count; i++) {
    struct job *j = jobs[i];
    j->document->recipients--;
    j->document->waiting--;
    owner_leave(s, j);
    if (j->key != NULL) key_settle(s, j->key, 0);
  }
  pthread_mutex_unlock(&s->lock);
}

/* By the store's thread. When the removal could not be written the rows may be
   there, and name the document. */
static void withdrawn(void *arg, DWORD error, const char *why) {
  struct durable_wait *w = arg;
  (void)why;
  for (DWORD i = 0; error != ERROR_SUCCESS && i < w->count; i++)
    w->jobs[i]->document->keep = true;
  durable_undo(w->service, w->jobs, w->count);
  mem_unref(w);
}

static DWORD remove_all(struct store_changes *c, const struct durable_wait *w) {
  DWORD error = ERROR_SUCCESS;
  for (DWORD i = 0; error == ERROR_SUCCESS && i < w->count; i++) {
    struct store_job row = {.id = w->jobs[i]->id};
    error = store_remove(c, STORE_JOBS, &row);
    if (error != ERROR_SUCCESS || w->jobs[i]->key == NULL) continue;
    struct store_key key = key_row(w->jobs[i]->key);
    error = store_remove(c, STORE_KEYS, &key);
  }
  return error;
}

/* The removal comes behind the rows, if those are written at all. False: there
   is no memory for it. */
static bool withdraw(struct durable_wait *w) {
  struct store_changes *c;
  if (store_changes_new(&c) != ERROR_SUCCESS) return false;
  if (remove_all(c, w) != ERROR_SUCCESS) {
    store_changes_drop(c);
    return false;
  }
  store_commit(w->service->store, c, STORE_INSIST, withdrawn, mem_ref(w));
  return true;
}

static DWORD give_up(DWORD error) {
  if (error == ERROR_CANCELLED)
    return error_say(error,
                     "waiting for the disk was interrupted: the job is "
                     "withdrawn");
  return error_say(error, "the disk took too long: the job is withdrawn");
}

/* What the store said; or, once it is clear that nobody waits any more for
   what it will say, why. */
static DWORD listen(struct durable_wait *w, struct patience *patience,
                    bool *gone_out) {
  DWORD ended = ERROR_SUCCESS;
  pthread_mutex_lock(&w->lock);
  while (!w->told && (w->entering || ended == ERROR_SUCCESS))
    ended = patience_wait(patience, &w->changed, &w->lock);
  *gone_out = w->given_up = !w->told;
  DWORD error = w->told ? w->error : ended;
  pthread_mutex_unlock(&w->lock);
  return error;
}

/* It came to be safe while there was no memory to take it back. */
static void enter_late(struct durable_wait *w) {
  pthread_mutex_lock(&w->service->lock);
  enter(w);
  pthread_mutex_unlock(&w->service->lock);
}

static DWORD refused(struct durable_wait *w) {
  durable_undo(w->service, w->jobs, w->count);
  return error_say(w->error, "the job cannot be stored: %s", w->why);
}

DWORD durable_await(struct durable_wait *w, const struct fax_patience *given) {
  struct patience patience = patience_begin(given);
  bool gone;
  DWORD error = listen(w, &patience, &gone);
  while (gone && !withdraw(w)) { /* no memory to take it back: it waits on */
    patience.until = clock_after(FaxClockNow(), 1);
    error = listen(w, &patience, &gone);
  }
  if (gone)
    error = give_up(error);
  else if (error != ERROR_SUCCESS)
    error = refused(w);
  else if (!w->entering)
    enter_late(w);
  mem_unref(w);
  return error;
}
