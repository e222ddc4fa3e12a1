/* SPDX-License-Identifier: MIT
   FaxGetLoggingCategories, FaxSetLoggingCategories. */
#include "api/ask.h"
#include "api/result.h"
#include "method/config.h"
#include "method/find.h"

BOOL FaxGetLoggingCategories(HANDLE FaxHandle, PFAX_LOG_CATEGORY *Categories,
                             LPDWORD NumberCategories) {
  struct method_levels out;
  api_enter();
  DWORD error = find_null(Categories, "Categories");
  if (error == ERROR_SUCCESS)
    error = find_null(NumberCategories, "NumberCategories");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_logging_read, NULL, &out);
  if (error != ERROR_SUCCESS) return api_done(error);
  *Categories = out.categories;
  *NumberCategories = out.count;
  return api_done(ERROR_SUCCESS);
}

BOOL FaxSetLoggingCategories(HANDLE FaxHandle,
                             const FAX_LOG_CATEGORY *Categories,
                             DWORD NumberCategories) {
  struct method_levels_set in = {Categories, NumberCategories};
  api_enter();
  DWORD error = find_null(Categories, "Categories");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_logging_set, &in, NULL);
  return api_done(error);
}
