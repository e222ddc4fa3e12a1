/* SPDX-License-Identifier: MIT
   Whether a service has anything to do, now or later, that nobody asks it for:
   one that was started by a socket may end then. */
#include "service/schedule/schedule.h"

static bool is_empty(const struct job_lines *lines) {
  return RB_EMPTY(&lines->now) && RB_EMPTY(&lines->discount);
}

/* What waits for a number that has all its calls is no exception: a call of it
   goes on. Jobs for a device that is not there are nobody's to send. */
static bool any_waits(const struct service *s) {
  if (!RB_EMPTY(&s->by_date) || !RB_EMPTY(&s->by_delay) || !is_empty(&s->lines))
    return true;
  for (DWORD i = 0; i < dialling_group_count(s->dialling); i++)
    if (!is_empty(&s->groups[i])) return true;
  list_each(link, &s->ports) {
    const struct port *p = list_entry(link, struct port, link);
    if (p->ringing || !is_empty(&p->lines)) return true;
  }
  return false;
}

static bool rests(const struct service *s) {
  return s->connections == 0 && s->active == 0 && list_empty(&s->routing) &&
         list_empty(&s->delivering) && list_empty(&s->archiving) &&
         list_empty(&s->unsaved) && s->providers_busy == 0 && !any_waits(s);
}

bool schedule_rested(struct service *s, fax_deadline *next_inout) {
  fax_deadline now = FaxClockNow();
  if (s->config.idle == 0 || !rests(s)) {
    s->rests_since = 0;
    return false;
  }
  if (s->rests_since == 0) s->rests_since = now;
  fax_deadline end = clock_after(s->rests_since, s->config.idle);
  sooner(next_inout, end);
  return now >= end;
}
