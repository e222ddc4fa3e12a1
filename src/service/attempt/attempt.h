/* SPDX-License-Identifier: MIT
   Between the files of this folder. */
#ifndef FAX_SERVICE_ATTEMPT_ATTEMPT_H
#define FAX_SERVICE_ATTEMPT_ATTEMPT_H

#include "service/state.h"

/* The callbacks of an operation; see struct provider_events. */
void attempt_status(void *attempt, DWORD status,
                    const struct fax_progress *progress);
void attempt_caller(void *attempt, const char *caller_id, const char *routing);
void attempt_ended(void *attempt, DWORD status,
                   const struct fax_progress *last);
void attempt_released(void *attempt);
void attempt_commit(void *attempt, DWORD page);

/* What its provider is told of the operation; borrows. */
struct op_order attempt_order(const struct service *s, const struct job *j,
                              const struct port *p,
                              struct policy_transport with);
/* The same of both, so that they may go in one call. */
bool attempt_orders_alike(const struct service *s, const struct job *j,
                          const struct job *k, const struct port *p);

/* The end of what is the running job's: into the job, and its record. */
void attempt_keep(struct attempt *a, const struct fax_progress *last);

/* ---- a call of several jobs (next.c) ----
   With the lock, which is let go of when they answer true. */
/* Takes what is told of the call; NULL ok. True: the running job had all of its
   pages, and is over; the attempt is the next one's. That may be over, too. */
bool attempt_next(struct attempt *a, const struct fax_progress *told);
/* The same when the call has ended so. */
bool attempt_next_of_ended(struct attempt *a, DWORD status,
                           const struct fax_progress *last);
/* What is told of the call, as far as it is the running job's; NULL ok. */
void attempt_take(struct attempt *a, const struct fax_progress *told);

/* Its end did not come from its provider, which left this page in doubt; 0: it
   did, or none. */
DWORD attempt_left_doubt(const struct attempt *a);

/* The call delivered the fax, whatever became of it then. */
bool attempt_delivered(const struct attempt *a);

/* ---- what a call says of the document's pages (confirmed.c) ---- */

struct call_pages {
  DWORD before;    /* that need not be sent when it began */
  DWORD first;     /* that it began with, by what its provider noted;
                      FAX_UNKNOWN: that notes none */
  DWORD confirmed; /* in it; FAX_UNKNOWN */
  DWORD pages;     /* of the document */
};
struct call_pages attempt_pages(const struct attempt *a);
/* Of the document, with those before. */
DWORD pages_confirmed(const struct call_pages *c);
/* All have arrived. Counts of several calls do not say so by themselves. */
bool pages_delivered(const struct call_pages *c);
/* That the next call need not send; one remains if this did not deliver. */
DWORD pages_to_skip(const struct call_pages *c);
/* The page whose end was noted last, unless it was confirmed (0); FAX_UNKNOWN
   stays. */
DWORD pages_in_doubt(const struct call_pages *c, DWORD noted);

#endif
