/* SPDX-License-Identifier: MIT
   What jobs wait for: a date, then the end of a delay, then a line. Each wait
   is a tree in the order in which it ends, so that the length of the queue
   costs its logarithm. */
#include "service/bundle/bundle.h"
#include "service/policy/ask.h"
#include "service/schedule/schedule.h"

/* A job for a time of day is looked at this often, so that a change of the
   machine's date is seen. */
#define DATE_CHECK (60 * FAX_SECOND)

/* So many are moved on while the lock is held. */
#define AT_ONCE 64

void sooner_by_date(fax_deadline *next_inout, fax_deadline now, int64_t wall,
                    int64_t at) {
  int64_t wait = at - wall;
  sooner(next_inout, now + (wait < DATE_CHECK ? wait : DATE_CHECK));
}

static int job_due_order(const struct job *a, const struct job *b) {
  if (a->due != b->due) return a->due < b->due ? -1 : 1;
  return a->id < b->id ? -1 : a->id > b->id;
}

RB_GENERATE(job_order, job, waiting, job_due_order)

static void wait_until(struct job_order *order, struct job *j,
                       enum job_wait wait, int64_t due) {
  j->wait = wait;
  j->due = due;
  RB_INSERT(job_order, order, j);
}

static void wait_for_line(struct service *s, struct job *j) {
  bool discount = j->params->ScheduleAction == JSA_DISCOUNT_PERIOD;
  j->wait = discount ? WAIT_DISCOUNT : WAIT_LINE;
  j->due = turn_due(s, j);
  number_wait(s, j);
}

/* A reception waits to be routed again, which takes no line. */
static void place(struct service *s, struct job *j, fax_deadline now,
                  int64_t wall) {
  if (j->verdict != NULL && j->not_before <= now) {
    policy_lapse(s, j);
    return;
  }
  if (j->schedule > wall) {
    wait_until(&s->by_date, j, WAIT_DATE, j->schedule);
    return;
  }
  j->schedule = 0; /* it has come, whatever the date is set to later */
  if (j->not_before > now)
    wait_until(&s->by_delay, j, WAIT_DELAY, j->not_before);
  else if (j->type != JT_SEND)
    routing_again(s, j);
  else
    wait_for_line(s, j);
}

void wait_end(struct service *s, struct job *j) {
  switch (j->wait) {
    case WAIT_DATE:
      RB_REMOVE(job_order, &s->by_date, j);
      break;
    case WAIT_DELAY:
      RB_REMOVE(job_order, &s->by_delay, j);
      break;
    case WAIT_LINE:
    case WAIT_DISCOUNT:
      number_leave_wait(s, j);
      break;
    case WAIT_CALL:
      bundle_leave(j);
      break;
    case WAIT_NOTHING:
      break;
  }
  j->wait = WAIT_NOTHING;
}

/* Not to see that it is too early for the job. */
static void wake(struct service *s, const struct job *j, fax_deadline now,
                 int64_t wall) {
  fax_deadline at = now;
  if (j->wait == WAIT_DATE && j->deadline == 0) {
    at = FAX_FOREVER;
    sooner_by_date(&at, now, wall, j->due);
  }
  if (at < s->sleeps_until) service_queued(s);
}

void wait_begin(struct service *s, struct job *j) {
  fax_deadline now = FaxClockNow();
  int64_t wall = FaxClockWall();
  wait_end(s, j);
  if (j->state != JOB_PENDING && j->state != JOB_RETRYING) return;
  deadline_begin(s, j);
  if (!j->paused) place(s, j, now, wall);
  wake(s, j, now, wall);
}

/* ---- moving on ---- */

static bool ripen(struct service *s, struct job_order *order, int64_t limit,
                  fax_deadline now, int64_t wall) {
  struct job *j;
  DWORD moved = 0;
  while (moved < AT_ONCE && (j = RB_MIN(job_order, order)) != NULL &&
         j->due <= limit) {
    wait_end(s, j);
    place(s, j, now, wall);
    moved++;
  }
  return moved != 0;
}

bool wait_ripen(struct service *s, fax_deadline now, fax_deadline *next_inout) {
  int64_t wall = FaxClockWall();
  if (ripen(s, &s->by_date, wall, now, wall)) return true;
  if (ripen(s, &s->by_delay, now, now, wall)) return true;
  const struct job *j = RB_MIN(job_order, &s->by_delay);
  if (j != NULL) sooner(next_inout, j->due);
  j = RB_MIN(job_order, &s->by_date);
  if (j != NULL) sooner_by_date(next_inout, now, wall, j->due);
  return false;
}
