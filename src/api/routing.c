/* SPDX-License-Identifier: MIT
   FaxEnumRoutingMethods, FaxEnableRoutingMethod, FaxGetRoutingInfo,
   FaxSetRoutingInfo, FaxEnumGlobalRoutingInfo, FaxSetGlobalRoutingInfo. */
#include "method/find.h"
#include "api/result.h"
#include "base/mem.h"
#include "service/service.h"

BOOL FaxEnumRoutingMethods(HANDLE FaxPortHandle,
                           PFAX_ROUTING_METHOD *RoutingMethod,
                           LPDWORD MethodsReturned) {
  struct port_handle *h;
  api_enter();
  DWORD error = find_null(RoutingMethod, "RoutingMethod");
  if (error == ERROR_SUCCESS)
    error = find_null(MethodsReturned, "MethodsReturned");
  if (error == ERROR_SUCCESS) error = find_port(FaxPortHandle, &h);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = routing_methods(h, RoutingMethod, MethodsReturned);
  mem_unref(h);
  return api_done(error);
}

BOOL FaxEnableRoutingMethod(HANDLE FaxPortHandle, LPCTSTR RoutingGuid,
                            BOOL Enabled) {
  struct port_handle *h;
  api_enter();
  DWORD error = find_null(RoutingGuid, "RoutingGuid");
  if (error == ERROR_SUCCESS) error = find_port(FaxPortHandle, &h);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = routing_enable(h, RoutingGuid, Enabled != FALSE);
  mem_unref(h);
  return api_done(error);
}

BOOL FaxGetRoutingInfo(HANDLE FaxPortHandle, LPCTSTR RoutingGuid,
                       LPBYTE *RoutingInfoBuffer,
                       LPDWORD RoutingInfoBufferSize) {
  struct port_handle *h;
  api_enter();
  DWORD error = find_null(RoutingGuid, "RoutingGuid");
  if (error == ERROR_SUCCESS)
    error = find_null(RoutingInfoBuffer, "RoutingInfoBuffer");
  if (error == ERROR_SUCCESS)
    error = find_null(RoutingInfoBufferSize, "RoutingInfoBufferSize");
  if (error == ERROR_SUCCESS) error = find_port(FaxPortHandle, &h);
  if (error != ERROR_SUCCESS) return api_done(error);
  error =
      routing_read(h, RoutingGuid, RoutingInfoBuffer, RoutingInfoBufferSize);
  mem_unref(h);
  return api_done(error);
}

BOOL FaxSetRoutingInfo(HANDLE FaxPortHandle, LPCTSTR RoutingGuid,
                       const BYTE *RoutingInfoBuffer,
                       DWORD RoutingInfoBufferSize) {
  struct port_handle *h;
  api_enter();
  DWORD error = find_null(RoutingGuid, "RoutingGuid");
  if (error == ERROR_SUCCESS)
    error = find_null(RoutingInfoBuffer, "RoutingInfoBuffer");
  if (error == ERROR_SUCCESS) error = find_port(FaxPortHandle, &h);
  if (error != ERROR_SUCCESS) return api_done(error);
  error =
      routing_write(h, RoutingGuid, RoutingInfoBuffer, RoutingInfoBufferSize);
  mem_unref(h);
  return api_done(error);
}

BOOL FaxEnumGlobalRoutingInfo(HANDLE FaxHandle,
                              PFAX_GLOBAL_ROUTING_INFO *RoutingInfo,
                              LPDWORD MethodsReturned) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(RoutingInfo, "RoutingInfo");
  if (error == ERROR_SUCCESS)
    error = find_null(MethodsReturned, "MethodsReturned");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = routing_global(c, RoutingInfo, MethodsReturned);
  mem_unref(c);
  return api_done(error);
}

BOOL FaxSetGlobalRoutingInfo(HANDLE FaxHandle,
                             const FAX_GLOBAL_ROUTING_INFO *RoutingInfo) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(RoutingInfo, "RoutingInfo");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = routing_order(c, RoutingInfo);
  mem_unref(c);
  return api_done(error);
}
