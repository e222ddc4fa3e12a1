/* SPDX-License-Identifier: MIT
   The queue, page by page. Conventions as in winfax.h; structures are sized
   (`size` = sizeof). */
#ifndef FAX_FAX_QUEUE_H
#define FAX_FAX_QUEUE_H

#include <fax/fax_service.h>

#include <fax/types_begin.h>

#ifdef __cplusplus
extern "C" {
#endif

struct fax_job_query {
  DWORD size;
  DWORD with;         /* JS_: those that have one of these; 0: any */
  DWORD without;      /* JS_: those that have none of these */
  const char *number; /* in any way of writing it; NULL: any */
  DWORD limit;        /* so many at most; 0: all */
  BOOL newest_first;
  DWORD cursor; /* the id of the last one of the answer before: those behind it,
                   also when that one has gone; 0: from the beginning */
};

/* FaxEnumJobs of those that are asked for, in the order of ids; query NULL:
   all. With a limit the answer costs by the page, not by the queue; jobs that
   the query does not find cost the service a look each. */
FAX_EXPORT BOOL FaxEnumQueue(HANDLE FaxHandle,
                             const struct fax_job_query *query,
                             PFAX_JOB_ENTRY *JobEntry, LPDWORD JobsReturned);

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
