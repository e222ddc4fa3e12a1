/* SPDX-License-Identifier: MIT
   The exports of a provider; WITHOUT_... leaves one out. */
#include "script.h"

#ifdef WITH_OPTIONS
BOOL fax_provider_options(const char *const *options, char *message,
                          size_t size) {
  return fsp_script.options(options, message, size);
}
#endif

#ifdef WITH_STRING
BOOL fax_provider_string(DWORD id, char *text, size_t size) {
  return fsp_script.string(id, text, size);
}
#endif

#ifndef WITHOUT_CREATION
FAX_EXPORT BOOL FaxDevVirtualDeviceCreation(LPDWORD count, LPTSTR name,
                                            LPDWORD first, HANDLE port,
                                            ULONG_PTR key) {
  return fsp_script.create(count, name, first, port, key);
}
#endif

#ifndef WITHOUT_INITIALIZE
FAX_EXPORT BOOL FaxDevInitialize(HLINEAPP app, HANDLE heap,
                                 PFAX_LINECALLBACK *callback,
                                 PFAX_SERVICE_CALLBACK service) {
  return fsp_script.initialize(app, heap, callback, service);
}
#endif

#ifndef WITHOUT_START_JOB
FAX_EXPORT BOOL FaxDevStartJob(HLINE line, DWORD device, PHANDLE handle,
                               HANDLE port, ULONG_PTR key) {
  return fsp_script.start_job(line, device, handle, port, key);
}
#endif

#ifndef WITHOUT_END_JOB
FAX_EXPORT BOOL FaxDevEndJob(HANDLE handle) {
  return fsp_script.end_job(handle);
}
#endif

#ifndef WITHOUT_SEND
FAX_EXPORT BOOL FaxDevSend(HANDLE handle, PFAX_SEND send,
                           PFAX_SEND_CALLBACK callback) {
  return fsp_script.send(handle, send, callback);
}
#endif

#ifndef WITHOUT_RECEIVE
FAX_EXPORT BOOL FaxDevReceive(HANDLE handle, HCALL call, PFAX_RECEIVE receive) {
  return fsp_script.receive(handle, call, receive);
}
#endif

#ifndef WITHOUT_REPORT_STATUS
FAX_EXPORT BOOL FaxDevReportStatus(HANDLE handle, PFAX_DEV_STATUS status,
                                   DWORD size, LPDWORD required) {
  return fsp_script.report(handle, status, size, required);
}
#endif

#ifndef WITHOUT_ABORT
FAX_EXPORT BOOL FaxDevAbortOperation(HANDLE handle) {
  return fsp_script.abort(handle);
}
#endif

#ifndef WITHOUT_SHUTDOWN
FAX_EXPORT HRESULT FaxDevShutdown(void) {
  return fsp_script.shutdown();
}
#endif
