/* SPDX-License-Identifier: MIT
   Waiting for what was committed before: an empty list behind all others. */
#include "base/error.h"
#include "store/own.h"

struct settling {
  pthread_mutex_t lock;
  struct clock_cond changed;
  bool told;
};

static void on_settled(void *arg, DWORD error, const char *why) {
  struct settling *w = arg;
  (void)error, (void)why; /* a refusal, too, is what came of it */
  pthread_mutex_lock(&w->lock);
  w->told = true;
  clock_cond_broadcast(&w->changed);
  pthread_mutex_unlock(&w->lock);
}

DWORD store_settle(struct store *s) {
  struct settling w = {.told = false};
  struct store_changes *c;
  DWORD error = store_changes_new(&c);
  if (error != ERROR_SUCCESS) return error;
  pthread_mutex_init(&w.lock, NULL);
  clock_cond_init(&w.changed);
  store_commit(s, c, STORE_TRY, on_settled, &w);
  pthread_mutex_lock(&w.lock);
  while (!w.told) clock_cond_wait(&w.changed, &w.lock, FAX_FOREVER);
  pthread_mutex_unlock(&w.lock);
  clock_cond_destroy(&w.changed);
  pthread_mutex_destroy(&w.lock);
  return ERROR_SUCCESS;
}
