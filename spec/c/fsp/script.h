/* SPDX-License-Identifier: MIT
   The providers of spec/c/fsp forward every call to the script of the test
   program that loaded them, so that a test says what its FSP does. */
#ifndef FAX_SPEC_FSP_SCRIPT_H
#define FAX_SPEC_FSP_SCRIPT_H

#include <fax/fax_operation.h>
#include <fax/faxdev.h>

struct fsp_script {
  BOOL (*options)(const char *const *options, char *message, size_t size);
  BOOL(*create)
  (LPDWORD count, LPTSTR name, LPDWORD first, HANDLE port, ULONG_PTR key);
  BOOL(*initialize)
  (HLINEAPP app, HANDLE heap, PFAX_LINECALLBACK *callback,
   PFAX_SERVICE_CALLBACK service);
  BOOL(*start_job)
  (HLINE line, DWORD device, PHANDLE handle, HANDLE port, ULONG_PTR key);
  BOOL (*end_job)(HANDLE handle);
  BOOL (*send)(HANDLE handle, PFAX_SEND send, PFAX_SEND_CALLBACK callback);
  BOOL (*receive)(HANDLE handle, HCALL call, PFAX_RECEIVE receive);
  BOOL(*report)
  (HANDLE handle, PFAX_DEV_STATUS status, DWORD size, LPDWORD required);
  BOOL (*abort)(HANDLE handle);
  HRESULT (*shutdown)(void);
  BOOL (*string)(DWORD id, char *text, size_t size);
};

extern FAX_EXPORT struct fsp_script fsp_script;

#endif
