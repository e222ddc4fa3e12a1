/* SPDX-License-Identifier: MIT
   FaxEnumRecords, FaxGetMetrics. */
#include "method/history.h"

#include "api/ask.h"
#include "api/result.h"
#include "method/find.h"

BOOL FaxEnumRecords(HANDLE FaxHandle, const struct fax_record_query *query,
                    struct fax_attempt_record **records_out, LPDWORD count) {
  struct method_record_list in = {query};
  struct method_records out;
  api_enter();
  DWORD error = find_null(records_out, "records_out");
  if (error == ERROR_SUCCESS) error = find_null(count, "count");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_record_list, &in, &out);
  if (error != ERROR_SUCCESS) return api_done(error);
  *records_out = out.records;
  *count = out.count;
  return api_done(ERROR_SUCCESS);
}

BOOL FaxGetMetrics(HANDLE FaxHandle, char **text_out) {
  struct method_metrics out;
  api_enter();
  DWORD error = find_null(text_out, "text_out");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_metrics_read, NULL, &out);
  if (error == ERROR_SUCCESS) *text_out = out.text;
  return api_done(error);
}
