/* SPDX-License-Identifier: MIT
   FaxGetDialPlan. */
#include <fax/fax_service.h>

#include "api/ask.h"
#include "api/result.h"
#include "method/find.h"
#include "method/number.h"

BOOL FaxGetDialPlan(HANDLE FaxHandle, const char *number,
                    struct fax_dial_plan **plan_out) {
  struct method_number in = {number};
  struct method_plan out;
  api_enter();
  DWORD error = find_null(number, "number");
  if (error == ERROR_SUCCESS) error = find_null(plan_out, "plan_out");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_dial_plan, &in, &out);
  if (error == ERROR_SUCCESS) *plan_out = out.plan;
  return api_done(error);
}
