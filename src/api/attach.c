/* SPDX-License-Identifier: MIT
   FaxAttachProvider, FaxLoadProvider, what is asked of both, and the list of
   all providers. */
#include <fax/fax_provider.h>
#include <string.h>

#include "api/ask.h"
#include "api/result.h"
#include "base/error.h"
#include "base/mem.h"
#include "ipc/client/remote.h"
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
  struct remote_handle *r =
      handle_get(FaxHandle, (enum handle_kind)(HANDLE_SERVER | HANDLE_REMOTE));
  if (r != NULL) {
    error = remote_attach(r, attach, provider_out);
    mem_unref(r);
    return api_done(error);
  }
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
  struct remote_handle *r =
      handle_get(FaxHandle, (enum handle_kind)(HANDLE_SERVER | HANDLE_REMOTE));
  if (r != NULL) {
    error = remote_load(r, load, provider_out);
    mem_unref(r);
    return api_done(error);
  }
  error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = attachment_load(c, load, provider_out);
  mem_unref(c);
  return api_done(error);
}

/* NULL: it is none of a service elsewhere; held. */
static struct attached *find_attached(HANDLE provider) {
  return handle_get(provider,
                    (enum handle_kind)(HANDLE_PROVIDER | HANDLE_REMOTE));
}

static DWORD copy_devices(const struct attached *r, DWORD *ids, DWORD count) {
  const DWORD *list;
  DWORD there = attached_devices(r, &list);
  if (count != there)
    return error_say(ERROR_INVALID_PARAMETER, "the provider has %u devices",
                     there);
  memcpy(ids, list, count * sizeof *ids);
  return ERROR_SUCCESS;
}

DWORD FaxProviderDeviceCount(HANDLE provider) {
  struct attachment *a;
  const DWORD *unused;
  api_enter();
  struct attached *r = find_attached(provider);
  if (r != NULL) {
    DWORD there = attached_devices(r, &unused);
    mem_unref(r);
    api_done(ERROR_SUCCESS);
    return there;
  }
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
  struct attached *r = error == ERROR_SUCCESS ? find_attached(provider) : NULL;
  if (r != NULL) {
    error = copy_devices(r, ids, count);
    mem_unref(r);
    return api_done(error);
  }
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
  struct attached *r = find_attached(provider);
  if (r != NULL) {
    DWORD there = attached_ring(r, device_id, rings, caller_id);
    mem_unref(r);
    return api_done(there);
  }
  DWORD error = find_provider(provider, &a);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = attachment_ring(a, device_id, rings, caller_id);
  mem_unref(a);
  return api_done(error);
}
