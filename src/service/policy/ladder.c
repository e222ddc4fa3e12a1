/* SPDX-License-Identifier: MIT
   The transport of the next call: each call that failed on its way leads one
   step down the ladder. What the calls were asked to use is found again from
   what they used, so nothing of it is stored. */
#include <fax/faxdev.h>
#include <string.h>

#include "service/policy/policy.h"

/* Of a call that never got as far as a modem, a slower modem is no cure. */
static bool is_of_transport(const struct fax_attempt *a) {
  DWORD cause = policy_cause_of(a);
  if (cause == FAX_CAUSE_NO_CARRIER) return a->rate != FAX_UNKNOWN;
  return cause == FAX_CAUSE_PROTOCOL || cause == FAX_CAUSE_PAGE_REJECTED;
}

static bool is_t38_trouble(const struct fax_attempt *a) {
  return a->cause != NULL && (strcmp(a->cause, "t38_refused") == 0 ||
                              strcmp(a->cause, "no_packets") == 0);
}

static DWORD least_rate(DWORD a, DWORD b) {
  if (a == 0 || a == FAX_UNKNOWN) return b == FAX_UNKNOWN ? 0 : b;
  if (b == 0 || b == FAX_UNKNOWN) return a;
  return a < b ? a : b;
}

/* Another transport than the one that failed; what a provider did not name it
   may not have. */
static bool leaves(const struct policy_job *job,
                   const struct fax_ladder_step *step,
                   const struct fax_attempt *failed) {
  return job->transport == FAX_TRANSPORT_ANY &&
         step->transport != FAX_TRANSPORT_ANY &&
         failed->transport != FAX_UNKNOWN &&
         failed->transport != step->transport;
}

/* Never beyond what the job allows. */
static struct policy_transport limited(const struct policy_job *job,
                                       const struct fax_ladder_step *step,
                                       const struct fax_attempt *failed,
                                       const struct policy_transport *now) {
  struct policy_transport t = *now;
  if (step->max_rate != 0)
    t.max_rate = least_rate(job->max_rate, step->max_rate);
  if (step->ecm == 0) t.ecm = 0;
  if (leaves(job, step, failed)) t.transport = step->transport;
  return t;
}

/* It would not be the call that failed once more: what the other side brought
   down by itself is no step. */
static bool differs(const struct policy_transport *t,
                    const struct policy_transport *now,
                    const struct fax_attempt *failed) {
  DWORD rate = least_rate(now->max_rate, failed->rate);
  if (t->ecm != now->ecm && failed->ecm != 0) return true;
  if (t->transport != now->transport) return true;
  return t->max_rate != 0 && (rate == 0 || t->max_rate < rate);
}

/* Gives the step to look at after the next failure. */
static DWORD step_down(const struct policy_rules *rules,
                       const struct policy_job *job,
                       const struct fax_attempt *failed, DWORD at,
                       struct policy_transport *now) {
  for (; at < rules->own->ladder_count; at++) {
    struct policy_transport t =
        limited(job, &rules->own->ladder[at], failed, now);
    if (!differs(&t, now, failed)) continue;
    *now = t;
    return at + 1;
  }
  return at;
}

struct policy_transport policy_ladder(const struct policy_rules *rules,
                                      const struct policy_job *job,
                                      const struct policy_past *past) {
  struct policy_transport now = policy_begin(job, past->history);
  DWORD at = 0, n = policy_attempts(past);
  for (DWORD i = policy_since(job, past); i < n; i++) {
    const struct fax_attempt *a = policy_attempt(past, i);
    if (is_t38_trouble(a) && job->transport == FAX_TRANSPORT_ANY)
      now.transport = FAX_TRANSPORT_AUDIO;
    else if (is_of_transport(a))
      at = step_down(rules, job, a, at, &now);
  }
  return now;
}
