/* SPDX-License-Identifier: MIT
   Reading the attempts of a job. */
#include "service/policy/policy.h"

DWORD policy_attempts(const struct policy_past *past) {
  return past->count + (past->last != NULL);
}

const struct fax_attempt *policy_attempt(const struct policy_past *past,
                                         DWORD n) {
  return n < past->count ? past->attempts[n] : past->last;
}

/* A restart makes a fresh set (JOB-54): of the attempts that count, the newest
   ones are of the present set. One with a final cause before others did not
   count: it would have been the last of its set. */
DWORD policy_since(const struct policy_job *job,
                   const struct policy_past *past) {
  DWORD n = policy_attempts(past), left = job->failures;
  while (n > 0 && left > 0) {
    DWORD cause = policy_cause_of(policy_attempt(past, --n));
    if (policy_counts(cause)) left--;
  }
  return n;
}
