/* SPDX-License-Identifier: MIT
   FaxReadArchived, FaxReadReceived, FaxReadDocument. */
#include "api/ask.h"
#include "api/result.h"
#include "method/archive.h"
#include "method/find.h"
#include "method/job.h"

static DWORD read_file(HANDLE handle, const struct method *m, DWORD id,
                       BYTE **data_out, LPDWORD size_out) {
  struct method_id in = {id};
  struct method_bytes out;
  DWORD error = find_null(data_out, "data_out");
  if (error == ERROR_SUCCESS) error = find_null(size_out, "size_out");
  if (error == ERROR_SUCCESS) error = ask(handle, m, &in, &out);
  if (error != ERROR_SUCCESS) return error;
  *data_out = out.data;
  *size_out = out.size;
  return ERROR_SUCCESS;
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
