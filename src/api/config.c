/* SPDX-License-Identifier: MIT
   FaxGetConfiguration, FaxSetConfiguration. */
#include "method/config.h"

#include "api/ask.h"
#include "api/result.h"
#include "method/find.h"

BOOL FaxGetConfiguration(HANDLE FaxHandle, PFAX_CONFIGURATION *FaxConfig) {
  struct method_config out;
  api_enter();
  DWORD error = find_null(FaxConfig, "FaxConfig");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_config_read, NULL, &out);
  if (error == ERROR_SUCCESS) *FaxConfig = out.config;
  return api_done(error);
}

BOOL FaxSetConfiguration(HANDLE FaxHandle, const FAX_CONFIGURATION *FaxConfig) {
  api_enter();
  DWORD error = find_null(FaxConfig, "FaxConfig");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_config_set, FaxConfig, NULL);
  return api_done(error);
}
