/* SPDX-License-Identifier: MIT
   Whether, when and how a failed fax is tried again. */
#include <stdio.h>
#include <string.h>

#include "service/policy/policy.h"

/* ---- limits ---- */

static DWORD own_or(DWORD own, DWORD otherwise) {
  return own != FAX_UNKNOWN ? own : otherwise;
}

/* Of all causes together (JOB-30). */
static DWORD overall(const struct policy_rules *rules,
                     const struct policy_job *job) {
  return own_or(job->retries, rules->retries);
}

DWORD policy_failures(const struct policy_job *job,
                      const struct policy_past *past, DWORD cause) {
  DWORD n = policy_attempts(past), found = 0;
  if (cause == FAX_CAUSE_LINE_UNAVAILABLE) return job->refusals;
  for (DWORD i = policy_since(job, past); i < n; i++)
    if (policy_cause_of(policy_attempt(past, i)) == cause) found++;
  return found;
}

/* A line that could not be had uses up no attempt (FSP-33). */
static bool overall_reached(const struct policy_rules *rules,
                            const struct policy_job *job, DWORD cause) {
  return policy_counts(cause) && job->failures > overall(rules, job);
}

/* ---- the delay ---- */

/* The same number for the same seed, and all numbers evenly (splitmix64). */
static uint64_t mixed(uint64_t seed) {
  uint64_t z = seed + UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* Jobs that failed at the same moment wait differently long, each attempt
   again, and always the same. */
uint64_t policy_seed(DWORD job_id, DWORD attempt) {
  return (uint64_t)job_id << 32 | attempt;
}

#define MOST_DELAY (366.0 * 24 * 3600)

static double least(double a, double b) {
  return a < b ? a : b;
}

static double grown(double delay, const struct fax_retry_rule *rule,
                    DWORD failures) {
  if (rule->growth == FAX_UNKNOWN || rule->growth <= 100) return delay;
  for (DWORD i = 1; i < failures && delay > 0 && delay < MOST_DELAY; i++)
    delay = delay * rule->growth / 100;
  return least(delay, MOST_DELAY);
}

/* From less by that part to more by that part. */
static double spread(double delay, const struct fax_retry_rule *rule,
                     uint64_t seed) {
  if (rule->jitter == FAX_UNKNOWN) return delay;
  double part = (double)(mixed(seed) >> 11) / 9007199254740992.0;
  return delay * (1 + (2 * part - 1) * rule->jitter / 100);
}

/* A delay that the job has of its own is what its user wished (JOB-31). The
   port of a line that could not be had rests anyway. */
static DWORD delay_of(const struct policy_rules *rules,
                      const struct policy_job *job,
                      const struct fax_retry_rule *rule, DWORD cause,
                      DWORD failures, uint64_t seed) {
  bool line = cause == FAX_CAUSE_LINE_UNAVAILABLE;
  DWORD base = own_or(rule->delay, line ? 0 : rules->retry_delay);
  if (!line) base = own_or(job->retry_delay, base);
  double delay = spread(grown(base, rule, failures), rule, seed);
  if (rule->cap != FAX_UNKNOWN) delay = least(delay, rule->cap);
  return (DWORD)(least(delay, FAX_UNKNOWN - 1.0) + 0.5);
}

/* ---- the sentence ---- */

#define ROOM(d, used) \
  ((used) < sizeof(d)->reason ? sizeof(d)->reason - (used) : 0)

/* What is not as the job would have it. */
static void say_transport(struct policy_decision *d,
                          const struct policy_job *job) {
  size_t used = strlen(d->reason);
  if (d->next.max_rate != job->max_rate)
    snprintf(d->reason + used, ROOM(d, used), ", with at most %u bit/s",
             d->next.max_rate);
  used = strlen(d->reason);
  if (d->next.ecm != job->ecm)
    snprintf(d->reason + used, ROOM(d, used), ", without error correction");
  used = strlen(d->reason);
  if (d->next.transport != job->transport)
    snprintf(d->reason + used, ROOM(d, used), ", over %s",
             d->next.transport == FAX_TRANSPORT_T38 ? "T.38" : "audio");
}

static void say_retry(struct policy_decision *d, const struct policy_job *job,
                      DWORD cause, DWORD most) {
  if (cause == FAX_CAUSE_LINE_UNAVAILABLE)
    snprintf(d->reason, sizeof d->reason,
             d->delay == 0 ? "line unavailable: again when one is free"
                           : "line unavailable: again in %u s",
             d->delay);
  else
    snprintf(d->reason, sizeof d->reason,
             "%s: again in %u s, attempt %u of at most %u",
             policy_cause_text(cause), d->delay, job->failures + 1, most + 1);
  say_transport(d, job);
}

/* ---- the decision ---- */

static void give_up(struct policy_decision *d, DWORD cause, DWORD n,
                    const char *of) {
  d->action = FAX_DECISION_GIVE_UP;
  snprintf(d->reason, sizeof d->reason,
           "%s: given up, the limit of %u further attempts %s is reached",
           policy_cause_text(cause), n, of);
}

static void final(struct policy_decision *d) {
  d->action = FAX_DECISION_FINAL;
  snprintf(d->reason, sizeof d->reason,
           "given up: what the call ended with is final");
}

void policy_decide(const struct policy_rules *rules,
                   const struct policy_job *job, const struct policy_past *past,
                   DWORD cause, uint64_t seed,
                   struct policy_decision *decision_out) {
  struct policy_decision d = {.next = policy_ladder(rules, job, past)};
  DWORD most = overall(rules, job);
  if (cause == FAX_CAUSE_NONE || cause >= FAX_CAUSE_FINAL) {
    final(&d);
    *decision_out = d;
    return;
  }
  const struct fax_retry_rule *rule = &rules->own->rules[cause];
  DWORD failures = policy_failures(job, past, cause);
  if (overall_reached(rules, job, cause)) {
    give_up(&d, cause, most, "after failures of any cause");
  } else if (rule->limit != FAX_UNKNOWN && failures > rule->limit) {
    give_up(&d, cause, rule->limit, "after this cause");
  } else {
    d.action = FAX_DECISION_RETRY;
    d.delay = delay_of(rules, job, rule, cause, failures, seed);
    say_retry(&d, job, cause, most);
  }
  *decision_out = d;
}
