/* SPDX-License-Identifier: MIT
   The scheduler: which job goes to which port, which call is answered, which
   watchdog fires. One thing a call; the run loop calls again. */
#include <fax/faxdev.h>

#include "service/bundle/bundle.h"
#include "service/provider/hosted.h"
#include "service/record/record.h"
#include "service/schedule/schedule.h"

/* ---- watchdogs ---- */

static void abort_attempt(struct service *s, struct attempt *a) {
  struct fax_op *op = attempt_ask_abort(a, "operation_limit");
  pthread_mutex_unlock(&s->lock);
  op_abort(op);
  fax_op_unref(op);
  pthread_mutex_lock(&s->lock);
}

/* Its job has all its pages. */
static void hang_up(struct service *s, struct attempt *a) {
  struct fax_op *op = attempt_hang_up(a);
  pthread_mutex_unlock(&s->lock);
  op_abort(op);
  fax_op_unref(op);
  pthread_mutex_lock(&s->lock);
}

static bool rested(struct port *p, fax_deadline now, fax_deadline *next_inout) {
  if (p->unavailable_until == 0) return false;
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
    const char *lost = provider_lost(p->provider, now, next_inout);
    if (lost != NULL) {
      metrics_lost(s, provider_name(p->provider));
      attempt_kill(s, a, lost);
      return true;
    }
    if (a->hangs_up && !a->aborting) {
      hang_up(s, a);
      return true;
    }
    if (now < a->limit) {
      sooner(next_inout, a->limit);
      continue;
    }
    if (a->aborting) {
      metrics_watchdog(s, "provider_stuck");
      attempt_kill(s, a, "provider_stuck");
    } else {
      abort_attempt(s, a);
    }
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

/* ---- jobs ----
   While the store cannot be written no call begins: what was confirmed in it
   could not be noted, and would be sent once more after a crash. */

/* Other jobs with the same pages come to this when it is their turn. */
static void give_up_damaged(struct service *s, struct job *j) {
  wait_end(s, j);
  j->document->looked = false; /* again, if somebody restarts it */
  job_give_up(s, j, "document_damaged", "its document is damaged");
  job_save(s, j);
  event_raise(s, FEI_FATAL_ERROR, j, NULL);
}

/* Its number was blocked while it was under way, or was submitted. */
bool schedule_blocked(struct service *s, struct job *j) {
  if (j->number->blocked_by == NULL) return false;
  wait_end(s, j);
  job_give_up(s, j, "blocked", "the block list has its number");
  job_save(s, j);
  event_raise(s, FEI_FATAL_ERROR, j, NULL);
  return true;
}

/* With the jobs that go with it in its call, or NULL. */
static void begin(struct service *s, struct job *j, struct port *p,
                  struct bundle *others) {
  if (attempt_begin_send(s, j, p, others) != ERROR_SUCCESS) {
    j->not_before = clock_after(FaxClockNow(), MEMORY_PAUSE);
    wait_begin(s, j);
  }
  bundle_drop(s, others);
}

static bool send(struct service *s, fax_deadline now,
                 fax_deadline *next_inout) {
  struct job *j;
  struct port *p;
  if (s->config.offline) return false;
  if (!wait_next(s, now, next_inout, &j, &p)) return false;
  if (!durable_is_well(s)) {
    durable_probe(s, j);
    sooner(next_inout, clock_after(now, MEMORY_PAUSE));
    return false;
  }
  if (schedule_blocked(s, j)) return true;
  if (!document_looked_at(s, j->document)) return true;
  if (!j->document->sound) {
    give_up_damaged(s, j);
    return true;
  }
  struct bundle *others;
  if (bundle_ready(s, j, p, &others)) begin(s, j, p, others);
  return true;
}

bool schedule_step(struct service *s, fax_deadline *next_out) {
  fax_deadline now = FaxClockNow();
  *next_out = FAX_FOREVER;
  return schedule_watch(s, now, next_out) || answer(s, now, next_out) ||
         hosted_leave_step(s, now, next_out) ||
         deadline_step(s, now, next_out) || wait_ripen(s, now, next_out) ||
         dirty_step(s, now, next_out) || results_step(s, now, next_out) ||
         keys_step(s, now, next_out) || record_step(s, now, next_out) ||
         unsaved_step(s, now, next_out) || send(s, now, next_out);
}
