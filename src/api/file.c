/* SPDX-License-Identifier: MIT
   FaxReadArchived, FaxReadReceived, FaxReadDocument, FaxReadFile. */
#include "api/ask.h"
#include "api/result.h"
#include "base/error.h"
#include "method/archive.h"
#include "method/find.h"
#include "method/job.h"

static DWORD check(const void *data_out, const void *size_out) {
  DWORD error = find_null(data_out, "data_out");
  return error == ERROR_SUCCESS ? find_null(size_out, "size_out") : error;
}

static DWORD read_with(HANDLE handle, const struct method *m, const void *in,
                       BYTE **data_out, LPDWORD size_out) {
  struct method_bytes out;
  DWORD error = ask(handle, m, in, &out);
  if (error != ERROR_SUCCESS) return error;
  *data_out = out.data;
  *size_out = out.size;
  return ERROR_SUCCESS;
}

static DWORD read_file(HANDLE handle, const struct method *m, DWORD id,
                       BYTE **data_out, LPDWORD size_out) {
  struct fax_file in = {.id = id};
  DWORD error = check(data_out, size_out);
  return error == ERROR_SUCCESS ? read_with(handle, m, &in, data_out, size_out)
                                : error;
}

BOOL FaxReadArchived(HANDLE FaxHandle, DWORD id, BYTE **data_out,
                     LPDWORD size_out) {
  api_enter();
  return api_done(
      read_file(FaxHandle, &method_archive_file, id, data_out, size_out));
}

BOOL FaxReadReceived(HANDLE FaxHandle, DWORD JobId, BYTE **data_out,
                     LPDWORD size_out) {
  api_enter();
  return api_done(
      read_file(FaxHandle, &method_inbox_file, JobId, data_out, size_out));
}

BOOL FaxReadDocument(HANDLE FaxHandle, DWORD JobId, BYTE **data_out,
                     LPDWORD size_out) {
  api_enter();
  return api_done(
      read_file(FaxHandle, &method_job_file, JobId, data_out, size_out));
}

static DWORD check_ask(const struct fax_file *ask) {
  DWORD error = find_null(ask, "ask");
  if (error != ERROR_SUCCESS) return error;
  if (ask->size != sizeof *ask)
    return error_say(ERROR_INVALID_PARAMETER,
                     "struct fax_file has the wrong size");
  if (ask->of > FAX_FILE_DOCUMENT ||
      (ask->of == FAX_FILE_DOCUMENT && ask->id != 0))
    return error_say(ERROR_INVALID_PARAMETER, "no such file: %u, %u", ask->of,
                     ask->id);
  return ERROR_SUCCESS;
}

static DWORD read_form(HANDLE handle, const struct fax_file *ask,
                       BYTE **data_out, LPDWORD size_out) {
  static const struct method *const methods[] = {
      &method_archive_file, &method_inbox_file, &method_job_file,
      &method_document_file};
  DWORD error = check(data_out, size_out);
  if (error == ERROR_SUCCESS) error = check_ask(ask);
  if (error != ERROR_SUCCESS) return error;
  return read_with(handle, methods[ask->of], ask, data_out, size_out);
}

BOOL FaxReadFile(HANDLE FaxHandle, const struct fax_file *ask, BYTE **data_out,
                 LPDWORD size_out) {
  api_enter();
  return api_done(read_form(FaxHandle, ask, data_out, size_out));
}
