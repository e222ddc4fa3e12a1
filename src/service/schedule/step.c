/* SPDX-License-Identifier: MIT
   The scheduler: which job goes to which port, which call is answered, which
   watchdog fires. One thing a call; the run loop calls again. */
#include <fax/faxdev.h>

#include "service/state.h"

/* A job for a time of day is looked at this often, so that a change of the
   machine's date is seen. */
#define DATE_CHECK (60 * FAX_SECOND)

/* When an attempt could not be made for want of memory. */
#define MEMORY_PAUSE 5.0

static void sooner(fax_deadline *next_inout, fax_deadline at) {
  if (at < *next_inout) *next_inout = at;
}

/* ---- watchdogs ---- */

static void abort_attempt(struct service *s, struct attempt *a) {
  struct fax_op *op = attempt_ask_abort(a, "operation_limit");
  pthread_mutex_unlock(&s->lock);
  op_abort(op);
  fax_op_unref(op);
  pthread_mutex_lock(&s->lock);
}

static bool rested(struct port *p, fax_deadline now, fax_deadline *next_inout) {
  if (p->unavailable_until == 0 || p->unavailable_until == FAX_FOREVER)
    return false;
  if (now < p->unavailable_until) {
    sooner(next_inout, p->unavailable_until);
    return false;
  }
  p->unavailable_until = 0;
  if (p->attempt == NULL) {
    port_state(p, p->ringing ? FPS_RINGING : FPS_AVAILABLE);
    event_raise(p->service, FEI_IDLE, NULL, p);
  }
  return true;
}

bool schedule_watch(struct service *s, fax_deadline now,
                    fax_deadline *next_inout) {
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    struct attempt *a = p->attempt;
    if (rested(p, now, next_inout)) return true;
    if (a == NULL || a->ended || a->written_off) continue;
    if (now < a->limit) {
      sooner(next_inout, a->limit);
      continue;
    }
    if (a->aborting)
      attempt_kill(s, a);
    else
      abort_attempt(s, a);
    return true;
  }
  return false;
}

/* ---- calls coming in ---- */

static bool answer(struct service *s, fax_deadline now,
                   fax_deadline *next_inout) {
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    if (!port_answers(p, now, next_inout)) continue;
    attempt_begin_receive(s, p);
    return true;
  }
  return false;
}

/* ---- jobs ---- */

static bool may_send(const struct port *p, const struct job *j) {
  return (p->flags & FPF_SEND) != 0 && port_free(p) && !p->ringing &&
         (j->device_id == 0 || j->device_id == p->device_id);
}

/* PORT-33: the free sending port of the best rank. */
static struct port *port_for(struct service *s, const struct job *j) {
  struct port *best = NULL;
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    if (may_send(p, j) && (best == NULL || p->priority < best->priority))
      best = p;
  }
  return best;
}

static bool due(const struct job *j, fax_deadline now, int64_t wall,
                fax_deadline *next_inout) {
  if (j->state != JOB_PENDING && j->state != JOB_RETRYING) return false;
  if (now < j->not_before) {
    sooner(next_inout, j->not_before);
    return false;
  }
  if (wall >= j->schedule) return true;
  int64_t wait = j->schedule - wall;
  sooner(next_inout, now + (wait < DATE_CHECK ? wait : DATE_CHECK));
  return false;
}

static bool send(struct service *s, fax_deadline now,
                 fax_deadline *next_inout) {
  int64_t wall = FaxClockWall();
  list_each(link, &s->jobs) {
    struct job *j = list_entry(link, struct job, link);
    if (!due(j, now, wall, next_inout)) continue;
    struct port *p = port_for(s, j);
    j->no_line = p == NULL;
    if (p == NULL) continue;
    if (attempt_begin_send(s, j, p) != ERROR_SUCCESS)
      j->not_before = clock_after(now, MEMORY_PAUSE);
    return true;
  }
  return false;
}

bool schedule_step(struct service *s, fax_deadline *next_out) {
  fax_deadline now = FaxClockNow();
  *next_out = FAX_FOREVER;
  return schedule_watch(s, now, next_out) || answer(s, now, next_out) ||
         send(s, now, next_out);
}
