/* SPDX-License-Identifier: MIT
   FaxSubmitAll: at once where that goes, else one by one with one commit. Those
   before the first that is refused are queued. */
#include <fax/fax_service.h>
#include <string.h>

#include "api/ask.h"
#include "api/result.h"
#include "base/mem.h"
#include "method/find.h"
#include "method/job.h"

static DWORD take_submitted(struct method_submitted *out, LPDWORD ids,
                            DWORD count) {
  DWORD n = out->count < count ? out->count : count;
  memcpy(ids, out->ids, n * sizeof *ids);
  DWORD error = out->error;
  if (out->message != NULL) error_note("%s", out->message);
  method_free_out(method_job_submit_all.out, out);
  return error;
}

static DWORD at_once(HANDLE handle, const struct fax_submission *submissions,
                     DWORD count, LPDWORD ids) {
  struct method_submissions in = {submissions, count};
  struct method_submitted out;
  DWORD error = ask(handle, &method_job_submit_all, &in, &out);
  return error == ERROR_SUCCESS ? take_submitted(&out, ids, count) : error;
}

/* ---- to another process: each brings its own files ---- */

static DWORD commit(HANDLE batch, LPDWORD ids, DWORD added, DWORD error,
                    const struct fax_patience *patience) {
  char *why = error != ERROR_SUCCESS ? mem_text(error_message()) : NULL;
  DWORD stored = ask_patient(batch, &method_batch_commit, NULL, NULL, patience);
  if (stored == ERROR_SUCCESS && why != NULL) error_note("%s", why);
  mem_free(why);
  if (stored == ERROR_SUCCESS) return error;
  memset(ids, 0, added * sizeof *ids);
  return stored;
}

static DWORD one_by_one(HANDLE handle, const struct fax_submission *submissions,
                        DWORD count, LPDWORD ids) {
  struct method_handle batch;
  struct method_id job;
  DWORD added = 0;
  DWORD error = ask(handle, &method_batch_open, NULL, &batch);
  if (error != ERROR_SUCCESS) return error;
  for (; added < count; added++) {
    error = ask(batch.handle, &method_batch_add, &submissions[added], &job);
    if (error != ERROR_SUCCESS) break;
    ids[added] = job.id;
  }
  error = commit(batch.handle, ids, added, error,
                 added != 0 ? &submissions[added - 1].patience : NULL);
  ask_drop(batch.handle);
  return error;
}

static DWORD submit_all(HANDLE handle, const struct fax_submission *submissions,
                        DWORD count, LPDWORD ids) {
  DWORD error = find_null(submissions, "submissions");
  if (error == ERROR_SUCCESS) error = find_null(ids, "ids_out");
  if (error != ERROR_SUCCESS) return error;
  for (DWORD i = 0; i < count; i++) ids[i] = 0;
  return ask_is_remote(handle) ? one_by_one(handle, submissions, count, ids)
                               : at_once(handle, submissions, count, ids);
}

BOOL FaxSubmitAll(HANDLE FaxHandle, const struct fax_submission *submissions,
                  DWORD count, LPDWORD ids_out) {
  api_enter();
  return api_done(submit_all(FaxHandle, submissions, count, ids_out));
}
