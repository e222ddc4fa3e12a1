/* SPDX-License-Identifier: MIT
   FaxEnumPorts, FaxOpenPort, FaxGetPort, FaxSetPort, FaxGetDeviceStatus. */
#include "method/find.h"
#include "api/result.h"
#include "base/mem.h"
#include "service/service.h"

BOOL FaxEnumPorts(HANDLE FaxHandle, PFAX_PORT_INFO *PortInfo,
                  LPDWORD PortsReturned) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(PortInfo, "PortInfo");
  if (error == ERROR_SUCCESS) error = find_null(PortsReturned, "PortsReturned");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = port_list(c, PortInfo, PortsReturned);
  mem_unref(c);
  return api_done(error);
}

BOOL FaxOpenPort(HANDLE FaxHandle, DWORD DeviceId, DWORD Flags,
                 LPHANDLE FaxPortHandle) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(FaxPortHandle, "FaxPortHandle");
  if (error != ERROR_SUCCESS) return api_done(error);
  *FaxPortHandle = NULL; /* PORT-19 */
  error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = port_open(c, FaxHandle, DeviceId, Flags, FaxPortHandle);
  mem_unref(c);
  return api_done(error);
}

BOOL FaxGetPort(HANDLE FaxPortHandle, PFAX_PORT_INFO *PortInfo) {
  struct port_handle *h;
  api_enter();
  DWORD error = find_null(PortInfo, "PortInfo");
  if (error == ERROR_SUCCESS) error = find_port(FaxPortHandle, &h);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = port_read(h, PortInfo);
  mem_unref(h);
  return api_done(error);
}

BOOL FaxSetPort(HANDLE FaxPortHandle, const FAX_PORT_INFO *PortInfo) {
  struct port_handle *h;
  api_enter();
  DWORD error = find_null(PortInfo, "PortInfo");
  if (error == ERROR_SUCCESS) error = find_port(FaxPortHandle, &h);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = port_set(h, PortInfo);
  mem_unref(h);
  return api_done(error);
}

BOOL FaxGetDeviceStatus(HANDLE FaxPortHandle,
                        PFAX_DEVICE_STATUS *DeviceStatus) {
  struct port_handle *h;
  api_enter();
  DWORD error = find_null(DeviceStatus, "DeviceStatus");
  if (error == ERROR_SUCCESS) error = find_port(FaxPortHandle, &h);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = port_status(h, DeviceStatus);
  mem_unref(h);
  return api_done(error);
}
