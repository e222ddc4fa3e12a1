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
