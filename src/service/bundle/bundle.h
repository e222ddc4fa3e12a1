/* SPDX-License-Identifier: MIT
   Several jobs for one number in one call: which go together, the document of
   that call, and what of it is each job's. A job of the call waits in the queue
   until the call comes to its first page (WAIT_CALL); whatever else is done
   with it takes it off the call, which ends before its pages then. Only for
   src/service; with the lock, but for the functions of a share. */
#ifndef FAX_SERVICE_BUNDLE_BUNDLE_H
#define FAX_SERVICE_BUNDLE_BUNDLE_H

#include "service/state.h"

struct bundle_part {
  struct job *job;         /* counted */
  struct document *source; /* counted; while its pages are copied */
  struct share share;      /* of the call's pages */
  bool waits;              /* the call will come to it */
};

struct bundle {              /* counted */
  struct document *document; /* its file goes with it; NULL: for one job no
                                other document is needed than its own */
  DWORD count;               /* of parts */
  struct bundle_part parts[];
};

/* The most that the option `batch` may say. */
#define BUNDLE_MOST 100

/* Which jobs go with this one, the next to be sent, on that port; *bundle_out
   is NULL when none does. False: the lock was let go of to look at documents,
   or to make that of the call; to be asked again, with what is next then.
   Gives. */
bool bundle_ready(struct service *s, struct job *j, struct port *p,
                  struct bundle **bundle_out);

/* The call begins: all but the first part wait for it from now on. */
void bundle_board(struct service *s, struct bundle *b);
/* The job waits for something else now, or its turn has come. */
void bundle_leave(struct job *j);
/* The call is over: who waited for it waits for a line, as before. */
void bundle_release(struct service *s, struct bundle *b);

/* Lets go of the lock: the file goes with the last user. NULL ok. */
void bundle_drop(struct service *s, struct bundle *b);
/* What was made for a call that did not begin. The same. */
void bundle_forget(struct service *s);

/* ---- a share: functions of their arguments alone ----
   One without pages is the whole call: all stays what it is, and nothing is
   known to be done. */

/* Of the pages that the call confirmed, those of this share. FAX_UNKNOWN
   stays. */
DWORD share_confirmed(const struct share *h, DWORD confirmed);
/* All of its pages have been. */
bool share_is_done(const struct share *h, DWORD confirmed);
/* A page behind it has been. */
bool share_is_passed(const struct share *h, DWORD confirmed);
/* The page of the call is one of these. */
bool share_has(const struct share *h, DWORD page);
/* The page of the call as one of the job's document, the nearest of the share.
   0 and FAX_UNKNOWN stay. */
DWORD share_page(const struct share *h, DWORD page);

#endif
