/* SPDX-License-Identifier: MIT
   Entry points that have to come back: a thread looks at those under way. One
   that is late has failed the case, and its process cannot go on. */
#include <time.h>

#include "check/check.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t news;
static struct watched *first;

int64_t watch_now(void) {
  struct timespec t;

  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * FAX_SECOND + t.tv_nsec;
}

static void late(const struct watched *w) {
  fail("%s did not return within %u s%s", w->call, w->seconds,
       w->aborted ? " of the abort" : "");
}

static int64_t look(int64_t now) {
  int64_t until = now + 3600 * (int64_t)FAX_SECOND;

  for (const struct watched *w = first; w != NULL; w = w->next) {
    if (w->until <= now) late(w);
    if (w->until < until) until = w->until;
  }
  return until;
}

static void *run(void *arg) {
  (void)arg;
  pthread_mutex_lock(&lock);
  for (;;) {
    int64_t until = look(watch_now());
    struct timespec t = {(time_t)(until / FAX_SECOND),
                         (long)(until % FAX_SECOND)};
    pthread_cond_timedwait(&news, &lock, &t);
  }
  return NULL;
}

void watch_start(void) {
  pthread_condattr_t by;
  pthread_t thread;

  pthread_condattr_init(&by);
  pthread_condattr_setclock(&by, CLOCK_MONOTONIC);
  pthread_cond_init(&news, &by);
  pthread_cond_init(&changed, &by);
  pthread_condattr_destroy(&by);
  if (pthread_create(&thread, NULL, run, NULL) != 0)
    fail("the check itself cannot start a thread");
}

/* The call that this thread is in, for a crash. */
static _Thread_local struct watched *innermost;

void watch_enter(struct watched *w, const char *call, unsigned seconds) {
  w->call = call;
  w->seconds = seconds;
  w->aborted = false;
  w->until = watch_now() + seconds * (int64_t)FAX_SECOND;
  pthread_mutex_lock(&lock);
  w->next = first;
  first = w;
  pthread_cond_signal(&news);
  pthread_mutex_unlock(&lock);
  w->outer = innermost;
  innermost = w;
}

void watch_leave(struct watched *w) {
  struct watched **at = &first;

  innermost = w->outer;
  pthread_mutex_lock(&lock);
  while (*at != w) at = &(*at)->next;
  *at = w->next;
  pthread_mutex_unlock(&lock);
}

void watch_abort(struct watched *w, unsigned seconds) {
  pthread_mutex_lock(&lock);
  w->aborted = true;
  w->seconds = seconds;
  w->until = watch_now() + seconds * (int64_t)FAX_SECOND;
  pthread_cond_signal(&news);
  pthread_mutex_unlock(&lock);
}

const char *watch_innermost(void) {
  return innermost != NULL ? innermost->call : "a thread of its own";
}
