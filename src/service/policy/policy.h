/* SPDX-License-Identifier: MIT
   What becomes of a fax after a failed call, as functions of their arguments:
   no clock, no lock, no state, no memory. The rest of src/service applies what
   they say. */
#ifndef FAX_SERVICE_POLICY_POLICY_H
#define FAX_SERVICE_POLICY_POLICY_H

#include <fax/fax_service.h>
#include <stdbool.h>

/* ---- what it goes by ---- */

struct policy_rules {
  DWORD retries, retry_delay; /* of the configuration of now */
  const struct fax_retry_policy *own;
};

struct policy_job {
  DWORD id;
  DWORD failures; /* attempts that counted since it was submitted or restarted,
                     with the one that ended last */
  DWORD refusals; /* lines that could not be had in a row, the same */
  DWORD retries, retry_delay;     /* FAX_UNKNOWN: as the rules say */
  DWORD ecm, max_rate, transport; /* its limits */
};

/* The attempts of the job, oldest first. */
struct policy_past {
  struct fax_attempt *const *attempts;
  DWORD count;
  const struct fax_attempt *last; /* one that is not in the list yet, or NULL */
  const struct fax_number *history; /* of its number, as it is now, or NULL */
};

/* ---- what it says ---- */

struct policy_transport {
  DWORD max_rate, ecm, transport; /* as in struct fax_operation */
};

struct policy_decision {
  DWORD action; /* enum fax_decision */
  DWORD delay;  /* seconds */
  struct policy_transport next;
  char reason[256]; /* a sentence */
  bool chosen;      /* by a program: `next` is not what the ladder says */
};

/* The class (enum fax_cause) of a call that ended so. `cause` may be NULL;
   watchdog: the service ended it. */
DWORD policy_cause(DWORD status, const char *cause, bool watchdog);
/* The same for a recorded one. */
DWORD policy_cause_of(const struct fax_attempt *attempt);
/* An end by that cause uses up one of the job's attempts. */
bool policy_counts(DWORD cause);
/* "no carrier": as texts show it. */
const char *policy_cause_text(DWORD cause);

void policy_defaults(struct fax_retry_policy *policy_out);
/* ERROR_INVALID_PARAMETER: the sentence names the key. */
DWORD policy_check(const struct fax_retry_policy *policy);

/* What the next call may use. */
struct policy_transport policy_ladder(const struct policy_rules *rules,
                                      const struct policy_job *job,
                                      const struct policy_past *past);

/* After the last attempt of the past, a failure by `cause`. Seed: what makes
   the delays of jobs that failed together different. */
void policy_decide(const struct policy_rules *rules,
                   const struct policy_job *job, const struct policy_past *past,
                   DWORD cause, uint64_t seed,
                   struct policy_decision *decision_out);

/* ---- looking back and ahead ---- */

/* What the rules make of the n-th attempt of the past, from zero, with those
   before it; the counts of the job are found from the attempts. False: there
   was nothing to decide. */
bool policy_review(const struct policy_rules *rules,
                   const struct policy_job *job, const struct policy_past *past,
                   DWORD n, struct policy_decision *decision_out);
/* What they would make of a further call that ended by that cause. */
void policy_foresee(const struct policy_rules *rules,
                    const struct policy_job *job,
                    const struct policy_past *past, DWORD cause,
                    struct policy_decision *decision_out);
/* Failures by that cause in the present set of attempts. */
DWORD policy_failures(const struct policy_job *job,
                      const struct policy_past *past, DWORD cause);
/* What delays of the job differ by. */
uint64_t policy_seed(DWORD job_id, DWORD attempt);

/* ---- what a number taught ---- */

struct policy_lesson {
  DWORD cause; /* enum fax_cause */
  bool delivered, t38_refused;
  DWORD rate, ecm, transport;           /* of the call */
  DWORD answer;                         /* seconds; FAX_UNKNOWN */
  struct policy_transport asked, begun; /* of this call, of the job's first */
  int64_t now;                          /* a time of day */
};

/* Of which nothing is known. The text is borrowed. */
struct fax_number policy_number(const char *number);
/* What is left of it by now. */
struct fax_number policy_number_at(const struct fax_number *n, int64_t now);
bool policy_number_forgotten(const struct fax_number *n, int64_t now);
/* False: it says nothing of the number. */
bool policy_learn(struct fax_number *number, const struct policy_lesson *l);
/* What a job may use that was not tried yet. */
struct policy_transport policy_begin(const struct policy_job *job,
                                     const struct fax_number *history);

/* ---- between the files of this folder ---- */

/* The n-th attempt of the past, from zero. */
const struct fax_attempt *policy_attempt(const struct policy_past *past,
                                         DWORD n);
DWORD policy_attempts(const struct policy_past *past);
/* Where the job's present set of attempts begins. */
DWORD policy_since(const struct policy_job *job,
                   const struct policy_past *past);

#endif
