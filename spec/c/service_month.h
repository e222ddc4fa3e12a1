/* SPDX-License-Identifier: MIT
   What a month of jobs must be like, told by the events of the service alone:
   each is looked at in its order, and what it says of a call, a job or a port
   must be allowed by all that was said before. */
#ifndef FAX_SPEC_SERVICE_MONTH_H
#define FAX_SPEC_SERVICE_MONTH_H

#include <fax/faxdev.h>

#include "model/time.h"
#include "service_config.h"

enum {
  MONTH_LINES = 14,
  MONTH_SHARED = 8, /* the first of them are one provider's, */
  MONTH_CALLS = 6,  /* which is to have so many calls */
  MONTH_NUMBERS = 4000,
  MONTH_RETRIES = 5,
  MONTH_DELAY = 600,
  BUSY_LIMIT = 4,
  BUSY_DELAY = 120, /* doubled with each */
  BUSY_CAP = 500,
  NO_ANSWER_LIMIT = 2,
  NO_ANSWER_DELAY = 1800,
  LINE_RESTS = 30,
  PRIORITY_STEP = 1800
};

/* The discount period, across midnight. */
static const FAX_TIME month_cheap = {21, 30}, month_dear = {5, 0};

/* The cause of a provider's own code, whose event is another's. */
#define MONTH_OWN_CODE "own_code"

enum month_at { MONTH_NONE, MONTH_WAITS, MONTH_CALL, MONTH_RESTS, MONTH_OVER };

struct month_job {
  enum month_at at;
  bool paused, discount, asked, cancelled, aborts;
  DWORD number, device, priority;
  int64_t schedule, deadline; /* wall; 0: none */
  int64_t admitted, since;    /* the latter for its turn */
  int64_t ready;              /* not before */
  int64_t ended;              /* its last call */
  DWORD line;                 /* of its call */
  DWORD attempts, failures, busy, no_answer, line_away;
  DWORD outcome;
  DWORD place; /* among those that live */
};

struct month_line {
  DWORD job; /* 0: none */
  int64_t rests_until;
  bool off;
};

static struct {
  struct month_job *jobs; /* by id */
  DWORD room;
  struct month_line lines[MONTH_LINES];
  struct {
    DWORD calls;
    int64_t free_since;
  } numbers[MONTH_NUMBERS];
  DWORD *live, live_count, live_room;
  DWORD shared, events, begun, over, outcomes[FAX_OUTCOME_STOPPED + 1];
  DWORD expired, looked_through;
} month;

#define must(condition, ...)                 \
  do {                                       \
    if (!(condition)) fail_msg(__VA_ARGS__); \
  } while (0)

/* ---- jobs ---- */

static struct month_job *month_job(DWORD id) {
  if (id >= month.room) {
    DWORD room = id * 2 + 1024;
    month.jobs = realloc(month.jobs, room * sizeof *month.jobs);
    memset(month.jobs + month.room, 0,
           (room - month.room) * sizeof *month.jobs);
    month.room = room;
  }
  return &month.jobs[id];
}

static void month_live(DWORD id) {
  if (month.live_count == month.live_room) {
    month.live_room = month.live_room * 2 + 1024;
    month.live = realloc(month.live, month.live_room * sizeof *month.live);
  }
  month_job(id)->place = month.live_count;
  month.live[month.live_count++] = id;
}

static void month_die(DWORD id) {
  DWORD place = month_job(id)->place, last = month.live[--month.live_count];
  month.live[place] = last;
  month_job(last)->place = place;
}

/* ---- whose turn it is ---- */

static int64_t month_due(const struct month_job *j) {
  int steps = j->priority == FAX_PRIORITY_HIGH     ? 2
              : j->priority == FAX_PRIORITY_NORMAL ? 1
                                                   : 0;
  return j->since - steps * PRIORITY_STEP * FAX_SECOND;
}

static int month_minute(int64_t wall) {
  return (int)(wall / (60 * FAX_SECOND) % 1440);
}

static bool month_is_cheap(int64_t wall) {
  int m = month_minute(wall);
  return m >= month_cheap.Hour * 60 + month_cheap.Minute ||
         m < month_dear.Hour * 60 + month_dear.Minute;
}

/* It waited for this line before this moment, and might have had it. */
static bool month_might(const struct month_job *j, DWORD line, int64_t now) {
  int64_t before = now - 1;
  return j->at == MONTH_WAITS && !j->paused && j->ready <= before &&
         j->schedule <= before &&
         (!j->discount || (month_is_cheap(now) && month_is_cheap(before))) &&
         (j->device == 0 || j->device == line) &&
         month.numbers[j->number].calls == 0 &&
         month.numbers[j->number].free_since <= before;
}

