/* SPDX-License-Identifier: MIT
   FaxEnumRoutingMethods, FaxEnableRoutingMethod, FaxGetRoutingInfo,
   FaxSetRoutingInfo, FaxEnumGlobalRoutingInfo, FaxSetGlobalRoutingInfo. */
#include "method/routing.h"

#include "api/ask.h"
#include "api/result.h"
#include "method/find.h"

BOOL FaxEnumRoutingMethods(HANDLE FaxPortHandle,
                           PFAX_ROUTING_METHOD *RoutingMethod,
                           LPDWORD MethodsReturned) {
  struct method_routing_list out;
  api_enter();
  DWORD error = find_null(RoutingMethod, "RoutingMethod");
  if (error == ERROR_SUCCESS)
    error = find_null(MethodsReturned, "MethodsReturned");
  if (error == ERROR_SUCCESS)
    error = ask(FaxPortHandle, &method_routing_list, NULL, &out);
  if (error != ERROR_SUCCESS) return api_done(error);
  *RoutingMethod = out.methods;
  *MethodsReturned = out.count;
  return api_done(ERROR_SUCCESS);
}

BOOL FaxEnableRoutingMethod(HANDLE FaxPortHandle, LPCTSTR RoutingGuid,
                            BOOL Enabled) {
  struct method_routing_enable in = {RoutingGuid, Enabled};
  api_enter();
  DWORD error = find_null(RoutingGuid, "RoutingGuid");
  if (error == ERROR_SUCCESS)
    error = ask(FaxPortHandle, &method_routing_enable, &in, NULL);
  return api_done(error);
}

BOOL FaxGetRoutingInfo(HANDLE FaxPortHandle, LPCTSTR RoutingGuid,
                       LPBYTE *RoutingInfoBuffer,
                       LPDWORD RoutingInfoBufferSize) {
  struct method_guid in = {RoutingGuid};
  struct method_bytes out;
  api_enter();
  DWORD error = find_null(RoutingGuid, "RoutingGuid");
  if (error == ERROR_SUCCESS)
    error = find_null(RoutingInfoBuffer, "RoutingInfoBuffer");
  if (error == ERROR_SUCCESS)
    error = find_null(RoutingInfoBufferSize, "RoutingInfoBufferSize");
  if (error == ERROR_SUCCESS)
    error = ask(FaxPortHandle, &method_routing_read, &in, &out);
  if (error != ERROR_SUCCESS) return api_done(error);
  *RoutingInfoBuffer = out.data;
  *RoutingInfoBufferSize = out.size;
  return api_done(ERROR_SUCCESS);
}

BOOL FaxSetRoutingInfo(HANDLE FaxPortHandle, LPCTSTR RoutingGuid,
                       const BYTE *RoutingInfoBuffer,
                       DWORD RoutingInfoBufferSize) {
  struct method_routing_write in = {RoutingGuid, RoutingInfoBuffer,
                                    RoutingInfoBufferSize};
  api_enter();
  DWORD error = find_null(RoutingGuid, "RoutingGuid");
  if (error == ERROR_SUCCESS)
    error = find_null(RoutingInfoBuffer, "RoutingInfoBuffer");
  if (error == ERROR_SUCCESS)
    error = ask(FaxPortHandle, &method_routing_write, &in, NULL);
  return api_done(error);
}

BOOL FaxEnumGlobalRoutingInfo(HANDLE FaxHandle,
                              PFAX_GLOBAL_ROUTING_INFO *RoutingInfo,
                              LPDWORD MethodsReturned) {
  struct method_routing_global out;
  api_enter();
  DWORD error = find_null(RoutingInfo, "RoutingInfo");
  if (error == ERROR_SUCCESS)
    error = find_null(MethodsReturned, "MethodsReturned");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_routing_global, NULL, &out);
  if (error != ERROR_SUCCESS) return api_done(error);
  *RoutingInfo = out.methods;
  *MethodsReturned = out.count;
  return api_done(ERROR_SUCCESS);
}

BOOL FaxSetGlobalRoutingInfo(HANDLE FaxHandle,
                             const FAX_GLOBAL_ROUTING_INFO *RoutingInfo) {
  api_enter();
  DWORD error = find_null(RoutingInfo, "RoutingInfo");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_routing_order, RoutingInfo, NULL);
  return api_done(error);
}
