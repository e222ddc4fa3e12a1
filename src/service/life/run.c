/* SPDX-License-Identifier: MIT
   The scheduler's thread: one thing after another that is due, a wait until the
   next, and at the end the shutdown. */
#include "service/life/life.h"

/* Seconds a service gives its providers when it stops by itself. */
#define OWN_STOP 10.0

static bool idle(const struct service *s) {
  return s->config.embedded && s->connected && s->connections == 0 &&
         s->active == 0;
}

int64_t service_wall(const struct service *s) {
  int64_t wall = FaxClockWall();
  int64_t elapsed = (int64_t)s->boot + (FaxClockNow() - s->begun);
  return wall < elapsed ? wall : elapsed;
}

void service_run(void *service) {
  struct service *s = service;
  pthread_mutex_lock(&s->lock);
  while (s->state == SERVICE_RUNNING) {
    fax_deadline next = FAX_FOREVER;
    if (schedule_step(s, &next)) {
      pthread_mutex_unlock(&s->lock); /* others first, if they wait */
      pthread_mutex_lock(&s->lock);
      continue;
    }
    if (idle(s) || schedule_rested(s, &next)) {
      log_line(LOG_INIT, FAX_LOG_INFO, "service", "nothing is left to do");
      s->state = SERVICE_DRAINING;
      s->drain = FaxClockNow();
      s->until = clock_after(s->drain, OWN_STOP);
      break;
    }
    s->sleeps_until = next;
    clock_cond_wait(&s->changed, &s->lock, next);
  }
  s->sleeps_until = FAX_FOREVER;
  service_shutdown(s);
  pthread_mutex_unlock(&s->lock);
}
