/* SPDX-License-Identifier: MIT
   FaxConnectFaxServer, FaxConnect, FaxClose, FaxAccessCheck, FaxFreeBuffer. */
#include <fax/fax_service.h>

#include "api/find.h"
#include "api/result.h"
#include "base/handle.h"
#include "base/mem.h"
#include "service/service.h"

static BOOL connect_to(const struct fax_connect *connect, LPHANDLE handle) {
  if (handle == NULL)
    return api_done(error_say(ERROR_INVALID_PARAMETER, "FaxHandle is NULL"));
  *handle = NULL; /* CONN-4 */
  return api_done(connection_open(connect, handle));
}

BOOL FaxConnectFaxServer(LPCTSTR MachineName, LPHANDLE FaxHandle) {
  api_enter();
  if (MachineName != NULL && *MachineName != '\0') { /* CONN-2, -3 */
    if (FaxHandle != NULL) *FaxHandle = NULL;
    return api_done(error_say(ERROR_INVALID_PARAMETER,
                              "%s: only the local fax server can be reached",
                              MachineName));
  }
  return connect_to(NULL, FaxHandle);
}

BOOL FaxConnect(const struct fax_connect *connect, LPHANDLE FaxHandle) {
  api_enter();
  return connect_to(connect, FaxHandle);
}

static BOOL close_server(HANDLE handle) {
  struct connection *c = handle_close(handle, HANDLE_SERVER);
  if (c == NULL) return api_done(ERROR_INVALID_HANDLE);
  connection_closed(c, handle);
  DWORD error = access_close(c);
  mem_unref(c);
  return api_done(error);
}

static BOOL close_port(HANDLE handle) {
  struct port_handle *h = handle_close(handle, HANDLE_PORT);
  if (h == NULL) return api_done(ERROR_INVALID_HANDLE);
  port_handle_closed(h);
  DWORD error = access_close(port_handle_connection(h));
  mem_unref(h);
  return api_done(error);
}

static BOOL close_provider(HANDLE handle) {
  struct attachment *a = handle_close(handle, HANDLE_PROVIDER);
  if (a == NULL) return api_done(ERROR_INVALID_HANDLE);
  attachment_closed(a);
  mem_unref(a);
  return api_done(ERROR_SUCCESS);
}

static BOOL close_policy(HANDLE handle) {
  struct policy_handle *h = handle_close(handle, HANDLE_POLICY);
  if (h == NULL) return api_done(ERROR_INVALID_HANDLE);
  policy_handle_closed(h);
  mem_unref(h);
  return api_done(ERROR_SUCCESS);
}

static BOOL close_document(HANDLE handle) {
  struct document *d = handle_close(handle, HANDLE_DOCUMENT);
  if (d == NULL) return api_done(ERROR_INVALID_HANDLE);
  mem_unref(d);
  return api_done(ERROR_SUCCESS);
}

BOOL FaxClose(HANDLE FaxHandle) {
  api_enter();
  switch (handle_kind(FaxHandle)) {
    case HANDLE_SERVER:
      return close_server(FaxHandle);
    case HANDLE_PORT:
      return close_port(FaxHandle);
    case HANDLE_PROVIDER:
      return close_provider(FaxHandle);
    case HANDLE_POLICY:
      return close_policy(FaxHandle);
    case HANDLE_DOCUMENT:
      return close_document(FaxHandle);
    default: /* CONN-8 */
      return api_done(error_say(ERROR_INVALID_HANDLE,
                                "the handle was closed, or never was"));
  }
}

BOOL FaxAccessCheck(HANDLE FaxHandle, DWORD AccessMask) {
  struct connection *c;
  api_enter();
  DWORD error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = access_ask(c, AccessMask);
  mem_unref(c);
  if (error != ERROR_ACCESS_DENIED) return api_done(error);
  FaxSetLastError(ERROR_SUCCESS); /* SEC-4: not an error, but "no" */
  return FALSE;
}

void FaxFreeBuffer(LPVOID Buffer) {
  mem_free_tagged(Buffer, MEM_BUFFER);
}
