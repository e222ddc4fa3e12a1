/* SPDX-License-Identifier: MIT
   FaxPrepareDocument, FaxSendDocument, FaxSubmit, FaxEnumJobs, FaxEnumQueue,
   FaxGetJob, FaxSetJob, FaxAbort, FaxGetPageData, FaxGetJobResult. */
#include <fax/fax_queue.h>

#include "api/ask.h"
#include "api/result.h"
#include "method/find.h"
#include "method/job.h"

static DWORD submit(HANDLE handle, const struct fax_submission *submission,
                    LPDWORD id) {
  struct method_id out;
  DWORD error = find_null(submission, "submission");
  if (error == ERROR_SUCCESS)
    error = ask(handle, &method_job_submit, submission, &out);
  if (error == ERROR_SUCCESS && id != NULL) *id = out.id;
  return error;
}

BOOL FaxPrepareDocument(HANDLE FaxHandle, const struct fax_document *document,
                        LPHANDLE document_out) {
  struct method_document out;
  api_enter();
  DWORD error = find_null(document, "document");
  if (error == ERROR_SUCCESS) error = find_null(document_out, "document_out");
  if (error != ERROR_SUCCESS) return api_done(error);
  *document_out = NULL;
  error = ask(FaxHandle, &method_document_make, document, &out);
  if (error == ERROR_SUCCESS) *document_out = out.handle;
  return api_done(error);
}

BOOL FaxSubmit(HANDLE FaxHandle, const struct fax_submission *submission,
               LPDWORD FaxJobId) {
  api_enter();
  return api_done(submit(FaxHandle, submission, FaxJobId));
}

BOOL FaxSendDocument(HANDLE FaxHandle, LPCTSTR FileName,
                     PFAX_JOB_PARAM JobParams,
                     const FAX_COVERPAGE_INFO *CoverpageInfo,
                     LPDWORD FaxJobId) {
  api_enter();
  DWORD error = find_null(FileName, "FileName");
  if (error == ERROR_SUCCESS) error = find_null(JobParams, "JobParams");
  if (error != ERROR_SUCCESS) return api_done(error);
  if (CoverpageInfo != NULL)
    return api_done(
        error_say(ERROR_CALL_NOT_IMPLEMENTED, "cover pages are not available"));
  struct fax_submission submission = {.size = sizeof submission,
                                      .files = &FileName,
                                      .file_count = 1,
                                      .params = JobParams,
                                      .retries = FAX_UNKNOWN,
                                      .retry_delay = FAX_UNKNOWN,
                                      .ecm = FAX_UNKNOWN};
  return api_done(submit(FaxHandle, &submission, FaxJobId));
}

BOOL FaxEnumQueue(HANDLE FaxHandle, const struct fax_job_query *query,
                  PFAX_JOB_ENTRY *JobEntry, LPDWORD JobsReturned) {
  struct method_job_list in = {query};
  struct method_jobs out;
  api_enter();
  DWORD error = find_null(JobEntry, "JobEntry");
  if (error == ERROR_SUCCESS) error = find_null(JobsReturned, "JobsReturned");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_job_list, &in, &out);
  if (error != ERROR_SUCCESS) return api_done(error);
  *JobEntry = out.jobs;
  *JobsReturned = out.count;
  return api_done(ERROR_SUCCESS);
}

BOOL FaxEnumJobs(HANDLE FaxHandle, PFAX_JOB_ENTRY *JobEntry,
                 LPDWORD JobsReturned) {
  return FaxEnumQueue(FaxHandle, NULL, JobEntry, JobsReturned);
}

BOOL FaxGetJob(HANDLE FaxHandle, DWORD JobId, PFAX_JOB_ENTRY *JobEntry) {
  struct method_id in = {JobId};
  struct method_job out;
  api_enter();
  DWORD error = find_null(JobEntry, "JobEntry");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_job_read, &in, &out);
  if (error == ERROR_SUCCESS) *JobEntry = out.job;
  return api_done(error);
}

BOOL FaxSetJob(HANDLE FaxHandle, DWORD JobId, DWORD Command,
               const FAX_JOB_ENTRY *JobEntry) {
  struct method_job_set in = {JobId, Command, JobEntry};
  api_enter();
  return api_done(ask(FaxHandle, &method_job_set, &in, NULL));
}

static DWORD read_page(HANDLE handle, DWORD id, struct method_page *out) {
  struct method_id in = {id};
  return ask(handle, &method_job_page, &in, out);
}

BOOL FaxGetPageData(HANDLE FaxHandle, DWORD JobId, LPBYTE *Buffer,
                    LPDWORD BufferSize, LPDWORD ImageWidth,
                    LPDWORD ImageHeight) {
  struct method_page page;
  api_enter();
  DWORD error = find_null(Buffer, "Buffer");
  if (error == ERROR_SUCCESS) error = find_null(BufferSize, "BufferSize");
  if (error == ERROR_SUCCESS) error = find_null(ImageWidth, "ImageWidth");
  if (error == ERROR_SUCCESS) error = find_null(ImageHeight, "ImageHeight");
  if (error == ERROR_SUCCESS) error = read_page(FaxHandle, JobId, &page);
  if (error != ERROR_SUCCESS) return api_done(error);
  *Buffer = page.data;
  *BufferSize = page.size;
  *ImageWidth = page.width;
  *ImageHeight = page.height;
  return api_done(ERROR_SUCCESS);
}

BOOL FaxAbort(HANDLE FaxHandle, DWORD JobId) {
  struct method_id in = {JobId};
  api_enter();
  /* Its page has ERROR_INVALID_HANDLE also for NULL. */
  DWORD error = FaxHandle == NULL
                    ? error_say(ERROR_INVALID_HANDLE, "FaxHandle is NULL")
                    : ask(FaxHandle, &method_job_abort, &in, NULL);
  return api_done(error);
}

BOOL FaxGetJobResult(HANDLE FaxHandle, DWORD JobId,
                     struct fax_job_result **result_out) {
  struct method_id in = {JobId};
  struct method_result out;
  api_enter();
  DWORD error = find_null(result_out, "result_out");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_job_result, &in, &out);
  if (error == ERROR_SUCCESS) *result_out = out.result;
  return api_done(error);
}
