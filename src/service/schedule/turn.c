/* SPDX-License-Identifier: MIT
   Whose turn it is for a line (JOB-46): the oldest first. A priority makes a
   job that much older than it is; so what waits long enough comes before all
   that is newer, whatever comes, and no job has to be looked at for that. */
#include "service/schedule/schedule.h"

int turn_order(const struct job *a, const struct job *b) {
  if (a->due != b->due) return a->due < b->due ? -1 : 1;
  if (a->turn != b->turn) return a->turn < b->turn ? -1 : 1;
  return a->id < b->id ? -1 : a->id > b->id;
}

RB_GENERATE(job_turns, job, offered, turn_order)

static DWORD steps_above_low(const struct job *j) {
  switch ((enum fax_priority)j->priority) {
    case FAX_PRIORITY_HIGH:
      return 2;
    case FAX_PRIORITY_NORMAL:
      return 1;
    case FAX_PRIORITY_LOW:
      break;
  }
  return 0;
}

fax_deadline turn_due(const struct service *s, const struct job *j) {
  int64_t step = s->config.priority_step * FAX_SECOND;
  return j->since - steps_above_low(j) * step;
}

void turn_keep(struct job *j) {
  j->turn = j->id;
  j->since = j->admitted;
}

void turn_behind(const struct service *s, struct job *j) {
  j->turn = s->next_job;
  j->since = FaxClockNow();
}
