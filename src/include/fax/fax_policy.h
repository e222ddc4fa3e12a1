/* SPDX-License-Identifier: MIT
   When a fax that was not delivered is tried again, and how: rules by the cause
   of the failure, a ladder of transports. docs/policy.md tells what they mean.
   Conventions as in fax_service.h, which includes this. */
#ifndef FAX_FAX_POLICY_H
#define FAX_FAX_POLICY_H

#include <fax/winfax.h>

#include <fax/types_begin.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Why a call failed, as the rules see it. */
enum fax_cause {
  FAX_CAUSE_NONE = 0, /* no failure of the call: it was delivered, not begun,
                         or ended by a user or a stop */
  FAX_CAUSE_BUSY = 1,
  FAX_CAUSE_NO_ANSWER = 2,
  FAX_CAUSE_NO_CARRIER = 3, /* it was answered, and cut */
  FAX_CAUSE_NO_FAX = 4,     /* no fax machine answered */
  FAX_CAUSE_LINE_UNAVAILABLE = 5,
  FAX_CAUSE_PROTOCOL = 6,
  FAX_CAUSE_PAGE_REJECTED = 7,
  FAX_CAUSE_LOCAL = 8, /* on this side: line, provider, file, memory */
  FAX_CAUSE_FINAL = 9  /* never tried again: no rule */
};

/* The size of an array by enum fax_cause of what has a rule; [0] is not used.
 */
#define FAX_CAUSES 9

/* FAX_UNKNOWN in a member: as if there were no rule. */
struct fax_retry_rule {
  DWORD limit;  /* further attempts after failures of this cause; the limit of
                   all causes together holds too */
  DWORD delay;  /* seconds; else that of the job, of the configuration */
  DWORD growth; /* percent: what each further failure of this cause makes of
                   the delay; 100: the same */
  DWORD jitter; /* percent of the delay by which it is longer or shorter */
  DWORD cap;    /* seconds that it is at most */
};

/* What a call may use at most; the job's own limits hold too. */
struct fax_ladder_step {
  DWORD max_rate;  /* bit/s, 4800 or more; 0: no limit */
  DWORD ecm;       /* 0: without; FAX_UNKNOWN, 1: as the job says */
  DWORD transport; /* enum fax_transport; ANY: as the job says */
};

#define FAX_LADDER_MOST 8

struct fax_retry_policy {
  struct fax_retry_rule rules[FAX_CAUSES];
  struct fax_ladder_step ladder[FAX_LADDER_MOST];
  DWORD ladder_count;
};

enum fax_decision {
  FAX_DECISION_RETRY = 1,
  FAX_DECISION_GIVE_UP = 2, /* a limit is reached */
  FAX_DECISION_FINAL = 3    /* the cause is final */
};

/* Fills in what holds when nothing is said: every cause goes by the
   configuration alone; calls that failed on their way lead to 9,600 and to
   4,800 bit/s at most, and from T.38 to audio. */
FAX_EXPORT void FaxPolicyDefaults(struct fax_retry_policy *policy_out);

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
