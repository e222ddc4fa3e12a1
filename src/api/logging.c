/* SPDX-License-Identifier: MIT
   FaxGetLoggingCategories, FaxSetLoggingCategories. */
#include "method/find.h"
#include "api/result.h"
#include "base/mem.h"
#include "service/service.h"

BOOL FaxGetLoggingCategories(HANDLE FaxHandle, PFAX_LOG_CATEGORY *Categories,
                             LPDWORD NumberCategories) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(Categories, "Categories");
  if (error == ERROR_SUCCESS)
    error = find_null(NumberCategories, "NumberCategories");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = logging_read(c, Categories, NumberCategories);
  mem_unref(c);
  return api_done(error);
}

BOOL FaxSetLoggingCategories(HANDLE FaxHandle,
                             const FAX_LOG_CATEGORY *Categories,
                             DWORD NumberCategories) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(Categories, "Categories");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = logging_set(c, Categories, NumberCategories);
  mem_unref(c);
  return api_done(error);
}
