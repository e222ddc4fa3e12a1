/* SPDX-License-Identifier: MIT
   Waiting for the writer: for a list, and, by an empty one behind all others,
   for what was committed before. */
#include <stdio.h>

#include "base/error.h"
#include "store/own.h"

struct waiting {
  pthread_mutex_t lock;
  struct clock_cond changed;
  bool told;
  DWORD error;
  char why[STORE_WHY];
};

static void on_told(void *arg, DWORD error, const char *why) {
  struct waiting *w = arg;
  pthread_mutex_lock(&w->lock);
  w->told = true;
  w->error = error;
  if (error != ERROR_SUCCESS) snprintf(w->why, sizeof w->why, "%s", why);
  clock_cond_broadcast(&w->changed);
  pthread_mutex_unlock(&w->lock);
}

DWORD store_commit_wait(struct store *s, struct store_changes *changes) {
  struct waiting w = {.told = false};
  pthread_mutex_init(&w.lock, NULL);
  clock_cond_init(&w.changed);
  store_commit(s, changes, STORE_TRY, on_told, &w);
  pthread_mutex_lock(&w.lock);
  while (!w.told) clock_cond_wait(&w.changed, &w.lock, FAX_FOREVER);
  pthread_mutex_unlock(&w.lock);
  clock_cond_destroy(&w.changed);
  pthread_mutex_destroy(&w.lock);
  return w.error == ERROR_SUCCESS ? w.error : error_say(w.error, "%s", w.why);
}

/* A refusal, too, is what came of it. */
DWORD store_settle(struct store *s) {
  struct store_changes *c;
  DWORD error = store_changes_new(&c);
  if (error != ERROR_SUCCESS) return error;
  store_commit_wait(s, c);
  error_clear();
  return ERROR_SUCCESS;
}
