/* SPDX-License-Identifier: MIT
   FaxGetConfiguration, FaxSetConfiguration. */
#include "method/find.h"
#include "api/result.h"
#include "base/mem.h"
#include "service/service.h"

BOOL FaxGetConfiguration(HANDLE FaxHandle, PFAX_CONFIGURATION *FaxConfig) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(FaxConfig, "FaxConfig");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = config_read(c, FaxConfig);
  mem_unref(c);
  return api_done(error);
}

BOOL FaxSetConfiguration(HANDLE FaxHandle, const FAX_CONFIGURATION *FaxConfig) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(FaxConfig, "FaxConfig");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = config_set(c, FaxConfig);
  mem_unref(c);
  return api_done(error);
}
