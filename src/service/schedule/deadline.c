/* SPDX-License-Identifier: MIT
   Jobs that are of no use after a time of day. One that is on no line then
   fails; one that is ends its call first, and is not tried again. */
#include "service/log.h"
#include "service/schedule/schedule.h"

static int deadline_order(const struct job *a, const struct job *b) {
  if (a->deadline != b->deadline) return a->deadline < b->deadline ? -1 : 1;
  return a->id < b->id ? -1 : a->id > b->id;
}

RB_PROTOTYPE(job_deadlines, job, expiring, deadline_order);
RB_GENERATE(job_deadlines, job, expiring, deadline_order)

void deadline_begin(struct service *s, struct job *j) {
  if (j->deadline == 0 || j->expires) return;
  RB_INSERT(job_deadlines, &s->by_deadline, j);
  j->expires = true;
}

void deadline_end(struct service *s, struct job *j) {
  if (!j->expires) return;
  RB_REMOVE(job_deadlines, &s->by_deadline, j);
  j->expires = false;
}

static void expire(struct service *s, struct job *j) {
  j->cause = mem_text("expired"); /* without memory it has none */
  log_line(LOG_OUTBOUND, FAX_LOG_WARN, "job",
           "not delivered by its deadline job=%u attempts=%u", j->id,
           j->attempt_count);
  struct document *gone = job_finish(s, j, FAX_OUTCOME_FAILED);
  pthread_mutex_unlock(&s->lock);
  mem_unref(gone);
  pthread_mutex_lock(&s->lock);
}

bool deadline_step(struct service *s, fax_deadline now,
                   fax_deadline *next_inout) {
  struct job *j = RB_MIN(job_deadlines, &s->by_deadline);
  int64_t wall = FaxClockWall();
  if (j == NULL) return false;
  if (j->deadline > wall) {
    sooner_by_date(next_inout, now, wall, j->deadline);
    return false;
  }
  expire(s, j);
  return true;
}
