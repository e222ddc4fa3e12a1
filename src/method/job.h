/* SPDX-License-Identifier: MIT
   Documents, submissions and jobs. */
#ifndef FAX_METHOD_JOB_H
#define FAX_METHOD_JOB_H

#include <fax/fax_queue.h>

#include "method/method.h"

struct method_job_list {
  const struct fax_job_query *query; /* NULL ok */
};

struct method_jobs {
  FAX_JOB_ENTRY *jobs;
  DWORD count;
};

struct method_job {
  FAX_JOB_ENTRY *job;
};

struct method_job_set {
  DWORD id;
  DWORD command;
  const FAX_JOB_ENTRY *entry;
};

struct method_page {
  BYTE *data;
  DWORD size, width, height;
};

struct method_result {
  struct fax_job_result *result;
};

struct method_document {
  HANDLE handle;
  DWORD id; /* BC-7 */
};

struct method_submissions {
  const struct fax_submission *submissions;
  DWORD count;
};

/* On an error too: those before the first that was refused are queued. */
struct method_submitted {
  DWORD *ids;
  DWORD count;
  DWORD error; /* of the first that was refused */
  const char *message;
};

extern const struct method method_job_file, method_job_list, method_job_read,
    method_job_set, method_job_abort, method_job_page, method_job_result,
    method_job_submit, method_job_submit_all, method_document_make,
    method_document_file;

/* ---- one by one, with one commit ---- */

extern const struct method method_batch_open, method_batch_add,
    method_batch_commit;

extern const struct fax_record method_submission_record;
DWORD method_check_submission(const void *submission);
struct fax_patience *method_submission_patience(void *submission);
/* The document of a submission, held; NULL: it has none. */
struct document;
DWORD method_pages(HANDLE handle, struct document **document_out);

#endif
