/* SPDX-License-Identifier: MIT
   FaxGetDialPlan. */
#include "method/find.h"
#include "api/result.h"
#include "base/mem.h"
#include "service/service.h"

BOOL FaxGetDialPlan(HANDLE FaxHandle, const char *number,
                    struct fax_dial_plan **plan_out) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(number, "number");
  if (error == ERROR_SUCCESS) error = find_null(plan_out, "plan_out");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = dial_plan(c, number, plan_out);
  mem_unref(c);
  return api_done(error);
}
