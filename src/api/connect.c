/* SPDX-License-Identifier: MIT
   FaxConnectFaxServer, FaxConnect, FaxClose, FaxAccessCheck, FaxFreeBuffer. */
#include <fax/fax_service.h>

#include "api/ask.h"
#include "api/result.h"
#include "base/mem.h"
#include "ipc/client/remote.h"
#include "method/access.h"
#include "method/find.h"
#include "service/life/directory.h"
#include "service/service.h"

/* Of the server that the system runs. */
#define SYSTEM_SOCKET "/run/fax/fax.sock"

static DWORD check(const struct fax_connect *connect) {
  if (connect == NULL || connect->size == sizeof *connect) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER,
                   "struct fax_connect has the wrong size");
}

/* The socket of the first of these directories where somebody listens. */
static DWORD reach_other(const struct fax_connect *connect, HANDLE *handle) {
  const char *named = connect != NULL ? connect->directory : NULL;
  char *directory, *path;
  DWORD error = directory_choose(named, &directory);
  if (error != ERROR_SUCCESS) return error;
  path = mem_format("%s/fax.sock", directory);
  mem_free(directory);
  if (path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  error = remote_open(path, connect, handle);
  mem_free(path);
  if (error == ERROR_FILE_NOT_FOUND && named == NULL)
    error = remote_open(SYSTEM_SOCKET, connect, handle);
  if (error != ERROR_FILE_NOT_FOUND) return error;
  return error_say(ERROR_SERVICE_NOT_ACTIVE, "no fax service is running");
}

/* The service of this process, else that of another. */
static DWORD reach(const struct fax_connect *connect, HANDLE *handle) {
  DWORD error = check(connect);
  if (error != ERROR_SUCCESS) return error;
  if (connect != NULL && connect->socket != NULL)
    return remote_open(connect->socket, connect, handle);
  error = connection_open(connect, NULL, handle);
  return error == ERROR_SERVICE_NOT_ACTIVE ? reach_other(connect, handle)
                                           : error;
}

static BOOL connect_to(const struct fax_connect *connect, LPHANDLE handle) {
  if (handle == NULL)
    return api_done(error_say(ERROR_INVALID_PARAMETER, "FaxHandle is NULL"));
  *handle = NULL; /* CONN-4 */
  return api_done(reach(connect, handle));
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

BOOL FaxClose(HANDLE FaxHandle) {
  api_enter();
  return api_done(ask_close(FaxHandle));
}

BOOL FaxAccessCheck(HANDLE FaxHandle, DWORD AccessMask) {
  struct method_id in = {AccessMask};
  api_enter();
  DWORD error = ask(FaxHandle, &method_access_ask, &in, NULL);
  if (error != ERROR_ACCESS_DENIED) return api_done(error);
  FaxSetLastError(ERROR_SUCCESS); /* SEC-4: not an error, but "no" */
  return FALSE;
}

void FaxFreeBuffer(LPVOID Buffer) {
  mem_free_tagged(Buffer, MEM_BUFFER);
}

static DWORD boot_of(HANDLE handle, DWORDLONG *boot_out, BOOL *elsewhere_out) {
  enum handle_kind there = (enum handle_kind)(HANDLE_SERVER | HANDLE_REMOTE);
  struct remote_handle *r = handle_get(handle, there);
  struct connection *c;
  DWORD error;
  if (r != NULL) {
    error = remote_boot(r, boot_out, elsewhere_out);
    mem_unref(r);
    return error;
  }
  error = find_server(handle, &c);
  if (error != ERROR_SUCCESS) return error;
  *boot_out = connection_boot(c);
  *elsewhere_out = FALSE;
  mem_unref(c);
  return ERROR_SUCCESS;
}

BOOL FaxServerBoot(HANDLE FaxHandle, DWORDLONG *boot, BOOL *elsewhere) {
  BOOL unused;
  api_enter();
  DWORD error = find_null(boot, "boot");
  if (error == ERROR_SUCCESS)
    error = boot_of(FaxHandle, boot, elsewhere != NULL ? elsewhere : &unused);
  return api_done(error);
}
