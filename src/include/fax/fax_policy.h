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
  DWORD patience; /* seconds that a program has to answer (FaxAttachPolicy) */
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

/* ---- explaining ---- */

struct fax_number;
struct fax_attempt;

/* A rule as it is for a job, and what it would make of its next call. */
struct fax_policy_rule {
  DWORD cause;    /* enum fax_cause */
  DWORD limit;    /* FAX_UNKNOWN: none of its own */
  DWORD delay;    /* seconds */
  DWORD growth;   /* percent */
  DWORD jitter;   /* percent */
  DWORD cap;      /* seconds; FAX_UNKNOWN: none */
  DWORD failures; /* by this cause so far */
  DWORD decision; /* enum fax_decision, if the next call failed so; FAX_UNKNOWN:
                     there is none */
  DWORD wait;     /* with RETRY, seconds; else FAX_UNKNOWN */
  const char *reason;
};

/* What the rules of now make of an attempt that was made. */
struct fax_policy_step {
  DWORD number;      /* of the attempt */
  DWORD cause_class; /* enum fax_cause */
  DWORD decision;    /* enum fax_decision; FAX_UNKNOWN: none was needed */
  DWORD delay;       /* with RETRY, seconds; else FAX_UNKNOWN */
  DWORD max_rate;    /* of the next call; 0: no limit */
  DWORD ecm;
  DWORD transport; /* enum fax_transport */
  const char *reason;
};

struct fax_policy_explanation {
  DWORD size;
  DWORD job_id;
  const char *number; /* in its normal form */
  const char *reason; /* what comes next, and why */
  FILETIME next;      /* the next call not before; zero: no delay is known */
  DWORD max_rate;     /* of the next call; 0: no limit */
  DWORD ecm;
  DWORD transport;   /* enum fax_transport */
  DWORD retries;     /* the limit of all causes together */
  DWORD failures;    /* since it was submitted or restarted */
  DWORD retry_delay; /* seconds, where no rule says more */
  DWORD rule_count;
  const struct fax_policy_rule *rules;
  DWORD attempt_count;
  const struct fax_policy_step *attempts;
  DWORD history_count; /* 1, or 0: nothing is known of the number */
  const struct fax_number *history;
};

/* Gives what would be made of a job that sends, and what the rules of now would
   have made of each of its attempts. Rights and errors as of FaxGetJobResult;
   of a reception ERROR_INVALID_OPERATION. */
FAX_EXPORT BOOL
FaxExplainPolicy(HANDLE FaxHandle, DWORD JobId,
                 struct fax_policy_explanation **explanation_out);

/* ---- numbers ---- */

/* What calls to a number taught. It fades: `failures` are halved each week,
   `max_rate` becomes one speed faster each week until there is none, the rest
   is forgotten after four, the number 26 weeks after its last call. */
struct fax_number {
  DWORD size;
  const char *number; /* in its normal form (docs/dialling.md) */
  DWORD calls;
  DWORD failures; /* in a row */
  FILETIME last_call;
  FILETIME last_success;
  DWORD rate;      /* the best speed lately, bit/s; FAX_UNKNOWN */
  DWORD ecm;       /* of the last success: 0, 1; FAX_UNKNOWN */
  DWORD transport; /* the same: enum fax_transport; FAX_UNKNOWN */
  DWORD answer;    /* seconds until it answered last; FAX_UNKNOWN */
  /* what the next fax to it begins with */
  DWORD max_rate; /* bit/s; 0: no limit */
  BOOL without_ecm;
  FILETIME slowed;      /* when these two were learned; zero: never */
  FILETIME t38_refused; /* since then it is called over audio; zero: it was not
                           refused */
  BOOL pinned;          /* set by hand: neither fades nor changes */
};

/* Gives what is known of a number, in any form; of all numbers, in the order of
   their texts, with NULL (FAX_CONFIG_QUERY). ERROR_NOT_FOUND: nothing. */
FAX_EXPORT BOOL FaxEnumNumbers(HANDLE FaxHandle, const char *number,
                               struct fax_number **numbers_out, LPDWORD count);
/* Sets `failures`, what the next fax begins with, and `pinned`; the rest is not
   looked at (FAX_CONFIG_SET). */
FAX_EXPORT BOOL FaxSetNumber(HANDLE FaxHandle, const struct fax_number *number);
/* ERROR_NOT_FOUND: nothing is known of it (FAX_CONFIG_SET). */
FAX_EXPORT BOOL FaxForgetNumber(HANDLE FaxHandle, const char *number);

/* ---- a program that decides ---- */

/* What it is asked after a failed call. One block, freed with FaxLocalFree. In
   the last one `question` is 0: the service has stopped. */
struct fax_policy_question {
  DWORD size;
  DWORD question; /* its number */
  DWORD job_id;
  DWORD cause_class;  /* enum fax_cause */
  const char *number; /* in its normal form */
  const char *user;
  const char *document;
  FILETIME submitted;
  DWORD pages;
  DWORD pages_confirmed;
  DWORD failures;    /* since it was submitted or restarted, with this one */
  DWORD retries;     /* the limit of all causes together */
  DWORD retry_delay; /* seconds, where no rule says more */
  DWORD max_rate;    /* what the job allows: bit/s, 0: any */
  DWORD ecm;
  DWORD transport; /* enum fax_transport */
  DWORD attempt_count;
  const struct fax_attempt *attempts; /* without time lines */
  DWORD history_count;                /* 1, or 0: nothing is known */
  const struct fax_number *history;
  DWORD usual_count;                   /* 1 */
  const struct fax_policy_step *usual; /* what the rules say */
};

struct fax_policy_answer {
  DWORD size;
  DWORD decision; /* FAX_DECISION_RETRY, FAX_DECISION_GIVE_UP; 0: as usual.
                     FAX_UNKNOWN: it failed, `reason` goes to the log, and the
                     rules decide */
  DWORD delay;    /* seconds since the end of the call */
  DWORD max_rate; /* of the next call; 0: no limit but the job's; FAX_UNKNOWN:
                     as usual, and so for the two below */
  DWORD ecm;
  DWORD transport;    /* enum fax_transport */
  const char *reason; /* NULL ok */
};

/* From now on the completion port gets a struct fax_policy_question for each
   failed call whose cause is not final and which had a line, and
   FaxAnswerPolicy decides, within `patience` seconds; else, and when the answer
   is wrong, the rules do (FAX_CONFIG_SET). One program at a time:
   ERROR_ALREADY_EXISTS. Gives a handle for FaxClose, which ends it. */
FAX_EXPORT BOOL FaxAttachPolicy(HANDLE FaxHandle, HANDLE CompletionPort,
                                ULONG_PTR CompletionKey, LPHANDLE policy_out);
/* ERROR_NOT_FOUND: that is decided already. ERROR_INVALID_PARAMETER: the answer
   is wrong, and the rules have decided. */
FAX_EXPORT BOOL FaxAnswerPolicy(HANDLE policy, DWORD question,
                                const struct fax_policy_answer *answer);

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
