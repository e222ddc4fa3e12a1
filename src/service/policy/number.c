/* SPDX-License-Identifier: MIT
   What calls to a number teach, and how that fades: a lesson is about a machine
   and a line, and both are replaced or repaired some day. */
#include "model/time.h"
#include "service/policy/policy.h"

#define WEEK (7 * 24 * 3600 * FAX_SECOND)
/* Weeks after which it is forgotten that T.38 was refused, that error
   correction did not work, what speed there was; and the whole number. */
enum { FORGET = 4, FORGET_NUMBER = 26 };

struct fax_number policy_number(const char *number) {
  return (struct fax_number){.size = sizeof(struct fax_number),
                             .number = number,
                             .rate = FAX_UNKNOWN,
                             .ecm = FAX_UNKNOWN,
                             .transport = FAX_UNKNOWN,
                             .answer = FAX_UNKNOWN};
}

static bool is_set(FILETIME t) {
  return t.dwLowDateTime != 0 || t.dwHighDateTime != 0;
}

/* Whole ones; none since what never was, or when the clock went back. */
static int64_t weeks(FILETIME since, int64_t now) {
  if (!is_set(since)) return 0;
  int64_t age = now - time_from_filetime(since);
  return age > 0 ? age / WEEK : 0;
}

/* Each week one speed faster, until there is no limit any more. */
static DWORD faster(DWORD rate, int64_t steps) {
  static const DWORD rates[] = {4800, 7200, 9600, 12000, 14400};
  size_t at = 0, count = sizeof rates / sizeof *rates;
  if (rate == 0 || steps == 0) return rate;
  while (at < count && rates[at] <= rate) at++;
  at += (size_t)(steps < FORGET_NUMBER ? steps : FORGET_NUMBER) - 1;
  return at < count ? rates[at] : 0;
}

static DWORD halved(DWORD failures, int64_t times) {
  return times < 32 ? failures >> times : 0;
}

struct fax_number policy_number_at(const struct fax_number *n, int64_t now) {
  struct fax_number faded = *n;
  faded.failures = halved(n->failures, weeks(n->last_call, now));
  if (weeks(n->last_success, now) >= FORGET) faded.rate = FAX_UNKNOWN;
  if (n->pinned) return faded;
  faded.max_rate = faster(n->max_rate, weeks(n->slowed, now));
  if (weeks(n->slowed, now) >= FORGET) faded.without_ecm = FALSE;
  if (faded.max_rate == 0 && !faded.without_ecm)
    faded.slowed = (FILETIME){0, 0};
  if (weeks(n->t38_refused, now) >= FORGET)
    faded.t38_refused = (FILETIME){0, 0};
  return faded;
}

bool policy_number_forgotten(const struct fax_number *n, int64_t now) {
  return !n->pinned && weeks(n->last_call, now) >= FORGET_NUMBER &&
         weeks(n->slowed, now) >= FORGET_NUMBER;
}

struct policy_transport policy_begin(const struct policy_job *job,
                                     const struct fax_number *history) {
  struct policy_transport t = {job->max_rate, job->ecm, job->transport};
  if (history == NULL) return t;
  if (history->max_rate != 0 &&
      (t.max_rate == 0 || history->max_rate < t.max_rate))
    t.max_rate = history->max_rate;
  if (history->without_ecm) t.ecm = 0;
  if (is_set(history->t38_refused) && t.transport == FAX_TRANSPORT_ANY)
    t.transport = FAX_TRANSPORT_AUDIO;
  return t;
}

/* Only what is of the other side or of the way there teaches. */
static bool teaches(const struct policy_lesson *l) {
  if (l->delivered) return true;
  return l->cause != FAX_CAUSE_NONE && l->cause != FAX_CAUSE_LINE_UNAVAILABLE &&
         l->cause != FAX_CAUSE_LOCAL;
}

/* What the ladder came down to, the next fax begins with. That a limit which
   was known before served once more does not keep it from fading. */
static void learn_limits(struct fax_number *n, const struct policy_lesson *l,
                         FILETIME now) {
  bool slower = l->asked.max_rate != l->begun.max_rate;
  bool barer = l->asked.ecm != l->begun.ecm;
  if (slower) n->max_rate = l->asked.max_rate;
  if (barer) n->without_ecm = l->asked.ecm == 0;
  if (slower || barer) n->slowed = now;
}

static void learn_success(struct fax_number *n, const struct policy_lesson *l,
                          FILETIME now) {
  n->failures = 0;
  n->last_success = now;
  if (n->rate == FAX_UNKNOWN || (l->rate != FAX_UNKNOWN && l->rate > n->rate))
    n->rate = l->rate;
  n->ecm = l->ecm;
  n->transport = l->transport;
  if (!n->pinned) learn_limits(n, l, now);
}

bool policy_learn(struct fax_number *n, const struct policy_lesson *l) {
  struct fax_number faded = policy_number_at(n, l->now);
  FILETIME now = time_to_filetime(l->now);
  if (!teaches(l)) return false;
  n->failures = faded.failures;
  n->rate = faded.rate;
  n->calls++;
  n->last_call = now;
  if (l->answer != FAX_UNKNOWN) n->answer = l->answer;
  if (l->delivered)
    learn_success(n, l, now);
  else
    n->failures++;
  if (l->t38_refused && !n->pinned) n->t38_refused = now;
  return true;
}
