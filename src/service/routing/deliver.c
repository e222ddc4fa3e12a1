/* SPDX-License-Identifier: MIT
   From the inbox and the spool on: routing methods and the archive, whose disks
   may be slow or hang. On a thread of its own, which the storing of receptions
   does not wait for, and the stop of the service not for ever. */
#include "base/thread.h"
#include "service/routing/method.h"

void routing_leave(struct service *s, struct job *j, struct document *gone) {
  s->active--;
  service_changed(s);
  pthread_mutex_unlock(&s->lock);
  mem_unref(gone);
  mem_unref(j);
  pthread_mutex_lock(&s->lock);
}

/* With the lock; lets go of it. */
static void deliver(struct service *s, struct job *j) {
  struct document *gone = NULL;
  if (j->state == JOB_RETRYING) {
    j->state = JOB_ROUTING;
    event_raise(s, FEI_ROUTING, j, NULL);
  }
  /* Else it was deleted while it waited here. */
  if (j->state == JOB_ROUTING) gone = routing_deliver(s, j);
  routing_leave(s, j, gone);
}

static bool deliver_step(struct service *s) {
  if (list_empty(&s->delivering)) return false;
  struct job *j = list_entry(s->delivering.next, struct job, routing_link);
  list_remove(&j->routing_link);
  deliver(s, j);
  return true;
}

/* Holds the service: the thread may outlive it. */
void delivery_run(void *service) {
  struct service *s = service;
  pthread_mutex_lock(&s->lock);
  while (s->state != SERVICE_STOPPED) {
    fax_deadline next = FAX_FOREVER;
    if (deliver_step(s) || archive_step(s, &next)) continue;
    if (s->deliverer_stop) break;
    if (archive_retain(s, &next)) continue;
    clock_cond_wait(&s->arrived, &s->lock, next);
  }
  s->deliverer_lives = false;
  service_changed(s);
  pthread_mutex_unlock(&s->lock);
  mem_unref(s);
}

/* What it would have done still; the faxes are in the inbox. */
static void drop_rest(struct service *s) {
  while (!list_empty(&s->delivering)) {
    struct job *j = list_entry(s->delivering.next, struct job, routing_link);
    list_remove(&j->routing_link);
    s->active--;
    mem_unref(j); /* the queue holds it */
  }
}

bool delivery_stop(struct service *s, fax_deadline until) {
  s->deliverer_stop = true;
  service_changed(s);
  while (s->deliverer_lives)
    if (!clock_cond_wait(&s->changed, &s->lock, until)) break;
  pthread_t thread = s->deliverer;
  bool ended = !s->deliverer_lives;
  if (!ended) drop_rest(s);
  pthread_mutex_unlock(&s->lock);
  if (ended)
    thread_join(thread);
  else
    thread_let_go(thread);
  pthread_mutex_lock(&s->lock);
  return ended;
}