/* Nobody who could have the line is older, as priorities count. */
static void month_is_next(DWORD id, DWORD line, int64_t now) {
  const struct month_job *j = month_job(id);
  month.looked_through++;
  for (DWORD i = 0; i < month.live_count; i++) {
    const struct month_job *other = month_job(month.live[i]);
    if (other == j || month_due(other) >= month_due(j)) continue;
    must(!month_might(other, line, now),
         "job %u has line %u, and job %u waits, %.1f s older", id, line,
         month.live[i], (double)(month_due(j) - month_due(other)) / FAX_SECOND);
  }
}

/* ---- a call ---- */

static bool month_is_shared(DWORD line) {
  return line < MONTH_SHARED;
}

/* All limits, delays, windows, deadlines. */
static void month_begin(DWORD id, DWORD line, int64_t now) {
  struct month_job *j = month_job(id);
  struct month_line *l = &month.lines[line];
  if (++month.begun % 16 == 0) month_is_next(id, line, now);
  must(j->at == MONTH_WAITS && !j->paused, "job %u in state %d is sent", id,
       j->at);
  must(l->job == 0 && !l->off, "line %u has a call, or is off", line);
  must(now >= l->rests_until, "line %u rests", line);
  must(j->device == 0 || j->device == line, "job %u is not for line %u", id,
       line);
  must(now >= j->ready, "job %u is sent %.1f s too early", id,
       (double)(j->ready - now) / FAX_SECOND);
  must(now >= j->schedule, "job %u is sent before its date", id);
  must(!j->discount || month_is_cheap(now), "job %u is sent at a dear time",
       id);
  must(j->deadline == 0 || now <= j->deadline, "job %u has expired", id);
  must(j->failures <= MONTH_RETRIES && j->busy <= BUSY_LIMIT &&
           j->no_answer <= NO_ANSWER_LIMIT,
       "job %u is sent after %u failures", id, j->failures);
  must(++month.numbers[j->number].calls == 1, "two calls to number %u",
       j->number);
  if (month_is_shared(line))
    must(++month.shared <= MONTH_CALLS, "%u calls of one provider",
         month.shared);
  j->at = MONTH_CALL;
  j->asked = false;
  j->line = line;
  j->attempts++;
  l->job = id;
}

static void month_leave_line(struct month_job *j, int64_t now) {
  month.numbers[j->number].calls--;
  month.numbers[j->number].free_since = now;
  month.lines[j->line].job = 0;
  if (month_is_shared(j->line)) month.shared--;
}

static DWORD month_power(DWORD base, DWORD times, DWORD most) {
  while (times-- > 0 && base < most) base *= 2;
  return base < most ? base : most;
}

/* What the rules make of a failure: seconds until it is tried again, or -1. */
static int64_t month_rule(struct month_job *j, DWORD event_id) {
  switch (event_id) {
    case FEI_BAD_ADDRESS:
    case FEI_CALL_BLACKLISTED:
    case FEI_CALL_DELAYED:
      return -1;
    case FEI_BUSY:
      j->busy++;
      j->failures++;
      if (j->busy > BUSY_LIMIT || j->failures > MONTH_RETRIES) return -1;
      return month_power(BUSY_DELAY, j->busy - 1, BUSY_CAP);
    case FEI_NO_ANSWER:
      j->no_answer++;
      j->failures++;
      if (j->no_answer > NO_ANSWER_LIMIT || j->failures > MONTH_RETRIES)
        return -1;
      return NO_ANSWER_DELAY;
    default:
      j->failures++;
      return j->failures > MONTH_RETRIES ? -1 : MONTH_DELAY;
  }
}

static void month_failed(DWORD id, const struct fax_event *e, int64_t now) {
  struct month_job *j = month_job(id);
  DWORD status = e->queue_status & ~(DWORD)(JS_PAUSED | JS_NOLINE);
  if (e->event_id == FEI_LINE_UNAVAILABLE) {
    must(status == (j->failures == 0 ? JS_PENDING : JS_RETRYING),
         "job %u: a line that is away counts: 0x%x", id, status);
    month.lines[j->line].rests_until = now + LINE_RESTS * FAX_SECOND;
    j->since = now;
    j->at = MONTH_WAITS;
    return;
  }
  bool final = (e->event_id == FEI_ABORTING && !j->asked) || /* on its own */
               (e->cause != NULL && strcmp(e->cause, MONTH_OWN_CODE) == 0);
  int64_t delay = final ? -1 : month_rule(j, e->event_id);
  must(status == (delay < 0 ? JS_RETRIES_EXCEEDED : JS_RETRYING),
       "job %u: 0x%x after %s, failure %u", id, status,
       stage_event_name(e->event_id), j->failures);
  j->ready = now + delay * FAX_SECOND;
  if (delay >= 0) j->since = j->admitted;
  j->at = delay < 0 ? MONTH_RESTS : MONTH_WAITS;
}

