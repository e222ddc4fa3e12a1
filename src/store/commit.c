/* SPDX-License-Identifier: MIT
   A list whose writing is waited for. */
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
