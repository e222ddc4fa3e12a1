/* SPDX-License-Identifier: MIT
   DirtyDays: how long a job that will not be sent, or not be routed, stays in
   the queue (JOB-33..35), by the clock that no change of the date moves. Its
   result stays longer. */
#include "service/state.h"

#define DAY (INT64_C(86400) * FAX_SECOND)

/* JOB-35: 0, and minus one, are for ever. */
static bool kept_for_ever(DWORD days) {
  return days == 0 || days == 0xffffffff;
}

bool dirty_step(struct service *s, fax_deadline now, fax_deadline *next_inout) {
  DWORD days = s->configuration->record->DirtyDays;
  if (kept_for_ever(days) || list_empty(&s->decided)) return false;
  struct job *j = list_entry(s->decided.next, struct job, link);
  fax_deadline end = j->rested + days * DAY;
  if (now < end) {
    sooner(next_inout, end);
    return false;
  }
  struct document *gone = job_finish(s, j, j->outcome);
  pthread_mutex_unlock(&s->lock);
  mem_unref(gone);
  pthread_mutex_lock(&s->lock);
  return true;
}
