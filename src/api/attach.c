/* SPDX-License-Identifier: MIT
   FaxAttachProvider, FaxLoadProvider, what is asked of both, and the list of
   all providers. */
#include <fax/fax_provider.h>

#include "api/ask.h"
#include "api/result.h"
#include "base/mem.h"
#include "method/find.h"
#include "method/port.h"
#include "service/service.h"

BOOL FaxAttachProvider(HANDLE FaxHandle, const struct fax_attach *attach,
                       LPHANDLE provider_out) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(attach, "attach");
  if (error == ERROR_SUCCESS) error = find_null(provider_out, "provider_out");
  if (error != ERROR_SUCCESS) return api_done(error);
  *provider_out = NULL;
  error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = attachment_open(c, attach, provider_out);
  mem_unref(c);
  return api_done(error);
}

BOOL FaxLoadProvider(HANDLE FaxHandle, const struct fax_load *load,
                     LPHANDLE provider_out) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(load, "load");
  if (error == ERROR_SUCCESS) error = find_null(provider_out, "provider_out");
  if (error != ERROR_SUCCESS) return api_done(error);
  *provider_out = NULL;
  error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = attachment_load(c, load, provider_out);
  mem_unref(c);
  return api_done(error);
}

DWORD FaxProviderDeviceCount(HANDLE provider) {
  struct attachment *a;
  api_enter();
  DWORD error = find_provider(provider, &a);
  if (!api_done(error)) return 0;
  DWORD count = attachment_device_count(a);
  mem_unref(a);
  return count;
}

BOOL FaxProviderDevices(HANDLE provider, LPDWORD ids, DWORD count) {
  struct attachment *a;
  api_enter();
  DWORD error = find_null(ids, "ids");
  if (error == ERROR_SUCCESS) error = find_provider(provider, &a);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = attachment_devices(a, ids, count);
  mem_unref(a);
  return api_done(error);
}

BOOL FaxEnumProviders(HANDLE FaxHandle,
                      struct fax_provider_info **providers_out, LPDWORD count) {
  struct method_providers out;
  api_enter();
  DWORD error = find_null(providers_out, "providers_out");
  if (error == ERROR_SUCCESS) error = find_null(count, "count");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_provider_list, NULL, &out);
  if (error != ERROR_SUCCESS) return api_done(error);
  *providers_out = out.providers;
  *count = out.count;
  return api_done(ERROR_SUCCESS);
}

BOOL FaxRingDevice(HANDLE provider, DWORD device_id, DWORD rings,
                   const char *caller_id) {
  struct attachment *a;
  api_enter();
  DWORD error = find_provider(provider, &a);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = attachment_ring(a, device_id, rings, caller_id);
  mem_unref(a);
  return api_done(error);
}
