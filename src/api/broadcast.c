/* SPDX-License-Identifier: MIT
   FaxSendDocumentForBroadcast: one document for the recipients that a callback
   names (BC-1..14). */
#include "api/ask.h"
#include "api/result.h"
#include "base/mem.h"
#include "method/find.h"
#include "method/job.h"

/* BC-4: the callback finds both structures empty but for their size. */
struct recipient {
  FAX_JOB_PARAM params;
  FAX_COVERPAGE_INFO cover;
};

static const struct recipient nobody = {
    .params = {.SizeOfStruct = sizeof(FAX_JOB_PARAM)},
    .cover = {.SizeOfStruct = sizeof(FAX_COVERPAGE_INFO)}};

static DWORD add(HANDLE batch, HANDLE pages, const struct recipient *r) {
  struct fax_submission submission = {.size = sizeof submission,
                                      .document = pages,
                                      .params = &r->params,
                                      .retries = FAX_UNKNOWN,
                                      .retry_delay = FAX_UNKNOWN,
                                      .ecm = FAX_UNKNOWN};
  if (r->cover.CoverPageName != NULL)
    return error_say(ERROR_CALL_NOT_IMPLEMENTED,
                     "cover pages are not available");
  struct method_id job;
  return ask(batch, &method_batch_add, &submission, &job);
}

/* BC-5, -13: what is queued stays, and the caller learns how much that is. */
static DWORD fail(DWORD error, DWORD queued) {
  const char *why = error_message();
  return error_say(error, "recipient %u: %s (%u were queued)", queued + 1,
                   *why != '\0' ? why : FaxErrorText(error), queued);
}

static DWORD end(DWORD error, DWORD queued) {
  if (error != ERROR_SUCCESS) return fail(error, queued);
  if (queued != 0) return ERROR_SUCCESS;
  return error_say(ERROR_CANCELLED, "no recipient was named"); /* BC-12 */
}

static DWORD add_each(HANDLE batch, HANDLE handle, HANDLE pages,
                      PFAX_RECIPIENT_CALLBACK callback, LPVOID context,
                      DWORD *count_out) {
  for (;; ++*count_out) {
    struct recipient r = nobody;
    error_clear();
    FaxSetLastError(ERROR_SUCCESS);
    if (!callback(handle, *count_out + 1, context, &r.params,
                  &r.cover)) /* BC-2 */
      return FaxGetLastError();
    DWORD error = add(batch, pages, &r);
    if (error != ERROR_SUCCESS) return error;
  }
}

/* What was named before something failed is queued all the same: with one
   commit, so that a thousand recipients cost one sync. */
static DWORD submit_each(HANDLE handle, HANDLE pages,
                         PFAX_RECIPIENT_CALLBACK callback, LPVOID context) {
  struct method_handle batch;
  DWORD count = 0;
  DWORD error = ask(handle, &method_batch_open, NULL, &batch);
  if (error != ERROR_SUCCESS) return fail(error, 0);
  error = add_each(batch.handle, handle, pages, callback, context, &count);
  char *why = mem_text(error_message());
  DWORD stored = ask(batch.handle, &method_batch_commit, NULL, NULL);
  if (stored == ERROR_SUCCESS && why != NULL) error_note("%s", why);
  mem_free(why);
  error = stored != ERROR_SUCCESS ? fail(stored, 0) : end(error, count);
  ask_drop(batch.handle);
  return error;
}

static DWORD broadcast(HANDLE handle, const char *file,
                       PFAX_RECIPIENT_CALLBACK callback, LPVOID context,
                       LPDWORD id) {
  struct fax_document in = {.size = sizeof in, .files = &file, .file_count = 1};
  struct method_document pages;
  DWORD error = ask(handle, &method_document_make, &in, &pages);
  if (error != ERROR_SUCCESS) return error;
  error = submit_each(handle, pages.handle, callback, context);
  ask_drop(pages.handle);
  if (error == ERROR_SUCCESS) *id = pages.id; /* BC-7 */
  return error;
}

BOOL FaxSendDocumentForBroadcast(HANDLE FaxHandle, LPCTSTR FileName,
                                 LPDWORD FaxJobId,
                                 PFAX_RECIPIENT_CALLBACK FaxRecipientCallback,
                                 LPVOID Context) {
  api_enter();
  DWORD error = find_null(FileName, "FileName");
  if (error == ERROR_SUCCESS) error = find_null(FaxJobId, "FaxJobId");
  if (error == ERROR_SUCCESS && FaxRecipientCallback == NULL)
    error = error_say(ERROR_INVALID_PARAMETER, "FaxRecipientCallback is NULL");
  if (error == ERROR_SUCCESS)
    error =
        broadcast(FaxHandle, FileName, FaxRecipientCallback, Context, FaxJobId);
  return api_done(error);
}
