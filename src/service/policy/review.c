/* SPDX-License-Identifier: MIT
   The rules applied to what was, and to what may come. */
#include <fax/faxdev.h>

#include "service/policy/policy.h"

/* The job as it was when that attempt had ended: a set of attempts ends with
   one that was the last (JOB-54). */
static struct policy_job job_at(const struct policy_job *job,
                                const struct policy_past *past, DWORD n) {
  struct policy_job then = *job;
  then.failures = then.refusals = 0;
  for (DWORD i = 0; i <= n; i++) {
    const struct fax_attempt *a = policy_attempt(past, i);
    DWORD cause = policy_cause_of(a);
    if (cause == FAX_CAUSE_LINE_UNAVAILABLE) {
      then.refusals++;
    } else if (policy_counts(cause)) {
      then.failures++;
      then.refusals = 0;
    }
    bool last = a->decision == FAX_DECISION_GIVE_UP ||
                a->decision == FAX_DECISION_FINAL;
    if (last && i < n) then.failures = then.refusals = 0;
  }
  return then;
}

bool policy_review(const struct policy_rules *rules,
                   const struct policy_job *job, const struct policy_past *past,
                   DWORD n, struct policy_decision *decision_out) {
  struct policy_past then = {past->attempts, n, policy_attempt(past, n),
                             past->history};
  struct policy_job view = job_at(job, past, n);
  DWORD cause = policy_cause_of(then.last);
  if (cause == FAX_CAUSE_NONE) return false;
  policy_decide(rules, &view, &then, cause,
                policy_seed(job->id, then.last->number), decision_out);
  return true;
}

void policy_foresee(const struct policy_rules *rules,
                    const struct policy_job *job,
                    const struct policy_past *past, DWORD cause,
                    struct policy_decision *decision_out) {
  DWORD n = policy_attempts(past);
  struct policy_job view = *job;
  struct fax_attempt next = {.number = n + 1,
                             .rate = FAX_UNKNOWN,
                             .ecm = FAX_UNKNOWN,
                             .transport = FAX_UNKNOWN,
                             .cause_class = cause};
  struct policy_past then = {past->attempts, past->count, &next, past->history};
  if (cause == FAX_CAUSE_LINE_UNAVAILABLE)
    view.refusals++;
  else
    view.failures++;
  policy_decide(rules, &view, &then, cause, policy_seed(job->id, n + 1),
                decision_out);
}
