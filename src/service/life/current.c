/* SPDX-License-Identifier: MIT
   The one service of this process: who is it, who may become it, and when it is
   forgotten. Enters and leaves its lock for the others. */
#include "base/thread.h"
#include "service/life/life.h"

/* Comes before any service's lock; nothing is waited for under it. */
static pthread_mutex_t current_lock = PTHREAD_MUTEX_INITIALIZER;
static struct service *current;
static bool starting;

/* ---- fork: the threads stay with the parent, so the child has no service.
   What was the parent's is left as it is, in whatever state; nobody looks at it
   here. ---- */

static void in_child(void) {
  pthread_mutex_init(&current_lock, NULL);
  current = NULL;
  starting = false;
}

static void watch_forks(void) {
  pthread_atfork(NULL, NULL, in_child);
}

/* ---- becoming it ---- */

static bool has_stopped(struct service *s) {
  pthread_mutex_lock(&s->lock);
  bool stopped = s->state == SERVICE_STOPPED;
  pthread_mutex_unlock(&s->lock);
  return stopped;
}

/* With the lock; one that stopped by itself is taken out. */
static DWORD claim(struct service **stopped_out) {
  if (starting)
    return error_say(ERROR_SERVICE_ALREADY_RUNNING,
                     "a fax service is being started in this process");
  if (current != NULL && !has_stopped(current))
    return error_say(ERROR_SERVICE_ALREADY_RUNNING,
                     "a fax service runs in this process already, in %s",
                     current->directory);
  *stopped_out = current;
  current = NULL;
  starting = true;
  return ERROR_SUCCESS;
}

static void bury(struct service *s) {
  if (s == NULL) return;
  thread_join(s->scheduler);
  mem_unref(s);
}

DWORD current_claim(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  struct service *stopped = NULL;
  pthread_once(&once, watch_forks);
  pthread_mutex_lock(&current_lock);
  DWORD error = claim(&stopped);
  pthread_mutex_unlock(&current_lock);
  bury(stopped);
  return error;
}

void current_set(struct service *s) {
  pthread_mutex_lock(&current_lock);
  starting = false;
  current = s;
  pthread_mutex_unlock(&current_lock);
}

/* ---- being it ---- */

struct service *service_current(void) {
  pthread_mutex_lock(&current_lock);
  struct service *s = mem_ref(current);
  pthread_mutex_unlock(&current_lock);
  return s;
}

BOOL service_running(void) {
  struct service *s = service_current();
  if (s == NULL) return FALSE;
  pthread_mutex_lock(&s->lock);
  bool running = s->state == SERVICE_RUNNING;
  pthread_mutex_unlock(&s->lock);
  mem_unref(s);
  return running;
}

void service_forget(struct service *s) {
  pthread_mutex_lock(&current_lock);
  bool ours = current == s;
  if (ours) current = NULL;
  pthread_mutex_unlock(&current_lock);
  if (ours) bury(s);
}

/* ---- its lock ---- */

DWORD service_enter(struct service *s) {
  pthread_mutex_lock(&s->lock);
  if (s->state != SERVICE_STOPPED) return ERROR_SUCCESS;
  pthread_mutex_unlock(&s->lock);
  return error_say(ERROR_SERVICE_NOT_ACTIVE, "the fax service has stopped");
}

void service_leave(struct service *s) {
  pthread_mutex_unlock(&s->lock);
}

void service_changed(struct service *s) {
  clock_cond_broadcast(&s->changed);
  clock_cond_broadcast(&s->arrived);
}

void service_queued(struct service *s) {
  clock_cond_broadcast(&s->changed);
}
