/* SPDX-License-Identifier: MIT
   What becomes of a sending job after an attempt (JOB-21, FSP-45..48). The
   table of docs/jobs.md in code; nothing else changes the state of a job that
   was on a line. What the policy says comes from judge.c. */
#include <fax/faxdev.h>

#include "service/attempt/attempt.h"
#include "service/policy/ask.h"

bool attempt_delivered(const struct attempt *a) {
  struct call_pages pages = attempt_pages(a);
  if (a->status == FS_HANDLED) return true;
  if (a->status == FS_COMPLETED) return true; /* or it was corrected */
  return pages_delivered(&pages);
}

/* A provider that says how many pages were confirmed is held to it: a fax that
   lacks one is not called sent. */
bool attempt_contradicts(const struct attempt *a) {
  struct call_pages pages = attempt_pages(a);
  return a->job->type == JT_SEND && a->status == FS_COMPLETED &&
         pages.confirmed != FAX_UNKNOWN &&
         pages_confirmed(&pages) < pages.pages;
}

static void give_up(struct service *s, struct job *j,
                    const struct policy_decision *d, DWORD event_id,
                    struct port *p) {
  j->state = JOB_RETRIES_EXCEEDED;
  j->outcome = FAX_OUTCOME_FAILED;
  j->finished = FaxClockWall();
  job_rest(s, j);
  event_raise(s, event_id, j, p);
  log_line(LOG_OUTBOUND, FAX_LOG_WARN, "job",
           "not delivered job=%u attempts=%u: %s", j->id, j->attempt_count,
           d->reason);
}

static void retry(struct service *s, struct job *j,
                  const struct policy_decision *d, DWORD event_id,
                  struct port *p, fax_deadline since) {
  j->state = JOB_RETRYING;
  turn_keep(j);
  j->not_before = clock_after(since, d->delay);
  wait_begin(s, j);
  event_raise(s, event_id, j, p);
  log_line(LOG_OUTBOUND, FAX_LOG_INFO, "job", "is tried again job=%u: %s",
           j->id, d->reason);
}

void attempt_apply(struct service *s, struct job *j,
                   const struct policy_decision *decision, DWORD event_id,
                   struct port *p, fax_deadline since) {
  j->chosen = decision->next;
  j->chooses = decision->chosen;
  if (decision->action == FAX_DECISION_RETRY)
    retry(s, j, decision, event_id, p, since);
  else
    give_up(s, j, decision, event_id, p);
}

/* As judged. */
static struct document *apply(struct attempt *a) {
  attempt_apply(a->service, a->job, &a->decision, attempt_event_id(a->status),
                a->port, FaxClockNow());
  return NULL;
}

/* The line could not be had, or there was no memory or no disk, or the service
   is stopping: the attempt does not count (FSP-32, JOB-37). */
static struct document *back_to_queue(struct attempt *a, double pause) {
  struct job *j = a->job;
  j->state = j->failures == 0 ? JOB_PENDING : JOB_RETRYING;
  j->not_before = pause == 0 ? 0 : clock_after(FaxClockNow(), pause);
  turn_behind(a->service, j);
  wait_begin(a->service, j);
  event_raise(a->service, attempt_event_id(a->status), j, a->port);
  return NULL;
}

static struct document *complete(struct attempt *a) {
  DWORD event_id = a->status == FS_HANDLED ? FEI_HANDLED : FEI_COMPLETED;
  a->job->confirmed = a->job->pages;
  event_raise(a->service, event_id, a->job, a->port);
  return job_finish(a->service, a->job, FAX_OUTCOME_COMPLETED);
}

static struct document *cancel(struct attempt *a) {
  event_raise(a->service, attempt_event_id(a->status), a->job, a->port);
  return job_finish(a->service, a->job, FAX_OUTCOME_CANCELLED);
}

/* Refused again and again, it waits as the rules say (FSP-32). */
static struct document *refused(struct attempt *a) {
  a->job->refusals++;
  if (a->decision.action != FAX_DECISION_RETRY) return apply(a);
  return back_to_queue(a, a->decision.delay);
}

struct document *attempt_decide(struct attempt *a) {
  struct job *j = a->job;
  struct call_pages pages = attempt_pages(a);
  /* JOB-22: also when a cancel came too late */
  if (attempt_delivered(a)) return complete(a);
  j->confirmed = pages_to_skip(&pages);
  if (a->aborted_by_user) return cancel(a);
  if (a->cause_class == FAX_CAUSE_NONE)
    return back_to_queue(a, a->aborting ? 0 : MEMORY_PAUSE);
  if (a->cause_class == FAX_CAUSE_LINE_UNAVAILABLE) return refused(a);
  j->failures++;
  j->refusals = 0;
  if (a->cause_class != FAX_CAUSE_FINAL && policy_ask(a)) return NULL;
  return apply(a);
}
