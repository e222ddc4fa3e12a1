/* SPDX-License-Identifier: MIT
   FaxEnumRecords, FaxGetMetrics. */
#include "method/find.h"
#include "api/result.h"
#include "base/mem.h"
#include "service/service.h"

BOOL FaxEnumRecords(HANDLE FaxHandle, const struct fax_record_query *query,
                    struct fax_attempt_record **records_out, LPDWORD count) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(records_out, "records_out");
  if (error == ERROR_SUCCESS) error = find_null(count, "count");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = record_list(c, query, records_out, count);
  mem_unref(c);
  return api_done(error);
}

BOOL FaxGetMetrics(HANDLE FaxHandle, char **text_out) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(text_out, "text_out");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = metrics_read(c, text_out);
  mem_unref(c);
  return api_done(error);
}
