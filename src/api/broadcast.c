/* SPDX-License-Identifier: MIT
   FaxSendDocumentForBroadcast: one document for the recipients that a callback
   names (BC-1..14). */
#include "method/find.h"
#include "api/result.h"
#include "base/mem.h"
#include "service/service.h"

/* BC-4: the callback finds both structures empty but for their size. */
struct recipient {
  FAX_JOB_PARAM params;
  FAX_COVERPAGE_INFO cover;
};

static const struct recipient nobody = {
    .params = {.SizeOfStruct = sizeof(FAX_JOB_PARAM)},
    .cover = {.SizeOfStruct = sizeof(FAX_COVERPAGE_INFO)}};

static DWORD add(struct batch *b, struct document *d,
                 const struct recipient *r) {
  struct fax_submission submission = {.size = sizeof submission,
                                      .params = &r->params,
                                      .retries = FAX_UNKNOWN,
                                      .retry_delay = FAX_UNKNOWN,
                                      .ecm = FAX_UNKNOWN};
  if (r->cover.CoverPageName != NULL)
    return error_say(ERROR_CALL_NOT_IMPLEMENTED,
                     "cover pages are not available");
  return batch_add(b, &submission, d, NULL);
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

static DWORD add_each(struct batch *b, HANDLE handle, struct document *d,
                      PFAX_RECIPIENT_CALLBACK callback, LPVOID context,
                      DWORD *count_out) {
  for (;; ++*count_out) {
    struct recipient r = nobody;
    error_clear();
    FaxSetLastError(ERROR_SUCCESS);
    if (!callback(handle, *count_out + 1, context, &r.params,
                  &r.cover)) /* BC-2 */
      return FaxGetLastError();
    DWORD error = add(b, d, &r);
    if (error != ERROR_SUCCESS) return error;
  }
}

/* What was named before something failed is queued all the same: with one
   commit, so that a thousand recipients cost one sync. */
static DWORD submit_each(struct connection *c, HANDLE handle,
                         struct document *d, PFAX_RECIPIENT_CALLBACK callback,
                         LPVOID context) {
  struct batch *b;
  DWORD count = 0;
  DWORD error = batch_open(c, &b);
  if (error != ERROR_SUCCESS) return fail(error, 0);
  error = add_each(b, handle, d, callback, context, &count);
  char *why = mem_text(error_message());
  DWORD stored = batch_close(b);
  if (stored == ERROR_SUCCESS && why != NULL) error_note("%s", why);
  mem_free(why);
  return stored != ERROR_SUCCESS ? fail(stored, 0) : end(error, count);
}

static DWORD broadcast(struct connection *c, HANDLE handle, const char *file,
                       PFAX_RECIPIENT_CALLBACK callback, LPVOID context,
                       LPDWORD id) {
  struct fax_document ask = {
      .size = sizeof ask, .files = &file, .file_count = 1};
  struct document *d;
  DWORD error = document_make(c, NULL, &ask, NULL, &d);
  if (error != ERROR_SUCCESS) return error;
  error = submit_each(c, handle, d, callback, context);
  if (error == ERROR_SUCCESS) *id = document_id(d); /* BC-7 */
  mem_unref(d);
  return error;
}

BOOL FaxSendDocumentForBroadcast(HANDLE FaxHandle, LPCTSTR FileName,
                                 LPDWORD FaxJobId,
                                 PFAX_RECIPIENT_CALLBACK FaxRecipientCallback,
                                 LPVOID Context) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(FileName, "FileName");
  if (error == ERROR_SUCCESS) error = find_null(FaxJobId, "FaxJobId");
  if (error == ERROR_SUCCESS && FaxRecipientCallback == NULL)
    error = error_say(ERROR_INVALID_PARAMETER, "FaxRecipientCallback is NULL");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = broadcast(c, FaxHandle, FileName, FaxRecipientCallback, Context,
                    FaxJobId);
  mem_unref(c);
  return api_done(error);
}
