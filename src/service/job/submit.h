/* SPDX-License-Identifier: MIT
   Between the files of this folder. */
#ifndef FAX_SERVICE_JOB_SUBMIT_H
#define FAX_SERVICE_JOB_SUBMIT_H

#include "service/state.h"

/* FAX_JOB_PARAM as documented (JOB-2..5, JOB-66..68), and our limits on text.
 */
DWORD submit_check_params(const FAX_JOB_PARAM *params);
DWORD submit_check_number(const char *number);
/* A text of a submission, which may be NULL; `member` for the message. */
DWORD submit_check_text(const char *member, const char *text);

/* All that can be known of a submission without the service. */
DWORD submit_check(const struct fax_submission *sub);
/* And what keeps a new job out, but not one that its key finds. */
DWORD submit_check_new(struct service *s, const struct fax_submission *sub);
/* With the lock: the port that the job is for, or none (JOB-10). Gives. */
DWORD submit_find_only(struct service *s, DWORD device_id,
                       struct port **only_out);
/* Without the lock, which copies of texts would hold up: a job that is not in
   the queue yet and has no number. The document is lent to one caller at least,
   so that dropping the job drops no file. Gives. */
DWORD submit_make_job(struct connection *c, const struct fax_submission *sub,
                      struct document *d, struct job **job_out);

/* Makes the pages; unless the spool has them already they are a draft, to be
   published with its one job. Gives. */
DWORD document_draw(struct connection *c, const struct fax_document *ask,
                    struct document **document_out);
/* The bytes of its draft, if it has one, are safe. */
DWORD document_secure(const struct document *d);
/* The files of a document: some, and none without a name. */
DWORD document_check(const char *const *files, DWORD count);

#endif
