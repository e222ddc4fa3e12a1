/* SPDX-License-Identifier: MIT
   FaxGetLoggingCategories, FaxSetLoggingCategories. */
#include "api/ask.h"
#include "api/result.h"
#include "base/mem.h"
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

/* The names of categories are not looked at, wherever they point to. */
static DWORD set_levels(HANDLE handle, const FAX_LOG_CATEGORY *categories,
                        DWORD count) {
  FAX_LOG_CATEGORY *nameless =
      mem_alloc(((size_t)count + 1) * sizeof *nameless);
  struct method_levels_set in = {nameless, count};
  if (nameless == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (DWORD i = 0; i < count; i++) {
    nameless[i] = categories[i];
    nameless[i].Name = NULL;
  }
  DWORD error = ask(handle, &method_logging_set, &in, NULL);
  mem_free(nameless);
  return error;
}

BOOL FaxSetLoggingCategories(HANDLE FaxHandle,
                             const FAX_LOG_CATEGORY *Categories,
                             DWORD NumberCategories) {
  api_enter();
  DWORD error = find_null(Categories, "Categories");
  if (error == ERROR_SUCCESS)
    error = set_levels(FaxHandle, Categories, NumberCategories);
  return api_done(error);
}
