/* SPDX-License-Identifier: MIT
   FaxSendDocument, FaxSubmit, FaxEnumJobs, FaxGetJob, FaxAbort,
   FaxGetJobResult. */
#include <string.h>

#include "api/find.h"
#include "api/result.h"
#include "base/mem.h"
#include "service/service.h"

static DWORD submit(HANDLE handle, const struct fax_submission *submission,
                    LPDWORD id) {
  struct connection *c;
  DWORD error = find_null(submission, "submission");
  if (error == ERROR_SUCCESS) error = find_server(handle, &c);
  if (error != ERROR_SUCCESS) return error;
  error = job_submit(c, submission, id);
  mem_unref(c);
  return error;
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

BOOL FaxEnumJobs(HANDLE FaxHandle, PFAX_JOB_ENTRY *JobEntry,
                 LPDWORD JobsReturned) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(JobEntry, "JobEntry");
  if (error == ERROR_SUCCESS) error = find_null(JobsReturned, "JobsReturned");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = job_list(c, JobEntry, JobsReturned);
  mem_unref(c);
  return api_done(error);
}

BOOL FaxGetJob(HANDLE FaxHandle, DWORD JobId, PFAX_JOB_ENTRY *JobEntry) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(JobEntry, "JobEntry");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = job_read(c, JobId, JobEntry);
  mem_unref(c);
  return api_done(error);
}

BOOL FaxAbort(HANDLE FaxHandle, DWORD JobId) {
  struct connection *c;
  api_enter();
  /* Its page has ERROR_INVALID_HANDLE also for NULL. */
  DWORD error = FaxHandle == NULL
                    ? error_say(ERROR_INVALID_HANDLE, "FaxHandle is NULL")
                    : find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = job_abort(c, JobId);
  mem_unref(c);
  return api_done(error);
}

BOOL FaxGetJobResult(HANDLE FaxHandle, DWORD JobId,
                     struct fax_job_result **result_out) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(result_out, "result_out");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = job_result(c, JobId, result_out);
  mem_unref(c);
  return api_done(error);
}