static bool month_is_end(const struct month_job *j, const struct fax_event *e) {
  switch (e->event_id) {
    case FEI_INITIALIZING:
    case FEI_DIALING:
    case FEI_SENDING:
    case FEI_FAX_JOB_CHANGED:
    case FEI_DELETED:
      return false;
    case FEI_ABORTING: /* it was asked to end, or has */
      return j->asked || (e->queue_status & JS_INPROGRESS) == 0;
    default:
      return true;
  }
}

static void month_in_call(DWORD id, const struct fax_event *e, int64_t now) {
  struct month_job *j = month_job(id);
  if (e->event_id == FEI_ABORTING && !month_is_end(j, e)) {
    j->asked = true;
    j->cancelled = (e->queue_status & JS_DELETING) != 0;
    return;
  }
  if (!month_is_end(j, e)) return;
  month_leave_line(j, now);
  j->ended = now;
  if (e->event_id == FEI_COMPLETED || e->event_id == FEI_HANDLED)
    j->outcome = FAX_OUTCOME_COMPLETED;
  else if (j->cancelled)
    j->outcome = FAX_OUTCOME_CANCELLED;
  else
    month_failed(id, e, now);
  if (j->outcome != FAX_OUTCOME_PENDING) j->at = MONTH_RESTS;
}

/* Each job has one end, and that is the one that its calls led to. */
static void month_end(DWORD id, const struct fax_event *e, int64_t now) {
  struct month_job *j = month_job(id);
  bool expired = e->cause != NULL && strcmp(e->cause, "expired") == 0;
  must(j->at == MONTH_WAITS || j->at == MONTH_RESTS, "job %u ends in state %d",
       id, j->at);
  if (expired) {
    must(j->at == MONTH_WAITS && j->deadline != 0 && now >= j->deadline &&
             (now <= j->deadline + 60 * FAX_SECOND || now == j->ended),
         "job %u in state %d expires, %.1f s after its deadline", id, j->at,
         (double)(now - j->deadline) / FAX_SECOND);
    must(e->outcome == FAX_OUTCOME_FAILED, "job %u expires", id);
    month.expired++;
  } else if (j->at == MONTH_WAITS) {
    must(e->outcome == FAX_OUTCOME_CANCELLED && j->aborts,
         "job %u waits, and ends: %u", id, e->outcome);
  } else if (j->outcome != FAX_OUTCOME_PENDING) {
    must(e->outcome == j->outcome, "job %u: outcome %u, not %u", id, e->outcome,
         j->outcome);
  } else {
    must(e->outcome == FAX_OUTCOME_FAILED, "job %u: outcome %u", id,
         e->outcome);
  }
  j->at = MONTH_OVER;
  j->outcome = e->outcome;
  month.outcomes[e->outcome]++;
  month.over++;
  month_die(id);
}

/* ---- what the service says ---- */

/* With a fresh set of attempts (JOB-54); who does it wants it still. */
static void month_restart(struct month_job *j, int64_t now) {
  j->at = MONTH_WAITS;
  j->failures = j->busy = j->no_answer = 0;
  j->ready = now;
  if (j->deadline <= now) j->deadline = 0;
}

static void month_of_job(const struct fax_event *e, int64_t now) {
  struct month_job *j = month_job(e->job_id);
  must(j->at != MONTH_OVER, "job %u is over: %s", e->job_id,
       stage_event_name(e->event_id));
  if (e->event_id == FEI_JOB_QUEUED) {
    must(j->at == MONTH_NONE, "job %u is queued again", e->job_id);
    j->at = MONTH_WAITS;
    j->admitted = j->since = now;
    month_live(e->job_id);
  }
  if (j->at == MONTH_RESTS && e->event_id == FEI_FAX_JOB_CHANGED)
    month_restart(j, now);
  if (e->event_id == FEI_INITIALIZING)
    month_begin(e->job_id, e->device_id - 1, now);
  else if (e->event_id == FEI_DELETED)
    month_end(e->job_id, e, now);
  else if (j->at == MONTH_CALL)
    month_in_call(e->job_id, e, now);
  if (j->at == MONTH_WAITS) j->paused = (e->queue_status & JS_PAUSED) != 0;
}

static void month_of_line(const struct fax_event *e) {
  struct month_line *l = &month.lines[e->device_id - 1];
  if (e->event_id == FEI_MODEM_POWERED_OFF) l->off = true;
  if (e->event_id == FEI_MODEM_POWERED_ON) l->off = false;
}

static void month_listen(struct stage *st) {
  struct fax_event *e;
  while (config_event_waits(st, &e)) {
    int64_t now = time_from_filetime(e->time);
    month.events++;
    if (e->job_id != FAX_NO_JOB)
      month_of_job(e, now);
    else if (e->kind == FAX_EVENT_PORT)
      month_of_line(e);
    FaxLocalFree(e);
  }
}

#endif
