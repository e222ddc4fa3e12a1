/* SPDX-License-Identifier: MIT
   FaxEnumPorts, FaxOpenPort, FaxGetPort, FaxSetPort, FaxGetDeviceStatus. */
#include "method/port.h"

#include "api/ask.h"
#include "api/result.h"
#include "method/find.h"

BOOL FaxEnumPorts(HANDLE FaxHandle, PFAX_PORT_INFO *PortInfo,
                  LPDWORD PortsReturned) {
  struct method_ports out;
  api_enter();
  DWORD error = find_null(PortInfo, "PortInfo");
  if (error == ERROR_SUCCESS) error = find_null(PortsReturned, "PortsReturned");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_port_list, NULL, &out);
  if (error != ERROR_SUCCESS) return api_done(error);
  *PortInfo = out.ports;
  *PortsReturned = out.count;
  return api_done(ERROR_SUCCESS);
}

BOOL FaxOpenPort(HANDLE FaxHandle, DWORD DeviceId, DWORD Flags,
                 LPHANDLE FaxPortHandle) {
  struct method_port_open in = {DeviceId, Flags};
  struct method_handle out;
  api_enter();
  DWORD error = find_null(FaxPortHandle, "FaxPortHandle");
  if (error != ERROR_SUCCESS) return api_done(error);
  *FaxPortHandle = NULL; /* PORT-19 */
  error = ask(FaxHandle, &method_port_open, &in, &out);
  if (error == ERROR_SUCCESS) *FaxPortHandle = out.handle;
  return api_done(error);
}

BOOL FaxGetPort(HANDLE FaxPortHandle, PFAX_PORT_INFO *PortInfo) {
  struct method_port out;
  api_enter();
  DWORD error = find_null(PortInfo, "PortInfo");
  if (error == ERROR_SUCCESS)
    error = ask(FaxPortHandle, &method_port_read, NULL, &out);
  if (error == ERROR_SUCCESS) *PortInfo = out.port;
  return api_done(error);
}

BOOL FaxSetPort(HANDLE FaxPortHandle, const FAX_PORT_INFO *PortInfo) {
  api_enter();
  DWORD error = find_null(PortInfo, "PortInfo");
  if (error == ERROR_SUCCESS)
    error = ask(FaxPortHandle, &method_port_set, PortInfo, NULL);
  return api_done(error);
}

BOOL FaxGetDeviceStatus(HANDLE FaxPortHandle,
                        PFAX_DEVICE_STATUS *DeviceStatus) {
  struct method_status out;
  api_enter();
  DWORD error = find_null(DeviceStatus, "DeviceStatus");
  if (error == ERROR_SUCCESS)
    error = ask(FaxPortHandle, &method_port_status, NULL, &out);
  if (error == ERROR_SUCCESS) *DeviceStatus = out.status;
  return api_done(error);
}
