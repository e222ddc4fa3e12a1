/* SPDX-License-Identifier: MIT
   What the policy is asked of a job, with what the service knows: before a call
   how it may go, after one what its end means. */
#include <fax/faxdev.h>

#include <string.h>

#include "service/attempt/attempt.h"
#include "service/policy/memory.h"

struct policy_rules judge_rules(const struct service *s) {
  return (struct policy_rules){.retries = s->configuration->record->Retries,
                               .retry_delay = s->configuration->retry_delay,
                               .own = &s->policy};
}

struct policy_job judge_view(const struct job *j) {
  return (struct policy_job){.id = j->id,
                             .failures = j->failures,
                             .refusals = j->refusals,
                             .retries = j->retries,
                             .retry_delay = j->retry_delay,
                             .ecm = j->ecm,
                             .max_rate = j->max_rate,
                             .transport = j->transport};
}

struct policy_transport attempt_transport(const struct service *s,
                                          const struct job *j) {
  struct policy_rules rules = judge_rules(s);
  struct policy_job job = judge_view(j);
  struct fax_number history;
  struct policy_past past = {j->attempts, j->attempt_count, NULL, NULL};
  if (memory_read(s, j->called, &history)) past.history = &history;
  if (j->type != JT_SEND)
    return (struct policy_transport){j->max_rate, j->ecm, j->transport};
  return j->chooses ? j->chosen : policy_ladder(&rules, &job, &past);
}

/* The store refuses what a page has to be noted with. One that is slow is
   another matter: that call would be made again and again. */
static bool has_no_disk(const struct attempt *a, const char *cause) {
  return cause != NULL && strcmp(cause, "not_stored") == 0 &&
         !durable_is_well(a->service);
}

/* What a user or a stop ended, and what did not begin, is no failure of the
   call (JOB-37), nor is a full disk. An abort by a watchdog is. */
static DWORD class_of(const struct attempt *a) {
  bool wished = a->aborting && a->abort_cause == NULL;
  const char *cause =
      a->abort_cause != NULL ? a->abort_cause : a->progress.cause;
  if (attempt_delivered(a) || a->aborted_by_user || wished || a->unstarted ||
      has_no_disk(a, cause))
    return FAX_CAUSE_NONE;
  DWORD class = policy_cause(a->status, cause, a->abort_cause != NULL);
  bool stopped = cause != NULL && strcmp(cause, "service_stopped") == 0;
  return stopped && class == FAX_CAUSE_NONE ? FAX_CAUSE_LOCAL : class;
}

void attempt_judge(struct attempt *a, struct fax_attempt *record) {
  const struct job *j = a->job;
  struct policy_rules rules = judge_rules(a->service);
  struct policy_job job = judge_view(j);
  struct fax_number history;
  struct policy_past past = {j->attempts, j->attempt_count, record, NULL};
  if (memory_read(a->service, j->called, &history)) past.history = &history;
  a->cause_class = record->cause_class = class_of(a);
  if (a->cause_class == FAX_CAUSE_NONE) return;
  if (a->cause_class == FAX_CAUSE_LINE_UNAVAILABLE)
    job.refusals++;
  else
    job.failures++;
  policy_decide(&rules, &job, &past, a->cause_class,
                policy_seed(j->id, a->number), &a->decision);
  record->decision = a->decision.action;
  record->reason = a->decision.reason;
  if (a->decision.action == FAX_DECISION_RETRY)
    record->delay = a->decision.delay;
}

/* ---- what it teaches ---- */

#define LONGEST_ANSWER 600

/* The clock of the day may have been set meanwhile. */
static DWORD answer_of(const struct attempt *a) {
  int64_t seconds = (a->answered - a->started) / FAX_SECOND;
  if (a->at != 0) return FAX_UNKNOWN; /* that was another job's */
  if (a->answered == 0 || seconds < 0 || seconds > LONGEST_ANSWER)
    return FAX_UNKNOWN;
  return (DWORD)seconds;
}

void attempt_learn(struct attempt *a) {
  const struct fax_progress *p = &a->progress;
  struct policy_job job = judge_view(a->job);
  struct fax_number history;
  bool known = memory_read(a->service, a->job->called, &history);
  const char *cause = p->cause != NULL ? p->cause : "";
  struct policy_lesson lesson = {
      .cause = a->cause_class,
      .delivered = attempt_delivered(a),
      .t38_refused = strcmp(cause, "t38_refused") == 0,
      .rate = p->rate,
      .ecm = p->ecm,
      .transport = p->transport,
      .answer = answer_of(a),
      .asked = a->asked,
      .begun = policy_begin(&job, known ? &history : NULL),
      .now = FaxClockWall()};
  memory_learn(a->service, a->job->called, &lesson);
}
