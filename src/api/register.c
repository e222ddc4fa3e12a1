/* SPDX-License-Identifier: MIT
   FaxRegisterServiceProvider, FaxUnregisterServiceProvider,
   FaxRegisterRoutingExtension, FaxUnregisterRoutingExtension. */
#include "method/find.h"
#include "api/result.h"
#include "base/mem.h"
#include "service/service.h"

BOOL FaxRegisterServiceProvider(LPCTSTR DeviceProvider, LPCTSTR FriendlyName,
                                LPCTSTR ImageName, LPCTSTR TspName) {
  api_enter();
  DWORD error = find_null(DeviceProvider, "DeviceProvider");
  if (error == ERROR_SUCCESS) error = find_null(FriendlyName, "FriendlyName");
  if (error == ERROR_SUCCESS) error = find_null(ImageName, "ImageName");
  if (error == ERROR_SUCCESS) error = find_null(TspName, "TspName");
  if (error != ERROR_SUCCESS) return api_done(error);
  if (*TspName != '\0')
    return api_done(error_say(ERROR_NOT_SUPPORTED,
                              "TspName: there is no telephony provider here"));
  return api_done(registration_add(DeviceProvider, FriendlyName, ImageName));
}

BOOL FaxUnregisterServiceProvider(LPCTSTR DeviceProvider) {
  api_enter();
  return api_done(registration_remove(DeviceProvider));
}

static DWORD no_extensions(HANDLE handle) {
  struct connection *c;
  DWORD error = find_server(handle, &c);
  if (error != ERROR_SUCCESS) return error;
  mem_unref(c);
  return error_say(ERROR_CALL_NOT_IMPLEMENTED,
                   "routing extensions cannot be loaded yet");
}

BOOL FaxRegisterRoutingExtension(HANDLE FaxHandle, LPCTSTR ExtensionName,
                                 LPCTSTR FriendlyName, LPCTSTR ImageName,
                                 PFAX_ROUTING_INSTALLATION_CALLBACK CallBack,
                                 LPVOID Context) {
  api_enter();
  DWORD error = find_null(ExtensionName, "ExtensionName");
  if (error == ERROR_SUCCESS) error = find_null(FriendlyName, "FriendlyName");
  if (error == ERROR_SUCCESS) error = find_null(ImageName, "ImageName");
  if (error == ERROR_SUCCESS && CallBack == NULL)
    error = error_say(ERROR_INVALID_PARAMETER, "CallBack is NULL");
  if (error == ERROR_SUCCESS) error = find_null(Context, "Context");
  if (error == ERROR_SUCCESS) error = no_extensions(FaxHandle);
  return api_done(error);
}

BOOL FaxUnregisterRoutingExtension(HANDLE hFaxHandle,
                                   LPCTSTR lpctstrExtensionName) {
  api_enter();
  DWORD error = find_null(lpctstrExtensionName, "lpctstrExtensionName");
  if (error == ERROR_SUCCESS) error = no_extensions(hFaxHandle);
  return api_done(error);
}
