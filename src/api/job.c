/* SPDX-License-Identifier: MIT
   FaxPrepareDocument, FaxSendDocument, FaxSubmit, FaxSubmitAll,
   FaxEnumJobs, FaxGetJob,
   FaxSetJob, FaxAbort, FaxGetPageData, FaxGetJobResult. */
#include <string.h>

#include "api/find.h"
#include "api/result.h"
#include "base/mem.h"
#include "service/service.h"

static DWORD submit(HANDLE handle, const struct fax_submission *submission,
                    LPDWORD id) {
  struct connection *c;
  struct document *d = NULL;
  DWORD error = find_null(submission, "submission");
  if (error == ERROR_SUCCESS) error = find_server(handle, &c);
  if (error != ERROR_SUCCESS) return error;
  if (submission->document != NULL)
    error = find_document(submission->document, &d);
  if (error == ERROR_SUCCESS) error = job_submit(c, submission, d, id);
  mem_unref(d);
  mem_unref(c);
  return error;
}

BOOL FaxPrepareDocument(HANDLE FaxHandle, const struct fax_document *document,
                        LPHANDLE document_out) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(document, "document");
  if (error == ERROR_SUCCESS) error = find_null(document_out, "document_out");
  if (error != ERROR_SUCCESS) return api_done(error);
  *document_out = NULL;
  error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = document_make(c, FaxHandle, document, document_out, NULL);
  mem_unref(c);
  return api_done(error);
}

BOOL FaxSubmit(HANDLE FaxHandle, const struct fax_submission *submission,
               LPDWORD FaxJobId) {
  api_enter();
  return api_done(submit(FaxHandle, submission, FaxJobId));
}

static void drop_all(struct document **documents, DWORD count) {
  for (DWORD i = 0; i < count; i++) mem_unref(documents[i]);
  mem_free(documents);
}

static DWORD find_all(const struct fax_submission *submissions, DWORD count,
                      struct document **documents) {
  DWORD error = ERROR_SUCCESS;
  for (DWORD i = 0; error == ERROR_SUCCESS && i < count; i++)
    if (submissions[i].document != NULL)
      error = find_document(submissions[i].document, &documents[i]);
  return error;
}

static DWORD submit_all(HANDLE handle, const struct fax_submission *submissions,
                        DWORD count, LPDWORD ids) {
  struct connection *c;
  struct document **documents;
  DWORD error = find_null(submissions, "submissions");
  if (error == ERROR_SUCCESS) error = find_null(ids, "ids_out");
  if (error != ERROR_SUCCESS) return error;
  for (DWORD i = 0; i < count; i++) ids[i] = 0;
  error = find_server(handle, &c);
  if (error != ERROR_SUCCESS) return error;
  documents = mem_alloc(((size_t)count + 1) * sizeof(struct document *));
  error = documents != NULL ? find_all(submissions, count, documents)
                            : ERROR_NOT_ENOUGH_MEMORY;
  if (error == ERROR_SUCCESS)
    error = job_submit_all(c, submissions, documents, count, ids);
  if (documents != NULL) drop_all(documents, count);
  mem_unref(c);
  return error;
}

BOOL FaxSubmitAll(HANDLE FaxHandle, const struct fax_submission *submissions,
                  DWORD count, LPDWORD ids_out) {
  api_enter();
  return api_done(submit_all(FaxHandle, submissions, count, ids_out));
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

BOOL FaxSetJob(HANDLE FaxHandle, DWORD JobId, DWORD Command,
               const FAX_JOB_ENTRY *JobEntry) {
  struct connection *c;
  api_enter();
  DWORD error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = job_set(c, JobId, Command, JobEntry);
  mem_unref(c);
  return api_done(error);
}

BOOL FaxGetPageData(HANDLE FaxHandle, DWORD JobId, LPBYTE *Buffer,
                    LPDWORD BufferSize, LPDWORD ImageWidth,
                    LPDWORD ImageHeight) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(Buffer, "Buffer");
  if (error == ERROR_SUCCESS) error = find_null(BufferSize, "BufferSize");
  if (error == ERROR_SUCCESS) error = find_null(ImageWidth, "ImageWidth");
  if (error == ERROR_SUCCESS) error = find_null(ImageHeight, "ImageHeight");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = job_page(c, JobId, Buffer, BufferSize, ImageWidth, ImageHeight);
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
